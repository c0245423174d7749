package intake

import (
	"slices"
	"testing"
)

func TestInstanceTypesOfPlacementConstraints(t *testing.T) {
	for _, c := range []struct {
		name, expression string
		types            []string
		notes            int
	}{
		{"one type", "attribute:ecs.instance-type == inf1.xlarge", []string{"inf1.xlarge"}, 0},
		{"several", "attribute:ecs.instance-type in [g4dn.xlarge, g5.xlarge]", []string{"g4dn.xlarge", "g5.xlarge"}, 0},
		{"a pattern is noted", "attribute:ecs.instance-type =~ g2.*", nil, 1},
		{"joined terms are noted", "attribute:ecs.instance-type == t2.small or attribute:ecs.availability-zone == us-east-1d", nil, 1},
		{"others do not matter", "attribute:ecs.os-type == linux", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := Read("td.json", []byte(`{"family": "f", "placementConstraints": [{"type": "memberOf", "expression": "`+c.expression+
				`"}], "containerDefinitions": [{"name": "a", "image": "b", "memory": 128}]}`), Options{})
			if err != nil {
				t.Fatal(err)
			}
			task := w.Services[0].Task
			if !slices.Equal(task.InstanceTypes, c.types) || len(task.Notes) != c.notes {
				t.Errorf("types %q, notes %q", task.InstanceTypes, task.Notes)
			}
		})
	}
}

package estimate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// Task definitions that nobody of this project wrote are read and priced, or
// refused with the right reason. None is free: what has no price says why.
func TestTaskDefinitionsInTheWild(t *testing.T) {
	const folder = "../../../shared/cases/taskdef"
	files, err := filepath.Glob(folder + "/*.json")
	if err != nil || len(files) == 0 {
		t.Skip("no ../shared/cases/taskdef here")
	}
	// By file name: why it is refused. Everything else has to be priced.
	refused := map[string]string{
		"handmade__container-sum-exceeds-task.json":                                       "the containers ask for 0.3125 vCPU and the task has 0.25; ECS refuses to register it",
		"amazon-ecs-firelens-examples__examples_fluent-bit_signalfx_task-definition.json": `secretOptions: want a list of {"name", "valueFrom"}, got a mapping`,
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			why := priceTaskDefinition(t, name, data)
			want, isRefused := refused[name]
			if isRefused != (why != "") || !strings.Contains(why, want) {
				t.Errorf("refused %q, want %q", why, want)
			}
		})
	}
}

// priceTaskDefinition prices one task in us-east-1 and returns why not.
func priceTaskDefinition(t *testing.T, name string, data []byte) (refusal string) {
	w, err := intake.Read(name, data, intake.Options{DefaultRegion: "us-east-1"})
	if err != nil {
		return err.Error()
	}
	if problems := w.Validate(); len(problems) > 0 {
		return problems[0].Error()
	}
	r, err := estimate.Run(w, pricing.Embedded(), estimate.Options{})
	if err != nil {
		return err.Error()
	}
	checkSums(t, r)
	for _, res := range r.Resources {
		if res.Kind != estimate.KindService {
			continue
		}
		for _, line := range res.Lines {
			if line.Group == estimate.Compute && line.Unpriced == "" && line.Cost.Effective <= 0 {
				t.Errorf("%s: %s is free", res.Name, line.Name)
			}
		}
	}
	if r.Total.Effective <= 0 {
		t.Errorf("the total is %v with %d unpriced lines", r.Total, r.Unpriced)
	}
	return ""
}

package live

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"ecsavvy/advisor/account"
)

// TestRecordedEvents holds the table of metrics to events that Container Insights
// wrote: what is read of a service is published under its dimensions.
func TestRecordedEvents(t *testing.T) {
	files, err := filepath.Glob("../../../shared/cases/insights/*.json")
	if err != nil || len(files) == 0 {
		t.Skip("no recordings beside the checkout")
	}
	read := map[string][]string{}
	all, err := sources(Subject{Resource: account.Resource{Kind: "service", Cluster: "c", Name: "n"}, Insights: InsightsEnhanced})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		var names []string
		for _, d := range s.dimensions(Subject{}) {
			names = append(names, d.name)
		}
		slices.Sort(names)
		read[s.namespace+" "+s.name] = names
	}
	compared := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var event struct {
			Type              string
			CloudWatchMetrics []struct {
				Namespace  string
				Metrics    []struct{ Name, Unit string }
				Dimensions [][]string
			}
		}
		if err := json.Unmarshal(data, &event); err != nil {
			t.Fatal(err)
		}
		for _, m := range event.CloudWatchMetrics {
			for _, metric := range m.Metrics {
				want, ok := read[m.Namespace+" "+metric.Name]
				if !ok || event.Type != "Service" {
					continue
				}
				compared++
				if !slices.ContainsFunc(m.Dimensions, func(set []string) bool { return slices.Equal(slices.Sorted(slices.Values(set)), want) }) {
					t.Errorf("%s: %s is published with %v, and read with %v", filepath.Base(file), metric.Name, m.Dimensions, want)
				}
			}
		}
	}
	if compared == 0 {
		t.Error("no recorded metric is one that is read")
	}
}

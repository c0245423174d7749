package render

import (
	"bytes"
	"os"
	"testing"

	"ecsavvy/advisor"
)

// FuzzReadSaved holds that no document panics, and that what is read can be
// compared and printed.
func FuzzReadSaved(f *testing.F) {
	f.Add([]byte(`{"version": "0.2", "currency": "USD", "totalMonthlyCost": "1", "projects": [{"name": "a", "breakdown": {"resources": [{"name": "x.y", "resourceType": "x", "costComponents": [{"name": "c", "unit": "h", "price": "2", "monthlyQuantity": "3", "monthlyCost": "6"}], "subresources": [{"name": "s", "costComponents": [{"name": "d", "usageBased": true}]}]}]}}]}`))
	f.Add([]byte(`{"version": "0.2", "projects": [{"pastBreakdown": {"resources": []}, "breakdown": {"freeResources": [{"name": "f"}]}}], "ecsavvy": {"format_version": "1.0", "guardrails": [{"title": "g", "state": "broken"}]}}`))
	f.Add([]byte(`{"version": "0.2", "projects": [{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		saved, err := ReadSaved("f", data)
		if err != nil {
			return
		}
		var projects []advisor.Project
		for _, p := range saved.Projects {
			projects = append(projects, advisor.Project{Name: p.Name, Before: p.Before, After: p.After,
				Options: advisor.DiffOptions{Renamed: p.Renamed, Incomplete: p.Incomplete}})
		}
		var out bytes.Buffer
		for _, format := range DiffFormats() {
			if err := WriteDiff(&out, advisor.DiffProjects(projects), format, DiffInfo{}, Options{}); err != nil {
				t.Errorf("%s: %v", format, err)
			}
		}
	})
}

// TestSavedIsTheSame holds that what is written as JSON and read back prints as
// it did: in every format, the JSON too.
func TestSavedIsTheSame(t *testing.T) {
	files, err := os.ReadDir("testdata/diff")
	if err != nil {
		t.Skip("no documents to read back")
	}
	read := 0
	for _, file := range files {
		data, err := os.ReadFile("testdata/diff/" + file.Name())
		if err != nil || !IsSaved(data) {
			continue
		}
		saved, err := ReadSaved(file.Name(), data)
		if err != nil {
			t.Errorf("%s: %v", file.Name(), err)
			continue
		}
		read++
		var projects []advisor.Project
		inputs := map[string]DiffInput{}
		for _, p := range saved.Projects {
			projects = append(projects, advisor.Project{Name: p.Name, Before: p.Before, After: p.After,
				Options: advisor.DiffOptions{Renamed: p.Renamed, Incomplete: p.Incomplete}})
			inputs[p.Name] = DiffInput{Path: p.Path, Kind: p.Kind}
		}
		diff := advisor.DiffProjects(projects)
		var again bytes.Buffer
		if err := WriteDiff(&again, diff, FormatJSON, DiffInfo{Inputs: inputs, Guardrails: saved.Guardrails}, Options{}); err != nil {
			t.Fatal(err)
		}
		twice, err := ReadSaved(file.Name(), again.Bytes())
		if err != nil || len(twice.Projects) != len(saved.Projects) {
			t.Errorf("%s read twice: %v", file.Name(), err)
		}
	}
	if read == 0 {
		t.Error("no document was read back")
	}
}

package intake

import (
	"io/fs"
	"path"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/design"
	"ecsavvy/fixtures"
)

// partialForm is a form that cannot state all that the design does.
type partialForm struct {
	conformanceForm
	// silent are the parts that it does not state. They are left out of the
	// comparison; everything else has to be equal.
	silent []string
}

// partialForms are the cases in forms that are silent about a part of them.
func partialForms() map[string][]partialForm {
	flags := func(region string, count float64) Options {
		return Options{LaunchType: design.Fargate, Region: region, Count: count}
	}
	return map[string][]partialForm{
		"minimal": {
			{conformanceForm{"taskdef.json", flags("us-east-1", 1)}, []string{"containers", "task", "name"}},
			{conformanceForm{"compose.yaml", flags("us-east-1", 0)}, []string{"containers", "task", "name"}},
		},
		"windows": {
			{conformanceForm{"taskdef.json", flags("us-east-1", 1)}, []string{"containers", "task", "name"}},
			{conformanceForm{"compose.yaml", flags("us-east-1", 0)}, []string{"containers", "task", "name"}},
		},
		"api": {
			{conformanceForm{"taskdef.json", flags("eu-west-2", 3)}, []string{"cluster", "public address", "deployment", "name"}},
			{conformanceForm{"compose.yaml", flags("eu-west-2", 0)}, []string{"cluster", "public address", "deployment", "task"}},
			{conformanceForm{"describe.json", Options{}}, []string{"name"}}, // an account has no name for a workload
		},
		"workers": {
			{conformanceForm{"compose.yaml", flags("us-east-1", 0)}, []string{"public address", "average"}},
			{conformanceForm{"describe.json", Options{}}, []string{"task", "average"}},
		},
	}
}

// parts are what a form may be silent about.
func parts() map[string]func(*design.Workload) {
	each := func(do func(*design.Service)) func(*design.Workload) {
		return func(w *design.Workload) {
			w.Services = slices.Clone(w.Services)
			for i := range w.Services {
				do(&w.Services[i])
			}
		}
	}
	return map[string]func(*design.Workload){
		"name":           func(w *design.Workload) { w.Name = "" },
		"containers":     each(func(s *design.Service) { s.Task.Containers = nil }),
		"public address": each(func(s *design.Service) { s.AssignPublicIP = design.Fact[bool]{} }),
		"deployment":     each(func(s *design.Service) { s.Deployment = design.Deployment{} }),
		// What a task definition calls itself and how it is registered.
		"task": each(func(s *design.Service) { s.Task.Family, s.Task.NetworkMode, s.Task.Compatibilities = "", "", nil }),
		"average": each(func(s *design.Service) {
			if s.Count.Scaled != nil {
				s.Count.Scaled = &design.ScaledCount{Min: s.Count.Scaled.Min, Max: s.Count.Scaled.Max}
			}
		}),
		"cluster": func(w *design.Workload) {
			each(func(s *design.Service) { s.Cluster = "" })(w)
			w.Clusters = nil
		},
	}
}

// What a form states is equal to what the design states.
func TestConformanceOfParts(t *testing.T) {
	for dir, forms := range partialForms() {
		for _, form := range forms {
			t.Run(dir+"/"+form.file, func(t *testing.T) {
				want := readForm(t, dir, conformanceForm{"design.yaml", form.opts})
				got := readForm(t, dir, form.conformanceForm)
				for _, w := range []*design.Workload{&want, &got} {
					for i := range w.Services {
						if c := &w.Services[i].Capacity; c.Assumed != "" {
							c.Assumed = "assumed" // in other words
						}
					}
					for _, part := range form.silent {
						parts()[part](w)
					}
				}
				if diff := cmp.Diff(want, got, sameModel()...); diff != "" {
					t.Errorf("design.yaml and %s differ (-design +%s):\n%s", form.file, form.file, diff)
				}
			})
		}
	}
}

// Every file of these forms is in one of the tables.
func TestConformanceIsComplete(t *testing.T) {
	for _, pattern := range []string{"*/compose.yaml", "*/describe.json"} {
		files, err := fs.Glob(fixtures.Cases(), pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			dir, name := path.Dir(file), path.Base(file)
			if !slices.ContainsFunc(conformanceCases()[dir], func(f conformanceForm) bool { return f.file == name }) &&
				!slices.ContainsFunc(partialForms()[dir], func(f partialForm) bool { return f.file == name }) {
				t.Errorf("%s is in no row", file)
			}
		}
	}
}

package intake

import (
	"io/fs"
	"path"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/fixtures"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// conformanceForm is one input form of a case: a file beside design.yaml, with
// what its command line would add.
type conformanceForm struct {
	file string
	opts Options
}

// conformanceCases are workloads that exist in several input forms. To add a
// form, write its file into fixtures/cases/<case> and name it here.
func conformanceCases() map[string][]conformanceForm {
	return map[string][]conformanceForm{
		"quotes": {
			{"taskdef.json", Options{Count: 3, LaunchType: design.Fargate, Region: "eu-west-1"}},
			{"plan.json", Options{}},
			{"template.json", Options{Region: "eu-west-1"}},
			{"describe.json", Options{}},
		},
		"storefront": {{"plan.json", Options{}}, {"template.yaml", Options{Region: "eu-west-2"}}},
		"packed":     {{"plan.json", Options{}}, {"template.yaml", Options{Region: "eu-central-1"}}},
		"office":     {{"plan.json", Options{}}, {"template.json", Options{Region: "us-east-2"}}},
	}
}

// TestConformance holds every reader to one model: the same workload in every
// input form is an equal design.Workload. Only the notes may differ: they say
// where each form would have to say more.
func TestConformance(t *testing.T) {
	for dir, forms := range conformanceCases() {
		t.Run(dir, func(t *testing.T) {
			want := readForm(t, dir, conformanceForm{file: "design.yaml"})
			for _, form := range forms {
				t.Run(form.file, func(t *testing.T) {
					if diff := cmp.Diff(want, readForm(t, dir, form), sameModel()...); diff != "" {
						t.Errorf("design.yaml and %s differ (-design +%s):\n%s", form.file, form.file, diff)
					}
				})
			}
		})
	}
}

// readForm reads one form of a case under the case's name: forms that state no
// name of their own take the file's.
func readForm(t *testing.T, dir string, form conformanceForm) design.Workload {
	t.Helper()
	data, err := fs.ReadFile(fixtures.Cases(), path.Join(dir, form.file))
	if err != nil {
		t.Fatal(err)
	}
	form.opts.ReadFile = func(name string) ([]byte, error) { return fs.ReadFile(fixtures.Cases(), path.Join(dir, name)) }
	w, err := Read(dir+path.Ext(form.file), data, form.opts)
	if err != nil {
		t.Fatalf("reading %s: %v", form.file, err)
	}
	for _, problem := range w.Validate() {
		t.Errorf("%s: %v", form.file, problem)
	}
	return w
}

// sameModel compares models by their facts, not by the notes on them.
func sameModel() []cmp.Option {
	return []cmp.Option{
		cmpopts.EquateEmpty(),
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Note" }, cmp.Ignore()),
	}
}

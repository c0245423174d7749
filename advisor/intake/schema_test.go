package intake_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"ecsavvy/advisor/intake"
	"ecsavvy/fixtures"
)

// The copy for editors is what the table makes now.
func TestSchemaIsCurrent(t *testing.T) {
	const file = "designfile.schema.json"
	got := intake.DesignFileSchema()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is out of date (UPDATE_GOLDEN=1 go test writes it):\n%s", file, diff)
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(intake.DesignFileSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("design.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("design.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// decodeYAML is what an editor's validator sees: the document as JSON values.
func decodeYAML(t *testing.T, data []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Every design file among the cases reads, and the schema agrees.
func TestCases(t *testing.T) {
	schema := compileSchema(t)
	cases := fixtures.Cases()
	found := 0
	err := fs.WalkDir(cases, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".yaml" && path.Ext(file) != ".json" {
			return err
		}
		if path.Base(file) != "design.yaml" && !bytes.HasSuffix([]byte(file), []byte("taskdef.json")) {
			return nil
		}
		found++
		t.Run(file, func(t *testing.T) {
			data, err := fs.ReadFile(cases, file)
			if err != nil {
				t.Fatal(err)
			}
			if path.Base(file) == "design.yaml" {
				if err := schema.Validate(decodeYAML(t, data)); err != nil {
					t.Error(err)
				}
			}
			w, err := intake.Read(file, data, intake.Options{ReadFile: beside(cases, file)})
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range w.Validate() {
				t.Error(problem)
			}
			for _, v := range w.Variants {
				varied, err := intake.ReadVariant(file, data, v.Name, intake.Options{ReadFile: beside(cases, file)})
				if err != nil {
					t.Error(err)
				}
				for _, problem := range varied.Validate() {
					t.Error(v.Name, problem)
				}
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 12 {
		t.Errorf("only %d inputs among the cases", found)
	}
}

// beside reads files relative to an input.
func beside(files fs.FS, input string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) { return fs.ReadFile(files, path.Join(path.Dir(input), name)) }
}

// What the reader refuses as a mistyped key, the schema refuses too.
func TestSchemaRefuses(t *testing.T) {
	schema := compileSchema(t)
	for _, doc := range []string{
		"services: {api: {task: {cpu: 1, memory: 2GB}, cuont: 3}}",
		"services: {api: {count: 3}}",
		"services: {api: {task: {cpu: 1, memory: 2GB, arch: arm}}}",
		"services: {api: {task: {cpu: true, memory: 2GB}}}",
		"services: 3",
		"network: {egress: {nat: gatewy}}",
	} {
		if err := schema.Validate(decodeYAML(t, []byte(doc))); err == nil {
			t.Errorf("the schema accepts %s", doc)
		}
		if _, err := intake.Read("design.yaml", []byte(doc), intake.Options{Kind: intake.DesignFile}); err == nil {
			t.Errorf("the reader accepts %s", doc)
		}
	}
}

func TestSchemaIsJSON(t *testing.T) {
	if !json.Valid(intake.DesignFileSchema()) {
		t.Error("the schema is no JSON")
	}
}

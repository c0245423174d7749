package intake

import (
	"slices"
	"testing"
)

func TestMisspeltKeysOfATaskDefinitionAreNoted(t *testing.T) {
	w, err := Read("td.json", []byte(`{"family": "f", "cpu": "256", "memory": "512", "ephemeralStroage": {"sizeInGiB": 200},
		"runtimePlatfrom": {"cpuArchitecture": "ARM64"}, "somethingNewOfAWS": 1, "containerDefinitions": [{"name": "a", "image": "b"}]}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"the key ephemeralStroage is not read; did you mean ephemeralStorage?",
		"the key runtimePlatfrom is not read; did you mean runtimePlatform?",
	}
	if got := w.Services[0].Task.Notes; !slices.Equal(got, want) {
		t.Errorf("notes %q, want %q", got, want)
	}
}

func TestAWrongInputKindIsRefused(t *testing.T) {
	const definition = `{"family": "f", "cpu": "256", "memory": "512", "containerDefinitions": [{"name": "a", "image": "b"}]}`
	for kind, want := range map[Kind]string{
		CloudFormation: "td.json: want input kind cloudformation: this is a task-definition",
		Compose:        "td.json: want input kind compose: this is a task-definition",
	} {
		if _, err := Read("td.json", []byte(definition), Options{Kind: kind}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", kind, err, want)
		}
	}
}

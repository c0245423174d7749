package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// action is the part of action.yml that the tests look at.
type action struct {
	Inputs map[string]struct {
		Description string
		Default     string
	}
	Outputs map[string]struct{ Value string }
	Runs    struct {
		Using string
		Steps []struct {
			Name, ID, If, Uses, Shell, Run string
			Env                            map[string]string
		}
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestActionInjectsNothing holds that no expression becomes text of a script,
// and that every input is described and used.
func TestActionInjectsNothing(t *testing.T) {
	a := readAction(t)
	used := map[string]bool{}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %q has an expression in its script", s.Name)
		}
		text := s.If
		for _, v := range s.Env {
			text += v
		}
		for _, m := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
		}
	}
	for name, in := range a.Inputs {
		if !used[name] || in.Description == "" {
			t.Errorf("input %s is not used or not described", name)
		}
	}
	for name := range used {
		if _, ok := a.Inputs[name]; !ok {
			t.Errorf("there is no input %s", name)
		}
	}
}

// runAction runs the scripts of an action as GitHub would, with the test's own
// binary, and returns the outputs of the diff and the exit code of the last
// script that ran.
func runAction(t *testing.T, inputs map[string]string) (outputs map[string]string, summary, printed string, code int) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not in PATH")
	}
	a := readAction(t)
	dir := freshClone(t)
	temp := t.TempDir()
	inputs["binary"] = filepath.Join(dir, "ecsavvy")
	steps := map[string]map[string]string{}
	expand := func(text string) string {
		return regexp.MustCompile(`\$\{\{ *([a-z_.-]+) *\}\}`).ReplaceAllStringFunc(text, func(e string) string {
			name := strings.Trim(e, "${} ")
			parts := strings.Split(name, ".")
			switch {
			case parts[0] == "inputs":
				if v, ok := inputs[parts[1]]; ok {
					return v
				}
				return a.Inputs[parts[1]].Default
			case parts[0] == "steps":
				return steps[parts[1]][parts[3]]
			default:
				return ""
			}
		})
	}
	for _, s := range a.Runs.Steps {
		if s.Run == "" || s.If == "${{ inputs.comment == 'true' }}" && inputs["comment"] == "false" {
			continue
		}
		output := filepath.Join(temp, "output-"+s.Name)
		env := append(cleanEnv(dir), "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+output, "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"))
		for name, v := range s.Env {
			env = append(env, name+"="+expand(v))
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", s.Run) // as GitHub runs it
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		printed += string(out)
		values := map[string]string{}
		data, _ := os.ReadFile(output)
		for line := range strings.Lines(string(data)) {
			key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			values[key] = value
		}
		steps[s.ID] = values
		if err != nil {
			code = cmd.ProcessState.ExitCode()
			break
		}
	}
	text, _ := os.ReadFile(filepath.Join(temp, "summary"))
	return steps["diff"], string(text), printed, code
}

func TestActionRuns(t *testing.T) {
	tests := []struct {
		name   string
		inputs map[string]string
		result string
		change string
		code   int
	}{
		{name: "two files", inputs: map[string]string{"path": "fixtures/pullrequest/head.yaml", "base": "fixtures/pullrequest/base.yaml"}, result: "passed", change: "103.6235"},
		{name: "guardrail", inputs: map[string]string{"path": "fixtures/pullrequest/head.yaml", "base": "fixtures/pullrequest/base.yaml", "max-increase": "$20|5%"}, result: "guardrail", change: "103.6235", code: 3},
		{name: "strict", inputs: map[string]string{"path": "fixtures/pullrequest/plan.json", "strict": "true"}, result: "incomplete", code: 4},
		{name: "git", inputs: map[string]string{"path": "fixtures/pullrequest/base.yaml\nfixtures/pullrequest/head.yaml\n", "git": "HEAD"}, result: "passed", change: "0"},
		{name: "a name that is a command", inputs: map[string]string{"path": "$(touch evil); x.json"}, code: 2},
		{name: "a name that is a flag", inputs: map[string]string{"path": "--out-file=evil"}, code: 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.inputs["comment"] = "false"
			outputs, summary, printed, code := runAction(t, tt.inputs)
			if code != tt.code {
				t.Fatalf("exit code %d, want %d:\n%s", code, tt.code, printed)
			}
			if outputs["result"] != tt.result {
				t.Errorf("result %q, want %q", outputs["result"], tt.result)
			}
			if tt.code == 2 {
				return
			}
			if tt.change != "" && outputs["monthly-change"] != tt.change {
				t.Errorf("monthly-change %q, want %q", outputs["monthly-change"], tt.change)
			}
			if !strings.HasPrefix(summary, "### Monthly cost") || outputs["monthly-cost"] == "" {
				t.Errorf("outputs %q, summary:\n%s", outputs, summary)
			}
		})
	}
}

// TestExamplesParse holds every command of the pipelines' examples to flags
// that exist.
func TestExamplesParse(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(docsFolder, "ci", "*"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, page := range append(pages, "../../action.yml") {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(page) != ".md" {
			var any map[string]any
			if err := yaml.Unmarshal(data, &any); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
		d, _, _ := testDeps()
		root := newRootCmd(d)
		for _, m := range regexp.MustCompile(`ecsavvy"? (comment|diff|estimate)([^\n]*)`).FindAllStringSubmatch(string(data), -1) {
			cmd, _, err := root.Find(append([]string{m[1]}, strings.Fields(m[2])...))
			if err != nil {
				t.Errorf("%s: %v", page, err)
				continue
			}
			for _, f := range regexp.MustCompile(`--([a-z][a-z-]*)`).FindAllStringSubmatch(m[2], -1) {
				if cmd.Flags().Lookup(f[1]) == nil {
					t.Errorf("%s: %s has no flag --%s", page, cmd.CommandPath(), f[1])
				}
			}
		}
	}
}

// TestInputsOfTheExample holds the example of GitHub Actions to inputs that the
// action has.
func TestInputsOfTheExample(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(docsFolder, "ci", "github-actions.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses string
				With map[string]any
			}
		}
	}
	if err := yaml.Unmarshal(data, &workflow); err != nil {
		t.Fatal(err)
	}
	a := readAction(t)
	var unknown []string
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			if !strings.Contains(step.Uses, "/ecsavvy@") {
				continue
			}
			for name := range step.With {
				if _, ok := a.Inputs[name]; !ok {
					unknown = append(unknown, name)
				}
			}
		}
	}
	if diff := cmp.Diff([]string(nil), unknown); diff != "" {
		t.Errorf("inputs that the action does not have (-want +got):\n%s", diff)
	}
}

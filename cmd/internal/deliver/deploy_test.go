package deliver

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

const deployFolder = "../../../docs/deploy"

func readDeploy(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(deployFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestDefinitionsParse holds that every definition is one, and that it is
// tested at all.
func TestDefinitionsParse(t *testing.T) {
	unit := regexp.MustCompile(`^(#.*|\[[A-Z][a-z]+\]|[A-Z][A-Za-z]+=.*|)$`)
	err := filepath.WalkDir(deployFolder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := string(data)
		switch ext := filepath.Ext(path); {
		case ext == ".yaml" || ext == ".yml":
			var value map[string]any
			if err := yaml.Unmarshal(data, &value); err != nil || len(value) == 0 {
				t.Errorf("%s: %v", path, err)
			}
		case ext == ".tf":
			checkHCL(t, path, text)
		case ext == ".service" || ext == ".timer":
			for l := range strings.Lines(text) {
				if !unit.MatchString(strings.TrimSuffix(l, "\n")) {
					t.Errorf("%s: %q is no line of a unit", path, l)
				}
			}
		case ext == ".cron":
			lines := filled(text)
			if last := lines[len(lines)-1]; !regexp.MustCompile(`^([0-9*,/-]+ ){5}ecsavvy \S`).MatchString(last) || strings.Contains(last, "%") {
				t.Errorf("%s: %q is no entry with a user; cron reads %% as the end", path, last)
			}
		case filepath.Base(path) == "Dockerfile":
			for _, want := range []string{"TARGETARCH", "CGO_ENABLED=0", "FROM scratch", "ca-certificates.crt", "\nUSER 65532:65532\n", `ENTRYPOINT ["/ecsavvy"]`} {
				if !strings.Contains(text, want) {
					t.Errorf("%s has no %q", path, want)
				}
			}
		case filepath.Base(path) == "README.md":
		default:
			t.Errorf("%s: nothing tests it", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkHCL holds brackets and quotes to pairs, and references to resources
// that are there. (terraform fmt and validate are not at hand in a test.)
func checkHCL(t *testing.T, path, text string) {
	t.Helper()
	code := regexp.MustCompile(`(?m)(^|\s)#.*$`).ReplaceAllString(text, "")
	var open []rune
	for _, r := range regexp.MustCompile(`"(\\.|\$\{[^}]*\}|[^"\\\n])*"`).ReplaceAllString(code, "") {
		switch {
		case strings.ContainsRune("([{", r):
			open = append(open, r)
		case strings.ContainsRune(")]}", r):
			if len(open) == 0 || map[rune]rune{')': '(', ']': '[', '}': '{'}[r] != open[len(open)-1] {
				t.Fatalf("%s: a %q too many", path, r)
			}
			open = open[:len(open)-1]
		case r == '"':
			t.Fatalf("%s: a quote without an end", path)
		}
	}
	if len(open) > 0 {
		t.Fatalf("%s: %q are not closed", path, string(open))
	}
	made := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(resource|data) "(\w+)" "(\w+)"`).FindAllStringSubmatch(code, -1) {
		made[m[2]+"."+m[3]] = true
	}
	for _, m := range regexp.MustCompile(`(?m)^variable "(\w+)"`).FindAllStringSubmatch(code, -1) {
		made["var."+m[1]] = true
	}
	for _, ref := range regexp.MustCompile(`\b(aws_\w+\.\w+|var\.\w+)`).FindAllString(code, -1) {
		if !made[ref] {
			t.Errorf("%s: there is no %s", path, ref)
		}
	}
}

// statement is one of a policy; Action and Resource are a text or a list.
type statement struct {
	Effect           string
	Action, Resource any
}

func (s statement) actions() []string {
	if one, ok := s.Action.(string); ok {
		return []string{one}
	}
	var all []string
	list, _ := s.Action.([]any)
	for _, a := range list {
		all = append(all, fmt.Sprint(a))
	}
	return all
}

// role is what a template grants one role: actions by policy.
func taskRole(t *testing.T) map[string][]string {
	t.Helper()
	var template struct {
		Resources map[string]struct {
			Type       string
			Properties struct {
				PolicyName     string
				PolicyDocument struct{ Statement []statement }
				Policies       []struct {
					PolicyName     string
					PolicyDocument struct{ Statement []statement }
				}
			}
		}
	}
	// By way of JSON, whose names of fields need no tags.
	text, err := yaml.YAMLToJSON([]byte(readDeploy(t, "cloudformation.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	granted := map[string][]string{}
	for _, p := range template.Resources["TaskRole"].Properties.Policies {
		for _, s := range p.PolicyDocument.Statement {
			granted[p.PolicyName] = append(granted[p.PolicyName], s.actions()...)
		}
	}
	mail := template.Resources["SendMail"].Properties
	for _, s := range mail.PolicyDocument.Statement {
		granted[mail.PolicyName] = append(granted[mail.PolicyName], s.actions()...)
	}
	for name, r := range template.Resources {
		for _, p := range r.Properties.Policies {
			for _, s := range p.PolicyDocument.Statement {
				for _, a := range s.actions() {
					if strings.Contains(a, "*") || s.Effect != "Allow" {
						t.Errorf("%s: %s %s: want single actions", name, s.Effect, a)
					}
				}
			}
		}
	}
	return granted
}

// TestLeastPrivilege holds the roles of the templates to what the code needs.
func TestLeastPrivilege(t *testing.T) {
	granted := taskRole(t)
	data, err := os.ReadFile("../../../docs/iam-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	var policy struct {
		Statement []struct {
			Sid    string
			Action []string
		}
	}
	if err := json.Unmarshal(data, &policy); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(policy.Statement[0].Action, granted["read"]); policy.Statement[0].Sid != "ReadOneAccount" || diff != "" {
		t.Errorf("cloudformation.yaml reads otherwise than docs/iam-policy.json:\n%s", diff)
	}
	need := func(texts ...string) []string {
		var all []string
		for _, d := range parse(t, texts...) {
			all = append(all, d.Permissions()...)
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	history := []string{"s3:GetObject", "s3:ListBucket"}
	want := append(history, need("s3://bucket", "slack:ssm:/ecsavvy/slack")...)
	slices.Sort(want)
	slices.Sort(granted["deliver"])
	if diff := cmp.Diff(want, granted["deliver"]); diff != "" {
		t.Errorf("the policy of delivery:\n%s", diff)
	}
	if diff := cmp.Diff(need("mailto:a@example.com?from=b@example.com"), granted["mail"]); diff != "" {
		t.Errorf("the policy of mail:\n%s", diff)
	}

	// Terraform grants the same, and takes the reading policy from its file.
	tf := readDeploy(t, "terraform/main.tf")
	action := regexp.MustCompile(`"([a-z0-9]+:[A-Z][A-Za-z]+)"`)
	var inTerraform []string
	for _, m := range action.FindAllStringSubmatch(tf, -1) {
		if !strings.HasPrefix(m[1], "aws:") && m[1] != "iam:PassedToService" { // keys of conditions
			inTerraform = append(inTerraform, m[1])
		}
	}
	var inTemplate []string
	for _, m := range regexp.MustCompile(`(?m)Action: (.*)$`).FindAllStringSubmatch(readDeploy(t, "cloudformation.yaml"), -1) {
		inTemplate = append(inTemplate, regexp.MustCompile(`[a-z0-9]+:[A-Z][A-Za-z]+`).FindAllString(m[1], -1)...)
	}
	for _, list := range []*[]string{&inTerraform, &inTemplate} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	if diff := cmp.Diff(inTemplate, inTerraform); diff != "" || !strings.Contains(tf, `s if s.Sid == "ReadOneAccount"`) {
		t.Errorf("Terraform grants otherwise than CloudFormation:\n%s", diff)
	}

	// The page has every action of every destination.
	page := readDeploy(t, "README.md")
	for _, a := range append(need("s3://bucket", "sns:arn:aws:sns:eu-west-1:111122223333:t", "mailto:a@example.com?from=b@example.com", "slack:ssm:/x", "teams:secretsmanager:x"), history...) {
		if !strings.Contains(page, "`"+a+"`") {
			t.Errorf("README.md does not name %s", a)
		}
	}
}

// TestDestinationsOfDefinitions holds that every --to of a definition is a
// destination, with placeholders filled in.
func TestDestinationsOfDefinitions(t *testing.T) {
	filler := strings.NewReplacer("$BUCKET", "bucket", "$COSTS_BUCKET", "bucket", `"`, "")
	found := 0
	for _, name := range []string{"github-actions.yml", "gitlab-ci.yml", "ecsavvy.cron", "ecsavvy-report.service"} {
		for _, m := range regexp.MustCompile(`--to (\S+)`).FindAllStringSubmatch(readDeploy(t, name), -1) {
			if _, err := Parse(filler.Replace(m[1])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			found++
		}
	}
	if found < 8 {
		t.Errorf("%d destinations", found)
	}
}

package advisor_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/demand"
	"ecsavvy/pricing"
)

// Patches of every lever hold names as text: nothing of a name is a command of the
// shell, a template of Terraform or a line of its own.
func TestHostileAccount(t *testing.T) {
	const hostile = "a'b\"c$(touch x)`touch x`;\ntouch x #${z}%{q}\\"
	sites := bundledSites(t)
	w := &sites[0].Workload
	for i := range w.Services {
		task := &w.Services[i].Task
		task.Family += hostile
		for k := range task.Containers {
			task.Containers[k].Name += hostile
		}
	}
	for i := range w.LoadBalancers {
		for j := range w.Services {
			for k := range w.Services[j].Ingress {
				if in := &w.Services[j].Ingress[k]; in.LoadBalancer == w.LoadBalancers[i].Name {
					in.LoadBalancer += hostile
				}
			}
		}
		w.LoadBalancers[i].Name += hostile
	}
	for i := range w.Repositories {
		w.Repositories[i].Name += hostile
	}
	api := sites[0].Running["prod/api"]
	api.Scaling.Targets[0].Name += hostile
	advice, err := advisor.Advise(context.Background(), sites, pricing.Embedded(), advisor.AdviseOptions{Penalty: demand.Balanced(), Draws: 20, Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	template := regexp.MustCompile(`[^$]\$\{z\}|[^%]%\{q\}`)
	seen := map[advisor.Lever]bool{}
	for _, r := range advice.Recommendations {
		for _, p := range r.Patches {
			if !strings.Contains(p.Text, "touch x") {
				continue
			}
			seen[r.Lever] = true
			switch p.Form {
			case advisor.FormTaskDefinition:
				if !json.Valid([]byte(p.Text)) {
					t.Errorf("%s %s: no JSON: %s", r.Lever, r.Subject.Name, p.Text)
				}
			case advisor.FormTerraform:
				if template.MatchString(p.Text) || strings.Contains(p.Text, "\ntouch") {
					t.Errorf("%s %s: %s", r.Lever, r.Subject.Name, p.Text)
				}
			case advisor.FormCLI:
				if strings.Contains(p.Text, "a'b") {
					t.Errorf("%s %s: a quote of a name ends a word: %s", r.Lever, r.Subject.Name, p.Text)
				}
				for i, part := range strings.Split(strings.ReplaceAll(p.Text, `'\''`, ""), "'") {
					if i%2 == 0 && strings.Contains(part, "touch") {
						t.Errorf("%s %s: outside of quotes: %s", r.Lever, r.Subject.Name, part)
					}
				}
			}
		}
	}
	for _, lever := range []advisor.Lever{advisor.LeverRightSize, advisor.LeverSidecar, advisor.LeverGraviton, advisor.LeverReservation, advisor.LeverOrphan, advisor.LeverLoadBalancer, advisor.LeverImageStorage, advisor.LeverLogs} {
		if !seen[lever] {
			t.Errorf("no patch of %s has a hostile name: the test misses it", lever)
		}
	}
}

package advisor

import (
	"context"
	"fmt"
	"strings"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// idleAt is the CPU, as a share of the mean task's size, that a service which does
// nothing stays below in P99: health checks and agents take less. A choice.
const idleAt = 0.01

// idle finds services that do nothing: next to no CPU at any time, and no request
// where requests are counted. docs/idle.md.
func idle(_ context.Context, c *serviceCase, f *findings) error {
	if c.missing != "" || c.service.Count.Runs != nil || c.measured.Tasks.Count() == 0 {
		return nil // the sizing lever says what is missing
	}
	cpu, _ := c.service.Task.Sizes()
	p99, err := demand.QuantileOf(utilisation(c.measured, cpu.Value), 0.99, 0.9)
	if err != nil || p99.Value >= idleAt {
		return nil
	}
	if c.measured.Requests.Count() > 0 && highest(c.measured.Requests.Values) > 0 {
		return nil // somebody calls it, however seldom
	}
	r, ok, err := c.recommend(LeverIdle, "stop it", func(s *design.Service) error {
		s.Count = design.Count(0)
		return nil
	})
	if err != nil || !ok {
		return err
	}
	r.Effort, r.Risk = EffortSetting, RiskMedium
	r.RiskReasons = []string{"what it is for is not in its metrics: a service may be there for the day when it is needed"}
	if len(c.service.Ingress) > 0 && c.measured.Requests.Count() == 0 {
		r.RiskReasons = append(r.RiskReasons, "it is behind a load balancer whose requests were not measured by service")
	}
	r.Evidence.Bound = fmt.Sprintf("the P99 of its CPU, %.2f %% of its size", 100*p99.Value)
	r.Reasons = []string{fmt.Sprintf("in the measured days it used %.2f %% of its CPU on average", 100*mean(utilisation(c.measured, cpu.Value).Values))}
	r.Patches = []Patch{{FormTerraform, "desired_count = 0"}, {FormCLI, c.updateService("--desired-count 0")}}
	f.recommend(r)
	return nil
}

// nonProduction reports whether a service says that it is not for customers: by a
// tag, or by a word in its name or its cluster's.
func (c *serviceCase) nonProduction() bool {
	words := map[string]bool{
		"dev": true, "development": true, "test": true, "testing": true, "qa": true, "staging": true, "stage": true, "stg": true,
		"sandbox": true, "demo": true, "preview": true, "uat": true, "int": true, "nonprod": true, "preprod": true,
	}
	for _, key := range []string{"env", "Env", "environment", "Environment", "stage", "Stage", "tier", "Tier"} {
		if value, ok := c.subject.Tags[key]; ok {
			return words[strings.ToLower(value)]
		}
	}
	for _, word := range strings.FieldsFunc(strings.ToLower(c.subject.Cluster+"-"+c.subject.Name), func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == '/' }) {
		if words[word] {
			return true
		}
	}
	return false
}

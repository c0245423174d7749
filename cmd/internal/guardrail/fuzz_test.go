package guardrail

import "testing"

// FuzzRule holds that no expression panics, hangs, or passes a rule that could
// not be evaluated.
func FuzzRule(f *testing.F) {
	for _, when := range []string{
		"diff.monthly > 200", `service.capacity == "FARGATE" && env == "dev"`, "has(service.vcpu)", "tags.exists(k, k == 'a')",
		`service.name.matches("(a+)+$")`, "[1,2,3].map(x, x * 2).filter(y, y > 2).size() > 1", "1 / 0 == 1", "\"", "{}", "diff",
		`"a" + "b" * 3`, "timestamp('2026-01-01T00:00:00Z').getFullYear() > 1", "resource.tags == service.tags", "dyn(1) == 'x'",
	} {
		f.Add(when)
	}
	f.Fuzz(func(t *testing.T, when string) {
		set, err := Compile([]Rule{{Name: "r", When: when}})
		if err != nil {
			return
		}
		for _, o := range set.Check(shop()) {
			if o.Status == Passed && len(o.Findings) > 0 {
				t.Errorf("%q passed with findings %v", when, o.Findings)
			}
			if o.Status != Passed && len(o.Findings) == 0 {
				t.Errorf("%q is %s without a finding", when, o.Status)
			}
		}
	})
}

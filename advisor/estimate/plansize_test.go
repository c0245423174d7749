package estimate_test

import (
	"math"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// The size found costs no more than any other, tried over the whole range by
// the estimate itself, which applies plans as AWS does.
func TestSizePlanIsTheLeast(t *testing.T) {
	plan := design.SavingsPlan{Name: "sp", Kind: "Compute", Term: "1yr", Payment: "No Upfront"}
	for _, c := range []struct{ name, services string }{
		{"constant", "{web: {task: {cpu: 1, memory: 2GB}, count: 4}}"},
		{"office hours", "{web: {task: {cpu: 1, memory: 2GB}, count: {schedule: {\"mon-fri 08:00-20:00\": 10, default: 2}}}}"},
		{"a long peak", "{web: {task: {cpu: 1, memory: 2GB, arch: arm64}, count: {schedule: {\"mon-sat\": 10, default: 3}}}}"},
		{"Fargate and instances", "{web: {task: {cpu: 1, memory: 2GB}, count: {schedule: {\"mon-fri 06:00-22:00\": 8, default: 1}}}, db: {task: {cpu: 2, memory: 4GB}, count: 2, capacity: EC2}}"},
		{"a peak on instances", "{web: {task: {cpu: 2, memory: 4GB}, count: {schedule: {\"mon-sun 06:00-22:00\": 8, default: 1}}, capacity: EC2}, db: {task: {cpu: 2, memory: 4GB}, count: 2}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := intake.Read("design.yaml", []byte("region: us-east-1\nservices: "+c.services), intake.Options{})
			if err != nil {
				t.Fatal(err)
			}
			size, err := estimate.SizePlan(w, plan, pricing.Embedded(), estimate.Options{})
			if err != nil {
				t.Fatal(err)
			}
			cost := func(hourly float64) float64 {
				committed := w
				p := plan
				p.Hourly = hourly
				committed.Commitments.SavingsPlans = []design.SavingsPlan{p}
				r, err := estimate.Run(committed, pricing.Embedded(), estimate.Options{})
				if err != nil {
					t.Fatal(err)
				}
				return r.Total.Effective
			}
			best := cost(size.Hourly)
			for i := 1; i <= 40; i++ {
				hourly := size.Most * 1.1 * float64(i) / 40
				if other := cost(hourly); other < best-1e-6*math.Abs(best) {
					t.Errorf("%.6f an hour costs %.6f, the size found, %.6f, %.6f", hourly, other, size.Hourly, best)
				}
			}
			if size.Least > size.Most || size.Hourly > size.Most*(1+1e-9) {
				t.Errorf("%+v", size)
			}
		})
	}
}

// r × Q_d with one discount: the Fargate plan's 20 % (us-east-1, 1 year, no
// upfront) pays where it is used in 80 % of the hours. A peak of five days of
// seven is less: the base is bought. One of six days is more.
func TestSizePlanIsTheQuantile(t *testing.T) {
	for _, c := range []struct {
		when string
		want float64 // tasks
	}{{"mon-fri", 3}, {"mon-sat", 10}} {
		w, err := intake.Read("design.yaml", []byte("region: us-east-1\nservices: {web: {task: {cpu: 1, memory: 2GB}, count: {schedule: {\""+c.when+"\": 10, default: 3}}}}"), intake.Options{})
		if err != nil {
			t.Fatal(err)
		}
		size, err := estimate.SizePlan(w, design.SavingsPlan{Kind: "Compute", Term: "1yr", Payment: "No Upfront"}, pricing.Embedded(), estimate.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := c.want * (0.032384 + 2*0.003556); math.Abs(size.Hourly-want) > 1e-6 {
			t.Errorf("%s: %.6f USD an hour, want %.6f", c.when, size.Hourly, want)
		}
	}
}

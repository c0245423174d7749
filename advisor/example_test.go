package advisor_test

import (
	"fmt"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// web is two tasks of 0.5 vCPU and 1 GB in us-east-1.
func web() design.Workload {
	w, err := intake.Read("web.yaml", []byte(`
region: us-east-1
services: {web: {task: {cpu: 0.5, memory: 1GB}, count: 2, capacity: FARGATE}}
`), intake.Options{})
	if err != nil {
		panic(err)
	}
	return w
}

func onGraviton() design.Workload {
	w := web()
	w.Services[0].Task.Architecture = design.Know(design.ARM64)
	return w
}

func ExampleCompare() {
	c := advisor.Compare([]advisor.Candidate{
		{Name: "x86", Workload: web()}, {Name: "Graviton", Workload: onGraviton()},
	}, pricing.Embedded(), estimate.Options{})
	for _, d := range c.Designs {
		fmt.Printf("%s: %.2f USD a month, %+.2f, risk %.1f\n", d.Name, d.Result.Total.Effective, d.Difference, d.Risk)
	}
	fmt.Println("cheapest:", c.Designs[c.Cheapest()].Name)
	// Output:
	// x86: 36.04 USD a month, +0.00, risk 0.0
	// Graviton: 28.84 USD a month, -7.21, risk 0.5
	// cheapest: Graviton
}

func ExampleAlternatives() {
	set := advisor.Alternatives(advisor.Candidate{Name: "web", Workload: web()}, pricing.Embedded(), estimate.Options{})
	for _, d := range set.Designs {
		if d.Frontier {
			fmt.Printf("%s: %.2f, risk %.1f\n", d.Name, d.Result.Total.Effective, d.Risk)
		}
	}
	for _, d := range set.Dropped {
		if d.Names[0] == "App Runner" {
			fmt.Println("App Runner:", d.Reason)
		}
	}
	// Output:
	// Graviton + 70 % Spot + Compute SP 1yr: 15.94, risk 2.9
	// Graviton + 70 % Spot: 19.01, risk 1.9
	// Graviton + Compute SP 1yr: 22.70, risk 1.5
	// 70 % Spot: 23.76, risk 1.4
	// Compute SP 1yr: 28.83, risk 1.0
	// Graviton: 28.84, risk 0.5
	// App Runner: web takes no requests; App Runner runs web services, and gives CPU while it serves them
}

func ExampleSweep() {
	designs := []advisor.Swept{
		{Name: "one gateway", At: func(gb, _ float64) (design.Workload, error) { return behindGateways(1, gb), nil }},
		{Name: "three that carry nothing", At: func(_, _ float64) (design.Workload, error) { return behindGateways(3, 0), nil }},
	}
	r, err := advisor.Sweep(designs, advisor.Parameter{Path: "network.egress.nat_data", Label: "NAT data", Unit: "GB a month", From: 0, To: 3000}, nil, pricing.Embedded(), advisor.SweepOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range r.Rows[0].BreakEvens {
		fmt.Println(r.Sentence(b))
	}
	// Output:
	// Above 1622.2 GB a month (NAT data) three that carry nothing costs less than one gateway; there both cost 145.54 USD a month.
}

func behindGateways(count, gb float64) design.Workload {
	w := web()
	w.Network.AZs = design.Know(1.0)
	w.Network.NAT = design.NAT{Kind: design.NATGateway, Count: design.Know(count), Data: design.Know(gb)}
	return w
}

func ExampleRemarks() {
	w := web()
	w.Network.AZs = design.Know(1.0)
	w.Services[0].Count = design.Count(1)
	for _, r := range advisor.Remarks(&w, pricing.Embedded()) {
		fmt.Printf("%s, %.0f points: %s\n", r.Topic, r.Points, r.Text)
	}
	// Output:
	// availability, 3 points: one AZ: its failure takes everything
	// availability, 1 points: one task (web): a failure or an update interrupts the service
}

func ExampleSetSpotShare() {
	w := web()
	w.Services[0].Count = design.Count(4)
	advisor.SetSpotShare(&w.Services[0], 0.5)
	r, err := estimate.Run(w, pricing.Embedded(), estimate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range r.Resources[0].Lines {
		fmt.Printf("%s: %.0f hours\n", l.Name, l.Charge.PricingQuantity)
	}
	// Output:
	// Fargate vCPU: 730 hours
	// Fargate GB: 1460 hours
	// Fargate Spot vCPU: 730 hours
	// Fargate Spot GB: 1460 hours
}

package estimate_test

import (
	"math"
	"testing"

	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/pricing"
)

// The worked example of AWS's split cost allocation data: an m5.xlarge of 4
// vCPU and 16 GB at 1 USD an hour. With a vCPU at the weight of nine GB one
// unit is 1 / (9 × 4 + 16) = 0.01923 USD: 0.17308 a vCPU-hour and 0.01923 a
// GB-hour. Each task is charged what it reserves, since a design has no usage;
// what nobody reserves is a line of the instances themselves.
// Source: docs.aws.amazon.com/cur/latest/userguide/example-split-cost-allocation-data.html.
func TestSplitCostExample(t *testing.T) {
	const vcpuHour, gbHour = 9.0 / 52, 1.0 / 52
	w, err := intake.Read("design.yaml", []byte(`
region: us-east-1
cluster: {instances: {pool: {type: m5.xlarge, count: 1}}}
services:
  api: {task: {cpu: 1, memory: 4GB}, count: 2, capacity: EC2}
  job: {task: {cpu: 0.5, memory: 3GB}, count: 1, capacity: EC2}
`), intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rate, err := pricing.Embedded().Lookup(pricing.NewSKU("AmazonEC2", "BoxUsage:m5.xlarge", "us-east-1", "operatingSystem=Linux"))
	if err != nil {
		t.Fatal(err)
	}
	rate.Tiers = []pricing.Tier{{To: math.Inf(1), USD: 1}}
	r, err := estimate.Run(w, pricing.Embedded().With(rate), estimate.Options{HoursPerMonth: 1})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for name, want := range map[string]float64{
		"api":  2*vcpuHour + 8*gbHour,
		"job":  0.5*vcpuHour + 3*gbHour,
		"pool": 1.5*vcpuHour + 5*gbHour, // unused: 4 − 2.5 vCPU, 16 − 11 GB
	} {
		got := instancesOf(t, r, name)
		sum += got
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %.5f USD, want %.5f", name, got, want)
		}
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("the parts of an hour add up to %.5f USD, want 1", sum)
	}
}

// However services share instances, every dollar of them is charged once.
func TestSplitChargesEveryDollarOnce(t *testing.T) {
	for _, services := range []string{
		"{a: {task: {cpu: 0.25, memory: 6GB}, count: 3, capacity: EC2}}",
		"{a: {task: {cpu: 2, memory: 1GB}, count: 3, capacity: EC2}, b: {task: {cpu: 0.1, memory: 128MB}, count: 7, capacity: EC2}}",
		"{a: {task: {cpu: 2, memory: 1GB}, count: 9, capacity: EC2}, d: {task: {cpu: 0.1, memory: 128MB}, capacity: EC2, scheduling_strategy: daemon}}", // more than there is
		"{a: {task: {cpu: 1, memory: 1GB}, count: {schedule: {\"mon-fri 08:00-20:00\": 5, default: 1}}, capacity: EC2}}",
	} {
		r := runDesign(t, "region: us-east-1\ncluster: {instances: {pool: {type: m5.xlarge, count: 3}}}\nservices: "+services)
		if got, want := instanceCosts(r)["m5.xlarge"], 3*0.192*730; math.Abs(got-want) > 0.01 {
			t.Errorf("%s: the lines of the instances add up to %.2f USD, want %.2f", services, got, want)
		}
	}
}

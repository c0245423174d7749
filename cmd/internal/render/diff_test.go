package render

import (
	"bytes"
	"strings"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/fixtures"
	"ecsavvy/pricing"
)

// ipRate is the price of a public IPv4 address.
func ipRate() pricing.Rate {
	r := gbRate()
	r.SKU, r.Tiers = pricing.NewSKU("AmazonVPC", "PublicIPv4:InUseAddress", "us-east-1"), []pricing.Tier{{To: gbRate().Tiers[0].To, USD: 0.005}}
	return r
}

// dearer is a rate at another price and date.
func dearer(r pricing.Rate, usd float64) pricing.Rate {
	r.Tiers = []pricing.Tier{{To: r.Tiers[0].To, USD: usd}}
	r.AsOf = "2026-10-30"
	return r
}

// unknownLogs is a line of which only the price of a unit is known.
func unknownLogs() estimate.Line {
	rate := gbRate()
	rate.SKU, rate.Unit = pricing.NewSKU("AmazonCloudWatch", "DataProcessing-Bytes", "us-east-1"), "GB"
	rate.Tiers = []pricing.Tier{{To: rate.Tiers[0].To, USD: 0.5}}
	return estimate.Line{
		Name: "CloudWatch Logs ingestion", Group: estimate.Logs, Unpriced: "the log volume is not stated", UnitRate: &rate,
		Charge: pricing.Charge{Usage: pricing.Usage{SKU: rate.SKU, Why: "GB a month"}},
	}
}

func ecsService(name, summary string, lines ...estimate.Line) estimate.Resource {
	return estimate.Resource{Kind: estimate.KindService, Cluster: "web", Name: name, Summary: summary, Lines: lines}
}

// ofTasks is a service of a number of tasks of 0.5 vCPU and 1 GB.
func ofTasks(name string, tasks float64) estimate.Resource {
	return ecsService(name, quantity(tasks)+" × 0.5 vCPU, 1 GB, FARGATE",
		priced("Fargate vCPU", estimate.Compute, vcpuRate(), tasks*365, ""), priced("Fargate GB", estimate.Compute, gbRate(), tasks*730, ""))
}

func shop(resources ...estimate.Resource) *estimate.Result {
	r := addUp(estimate.Result{
		Workload: "shop", Region: design.Know("us-east-1"), HoursPerMonth: 730,
		OldestPrice: "2026-09-11", NewestPrice: "2026-09-11", Resources: resources,
	})
	return &r
}

func with(r estimate.Resource, lines ...estimate.Line) estimate.Resource {
	r.Lines = append(r.Lines[:len(r.Lines):len(r.Lines)], lines...)
	return r
}

// mixedProject has a bit of everything.
func mixedProject() advisor.Project {
	before := shop(
		ofTasks("api", 2), with(ofTasks("web", 3), unknownLogs()), ofTasks("old-worker", 1), ofTasks("gone", 1),
		estimate.Resource{Kind: estimate.KindLogGroup, Name: "audit", Lines: []estimate.Line{priced("CloudWatch Logs ingestion", estimate.Logs, ipRate(), 1000, "")}},
		estimate.Resource{Kind: estimate.KindNAT, Name: "shared", Lines: []estimate.Line{priced("NAT gateway hours", estimate.Egress, ipRate(), 1460, "")}},
	)
	worker := ofTasks("worker", 1)
	after := shop(
		with(ofTasks("api", 4), priced("Public IPv4 address", estimate.Egress, ipRate(), 2920, "")),
		with(ofTasks("web", 3), unknownLogs()), worker, with(ofTasks("new", 1), unknownLogs()),
		estimate.Resource{Kind: estimate.KindLogGroup, Name: "audit", Lines: []estimate.Line{unknownLogs()}},
		estimate.Resource{Kind: estimate.KindNAT, Name: "shared", Lines: []estimate.Line{priced("NAT gateway hours", estimate.Egress, dearer(ipRate(), 0.006), 1460, "")}},
	)
	before.NotPriced, after.NotPriced = map[string]int{"aws_kinesis_stream": 1}, map[string]int{"aws_kinesis_stream": 1, "aws_dax_cluster": 1}
	before.Assumptions = []estimate.Note{{Path: "services.api.task.os", Text: "Linux, the default"}, {Path: "services.gone.task.os", Text: "Linux, the default"}}
	after.Assumptions = []estimate.Note{{Path: "services.api.task.os", Text: "Linux, the default"}, {Path: "services.new.task.os", Text: "Linux, the default"}}
	after.Warnings = []estimate.Note{{Path: "network.nat", Text: "a t4g.nano carries 32 Mbit/s for long"}}
	after.NewestPrice = "2026-10-30"
	return advisor.Project{Name: "shop", Before: before, After: after, Options: advisor.DiffOptions{Renamed: map[string]string{"old-worker": "worker"}}}
}

// hostileProject has names that attack every format, and one of ten thousand
// characters.
func hostileProject() advisor.Project {
	before := shop(ofTasks("api", 1))
	evil := "```\n</details><script>alert(1)</script> | @org/team #12 [x](javascript:alert(1)) \x1b[2J\u202Egpj.exe `````` "
	after := hostileResult()
	after.Resources[0].Cost, after.Resources[0].Range = estimate.Cost{}, estimate.Range{}
	after.Resources = append(after.Resources,
		ofTasks(evil, 1), ofTasks(strings.Repeat("long-name-", 1000), 1), ofTasks("=cmd|' /C calc'!A0", 1))
	after.Resources[1].Cluster, after.Resources[1].Summary = "<b>", evil
	after.Resources[1].Lines[0].Name, after.Resources[1].Lines[1].Detail = evil, evil
	after.Resources[1].Lines[1].Unpriced = evil
	after = addUp(estimate.Result{
		Workload: after.Workload, Region: design.Know(evil), HoursPerMonth: 730, Resources: after.Resources,
		Assumptions: after.Assumptions, NotPriced: after.NotPriced, Warnings: []estimate.Note{{Path: evil, Text: evil}},
	})
	return advisor.Project{Name: evil, Before: before, After: &after, Options: advisor.DiffOptions{Incomplete: []string{evil}}}
}

// oddProject has what the other cases do not.
func oddProject() advisor.Project {
	in := func(r estimate.Resource, cluster string) estimate.Resource { r.Cluster = cluster; return r }
	instances := func(kind string, usd float64) estimate.Line {
		rate := dearer(vcpuRate(), usd)
		rate.SKU, rate.AsOf = pricing.NewSKU("AmazonEC2", "BoxUsage:"+kind, "us-east-1"), "2026-09-11"
		l := priced("EC2 instances", estimate.Compute, rate, 730, "")
		l.Detail = kind
		return l
	}
	covered := priced("Fargate vCPU", estimate.Compute, vcpuRate(), 730, "")
	covered.Cost.Effective = 20
	egress := func(gb float64) estimate.Line {
		return priced("Data transfer out to the internet", estimate.Transfer, egressRate(), gb, "")
	}
	named := priced("EFS storage", estimate.Storage, gbRate(), 100, "")
	detailed := priced("EFS storage", estimate.Storage, gbRate(), 200, "")
	detailed.Detail = "One Zone"
	free := priced("Free of charge", estimate.Monitoring, dearer(gbRate(), 0), 1, "")
	before := shop(
		in(ofTasks("api", 1), "blue"), in(ofTasks("api", 2), "green"), in(ofTasks("web", 1), ""), ecsService("covered", "", priced("Fargate vCPU", estimate.Compute, vcpuRate(), 730, "")),
		estimate.Resource{Kind: estimate.KindInstances, Name: "nodes", Lines: []estimate.Line{instances("m5.large", 0.096)}},
		estimate.Resource{Kind: estimate.KindNetwork, Name: "network", Lines: []estimate.Line{egress(10_000), unknownLogs()}},
		estimate.Resource{Kind: estimate.KindFileSystem, Name: "files", Lines: []estimate.Line{named}},
		estimate.Resource{Kind: estimate.KindLogGroup, Name: "late", Lines: []estimate.Line{unknownLogs()}},
		estimate.Resource{Kind: estimate.KindAlarms, Lines: []estimate.Line{free}},
	)
	after := shop(
		in(ofTasks("api", 2), "blue"), in(ofTasks("api", 1), "green"), in(ofTasks("web", 2), "web"), ecsService("covered", "", covered),
		estimate.Resource{Kind: estimate.KindInstances, Name: "nodes", Lines: []estimate.Line{instances("m6g.large", 0.077)}},
		estimate.Resource{Kind: estimate.KindNetwork, Name: "network", Lines: []estimate.Line{egress(20_000)}},
		estimate.Resource{Kind: estimate.KindFileSystem, Name: "files", Lines: []estimate.Line{detailed}},
		estimate.Resource{Kind: estimate.KindLogGroup, Name: "late", Lines: []estimate.Line{priced("CloudWatch Logs ingestion", estimate.Logs, ipRate(), 10, "")}},
		estimate.Resource{Kind: estimate.KindAlarms, Lines: []estimate.Line{free, free}},
	)
	after.HoursPerMonth = 720
	after.Commitments = &estimate.CommitmentUse{Unused: 3.456, Plans: []estimate.PlanUse{{Name: "plan", Committed: 23.456, Used: 20}}}
	after.Total.Effective += 3.456
	before.Assumptions, after.Assumptions = []estimate.Note{{Path: "services.web.count", Text: "1 task"}}, []estimate.Note{{Path: "services.web.count", Text: "2 tasks"}}
	return advisor.Project{Name: "odd/head", Before: before, After: after}
}

// oddCommitments is a service without and with a commitment, under other rates.
func oddCommitments(committed bool) *estimate.Result {
	if !committed {
		return shop(ofTasks("api", 2))
	}
	api := ofTasks("api", 3)
	for i, usd := range []float64{0.05, 0.005} {
		api.Lines[i] = priced(api.Lines[i].Name, estimate.Compute, dearer(api.Lines[i].Charge.Rate, usd), api.Lines[i].Charge.Usage.Quantity, "")
		api.Lines[i].Cost.Effective *= 0.7
	}
	r := shop(api)
	r.Commitments = &estimate.CommitmentUse{Unused: 5}
	r.Total.Effective += 5
	r.Range.Low, r.Range.High = r.Range.Low+5, r.Range.High+5
	return r
}

// scaledUp costs more at any number of tasks, and is a lower bound.
func scaledUp() *estimate.Result {
	api := with(ofTasks("api", 2), unknownLogs())
	api.Range = estimate.Range{Low: 36.04, High: 90.1}
	r := shop(api)
	r.Range = api.Range
	return r
}

// openProject has no maximum count before, or on both sides.
func openProject(name string, wasOpen, isOpen bool) advisor.Project {
	before, after := shop(ofTasks("api", 1)), shop(ofTasks("api", 2))
	before.Range.Open, after.Range.Open = wasOpen, isOpen
	return advisor.Project{Name: name, Before: before, After: after}
}

// diffCases are the differences that the golden files print.
func diffCases() map[string][]advisor.Project {
	moved := shop(ofTasks("api", 2))
	moved.Region = design.Know("eu-west-2")
	for i := range moved.Resources[0].Lines {
		l := &moved.Resources[0].Lines[i]
		rate := dearer(l.Charge.Rate, l.Charge.Rate.Tiers[0].USD*1.15)
		rate.SKU.Region = "eu-west-2"
		*l = priced(l.Name, l.Group, rate, l.Charge.Usage.Quantity, "")
	}
	*moved = addUp(estimate.Result{Region: moved.Region, HoursPerMonth: 730, OldestPrice: "2026-09-11", NewestPrice: "2026-09-11", Resources: []estimate.Resource{ecsService("api", moved.Resources[0].Summary, moved.Resources[0].Lines...)}})
	scaled := ofTasks("api", 1)
	scaled.Range, scaled.Summary = estimate.Range{Low: 18.02, High: 180.2}, "1 to 10 tasks × 0.5 vCPU, 1 GB, FARGATE"
	ranged := shop(scaled)
	ranged.Range = scaled.Range
	unpriced := unpricedResult()
	renamed := func(r estimate.Resource, name, cluster string) estimate.Resource {
		r.Name, r.Cluster = name, cluster
		return r
	}
	return map[string][]advisor.Project{
		"mixed":         {mixedProject()},
		"hostile":       {hostileProject()},
		"nothing":       {{Name: "shop", Before: shop(ofTasks("api", 2)), After: shop(ofTasks("api", 2))}},
		"zero-baseline": {{Name: "shop", Before: nil, After: shop(ofTasks("api", 2))}},
		"removed":       {{Name: "shop", Before: shop(ofTasks("api", 2)), After: nil}},
		"unpriced":      {{Name: "shop", Before: shop(), After: &unpriced}},
		"lost-price":    {{Name: "shop", Before: shop(ofTasks("api", 2)), After: &unpriced}},
		"renamed": {{
			Name:   "shop",
			Before: shop(ofTasks("api", 2), ofTasks("jobs", 1)),
			After:  shop(renamed(ofTasks("front", 2), "front", "web"), renamed(ofTasks("jobs", 1), "jobs", "batch")),
		}},
		"region": {{Name: "shop", Before: shop(ofTasks("api", 2)), After: moved}},
		"range":  {{Name: "shop", Before: shop(ofTasks("api", 2)), After: ranged}},
		"large":  {{Name: "shop", Before: shop(ofTasks("api", 300), ofTasks("web", 40)), After: shop(ofTasks("api", 350), ofTasks("web", 40), ofTasks("tiny", 0.01))}},
		"several": {
			mixedProject(),
			{Name: "billing", Before: shop(ofTasks("api", 2)), After: shop(ofTasks("api", 1))},
			{Name: "quiet", Before: shop(ofTasks("api", 2)), After: shop(ofTasks("api", 2))},
			{Name: "broken", Options: advisor.DiffOptions{Incomplete: []string{"the plan ended in an error: no valid credentials"}}},
		},
		"odd":          {{Name: "odd/base", Before: oddProject().Before}, {Name: "odd/head", After: oddProject().After}},
		"commitments":  {{Name: "shop", Before: oddCommitments(false), After: oddCommitments(true)}},
		"open":         {openProject("opens", false, true), openProject("closes", true, false), openProject("stays open", true, true)},
		"narrow-range": {{Name: "shop", Before: shop(ofTasks("api", 1)), After: scaledUp()}},
		"none":         nil,
	}
}

func diffInfo() DiffInfo {
	return DiffInfo{
		Snapshot: "2026-09-29", AsOf: "2026-10-01",
		Inputs: map[string]DiffInput{"shop": {Path: "plan.json", Kind: "terraform plan"}},
	}
}

// TestDiffGolden prints differences in every format.
func TestDiffGolden(t *testing.T) {
	for name, projects := range diffCases() {
		t.Run(name, func(t *testing.T) {
			for _, format := range []Format{FormatDiff, FormatMarkdown, FormatCSV, FormatJSON} {
				first := printedDiff(t, projects, format, diffInfo(), Options{})
				if again := printedDiff(t, projects, format, diffInfo(), Options{}); again != first {
					t.Errorf("%s: the same difference printed twice differs", format)
				}
				fixtures.Golden(t, []byte(first), "testdata/diff/"+name+"."+string(format)+".golden")
			}
		})
	}
}

// TestDiffGoldenOptions prints one difference with what a user can ask for.
func TestDiffGoldenOptions(t *testing.T) {
	all := diffInfo()
	all.AllProjects = true
	brief := diffInfo()
	brief.Brief = true
	guarded := diffInfo()
	guarded.Guardrails = []Guardrail{
		{Title: "no service outside the EU", State: GuardrailPassed},
		{Title: "at most +$50 a month", Text: "diff.monthly > 50: service `api` | +$60", State: GuardrailBroken},
		{Title: "sizes are known", Text: "service.vcpu: the input does not state it", State: GuardrailUndecided},
	}
	cases := []struct {
		name     string
		projects []advisor.Project
		format   Format
		info     DiffInfo
		opts     Options
	}{
		{"color", diffCases()["mixed"], FormatDiff, guarded, Options{Color: true}},
		{"narrow", diffCases()["mixed"], FormatDiff, diffInfo(), Options{Width: 60}},
		{"brief", diffCases()["mixed"], FormatDiff, brief, Options{}},
		{"all-projects", diffCases()["several"], FormatMarkdown, all, Options{}},
		{"guarded", diffCases()["mixed"], FormatMarkdown, guarded, Options{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := printedDiff(t, c.projects, c.format, c.info, c.opts)
			fixtures.Golden(t, []byte(text), "testdata/diff/"+c.name+"."+string(c.format)+".golden")
		})
	}
}

func printedDiff(t testing.TB, projects []advisor.Project, format Format, info DiffInfo, opts Options) string {
	t.Helper()
	var buf bytes.Buffer
	if err := WriteDiff(&buf, advisor.DiffProjects(projects), format, info, opts); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

package commitment

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"ecsavvy/pricing"
)

const plainHeader = "hour,usage_type,region,quantity\n"

func TestReadUsageForms(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		form     string
		want     string // lines as "ID=quantities"
		ignored  string
	}{
		{"plain", plainHeader +
			"2026-01-01T00:00:00Z,Fargate-GB-Hours,eu-west-2,3\n" +
			"2026-01-01T01:00:00Z,Fargate-GB-Hours,eu-west-2,4\n" +
			"2026-01-01T01:00:00Z,EUW2-BoxUsage:m5.large,eu-west-2,2\n" +
			"2026-01-01T01:00:00Z,Fargate-GB-Hours,eu-west-2,0.5\n",
			"plain", "eu-west-2 BoxUsage:m5.large Linux=[0 2] eu-west-2 Fargate-GB-Hours=[3 4.5]", ""},
		{"plain by cost, not in order", "hour,usage_type,region,on_demand_cost,os\n" +
			"2026-01-01 01:00,BoxUsage:m5.large,us-east-1,1.5,Windows\n" +
			"2026-01-01 00:00,BoxUsage:m5.large,us-east-1,1,Windows\n",
			"plain", "us-east-1 BoxUsage:m5.large Windows by cost=[1 1.5]", ""},
		{"CUR, both editions' names", "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/LineItemType,lineItem/UsageType,lineItem/UsageAmount,lineItem/Operation,product/region\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,SavingsPlanCoveredUsage,USE2-Fargate-ARM-vCPU-Hours:perCPU,2,,us-east-2\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,SavingsPlanNegation,USE2-Fargate-ARM-vCPU-Hours:perCPU,-2,,us-east-2\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,USE2-BoxUsage:c7g.xlarge,0.5,RunInstances:0002,us-east-2\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,USE2-SpotUsage:c7g.xlarge,1,RunInstances:SV052,us-east-2\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,USE2-NatGateway-Bytes,7,NatGateway,us-east-2\n",
			"CUR", "us-east-2 BoxUsage:c7g.xlarge Windows=[0.5] us-east-2 Fargate-ARM-vCPU-Hours:perCPU=[2]", "USE2-NatGateway-Bytes 1 USE2-SpotUsage:c7g.xlarge 1"},
		{"FOCUS 1.2 of AWS", "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,PricingQuantity,RegionId,SkuMeter,PricingCategory,CommitmentDiscountStatus\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,2,us-east-1,Fargate-vCPU-Hours:perCPU,Standard,\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,3,us-east-1,Fargate-vCPU-Hours:perCPU,Committed,Used\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,9,us-east-1,Fargate-vCPU-Hours:perCPU,Committed,Unused\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,9,us-east-1,Fargate-vCPU-Hours:perCPU,Dynamic,\n" +
			"2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Tax,9,us-east-1,Fargate-vCPU-Hours:perCPU,Standard,\n",
			"FOCUS", "us-east-1 Fargate-vCPU-Hours:perCPU=[5]", "Fargate-vCPU-Hours:perCPU 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			u, err := ReadUsage("in.csv", strings.NewReader(tc.in), ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var got, ignored []string
			for i, l := range u.Lines {
				got = append(got, fmt.Sprintf("%s=%v", l.ID(), u.Values(i)))
			}
			for _, i := range u.Ignored {
				ignored = append(ignored, fmt.Sprint(i.Name, " ", i.Rows))
			}
			if g := strings.Join(got, " "); g != tc.want || u.Form != tc.form {
				t.Errorf("%s: %s\nwant %s: %s", u.Form, g, tc.form, tc.want)
			}
			if g := strings.Join(ignored, " "); g != tc.ignored {
				t.Errorf("ignored %q, want %q", g, tc.ignored)
			}
		})
	}
}

func TestReadUsageRefusals(t *testing.T) {
	row := "2026-01-01T00:00:00Z,Fargate-GB-Hours,eu-west-2,3\n"
	focus := "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,PricingQuantity,RegionId,SkuMeter\n"
	for _, tc := range []struct{ name, in, want string }{
		{"empty", "", "in.csv: empty: want a CSV header"},
		{"no form", "a,b\n1,2\n", "in.csv:1: header tells no form: want the columns hour, usage_type, region and quantity, or those of a FOCUS export (ChargePeriodStart …) or of an AWS Cost and Usage Report (line_item_usage_start_date …)"},
		{"no quantity", "hour,usage_type,region\n", "in.csv:1: no column quantity and none on_demand_cost: want one of them"},
		{"no region column", "hour,usage_type,quantity\n", "in.csv:1: no column region"},
		{"negative", plainHeader + row + "2026-01-01T01:00:00Z,Fargate-GB-Hours,eu-west-2,-1\n", "in.csv:3: quantity -1 is negative: want 0 or more"},
		{"not a number", plainHeader + "2026-01-01T01:00:00Z,Fargate-GB-Hours,eu-west-2,NaN\n", `in.csv:2: quantity "NaN": want a number`},
		{"off the hour", plainHeader + "2026-01-01T00:30:00Z,Fargate-GB-Hours,eu-west-2,1\n", `in.csv:2: hour "2026-01-01T00:30:00Z": want a time on the hour`},
		{"no time", plainHeader + "yesterday,Fargate-GB-Hours,eu-west-2,1\n", `in.csv:2: hour "yesterday": want a time such as 2026-01-31T13:00:00Z`},
		{"unknown usage type", plainHeader + "2026-01-01T00:00:00Z,NatGateway-Hours,eu-west-2,1\n", `in.csv:2: usage_type "NatGateway-Hours": want BoxUsage:m5.large, Fargate-vCPU-Hours:perCPU, Fargate-GB-Hours, Fargate-ARM-… or Fargate-Windows-…`},
		{"gap", plainHeader + row + "\n2026-01-01T04:00:00Z,Fargate-GB-Hours,eu-west-2,1\n", "in.csv:4: gap of 3 hours before 2026-01-01T04:00:00Z, after 2026-01-01T00:00:00Z: want every hour"},
		{"years apart", plainHeader + row + "2016-01-01T04:00:00Z,Fargate-GB-Hours,eu-west-2,1\n", "in.csv:3: 2016-01-01T04:00:00Z is 3652 days away from other rows: want at most 4 years"},
		{"a day", focus + "2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,Usage,2,us-east-1,Fargate-GB-Hours\n", "in.csv:2: period of 2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z: want one hour; make the export with hourly granularity"},
		{"no region", focus + "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,2,,Fargate-GB-Hours\n", "in.csv:2: Fargate-GB-Hours has no region: want one such as us-east-1"},
		{"nothing", focus + "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Usage,2,us-east-1,NatGateway-Hours\n", "in.csv: no row of EC2 or Fargate usage that a Savings Plan could cover"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := ReadUsage("in.csv", strings.NewReader(tc.in), ReadOptions{}); err == nil || err.Error() != tc.want {
				t.Errorf("error %v\nwant  %s", err, tc.want)
			}
		})
	}
	u, err := ReadUsage("in.csv", strings.NewReader(plainHeader+row+"2026-01-01T02:00:00Z,Fargate-GB-Hours,eu-west-2,1\n"), ReadOptions{ZeroGaps: true})
	if err != nil || fmt.Sprint(u.Values(0)) != "[3 0 1]" {
		t.Errorf("gap as zero: %v, %v", u, err)
	}
}

func TestReadOwned(t *testing.T) {
	header := "id,type,term,payment,commitment,family,region,start,end,instance_type,os,count,rate\n"
	plan := "sp-1,Compute,1yr,No Upfront,2.5,,us-east-1,2026-01-01,2027-01-01,,,,\n"
	o, err := ReadOwned("o.csv", strings.NewReader(header+plan+
		"sp-2,EC2Instance,3yr,All Upfront,1,m5,eu-west-2,,,,,,\n"+
		"sp-1,Compute,1yr,No Upfront,3,,,2027-01-01,2028-01-01,,,,\n"+
		"ri-1,Reserved,,,,,eu-west-2,,2026-06-01,m5.large,,4,0.05\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Plans) != 3 || len(o.Reservations) != 1 || o.Plans[2].ID != "sp-1 (row 4)" || o.Plans[0].Region != "" ||
		!o.Plans[0].End.Equal(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)) || o.Reservations[0].Count != 4 || o.Reservations[0].OS != "Linux" {
		t.Errorf("read %+v", o)
	}
	for _, tc := range []struct{ name, row, want string }{
		{"unknown type", "x,SageMaker,1yr,No Upfront,1,,,,,,,,\n", `o.csv:3: type "SageMaker": want Compute, EC2Instance or Reserved`},
		{"overlap", "sp-1,Compute,1yr,No Upfront,3,,,2026-12-31,2028-01-01,,,,\n", "o.csv:3: sp-1 overlaps with itself in row 2: want each commitment once"},
		{"negative", "x,Compute,1yr,No Upfront,-1,,,,,,,,\n", "o.csv:3: commitment -1 is negative: want 0 or more"},
		{"term", "x,Compute,5yr,No Upfront,1,,,,,,,,\n", `o.csv:3: term "5yr": want 1yr or 3yr`},
		{"payment", "x,Compute,1yr,Some,1,,,,,,,,\n", `o.csv:3: payment "Some": want No Upfront, Partial Upfront or All Upfront`},
		{"no family", "x,EC2Instance,1yr,No Upfront,1,,us-east-1,,,,,,\n", "o.csv:3: an EC2Instance plan has a family and a region: want both"},
		{"backwards", "x,Compute,1yr,No Upfront,1,,,2026-02-01,2026-01-01,,,,\n", `o.csv:3: end "2026-01-01" is not after start "2026-02-01"`},
		{"half an instance", "x,Reserved,,,,,us-east-1,,,m5.large,,1.5,1\n", "o.csv:3: count 1.5: want a whole number of instances"},
		{"no ID", ",Compute,1yr,No Upfront,1,,,,,,,,\n", "o.csv:3: id is empty: want the plan's or reservation's ID"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := ReadOwned("o.csv", strings.NewReader(header+plan+tc.row)); err == nil || err.Error() != tc.want {
				t.Errorf("error %v\nwant  %s", err, tc.want)
			}
		})
	}
}

// TestRate: prices of the embedded catalogue, assumed ones marked, lines without
// a price left out with the reason.
func TestRate(t *testing.T) {
	in := plainHeader
	for hour := range 24 {
		for _, row := range []string{"Fargate-vCPU-Hours:perCPU,us-east-1,4", "Fargate-GB-Hours,us-east-1,8", "BoxUsage:m5.large,us-east-1,3", "BoxUsage:m99.large,us-east-1,3"} {
			in += fmt.Sprintf("2026-01-01T%02d:00:00Z,%s\n", hour, row)
		}
	}
	in = strings.Replace(in, "quantity\n", "quantity\n", 1)
	u, err := ReadUsage("in.csv", strings.NewReader(in), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	h, unrated, err := u.Rate(pricing.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Lines) != 3 || len(unrated) != 1 || !strings.Contains(unrated[0].Why, "m99.large") {
		t.Fatalf("lines %v, unrated %v", h.Lines, unrated)
	}
	r, err := Optimise(h, Options{})
	if err != nil {
		t.Fatal(err)
	}
	assumed := false
	for _, s := range r.Singles {
		for _, p := range s.Purchases {
			if p.Plan.Offer.Type == pricing.EC2InstancePlan {
				assumed = true
				if len(p.Assumed) == 0 {
					t.Errorf("%v is not marked as assumed", p.Plan)
				}
			}
		}
	}
	if !assumed || r.Best.Cost() >= r.Before.Cost() || r.Gap > 1e-6*r.Best.Cost() {
		t.Errorf("assumed %v, best %v, before %v, gap %v", assumed, r.Best.Cost(), r.Before.Cost(), r.Gap)
	}
	list := 24 * (4*0.04048 + 8*0.004445) / 24 * HoursPerMonth
	if math.Abs(r.Before.ListCost-list-3*0.096*HoursPerMonth) > 1e-6 {
		t.Errorf("list cost %v, want %v and 3 m5.large at 0.096", r.Before.ListCost, list)
	}
}

// TestRateKeepsValuesWithTheirLines: lines that begin late, stand in any order in
// the file, have no price or are told by cost keep their own values.
func TestRateKeepsValuesWithTheirLines(t *testing.T) {
	in := "hour,usage_type,region,quantity,on_demand_cost\n" +
		"2026-01-01T01:00:00Z,Fargate-vCPU-Hours:perCPU,us-east-1,4,\n" +
		"2026-01-01T00:00:00Z,BoxUsage:m99.large,us-east-1,7,\n" +
		"2026-01-01T02:00:00Z,Fargate-GB-Hours,us-east-1,8,\n" +
		"2026-01-01T01:00:00Z,BoxUsage:m5.large,us-east-1,,0.192\n" +
		"2026-01-01T02:00:00Z,Fargate-vCPU-Hours:perCPU,us-east-1,5,\n" +
		"2026-01-01T02:00:00Z,Fargate-vCPU-Hours:perCPU,us-east-1,1,\n"
	u, err := ReadUsage("in.csv", strings.NewReader(in), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	h, unrated, err := u.Rate(pricing.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if len(unrated) != 1 || h.Len() != 3 || u.Values(0) != nil {
		t.Errorf("unrated %v, %d hours, the usage still has %v", unrated, h.Len(), u.Values(0))
	}
	var ids []string
	for _, l := range h.Lines {
		ids = append(ids, l.ID)
	}
	got := fmt.Sprint(ids, h.Row(0), h.Row(1), h.Row(2), h.Last(1).Row(0))
	if want := "[us-east-1 BoxUsage:m5.large Linux by cost us-east-1 Fargate-GB-Hours us-east-1 Fargate-vCPU-Hours:perCPU] [0 0 0] [2 0 4] [0 8 6] [0 8 6]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestReadFOCUSSample reads the FinOps Foundation's sample data.
func TestReadFOCUSSample(t *testing.T) {
	f, err := os.Open("../../../shared/cases/billing/focus10_sample_open.csv")
	if err != nil {
		t.Skip("no shared cases here")
	}
	defer f.Close()
	u, err := ReadUsage("focus10", f, ReadOptions{ZeroGaps: true})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, l := range u.Lines {
		ids[l.ID()] = true
	}
	for _, want := range []string{"us-east-1 BoxUsage:g5.4xlarge Linux", "us-east-1 BoxUsage:c5.large Linux", "us-west-2 Fargate-vCPU-Hours:perCPU", "us-west-2 Fargate-GB-Hours"} {
		if !ids[want] {
			t.Errorf("no line %q in %v", want, ids)
		}
	}
}

func FuzzReadUsage(f *testing.F) {
	f.Add(plainHeader + "2026-01-01T00:00:00Z,Fargate-GB-Hours,eu-west-2,3\n2026-01-01T01:00:00Z,BoxUsage:m5.large,eu-west-2,3\n")
	f.Add("hour,usage_type,region,on_demand_cost\n2026-01-01 00:00,USE1-BoxUsage:m5.large,us-east-1,1e300\n")
	f.Add("lineItem/UsageStartDate,lineItem/LineItemType,lineItem/UsageType,lineItem/UsageAmount,product/region\n2026-01-01T00:00:00Z,Usage,BoxUsage:a.b,1,x\n")
	f.Add("ChargePeriodStart,ChargePeriodEnd,ChargeCategory,PricingQuantity,RegionId,ChargeDescription\n2024-09-24 21:00:00,2024-09-24 22:00:00,Usage,1,us-east-1,$1 per On Demand Linux g5.4xlarge Instance Hour\n")
	catalog := pricing.Embedded()
	f.Fuzz(func(t *testing.T, in string) {
		u, err := ReadUsage("f.csv", strings.NewReader(in), ReadOptions{ZeroGaps: true})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.csv:") {
				t.Errorf("error %v does not name the file", err)
			}
			return
		}
		for i, l := range u.Lines {
			if n := len(u.Values(i)); n != u.Hours {
				t.Fatalf("%s has %d values for %d hours", l.ID(), n, u.Hours)
			}
		}
		if u.Hours*len(u.Lines) > 1000 {
			return
		}
		if h, _, err := u.Rate(catalog); err == nil {
			if _, err := Optimise(h, Options{}); err != nil && !strings.Contains(err.Error(), "want 0 up to 1e12") {
				t.Errorf("what was read is refused: %v", err)
			}
		}
	})
}

func FuzzReadOwned(f *testing.F) {
	f.Add("id,type,term,payment,commitment,family,region,start,end\na,Compute,1yr,No Upfront,1,,,,\nb,EC2Instance,3yr,All Upfront,1,m5,us-east-1,2026-01-01,2027-01-01\n")
	f.Add("id,type,instance_type,os,region,count,rate\nr,Reserved,m5.large,Linux,us-east-1,2,0.05\n")
	f.Fuzz(func(t *testing.T, in string) {
		o, err := ReadOwned("f.csv", strings.NewReader(in))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.csv:") {
				t.Errorf("error %v does not name the file", err)
			}
			return
		}
		h := &Hours{Start: monday(), Lines: []Line{fargate("a", 0.5)}, Quantities: []float64{1}}
		if len(o.Plans)+len(o.Reservations) > 20 {
			return
		}
		h.Lines[0].PlanRates = map[pricing.Offer]float64{}
		for _, offer := range AllOffers() {
			h.Lines[0].PlanRates[offer] = 0.5
		}
		if _, err := Optimise(h, Options{Owned: o, Offers: []pricing.Offer{compute1}}); err != nil &&
			!strings.Contains(err.Error(), "instance type") && !strings.Contains(err.Error(), "tenancy") && !strings.Contains(err.Error(), "given twice") && !strings.Contains(err.Error(), "start with") {
			t.Errorf("what was read is refused: %v", err)
		}
	})
}

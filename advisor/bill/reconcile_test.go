package bill

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// api is a service's vCPU-hours in a bill of 365 hours.
func billed(lines ...Line) *Bill {
	b := &Bill{Form: "FOCUS", Lines: lines}
	for _, l := range lines {
		b.Total = b.Total.Add(l.Cost)
	}
	return b
}

func usage(service, usageType string, quantity, list, effective float64) Line {
	return Line{Key: Key{Cluster: "prod", Service: service, Region: "eu-west-2", Product: "AmazonECS", UsageType: usageType, Category: Usage, Unit: "Hours"},
		Quantity: quantity, Cost: Cost{List: list, Billed: effective, Effective: effective}}
}

func charged(c Category, product string, usd float64) Line {
	return Line{Key: Key{Product: product, Category: c}, Cost: Cost{usd, usd, usd}}
}

func TestReconcileReasons(t *testing.T) {
	estimated := func(service, usageType string, quantity, list, effective float64) EstimateLine {
		return EstimateLine{Service: service, Region: "eu-west-2", Product: "AmazonECS", UsageType: usageType, Quantity: quantity, Unit: "hours", List: list, Effective: effective}
	}
	api := estimated("api", "vCPU", 730, 73, 73) // 365 h at $0.1 in half a month
	for _, c := range []struct {
		name     string
		estimate []EstimateLine
		bill     []Line
		want     []Part
	}{
		{"equal", []EstimateLine{api}, []Line{usage("api", "vCPU", 365, 36.5, 36.5)}, nil},
		{"quantity", []EstimateLine{api}, []Line{usage("api", "vCPU", 465, 46.5, 46.5)}, []Part{{ByQuantity, 10}}},
		{"list price", []EstimateLine{api}, []Line{usage("api", "vCPU", 365, 73, 73)}, []Part{{ByRate, 36.5}}},
		{"discount", []EstimateLine{api}, []Line{usage("api", "vCPU", 365, 36.5, 30)}, []Part{{ByDiscount, -6.5}}},
		{"all three", []EstimateLine{api}, []Line{usage("api", "vCPU", 400, 48, 40)}, []Part{{ByQuantity, 3.5}, {ByRate, 8}, {ByDiscount, -8}}},
		{"rows add up", []EstimateLine{api}, []Line{usage("api", "vCPU", 300, 30, 30), usage("api", "vCPU", 65, 6.5, 6.5)}, nil},
		{"not billed", []EstimateLine{api, estimated("job", "vCPU", 10, 10, 10)}, []Line{usage("api", "vCPU", 365, 36.5, 36.5)}, []Part{{NotBilled, -5}}},
		{"unpriced", []EstimateLine{{Service: "api", Region: "eu-west-2", Product: "AmazonECS", UsageType: "vCPU", Unpriced: "no rate"}}, []Line{usage("api", "vCPU", 1, 2, 2)}, []Part{{NoPrice, 2}}},
		{"unknown service", []EstimateLine{api}, []Line{usage("api", "vCPU", 365, 36.5, 36.5), usage("cron", "vCPU", 1, 2, 2)}, []Part{{NoService, 2}}},
		{"unknown usage type", []EstimateLine{api}, []Line{usage("api", "vCPU", 365, 36.5, 36.5), usage("api", "GB", 1, 2, 2)}, []Part{{NoUsageType, 2}}},
		{"other units", []EstimateLine{{Service: "api", Region: "eu-west-2", UsageType: "vCPU", Quantity: 2, Unit: "GB", List: 2, Effective: 2}}, []Line{usage("api", "vCPU", 365, 36.5, 36.5)}, []Part{{ByCost, 35.5}}},
		{"named by category", []EstimateLine{api}, []Line{usage("api", "vCPU", 365, 36.5, 36.5), charged(Tax, "AmazonECS", 7), charged(Support, "AWSSupportBusiness", 29),
			charged(Credit, "AmazonECS", -3), charged(Refund, "AmazonECS", -2), charged(Discount, "AmazonECS", -1), charged(Purchase, "X", 4), charged(Commitment, "SP", 5),
			charged(Adjustment, "X", 6), charged(Allocated, "AmazonEC2", -8), charged(Usage, "Amazon RDS", 9), usage("", "GB", 1, 1, 1)},
			[]Part{{NoUsageType, 1}, {NoProduct, 9}, {ByAllocation, -8}, {ByCommitment, 5}, {ByPurchase, 4}, {ByTax, 7}, {BySupport, 29}, {ByCredit, -3}, {ByRefund, -2}, {ByBillDiscount, -1}, {ByAdjustment, 6}}},
		{"commitment unused", []EstimateLine{api, {Commitment: true, Effective: 10}}, []Line{usage("api", "vCPU", 365, 36.5, 36.5), charged(Commitment, "SP", 7)}, []Part{{ByCommitment, 2}}},
	} {
		got, err := Reconcile(Estimate{730, c.estimate}, billed(c.bill...), 365)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if d := cmp.Diff(c.want, got.Parts, cmpopts.EquateApprox(0, 1e-9), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
		addsUp(t, c.name, got)
	}
}

// addsUp holds a reconciliation to its promise: lines make services, services
// the whole, and parts every difference.
func addsUp(t *testing.T, name string, r *Reconciliation) {
	t.Helper()
	check := func(what string, d Difference, estimated, billed float64) {
		sum := 0.0
		for _, p := range d.Parts {
			sum += p.USD
		}
		size := 1e-8 * max(1, math.Abs(d.Estimated), math.Abs(d.Billed))
		if math.Abs(sum-d.USD()) > size {
			t.Errorf("%s: %s: parts add up to %v, the difference is %v", name, what, sum, d.USD())
		}
		if math.Abs(estimated-d.Estimated) > size || math.Abs(billed-d.Billed) > size {
			t.Errorf("%s: %s: children add up to %v and %v, not %v and %v", name, what, estimated, billed, d.Estimated, d.Billed)
		}
	}
	var e, b float64
	for _, s := range r.Services {
		var se, sb float64
		for _, l := range s.Lines {
			check(l.UsageType, l.Difference, l.Estimated, l.Billed)
			se, sb = se+l.Estimated, sb+l.Billed
		}
		check(s.Service, s.Difference, se, sb)
		e, b = e+s.Estimated, b+s.Billed
	}
	check("whole", r.Difference, e, b)
}

// TestReconcileAddsUp compares random estimates with random bills.
func TestReconcileAddsUp(t *testing.T) {
	dice := rand.New(rand.NewPCG(7, 7))
	pick := func(s ...string) string { return s[dice.IntN(len(s))] }
	categories := []Category{Usage, Usage, Usage, Purchase, Tax, Credit, Adjustment, Commitment, Refund, Discount, Support, Allocated}
	for range 300 {
		e := Estimate{HoursPerMonth: 730}
		var lines []Line
		var estimated, total float64
		for range dice.IntN(12) {
			l := EstimateLine{Cluster: pick("", "prod", "dev"), Service: pick("", "a", "b", "c"), Region: pick("global", "eu-west-2"), Product: pick("AmazonECS", "AWSELB"),
				UsageType: pick("x", "y", "EUW2-z"), Quantity: dice.Float64() * 100, Unit: pick("hours", "GB"), List: dice.Float64() * 100, Commitment: dice.IntN(9) == 0}
			l.Effective = l.List * dice.Float64()
			if dice.IntN(9) == 0 {
				l.Unpriced = "unknown"
			} else {
				estimated += l.Effective
			}
			e.Lines = append(e.Lines, l)
		}
		for range dice.IntN(12) {
			l := usage(pick("", "a", "b", "d"), pick("x", "y", "z"), dice.Float64()*100, dice.Float64()*100, dice.Float64()*100-20)
			l.Cluster, l.Region, l.Category, l.Unit = pick("prod", "dev"), pick("", "eu-west-2"), categories[dice.IntN(len(categories))], pick("Hours", "GB")
			if dice.IntN(9) == 0 {
				l.Cost.List = math.NaN()
			}
			lines, total = append(lines, l), total+l.Cost.Effective
		}
		hours := 1 + dice.Float64()*1000
		r, err := Reconcile(e, billed(lines...), hours)
		if err != nil {
			t.Fatal(err)
		}
		addsUp(t, "random", r)
		if math.Abs(r.Estimated-estimated*hours/730) > 1e-8 || math.Abs(r.Billed-total) > 1e-8 {
			t.Errorf("estimated %v, billed %v: want %v, %v", r.Estimated, r.Billed, estimated*hours/730, total)
		}
		shuffled := Estimate{730, append([]EstimateLine(nil), e.Lines...)}
		dice.Shuffle(len(shuffled.Lines), func(i, j int) {
			shuffled.Lines[i], shuffled.Lines[j] = shuffled.Lines[j], shuffled.Lines[i]
		})
		again, err := Reconcile(shuffled, billed(lines...), hours)
		if err != nil || !cmp.Equal(r, again, cmpopts.EquateApprox(1e-9, 1e-9)) {
			t.Errorf("order of lines changes the result: %v", cmp.Diff(r, again))
		}
	}
}

func TestReconcileAttribution(t *testing.T) {
	line := EstimateLine{Service: "api", Region: "eu-west-2", Product: "AmazonECS", UsageType: "vCPU", Quantity: 730, Unit: "hours", List: 73, Effective: 73}
	twice := line
	twice.Service = "web"
	// A bill without tags is compared by usage type.
	r, err := Reconcile(Estimate{730, []EstimateLine{line, twice}}, billed(usage("", "vCPU", 1460, 146, 146)), 730)
	if err != nil || len(r.Parts) != 0 || len(r.Services) != 1 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "not activated") {
		t.Errorf("untagged: %+v, %v", r, err)
	}
	// A service of one name in two clusters is not guessed.
	dev := usage("api", "vCPU", 730, 73, 73)
	dev.Cluster = "dev"
	r, err = Reconcile(Estimate{730, []EstimateLine{line}}, billed(usage("api", "vCPU", 730, 73, 73), dev), 730)
	if err != nil || len(r.Services) != 3 || r.USD() != 73 {
		t.Errorf("two clusters: %+v, %v", r, err)
	}
	for _, c := range []struct {
		e     Estimate
		hours float64
		want  string
	}{
		{Estimate{HoursPerMonth: 730}, 0, "bill: reconciling: the bill covers no time: want hours above 0"},
		{Estimate{HoursPerMonth: 730}, math.NaN(), "bill: reconciling: the bill covers no time: want hours above 0"},
		{Estimate{}, 1, "bill: reconciling: a month of 0 hours: want a number above 0"},
		{Estimate{730, []EstimateLine{{Product: "P", UsageType: "u", List: math.NaN()}}}, 1,
			"bill: reconciling: estimate of P u: quantity 0, list cost NaN, effective cost 0: want numbers, or the line marked as unpriced"},
	} {
		if _, err := Reconcile(c.e, billed(), c.hours); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

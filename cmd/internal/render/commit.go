package render

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/commitment"
	"ecsavvy/pricing"
)

// CommitInfo is what the document of a purchase says beside it.
type CommitInfo struct {
	// Of says what the usage is of: "usage.csv (CUR, 720 hours)".
	Of string
	// Snapshot is the date of the price catalogue, AsOf the date that the
	// output carries, "" for none.
	Snapshot, AsOf string
	Discounts      []pricing.Discount
	// OwnRates is how many lines of usage have own rates instead of list prices.
	OwnRates int
	// Notes are on what was read: usage without a price, what no plan covers.
	Notes []Item
}

// Commit makes the document of a purchase recommendation: what to buy, what it costs
// beside the alternatives, when it is paid, and what could go wrong.
func Commit(a *advisor.PurchaseAdvice, info CommitInfo) Document {
	tables := []Table{purchaseTable(a, info), singlesTable(a), cashTable(a)}
	tables = slices.DeleteFunc(tables, func(t Table) bool { return len(t.Rows) == 0 && t.Total == nil })
	return Document{
		Title: "What to commit, USD a month",
		Columns: []Column{
			{Title: "Plan"}, {Title: "USD/hour", Right: true}, {Title: "used", Right: true}, {Title: "upfront", Right: true},
			{Title: "monthly", Right: true}, {Title: "earned after", Right: true},
		},
		Tables:   tables,
		Sections: commitSections(a, info),
		Footer:   commitFooter(a, info),
		Records:  func() Records { return commitRecords(a) },
		Data:     func() any { return commitData(a, info) },
	}
}

// WriteCommit prints a purchase; below tables stands the curve of cost over
// commitment.
func WriteCommit(w io.Writer, a *advisor.PurchaseAdvice, format Format, info CommitInfo, opts Options) error {
	if err := Write(w, Commit(a, info), format, opts); err != nil {
		return err
	}
	curve := commitCurve(a)
	if curve == nil || format != FormatTable && format != FormatMarkdown {
		return nil
	}
	chart := strings.Join(brailleChart(curve, chartColumns, chartLines), "\n")
	if format == FormatMarkdown {
		chart = "```text\n" + chart + "\n```"
	}
	_, err := fmt.Fprintf(w, "\n%s\n", chart)
	return err
}

// CommitChart draws the cost over the commitment as "svg" or "png".
func CommitChart(a *advisor.PurchaseAdvice, format string) ([]byte, error) {
	curve := commitCurve(a)
	if curve == nil {
		return nil, errors.New("no offer could cover anything: there is no curve")
	}
	return SweepChart(curve, format)
}

// planLabel is a plan in a few words.
func planLabel(p pricing.SavingsPlan) string {
	kind := "Compute"
	if p.Offer.Type == pricing.EC2InstancePlan {
		kind = "EC2 Instance " + p.Family + " " + p.Region
	}
	return kind + ", " + p.Offer.Term + " " + p.Offer.Payment
}

func hourlyUSD(usd float64) string { return fmt.Sprintf("%.5f", usd) }

func percentOf(share float64) string {
	if math.IsNaN(share) {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

func monthsText(m float64) string {
	if math.IsInf(m, 1) || math.IsNaN(m) {
		return "never"
	}
	return fmt.Sprintf("%.1f months", m)
}

func purchaseTable(a *advisor.PurchaseAdvice, info CommitInfo) Table {
	t := Table{Title: "Buy now", About: info.Of}
	for i := range a.After.Purchases {
		p := &a.After.Purchases[i]
		row := Row{Tone: Strong, Cells: []string{planLabel(p.Plan), hourlyUSD(p.Plan.Commitment), percentOf(p.Utilisation()), money(toCents(p.Upfront())), money(toCents(p.Monthly())), monthsText(p.BreakEvenMonth())}}
		if len(p.Assumed) > 0 {
			row.About = "assumed rates: " + strings.Join(p.Assumed, "; ")
		}
		t.Rows = append(t.Rows, row)
	}
	before, after := toCents(a.Before.Cost()), toCents(a.After.Cost())
	t.Total = &Total{Label: "Bill of what plans may cover", Amount: fmt.Sprintf("%s of %s", money(after), money(before))}
	if len(a.After.Purchases) == 0 {
		t.Total.Remarks = []string{"nothing: no plan pays for itself at this usage, at the risk that was taken"}
		return t
	}
	e := &a.Expected
	t.Total.Remarks = []string{
		fmt.Sprintf("saves %s at the usage as it is; drawn futures: P10 %s, P50 %s, P90 %s", money(before-after), money(toCents(e.Saving.P10)), money(toCents(e.Saving.P50)), money(toCents(e.Saving.P90))),
		fmt.Sprintf("covers %s of the usage that plans reach, %s of all commitments are used, %s off list in effect", percentOf(a.After.Coverage()), percentOf(a.After.Utilisation()), percentOf(a.After.EffectiveDiscount())),
		fmt.Sprintf("costs more than buying nothing in %s of the drawn futures", percentOf(e.LosesIn)),
	}
	return t
}

// singlesShown is how many offers are listed by themselves.
const singlesShown = 6

// singlesTable is the best amount of each offer alone.
func singlesTable(a *advisor.PurchaseAdvice) Table {
	t := Table{Title: "Each offer alone", About: "best for the usage as it is"}
	for i := range a.Exact.Singles {
		c := &a.Exact.Singles[i]
		if len(c.Purchases) == 0 {
			continue
		}
		if len(t.Rows) == singlesShown {
			t.About += fmt.Sprintf("; the %d best", singlesShown)
			break
		}
		p := &c.Purchases[0]
		t.Rows = append(t.Rows, Row{
			Cells: []string{planLabel(p.Plan), hourlyUSD(p.Plan.Commitment), percentOf(p.Utilisation()), money(toCents(p.Upfront())), money(toCents(p.Monthly())), monthsText(p.BreakEvenMonth())},
			About: "bill " + money(toCents(c.Cost())) + ", saves " + money(toCents(a.Before.Cost())-toCents(c.Cost())),
		})
	}
	return t
}

// cashTable is what leaves the account when.
func cashTable(a *advisor.PurchaseAdvice) Table {
	t := Table{Title: "Cash flow", About: "upfront, in the month, and saved so far in the last column"}
	if len(a.After.Purchases) == 0 {
		return t
	}
	for i, c := range a.CashFlow {
		if m := i + 1; m > 3 && m%6 != 0 {
			continue
		}
		t.Rows = append(t.Rows, Row{
			Cells: []string{fmt.Sprintf("month %d", c.Month), "", "", money(toCents(c.Upfront)), money(toCents(c.Recurring + c.OnDemand)), money(toCents(c.Saved))},
		})
	}
	return t
}

func commitSections(a *advisor.PurchaseAdvice, info CommitInfo) []Section {
	var ladder, regret []Item
	for _, t := range a.Ladder {
		text := fmt.Sprintf("%s USD/hour, %s in all; its last USD is used in %s of the hours and needs %s", hourlyUSD(t.Commitment), hourlyUSD(t.Cumulative), percentOf(t.Marginal), percentOf(t.Needed))
		if !t.Buy {
			text += ": stop here"
		}
		ladder = append(ladder, Item{Place: fmt.Sprintf("month %d", t.Month+1), Text: text})
	}
	if g := a.Regret; g != nil {
		regret = append(regret,
			Item{Text: fmt.Sprintf("the best for the earlier usage is %s USD/hour more than the best for this one", hourlyUSD(g.Stranded))},
			Item{Text: fmt.Sprintf("that is %s promised over the term, and costs %s a month more than committing now", money(toCents(g.StrandedCost)), money(toCents(g.Cost)))})
	}
	var skipped []Item
	for _, s := range a.Exact.Skipped {
		skipped = append(skipped, Item{Place: planLabel(s.Plan), Text: "no rate for " + strings.Join(s.MissingRates, ", ")})
	}
	for _, id := range a.Exact.Uncovered {
		skipped = append(skipped, Item{Place: id, Text: "no plan on offer has a rate for it: it stays on demand"})
	}
	sections := []Section{
		{Title: "Had you committed earlier", Alert: true, Items: regret},
		{Title: "Ladder of " + planLabel(a.LadderOf), Items: ladder},
		{Title: "Not considered", Items: grouped(skipped)},
		{Title: "Read", Items: info.Notes},
	}
	return slices.DeleteFunc(sections, func(s Section) bool { return len(s.Items) == 0 })
}

func commitFooter(a *advisor.PurchaseAdvice, info CommitInfo) []string {
	of := fmt.Sprintf("%d hours from %s", a.Hours.Len(), a.Hours.Start.UTC().Format(time.DateOnly))
	if a.Hours.Start.IsZero() || a.Hours.Start.Year() < 1971 {
		of = "a typical week"
	}
	footer := []string{
		fmt.Sprintf("Usage of %s, repeated over the term. No amounts of the plans considered cost less than %s a month. This, the curves and the regret count interest on what is paid upfront; bills do not.",
			of, money(toCents(a.Exact.LowerBound))),
		"Prices: AWS list prices, USD without tax; snapshot " + info.Snapshot + ".",
	}
	if paid := PaidText(info.Discounts, info.OwnRates); paid != "" {
		footer = append(footer, paid)
	}
	if info.AsOf != "" {
		footer = append(footer, "As of "+info.AsOf+".")
	}
	return footer
}

// curvesShown is how many offers a chart of cost over commitment has.
const curvesShown = 3

// errBeyond is a commitment above all that an offer reaches.
var errBeyond = errors.New("more than all of it")

// commitCurve is the cost over the commitment to the best offers, as a sweep; nil
// where there is no offer.
func commitCurve(a *advisor.PurchaseAdvice) *advisor.SweepResult {
	var curves []commitment.Curve
	for i := range a.Exact.Singles {
		c := &a.Exact.Singles[i]
		if len(c.Purchases) == 0 || len(curves) == curvesShown {
			continue
		}
		at := slices.IndexFunc(a.Curves, func(v commitment.Curve) bool { return v.Plan.ID == c.Purchases[0].Plan.ID })
		if at >= 0 {
			curves = append(curves, a.Curves[at])
		}
	}
	most := 0.0
	for _, c := range curves {
		most = max(most, c.Points[len(c.Points)-1].Commitment)
	}
	if most == 0 {
		return nil
	}
	most = roundUp(most)
	r := &advisor.SweepResult{X: advisor.Parameter{Path: "commitment", Label: "commitment", Unit: "USD/hour", To: most}, Rows: []advisor.SweepRow{{}}}
	row := &r.Rows[0]
	for _, c := range curves {
		name := c.Plan.Offer.Term + " " + c.Plan.Offer.Payment
		if c.Plan.Family != "" {
			name = c.Plan.Family + " " + name
		}
		r.Designs = append(r.Designs, name)
	}
	const steps = 240
	for k := range steps + 1 {
		x := most * float64(k) / steps
		p := advisor.SweepPoint{X: x}
		for _, c := range curves {
			p.Costs = append(p.Costs, costAt(&c, x))
		}
		row.Samples = append(row.Samples, p)
	}
	return r
}

// roundUp is a value at least as large with two digits.
func roundUp(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Ceil(v/power-1e-9) * power
}

// costAt is the cost at a commitment, on the line between points of the curve.
func costAt(c *commitment.Curve, x float64) advisor.PointCost {
	for i := 1; i < len(c.Points); i++ {
		a, b := c.Points[i-1], c.Points[i]
		if x <= b.Commitment*(1+1e-12) && b.Commitment > a.Commitment {
			return advisor.PointCost{USD: a.Cost + (b.Cost-a.Cost)*(x-a.Commitment)/(b.Commitment-a.Commitment)}
		}
	}
	return advisor.PointCost{Err: errBeyond}
}

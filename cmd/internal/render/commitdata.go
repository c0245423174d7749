package render

import (
	"fmt"
	"math"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/commitment"
)

// commitVersion is the version of a purchase's JSON.
const commitVersion = "1"

// commitJSON is a purchase for programs. Amounts are decimal strings, USD a month
// where nothing else is said.
type commitJSON struct {
	FormatVersion string         `json:"format_version"`
	Kind          string         `json:"kind"`
	Currency      string         `json:"currency"`
	Snapshot      string         `json:"price_snapshot"`
	AsOf          string         `json:"as_of,omitempty"`
	From          time.Time      `json:"usage_from"`
	Hours         int            `json:"usage_hours"`
	Before        string         `json:"before"`
	After         string         `json:"after"`
	Saving        savingJSON     `json:"saving"`
	LosesIn       string         `json:"loses_in"`
	Coverage      string         `json:"coverage,omitempty"`
	Utilisation   string         `json:"utilisation,omitempty"`
	LowerBound    string         `json:"lower_bound"`
	Purchases     []purchaseJSON `json:"purchases"`
	Singles       []purchaseJSON `json:"singles"`
	CashFlow      []cashJSON     `json:"cash_flow"`
	Ladder        []trancheJSON  `json:"ladder,omitempty"`
	Regret        *regretJSON    `json:"regret,omitempty"`
}

type purchaseJSON struct {
	Type           string   `json:"type"`
	Term           string   `json:"term"`
	Payment        string   `json:"payment"`
	Family         string   `json:"family,omitempty"`
	Region         string   `json:"region,omitempty"`
	Hourly         string   `json:"usd_per_hour"`
	Utilisation    string   `json:"utilisation,omitempty"`
	Upfront        string   `json:"upfront"`
	Monthly        string   `json:"monthly"`
	BreakEvenMonth string   `json:"break_even_month,omitempty"`
	Bill           string   `json:"bill,omitempty"`
	Assumed        []string `json:"assumed_rates,omitempty"`
}

type cashJSON struct {
	Month     int    `json:"month"`
	Upfront   string `json:"upfront"`
	Recurring string `json:"recurring"`
	OnDemand  string `json:"on_demand"`
	Saved     string `json:"saved_so_far"`
}

type trancheJSON struct {
	Month      int    `json:"month"`
	Hourly     string `json:"usd_per_hour"`
	Cumulative string `json:"cumulative_usd_per_hour"`
	Marginal   string `json:"marginal_use"`
	Needed     string `json:"needed_use"`
	Buy        bool   `json:"buy"`
}

type regretJSON struct {
	StrandedHourly string `json:"stranded_usd_per_hour"`
	Cost           string `json:"cost"`
}

// share is a share as a decimal, "" for one that is not known.
func share(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return ""
	}
	return decimal(f)
}

func purchaseData(p *commitment.Purchase) purchaseJSON {
	return purchaseJSON{
		Type: string(p.Plan.Offer.Type), Term: p.Plan.Offer.Term, Payment: p.Plan.Offer.Payment, Family: p.Plan.Family, Region: p.Plan.Region,
		Hourly: decimal(p.Plan.Commitment), Utilisation: share(p.Utilisation()), Upfront: decimal(p.Upfront()), Monthly: decimal(p.Monthly()),
		BreakEvenMonth: share(p.BreakEvenMonth()), Assumed: p.Assumed,
	}
}

func commitData(a *advisor.PurchaseAdvice, info CommitInfo) commitJSON {
	data := commitJSON{
		FormatVersion: commitVersion, Kind: "commitment", Currency: "USD", Snapshot: info.Snapshot, AsOf: info.AsOf,
		From: a.Hours.Start.UTC(), Hours: a.Hours.Len(), Before: decimal(a.Before.Cost()), After: decimal(a.After.Cost()),
		Saving: savingData(advisor.Saving(a.Expected.Saving)), LosesIn: decimal(a.Expected.LosesIn),
		Coverage: share(a.After.Coverage()), Utilisation: share(a.After.Utilisation()), LowerBound: decimal(a.Exact.LowerBound),
		Purchases: []purchaseJSON{}, Singles: []purchaseJSON{}, CashFlow: []cashJSON{},
	}
	for i := range a.After.Purchases {
		data.Purchases = append(data.Purchases, purchaseData(&a.After.Purchases[i]))
	}
	for i := range a.Exact.Singles {
		if c := &a.Exact.Singles[i]; len(c.Purchases) > 0 {
			single := purchaseData(&c.Purchases[0])
			single.Bill = decimal(c.Cost())
			data.Singles = append(data.Singles, single)
		}
	}
	for _, c := range a.CashFlow {
		data.CashFlow = append(data.CashFlow, cashJSON{c.Month, decimal(c.Upfront), decimal(c.Recurring), decimal(c.OnDemand), decimal(c.Saved)})
	}
	for _, t := range a.Ladder {
		data.Ladder = append(data.Ladder, trancheJSON{t.Month + 1, decimal(t.Commitment), decimal(t.Cumulative), decimal(t.Marginal), decimal(t.Needed), t.Buy})
	}
	if g := a.Regret; g != nil {
		data.Regret = &regretJSON{decimal(g.Stranded), decimal(g.Cost)}
	}
	return data
}

// commitRecords are the purchases and the curves as a flat table.
func commitRecords(a *advisor.PurchaseAdvice) Records {
	r := Records{
		Header:  []string{"row", "plan", "usd_per_hour", "bill", "utilisation", "upfront", "monthly", "break_even_month"},
		Numeric: []bool{false, false, true, true, true, true, true, true},
	}
	add := func(row string, p *commitment.Purchase, bill float64) {
		r.Rows = append(r.Rows, []string{row, planLabel(p.Plan), decimal(p.Plan.Commitment), decimal(bill), share(p.Utilisation()), decimal(p.Upfront()), decimal(p.Monthly()), share(p.BreakEvenMonth())})
	}
	for i := range a.After.Purchases {
		add("buy", &a.After.Purchases[i], a.After.Cost())
	}
	for i := range a.Exact.Singles {
		if c := &a.Exact.Singles[i]; len(c.Purchases) > 0 {
			add(fmt.Sprintf("alone %d", i+1), &c.Purchases[0], c.Cost())
		}
	}
	for _, c := range a.Curves {
		for _, p := range c.Points {
			r.Rows = append(r.Rows, []string{"curve", planLabel(c.Plan), decimal(p.Commitment), decimal(p.Cost), share(p.Utilisation), "", "", ""})
		}
	}
	return r
}

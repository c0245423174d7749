package render

import (
	"math"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// The JSON of a diff is that of an estimate with the fields that Infracost's
// format has for changes filled in: pastBreakdown and diff of each project,
// pastTotal… and diffTotal… of all. In a diff every figure, prices too, is the
// one after less the one before. A change that is not known is null, and so is
// one of which only a bound is known that leaves open where it goes: a negative
// bound would be read as a saving. The objects "ecsavvy" hold the bounds and
// the reasons.

type diffRoot struct {
	infracostRoot
	Projects []diffProject `json:"projects"`
	Ecsavvy  diffRootExtra `json:"ecsavvy"`
}

type diffRootExtra struct {
	rootExtra
	// Incomplete says that the change is not known in full.
	Incomplete bool           `json:"incomplete"`
	Change     changeExtra    `json:"change"`
	Guardrails []guardrailOut `json:"guardrails,omitempty"`
}

type guardrailOut struct {
	Title string `json:"title"`
	State string `json:"state"`
	Text  string `json:"text,omitempty"`
}

type diffProject struct {
	infracostProject
	Diff    diffBreakdown    `json:"diff"`
	Ecsavvy diffProjectExtra `json:"ecsavvy"`
}

type diffProjectExtra struct {
	projectExtra
	Past        *projectExtra         `json:"past"`
	OldName     string                `json:"old_name,omitempty"`
	Incomplete  bool                  `json:"incomplete"`
	Reasons     []string              `json:"incomplete_reasons"`
	Change      changeExtra           `json:"change"`
	Unpriced    []unpricedChangeExtra `json:"unpriced_changes"`
	Assumptions []noteChangeExtra     `json:"assumption_changes"`
	NotPriced   []typeChangeExtra     `json:"not_priced_changes"`
}

type diffBreakdown struct {
	Resources             []diffResource `json:"resources"`
	TotalHourlyCost       *string        `json:"totalHourlyCost"`
	TotalMonthlyCost      *string        `json:"totalMonthlyCost"`
	TotalMonthlyUsageCost *string        `json:"totalMonthlyUsageCost"`
}

type diffResource struct {
	infracostResource
	CostComponents []diffComponent   `json:"costComponents,omitempty"`
	Ecsavvy        diffResourceExtra `json:"ecsavvy"`
}

type diffResourceExtra struct {
	resourceExtra
	PastName    string      `json:"past_name,omitempty"`
	PastCluster string      `json:"past_cluster,omitempty"`
	Match       string      `json:"match,omitempty"`
	PastSummary string      `json:"past_summary,omitempty"`
	Change      changeExtra `json:"change"`
}

type diffComponent struct {
	infracostComponent
	Ecsavvy diffComponentExtra `json:"ecsavvy"`
}

type diffComponentExtra struct {
	componentExtra
	Unpriced     string  `json:"unpriced,omitempty"`
	Change       string  `json:"change"`
	Certainty    string  `json:"certainty"`
	PastQuantity *string `json:"past_monthly_quantity"`
	Quantity     *string `json:"monthly_quantity"`
	PastPrice    *string `json:"past_price"`
	Price        *string `json:"price"`
	PastCost     *string `json:"past_monthly_cost"`
	Cost         *string `json:"monthly_cost"`
}

// changeExtra is a delta with all that is known of it.
type changeExtra struct {
	Change    string `json:"change,omitempty"`
	Certainty string `json:"certainty"`
	Direction string `json:"direction"`
	PastCost  string `json:"past_monthly_cost"`
	Cost      string `json:"monthly_cost"`
	// Priced is the difference of what is priced: the change or its bound.
	Priced  string       `json:"priced_monthly_change"`
	Percent *string      `json:"percent"`
	Span    spanExtra    `json:"span"`
	Effect  *effectExtra `json:"effect,omitempty"`
	Counts  *countsExtra `json:"counts,omitempty"`
}

// spanExtra is the least and the most of a change, null where it has no end.
type spanExtra struct {
	Low  *string `json:"low"`
	High *string `json:"high"`
}

type effectExtra struct {
	Quantity   string `json:"quantity"`
	Price      string `json:"price"`
	Commitment string `json:"commitment"`
}

type countsExtra struct {
	Added          int `json:"added"`
	Removed        int `json:"removed"`
	Changed        int `json:"changed"`
	Renamed        int `json:"renamed"`
	Unchanged      int `json:"unchanged"`
	UnpricedBefore int `json:"past_unpriced_lines"`
	UnpricedAfter  int `json:"unpriced_lines"`
	UnpricedBoth   int `json:"unpriced_lines_on_both_sides"`
}

type unpricedChangeExtra struct {
	Resource  string  `json:"resource"`
	Component string  `json:"component"`
	Reason    string  `json:"reason"`
	PastCost  *string `json:"past_monthly_cost"`
	Cost      *string `json:"monthly_cost"`
}

type noteChangeExtra struct {
	Path   string `json:"path"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

type typeChangeExtra struct {
	Type   string `json:"type"`
	Before int    `json:"before"`
	After  int    `json:"after"`
}

// changeExtraOf is a delta for programs.
func changeExtraOf(d advisor.Delta) changeExtra {
	e := changeExtra{
		Certainty: d.Certainty.String(), Direction: d.Direction().String(),
		PastCost: decimal(d.Before.Effective), Cost: decimal(d.After.Effective), Priced: decimal(d.Amount().Effective),
	}
	if p, ok := d.Percent(); ok {
		e.Percent = amount(p)
	}
	low, high := d.Span()
	if !math.IsInf(low, -1) {
		e.Span.Low = amount(low)
	}
	if !math.IsInf(high, 1) {
		e.Span.High = amount(high)
	}
	return e
}

func effectExtraOf(e advisor.Effect) *effectExtra {
	return &effectExtra{Quantity: decimal(e.Quantity), Price: decimal(e.Price), Commitment: decimal(e.Commitment)}
}

func countsExtraOf(n advisor.Counts) *countsExtra {
	return &countsExtra{
		Added: n.Added, Removed: n.Removed, Changed: n.Changed, Renamed: n.Renamed, Unchanged: n.Unchanged,
		UnpricedBefore: n.UnpricedBefore, UnpricedAfter: n.UnpricedAfter, UnpricedBoth: n.UnpricedBoth,
	}
}

// matchName says in JSON how a moved resource was recognised.
func matchName(r *advisor.ResourceDiff) string {
	if !r.Moved() {
		return ""
	}
	switch r.Match {
	case advisor.Declared:
		return "declared"
	case advisor.ByName:
		return "name"
	default:
		return "likeness"
	}
}

// orMonth is the length of a month that a result has, or of the other side of
// a project that has none.
func orMonth(hours, other float64) float64 {
	switch {
	case hours > 0:
		return hours
	case other > 0:
		return other
	default:
		return estimate.HoursPerMonth
	}
}

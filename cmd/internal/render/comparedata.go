package render

import (
	"strings"

	"ecsavvy/advisor"
)

// compareVersion is the version of the comparison's JSON.
const compareVersion = "1"

// compareJSON is a comparison for programs. Amounts are decimal strings.
type compareJSON struct {
	FormatVersion string       `json:"format_version"`
	Kind          string       `json:"kind"`
	Currency      string       `json:"currency"`
	Snapshot      string       `json:"price_snapshot"`
	AsOf          string       `json:"as_of,omitempty"`
	Designs       []designJSON `json:"designs"`
	Dropped       []dropJSON   `json:"dropped,omitempty"`
}

type designJSON struct {
	Name       string      `json:"name"`
	Infeasible string      `json:"infeasible,omitempty"`
	Total      string      `json:"monthly_cost,omitempty"`
	LowerBound bool        `json:"lower_bound"`
	Low        string      `json:"monthly_cost_low,omitempty"`
	High       string      `json:"monthly_cost_high,omitempty"`
	Groups     []groupJSON `json:"groups,omitempty"`
	Difference string      `json:"difference,omitempty"`
	Share      string      `json:"difference_share,omitempty"`
	Certainty  string      `json:"difference_certainty,omitempty"`
	Risk       string      `json:"risk_points,omitempty"`
	Frontier   *bool       `json:"on_frontier,omitempty"`
	// Commitment says how the Savings Plan of an alternative was sized.
	Commitment string       `json:"commitment,omitempty"`
	Remarks    []remarkJSON `json:"remarks,omitempty"`
}

type groupJSON struct {
	Group    string `json:"group"`
	Cost     string `json:"monthly_cost"`
	Unpriced int    `json:"unpriced_lines,omitempty"`
}

type remarkJSON struct {
	Topic  string `json:"topic"`
	Rule   string `json:"rule"`
	Path   string `json:"path"`
	Text   string `json:"text"`
	Points string `json:"points"`
}

type dropJSON struct {
	Reason string   `json:"reason"`
	Names  []string `json:"names"`
}

func compareData(c *advisor.Comparison, info CompareInfo) compareJSON {
	out := compareJSON{FormatVersion: compareVersion, Kind: "comparison", Currency: "USD", Snapshot: info.Snapshot, AsOf: info.AsOf}
	for i := range c.Designs {
		out.Designs = append(out.Designs, designData(&c.Designs[i], c, i > 0 && c.Designs[0].Err == nil))
	}
	return out
}

func designData(d *advisor.Design, c *advisor.Comparison, differs bool) designJSON {
	if d.Err != nil {
		return designJSON{Name: d.Name, Infeasible: d.Err.Error()}
	}
	out := designJSON{
		Name: d.Name, Total: decimal(d.Result.Total.Effective), LowerBound: d.Result.LowerBound(),
		Low: decimal(d.Result.Range.Low), High: decimal(d.Result.Range.High), Risk: decimal(d.Risk),
	}
	if d.Result.Range.Open {
		out.High = ""
	}
	for _, g := range c.Groups {
		if cost, has := d.Groups[g]; has {
			out.Groups = append(out.Groups, groupJSON{Group: string(g), Cost: decimal(cost.USD), Unpriced: cost.Unpriced})
		}
	}
	if differs {
		out.Difference, out.Certainty = decimal(d.Difference), d.Certainty.String()
		if d.HasShare {
			out.Share = decimal(d.Share)
		}
	}
	for _, r := range d.Remarks {
		out.Remarks = append(out.Remarks, remarkJSON{Topic: string(r.Topic), Rule: r.Rule, Path: r.Path, Text: r.Text, Points: decimal(r.Points)})
	}
	return out
}

// compareRecords are one record for each design and cost group, and one for
// each total.
func compareRecords(c *advisor.Comparison) Records {
	r := Records{
		Header:  []string{"Design", "CostGroup", "MonthlyCost", "UnpricedLines", "Difference", "RiskPoints", "Infeasible"},
		Numeric: []bool{false, false, true, true, true, true, false},
	}
	for i := range c.Designs {
		d := &c.Designs[i]
		if d.Err != nil {
			r.Rows = append(r.Rows, []string{d.Name, "total", "", "", "", "", d.Err.Error()})
			continue
		}
		for _, g := range c.Groups {
			if cost, has := d.Groups[g]; has {
				r.Rows = append(r.Rows, []string{d.Name, string(g), decimal(cost.USD), decimal(float64(cost.Unpriced)), "", "", ""})
			}
		}
		difference := ""
		if i > 0 && c.Designs[0].Err == nil {
			difference = decimal(d.Difference)
		}
		r.Rows = append(r.Rows, []string{d.Name, "total", decimal(d.Result.Total.Effective), decimal(float64(d.Result.Unpriced)), difference, decimal(d.Risk), ""})
	}
	return r
}

// alternativesData is a set of alternatives as a comparison, the base first.
func alternativesData(set *advisor.AlternativeSet, info CompareInfo) compareJSON {
	c := asComparison(set)
	out := compareData(&c, info)
	out.Kind = "alternatives"
	for i := range out.Designs {
		on := set.BaseOnFrontier
		if i > 0 {
			on = set.Designs[i-1].Frontier
			out.Designs[i].Commitment = set.Designs[i-1].Commitment
		}
		out.Designs[i].Frontier = &on
	}
	for _, d := range set.Dropped {
		out.Dropped = append(out.Dropped, dropJSON(d))
	}
	return out
}

// alternativesRecords are the totals with their place on the frontier.
func alternativesRecords(set *advisor.AlternativeSet) Records {
	r := Records{
		Header:  []string{"Design", "MonthlyCost", "Difference", "RiskPoints", "OnFrontier", "Dropped"},
		Numeric: []bool{false, true, true, true, false, false},
	}
	yes := map[bool]string{true: "true", false: "false"}
	row := func(d *advisor.Design, on bool) {
		r.Rows = append(r.Rows, []string{d.Name, decimal(d.Result.Total.Effective), decimal(d.Difference), decimal(d.Risk), yes[on], ""})
	}
	row(&set.Base, set.BaseOnFrontier)
	for i := range set.Designs {
		row(&set.Designs[i].Design, set.Designs[i].Frontier)
	}
	for _, d := range set.Dropped {
		r.Rows = append(r.Rows, []string{strings.Join(d.Names, "; "), "", "", "", "false", d.Reason})
	}
	return r
}

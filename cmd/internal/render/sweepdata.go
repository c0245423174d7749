package render

import (
	"ecsavvy/advisor"
)

// sweepVersion is the version of the sweep's JSON.
const sweepVersion = "1"

// sweepJSON is a sweep for programs. Amounts are decimal strings.
type sweepJSON struct {
	FormatVersion string         `json:"format_version"`
	Kind          string         `json:"kind"`
	Currency      string         `json:"currency"`
	Snapshot      string         `json:"price_snapshot"`
	AsOf          string         `json:"as_of,omitempty"`
	Groups        []string       `json:"cost_groups,omitempty"`
	X             parameterJSON  `json:"x"`
	Y             *parameterJSON `json:"y,omitempty"`
	Designs       []string       `json:"designs"`
	Rows          []sweepRowJSON `json:"rows"`
}

type parameterJSON struct {
	Path  string `json:"path"`
	Label string `json:"label,omitempty"`
	Unit  string `json:"unit,omitempty"`
	From  string `json:"from"`
	To    string `json:"to"`
	Whole bool   `json:"whole_values"`
}

type sweepRowJSON struct {
	Y          string          `json:"y,omitempty"`
	Points     []pointJSON     `json:"points"`
	BreakEvens []breakEvenJSON `json:"break_evens"`
	Jumps      []jumpJSON      `json:"jumps,omitempty"`
	MoreJumps  int             `json:"jumps_not_located,omitempty"`
}

type pointJSON struct {
	X     string     `json:"x"`
	Costs []costJSON `json:"costs"`
}

type costJSON struct {
	Design     string `json:"design"`
	Cost       string `json:"monthly_cost,omitempty"`
	LowerBound bool   `json:"lower_bound,omitempty"`
	Infeasible string `json:"infeasible,omitempty"`
}

type breakEvenJSON struct {
	X             string     `json:"x"`
	Until         string     `json:"until,omitempty"`
	Kind          string     `json:"kind"`
	CheaperBelow  string     `json:"cheaper_below"`
	CheaperAbove  string     `json:"cheaper_above"`
	Costs         []costJSON `json:"costs"`
	CheapestOfAll bool       `json:"cheapest_of_all"`
	Sentence      string     `json:"sentence"`
}

type jumpJSON struct {
	Design string `json:"design"`
	X      string `json:"x"`
	Before string `json:"monthly_cost_before"`
	After  string `json:"monthly_cost_after"`
}

func sweepData(r *advisor.SweepResult, info SweepInfo) sweepJSON {
	out := sweepJSON{
		FormatVersion: sweepVersion, Kind: "sweep", Currency: "USD", Snapshot: info.Snapshot, AsOf: info.AsOf,
		Groups: info.Groups, X: parameterData(&r.X), Designs: r.Designs,
	}
	if r.Y != nil {
		y := parameterData(r.Y)
		out.Y = &y
	}
	for i := range r.Rows {
		out.Rows = append(out.Rows, sweepRowData(r, &r.Rows[i]))
	}
	return out
}

func parameterData(p *advisor.Parameter) parameterJSON {
	return parameterJSON{Path: p.Path, Label: p.Label, Unit: p.Unit, From: decimal(p.From), To: decimal(p.To), Whole: p.Whole}
}

func sweepRowData(r *advisor.SweepResult, row *advisor.SweepRow) sweepRowJSON {
	out := sweepRowJSON{BreakEvens: []breakEvenJSON{}, MoreJumps: row.MoreJumps}
	if r.Y != nil {
		out.Y = decimal(row.Y)
	}
	for _, p := range row.Points {
		point := pointJSON{X: decimal(p.X)}
		for i, c := range p.Costs {
			cost := costJSON{Design: r.Designs[i]}
			if c.Err != nil {
				cost.Infeasible = c.Err.Error()
			} else {
				cost.Cost, cost.LowerBound = decimal(c.USD), c.Unpriced > 0
			}
			point.Costs = append(point.Costs, cost)
		}
		out.Points = append(out.Points, point)
	}
	for _, b := range row.BreakEvens {
		be := breakEvenJSON{
			X: decimal(b.X), Kind: b.Kind.String(), CheaperBelow: r.Designs[b.Below], CheaperAbove: r.Designs[b.Above],
			Costs: []costJSON{
				{Design: r.Designs[b.First], Cost: decimal(b.FirstUSD)},
				{Design: r.Designs[b.Second], Cost: decimal(b.SecondUSD)},
			},
			CheapestOfAll: b.Cheapest, Sentence: r.Sentence(b),
		}
		if b.Kind == advisor.Tied {
			be.Until = decimal(b.Until)
		}
		out.BreakEvens = append(out.BreakEvens, be)
	}
	for _, j := range row.Jumps {
		out.Jumps = append(out.Jumps, jumpJSON{Design: r.Designs[j.Design], X: decimal(j.X), Before: decimal(j.Before), After: decimal(j.After)})
	}
	return out
}

// sweepRecords are one record for each point and design.
func sweepRecords(r *advisor.SweepResult) Records {
	out := Records{
		Header:  []string{"Parameter", "X", "Parameter2", "Y", "Design", "MonthlyCost", "UnpricedLines", "Infeasible"},
		Numeric: []bool{false, true, false, true, false, true, true, false},
	}
	for i := range r.Rows {
		path, y := "", ""
		if r.Y != nil {
			path, y = r.Y.Path, decimal(r.Rows[i].Y)
		}
		for _, p := range r.Rows[i].Points {
			for n, c := range p.Costs {
				record := []string{r.X.Path, decimal(p.X), path, y, r.Designs[n], decimal(c.USD), decimal(float64(c.Unpriced)), ""}
				if c.Err != nil {
					record[5], record[6], record[7] = "", "", c.Err.Error()
				}
				out.Rows = append(out.Rows, record)
			}
		}
	}
	return out
}

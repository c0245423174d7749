package render

import (
	"maps"
	"slices"
	"strings"
	"time"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
)

// reportVersion is the version of the report's JSON.
const reportVersion = "1"

// reportJSON is a report for programs. Amounts are decimal strings, USD a month,
// null where they are unknown.
type reportJSON struct {
	FormatVersion  string               `json:"format_version"`
	Kind           string               `json:"kind"`
	Currency       string               `json:"currency"`
	Title          string               `json:"title"`
	Snapshot       string               `json:"price_snapshot"`
	AsOf           string               `json:"as_of,omitempty"`
	From           time.Time            `json:"period_from"`
	To             time.Time            `json:"period_to"`
	HoursPerMonth  string               `json:"hours_per_month"`
	Scopes         []account.Scope      `json:"scopes"`
	TeamTag        string               `json:"team_tag,omitempty"`
	EnvironmentTag string               `json:"environment_tag,omitempty"`
	Headline       headlineJSON         `json:"headline"`
	Trend          []trendJSON          `json:"trend"`
	Teams          []tagJSON            `json:"teams"`
	Environments   []tagJSON            `json:"environments"`
	Groups         []lineGroupJSON      `json:"groups"`
	Resources      []reportResourceJSON `json:"resources"`
	Change         *changeJSON          `json:"change"`
	Waste          wasteJSON            `json:"waste"`
	Plan           *planJSON            `json:"plan"`
	Commitments    commitmentsJSON      `json:"commitments"`
	Anomalies      []anomalyJSON        `json:"anomalies"`
	Realised       realisedJSON         `json:"realised"`
	Budgets        []budgetJSON         `json:"budgets"`
	Gaps           gapsJSON             `json:"gaps"`
}

type headlineJSON struct {
	Cost       *string    `json:"cost"`
	PeriodCost *string    `json:"period_cost"`
	Previous   *string    `json:"previous"`
	LowerBound bool       `json:"lower_bound"`
	AfterPlan  *string    `json:"after_plan"`
	Saving     savingJSON `json:"plan_saving"`
	Services   int        `json:"services"`
	Untagged   *string    `json:"untagged_share"`
}

type trendJSON struct {
	To   time.Time `json:"period_to"`
	Cost *string   `json:"cost"`
}

type tagJSON struct {
	Value     string  `json:"value"`
	Untagged  bool    `json:"untagged,omitempty"`
	Resources int     `json:"resources"`
	Cost      *string `json:"cost"`
	Previous  *string `json:"previous"`
	Saving    *string `json:"plan_saving"`
}

type lineGroupJSON struct {
	Group    string  `json:"group"`
	Cost     *string `json:"cost"`
	Previous *string `json:"previous"`
}

type reportResourceJSON struct {
	advisor.ResourceKey
	Tags     map[string]string `json:"tags,omitempty"`
	Tasks    *string           `json:"tasks"`
	Config   *advisor.Config   `json:"config,omitempty"`
	Cost     *string           `json:"cost"`
	Previous *string           `json:"previous"`
	Effects  *effectsJSON      `json:"effects,omitempty"`
	Lines    []reportLineJSON  `json:"lines"`
}

type reportLineJSON struct {
	Name      string  `json:"name"`
	UsageType string  `json:"usage_type,omitempty"`
	Group     string  `json:"group"`
	Unit      string  `json:"unit,omitempty"`
	Quantity  *string `json:"quantity"`
	UnitPrice *string `json:"unit_price"`
	Cost      *string `json:"cost"`
}

type effectsJSON struct {
	Price         *string `json:"price"`
	Volume        *string `json:"volume"`
	Configuration *string `json:"configuration"`
	New           *string `json:"new"`
	Gone          *string `json:"gone"`
	Data          *string `json:"data"`
}

type changeJSON struct {
	Before  *string               `json:"before"`
	After   *string               `json:"after"`
	Effects effectsJSON           `json:"effects"`
	Gone    []advisor.ResourceKey `json:"gone_resources,omitempty"`
}

type wasteJSON struct {
	Total *string         `json:"total"`
	Items []wasteItemJSON `json:"items"`
}

type wasteItemJSON struct {
	Class   string      `json:"class"`
	Subject subjectJSON `json:"subject"`
	Lever   string      `json:"lever"`
	Title   string      `json:"title"`
	Saving  *string     `json:"saving"`
}

type commitmentsJSON struct {
	Committed   *string               `json:"committed"`
	Used        *string               `json:"used"`
	Utilisation *string               `json:"utilisation"`
	Coverage    *string               `json:"coverage"`
	Plans       []commitmentStateJSON `json:"plans"`
	Expiring    []expiryJSON          `json:"expiring"`
}

type commitmentStateJSON struct {
	account.Scope
	Name      string  `json:"name"`
	Committed *string `json:"committed"`
	Used      *string `json:"used"`
}

type expiryJSON struct {
	account.Scope
	Name   string    `json:"name"`
	End    time.Time `json:"end"`
	Hourly *string   `json:"usd_per_hour"`
}

type anomalyJSON struct {
	advisor.ResourceKey
	What   string  `json:"what"`
	Value  *string `json:"value"`
	Usual  *string `json:"usual"`
	Score  *string `json:"score"`
	Excess *string `json:"excess"`
	Cause  string  `json:"likely_cause"`
}

type realisedJSON struct {
	Saved     *string               `json:"saved"`
	Predicted *string               `json:"predicted"`
	Measured  int                   `json:"measured"`
	Below     int                   `json:"below_p10"`
	Within    int                   `json:"within"`
	Above     int                   `json:"above_p90"`
	Resources []realisedServiceJSON `json:"resources"`
}

type realisedServiceJSON struct {
	advisor.ResourceKey
	Levers      []string   `json:"levers"`
	Recommended time.Time  `json:"recommended"`
	Applied     time.Time  `json:"applied"`
	Predicted   savingJSON `json:"predicted"`
	Saved       *string    `json:"saved"`
}

type budgetJSON struct {
	Team     string  `json:"team"`
	Budget   *string `json:"budget"`
	Spent    *string `json:"spent"`
	Day      int     `json:"by_day"`
	Covered  *string `json:"covered_by_reports"`
	Forecast *string `json:"forecast"`
	Margin   *string `json:"margin"`
	Verdict  string  `json:"verdict"`
}

type gapsJSON struct {
	MeasuredFrom time.Time         `json:"measured_from"`
	MeasuredTo   time.Time         `json:"measured_to"`
	OldestPrice  string            `json:"oldest_price,omitempty"`
	Assumptions  int               `json:"assumptions"`
	Reports      int               `json:"earlier_reports"`
	Failures     []account.Failure `json:"failures"`
	NotJudged    []abstentionJSON  `json:"not_judged"`
	Unpriced     []unpricedJSON    `json:"unpriced"`
	NotPriced    map[string]int    `json:"not_priced"`
}

type unpricedJSON struct {
	advisor.ResourceKey
	Line string `json:"line"`
	Why  string `json:"why"`
}

// decimalOrNull is a decimal, or nil for an unknown number.
func decimalOrNull(v float64) *string {
	if !isKnown(v) {
		return nil
	}
	text := decimal(v)
	return &text
}

func reportData(r *advisor.Report, info ReportInfo) reportJSON {
	h := &r.Headline
	data := reportJSON{
		FormatVersion: reportVersion, Kind: "report", Currency: "USD", Title: info.Title, Snapshot: info.Snapshot, AsOf: info.AsOf,
		From: r.From.UTC(), To: r.To.UTC(), HoursPerMonth: decimal(r.HoursPerMonth), Scopes: r.Scopes, TeamTag: r.TeamTag, EnvironmentTag: r.EnvironmentTag,
		Headline: headlineJSON{
			Cost: decimalOrNull(h.Cost), PeriodCost: decimalOrNull(h.PeriodCost), Previous: decimalOrNull(h.Previous), LowerBound: h.LowerBound,
			AfterPlan: decimalOrNull(h.AfterPlan), Saving: savingData(h.Saving), Services: h.Services, Untagged: decimalOrNull(h.Untagged),
		},
		Trend: []trendJSON{}, Teams: tagData(r.Teams), Environments: tagData(r.Environments), Groups: []lineGroupJSON{}, Resources: resourceData(r),
		Change: changeData(r.Change), Waste: wasteData(&r.Waste), Commitments: commitmentsData(&r.Commitments), Anomalies: []anomalyJSON{},
		Realised: realisedData(&r.Realised), Budgets: []budgetJSON{}, Gaps: gapsData(&r.Gaps),
	}
	for _, p := range r.Trend {
		data.Trend = append(data.Trend, trendJSON{p.To.UTC(), decimalOrNull(p.Cost)})
	}
	for _, g := range r.Groups {
		data.Groups = append(data.Groups, lineGroupJSON{g.Group, decimalOrNull(g.Cost), decimalOrNull(g.Previous)})
	}
	if r.Plan != nil {
		plan := planData(r.Plan)
		data.Plan = &plan
	}
	for _, a := range r.Anomalies {
		data.Anomalies = append(data.Anomalies, anomalyJSON{a.ResourceKey, string(a.Kind), decimalOrNull(a.Value), decimalOrNull(a.Usual), decimalOrNull(a.Score), decimalOrNull(a.Excess), a.Cause})
	}
	for i := range r.Budgets {
		b := &r.Budgets[i]
		data.Budgets = append(data.Budgets, budgetJSON{b.Team, decimalOrNull(b.Budget), decimalOrNull(b.Spent), b.Day, decimalOrNull(b.Covered), decimalOrNull(b.Forecast), decimalOrNull(b.Margin), b.Verdict()})
	}
	return data
}

func tagData(rows []advisor.TagCost) []tagJSON {
	out := make([]tagJSON, 0, len(rows))
	for _, x := range rows {
		out = append(out, tagJSON{x.Value, x.Untagged, x.Resources, decimalOrNull(x.Cost), decimalOrNull(x.Previous), decimalOrNull(x.Saving)})
	}
	return out
}

func resourceData(r *advisor.Report) []reportResourceJSON {
	out := make([]reportResourceJSON, 0, len(r.Resources))
	for i := range r.Resources {
		x := &r.Resources[i]
		row := reportResourceJSON{
			ResourceKey: x.ResourceKey, Tags: x.Tags, Tasks: decimalOrNull(float64(x.Tasks)), Config: x.Config, Cost: decimalOrNull(x.Cost), Previous: decimalOrNull(x.Previous),
			Lines: make([]reportLineJSON, 0, len(x.Lines)),
		}
		if r.Change != nil {
			row.Effects = effectsData(&x.Effects)
		}
		for j := range x.Lines {
			l := &x.Lines[j]
			line := reportLineJSON{Name: l.Name, UsageType: l.UsageType, Group: l.Group, Unit: l.Unit}
			if !l.Unpriced {
				line.Quantity, line.UnitPrice, line.Cost = decimalOrNull(l.Quantity), decimalOrNull(l.UnitPrice), decimalOrNull(l.Cost)
			}
			row.Lines = append(row.Lines, line)
		}
		out = append(out, row)
	}
	return out
}

func effectsData(e *advisor.Effects) *effectsJSON {
	return &effectsJSON{decimalOrNull(e.Price), decimalOrNull(e.Volume), decimalOrNull(e.Configuration), decimalOrNull(e.New), decimalOrNull(e.Gone), decimalOrNull(e.Data)}
}

func changeData(c *advisor.CostChange) *changeJSON {
	if c == nil {
		return nil
	}
	out := &changeJSON{Before: decimalOrNull(c.Before), After: decimalOrNull(c.After), Effects: *effectsData(&c.Effects)}
	for i := range c.Resources {
		if !isKnown(c.Resources[i].After) {
			out.Gone = append(out.Gone, c.Resources[i].ResourceKey)
		}
	}
	return out
}

func wasteData(w *advisor.Waste) wasteJSON {
	out := wasteJSON{Total: decimalOrNull(w.Total), Items: []wasteItemJSON{}}
	for _, item := range w.Items {
		rec := item.Step.Recommendation
		out.Items = append(out.Items, wasteItemJSON{string(item.Class), subjectData(rec.Subject), string(rec.Lever), rec.Title, decimalOrNull(item.Step.Incremental)})
	}
	return out
}

func commitmentsData(c *advisor.CommitmentReport) commitmentsJSON {
	out := commitmentsJSON{
		Committed: decimalOrNull(c.Committed), Used: decimalOrNull(c.Used), Utilisation: decimalOrNull(c.Utilisation()), Coverage: decimalOrNull(c.Coverage()),
		Plans: []commitmentStateJSON{}, Expiring: []expiryJSON{},
	}
	for _, p := range c.Plans {
		out.Plans = append(out.Plans, commitmentStateJSON{p.Scope, p.Name, decimalOrNull(p.Committed), decimalOrNull(p.Used)})
	}
	for _, e := range c.Expiring {
		out.Expiring = append(out.Expiring, expiryJSON{e.Scope, e.Name, e.End, decimalOrNull(e.Hourly)})
	}
	return out
}

func realisedData(x *advisor.Realised) realisedJSON {
	out := realisedJSON{Saved: decimalOrNull(x.Saved), Predicted: decimalOrNull(x.Predicted), Measured: x.Measured, Below: x.Below, Within: x.Within, Above: x.Above, Resources: []realisedServiceJSON{}}
	for i := range x.Services {
		s := &x.Services[i]
		row := realisedServiceJSON{ResourceKey: s.ResourceKey, Recommended: s.Recommended.UTC(), Applied: s.Applied.UTC(), Predicted: savingData(s.Predicted), Saved: decimalOrNull(s.Saved)}
		for _, l := range s.Levers {
			row.Levers = append(row.Levers, string(l))
		}
		out.Resources = append(out.Resources, row)
	}
	return out
}

func gapsData(g *advisor.Gaps) gapsJSON {
	out := gapsJSON{
		MeasuredFrom: g.MeasuredFrom.UTC(), MeasuredTo: g.MeasuredTo.UTC(), OldestPrice: g.OldestPrice, Assumptions: g.Assumptions, Reports: g.Reports,
		Failures: append([]account.Failure{}, g.Failures...), NotJudged: []abstentionJSON{}, Unpriced: []unpricedJSON{}, NotPriced: g.NotPriced,
	}
	for _, x := range g.Abstentions {
		out.NotJudged = append(out.NotJudged, abstentionJSON{Lever: string(x.Lever), Subject: subjectData(x.Subject), Missing: x.Missing})
	}
	for _, u := range g.Unpriced {
		out.Unpriced = append(out.Unpriced, unpricedJSON{u.ResourceKey, u.Line, u.Why})
	}
	return out
}

// reportRecords are the cost lines of a report as a flat table: they add up to the
// headline.
func reportRecords(r *advisor.Report) Records {
	records := Records{
		Header: []string{
			"period_from", "period_to", "account", "region", "cluster", "kind", "name", "team", "environment", "tasks",
			"line", "usage_type", "group", "unit", "quantity", "unit_price", "cost", "unpriced",
		},
	}
	records.Numeric = make([]bool, len(records.Header))
	for _, column := range []int{9, 14, 15, 16} {
		records.Numeric[column] = true
	}
	from, to := r.From.UTC().Format(time.RFC3339), r.To.UTC().Format(time.RFC3339)
	number := func(v float64) string {
		if !isKnown(v) {
			return ""
		}
		return decimal(v)
	}
	for i := range r.Resources {
		x := &r.Resources[i]
		for j := range x.Lines {
			l := &x.Lines[j]
			row := []string{
				from, to, x.Account, x.Region, x.Cluster, x.Kind, x.Name, x.Tags[r.TeamTag], x.Tags[r.EnvironmentTag], number(float64(x.Tasks)),
				l.Name, l.UsageType, l.Group, strings.ToLower(l.Unit), number(l.Quantity), number(l.UnitPrice), number(l.Cost), "no",
			}
			if l.Unpriced {
				row[14], row[15], row[16], row[17] = "", "", "", "yes"
			}
			records.Rows = append(records.Rows, row)
		}
	}
	return records
}

func sortedNames(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }

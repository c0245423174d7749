package intake

import "strings"

// ReportSettings are defaults of the flags of ecsavvy report. What is "" or nil was
// not set.
type ReportSettings struct {
	Name, Title             string
	Period, History         string
	TeamTag, EnvironmentTag string
	// To are destinations, Files the forms that go there.
	To, Files []string
	// Budgets are USD a month by team.
	Budgets map[string]float64
}

func reportForm() form[ReportSettings] {
	return mapping("Report", "Defaults of ecsavvy report.", "team_tag: squad\nbudgets: {payments: 4000}\nto: [reports/, slack:env:SLACK_URL]\n",
		field("name", "The name under which reports are kept: those of one name follow each other.", text("a name"), func(s *ReportSettings) *string { return &s.Name }),
		field("title", "The heading.", text("a text"), func(s *ReportSettings) *string { return &s.Title }),
		field("period", "What a report is about.", text("window, week, month or FROM..TO"), func(s *ReportSettings) *string { return &s.Period }),
		field("history", "Where reports are kept.", text("a file of SQLite, dir:PATH, s3://bucket/prefix or none"), func(s *ReportSettings) *string { return &s.History }),
		field("to", "Where reports go. Secrets are named (slack:env:NAME) and never written here.", listOf(text("a destination such as reports/ or slack:env:NAME"), true), func(s *ReportSettings) *[]string { return &s.To }),
		field("files", "The forms that go there.", listOf(choices("html", "xlsx", "markdown", "csv", "json", "focus", "table"), true), func(s *ReportSettings) *[]string { return &s.Files }),
		field("team_tag", "The key of the tag that names a team.", text("a tag's key"), func(s *ReportSettings) *string { return &s.TeamTag }),
		field("environment_tag", "The key of the tag that names an environment.", text("a tag's key"), func(s *ReportSettings) *string { return &s.EnvironmentTag }),
		field("budgets", "USD a month by team.", budgetsForm(), func(s *ReportSettings) *map[string]float64 { return &s.Budgets }),
	)
}

func budgetsForm() form[map[string]float64] {
	usd := quantity{want: "an amount in USD above 0 such as 4000", examples: []string{"4000"}, parse: parseBudget}
	return as(byName("team", number(usd)), func(list []named[float64]) map[string]float64 {
		budgets := make(map[string]float64, len(list))
		for _, b := range list {
			budgets[b.name] = b.value
		}
		return budgets
	})
}

func parseBudget(text string, _ float64) (float64, error) {
	usd, err := parseNumber(strings.TrimPrefix(strings.TrimSpace(text), "$"))
	if err == nil && usd <= 0 {
		return 0, errQuantity
	}
	return usd, err
}

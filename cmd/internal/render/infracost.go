package render

// The JSON of Infracost's format 0.2, so that what people built on it (jq
// filters, OPA policies, Atlantis steps) reads these estimates too. Amounts
// are decimal strings, null where there is none. Infracost's loader accepts
// version "0.2" only. What the format has no place for stands in an object
// "ecsavvy" at each level; that object has a version of its own.
// Source: internal/output/output.go and schema/infracost.schema.json of
// github.com/infracost/infracost, v0.10.

// infracostVersion is the version that Infracost's loader accepts.
const infracostVersion = "0.2"

// formatVersion is the version of the "ecsavvy" objects: the first number
// rises when a field changes its meaning or goes, the second when one is added.
const formatVersion = "1.0"

type infracostRoot struct {
	Version               string             `json:"version"`
	Currency              string             `json:"currency"`
	Projects              []infracostProject `json:"projects"`
	TotalHourlyCost       *string            `json:"totalHourlyCost"`
	TotalMonthlyCost      *string            `json:"totalMonthlyCost"`
	TotalMonthlyUsageCost *string            `json:"totalMonthlyUsageCost"`
	PastTotalHourlyCost   *string            `json:"pastTotalHourlyCost"`
	PastTotalMonthlyCost  *string            `json:"pastTotalMonthlyCost"`
	PastTotalMonthlyUsage *string            `json:"pastTotalMonthlyUsageCost"`
	DiffTotalHourlyCost   *string            `json:"diffTotalHourlyCost"`
	DiffTotalMonthlyCost  *string            `json:"diffTotalMonthlyCost"`
	DiffTotalMonthlyUsage *string            `json:"diffTotalMonthlyUsageCost"`
	TimeGenerated         string             `json:"timeGenerated,omitempty"`
	Summary               infracostSummary   `json:"summary"`
	Ecsavvy               rootExtra          `json:"ecsavvy"`
}

type infracostProject struct {
	Name          string              `json:"name"`
	DisplayName   string              `json:"displayName"`
	Metadata      infracostMetadata   `json:"metadata"`
	PastBreakdown *infracostBreakdown `json:"pastBreakdown"`
	Breakdown     infracostBreakdown  `json:"breakdown"`
	Diff          *infracostBreakdown `json:"diff"`
	Summary       infracostSummary    `json:"summary"`
	Ecsavvy       projectExtra        `json:"ecsavvy"`
}

type infracostMetadata struct {
	Path string `json:"path"`
	Type string `json:"type"`
}

type infracostBreakdown struct {
	Resources             []infracostResource `json:"resources"`
	FreeResources         []infracostResource `json:"freeResources,omitempty"`
	TotalHourlyCost       *string             `json:"totalHourlyCost"`
	TotalMonthlyCost      *string             `json:"totalMonthlyCost"`
	TotalMonthlyUsageCost *string             `json:"totalMonthlyUsageCost"`
}

type infracostResource struct {
	Name             string               `json:"name"`
	ResourceType     string               `json:"resourceType"`
	Tags             map[string]string    `json:"tags,omitempty"`
	Metadata         map[string]string    `json:"metadata"`
	HourlyCost       *string              `json:"hourlyCost"`
	MonthlyCost      *string              `json:"monthlyCost"`
	MonthlyUsageCost *string              `json:"monthlyUsageCost"`
	CostComponents   []infracostComponent `json:"costComponents,omitempty"`
	Subresources     []infracostResource  `json:"subresources,omitempty"`
	Ecsavvy          resourceExtra        `json:"ecsavvy"`
}

type infracostComponent struct {
	Name            string         `json:"name"`
	Unit            string         `json:"unit"`
	HourlyQuantity  *string        `json:"hourlyQuantity"`
	MonthlyQuantity *string        `json:"monthlyQuantity"`
	Price           *string        `json:"price"`
	HourlyCost      *string        `json:"hourlyCost"`
	MonthlyCost     *string        `json:"monthlyCost"`
	UsageBased      bool           `json:"usageBased,omitempty"`
	PriceNotFound   bool           `json:"priceNotFound,omitempty"`
	Ecsavvy         componentExtra `json:"ecsavvy"`
}

// infracostSummary counts resources. Infracost's "usage based" are resources
// with a line that depends on usage, its "no price" those that are free.
type infracostSummary struct {
	TotalDetectedResources    int            `json:"totalDetectedResources"`
	TotalSupportedResources   int            `json:"totalSupportedResources"`
	TotalUnsupportedResources int            `json:"totalUnsupportedResources"`
	TotalUsageBasedResources  int            `json:"totalUsageBasedResources"`
	TotalNoPriceResources     int            `json:"totalNoPriceResources"`
	UnsupportedResourceCounts map[string]int `json:"unsupportedResourceCounts"`
	NoPriceResourceCounts     map[string]int `json:"noPriceResourceCounts"`
}

// rootExtra is what Infracost's format cannot say of a document.
type rootExtra struct {
	FormatVersion string     `json:"format_version"`
	AsOf          string     `json:"as_of,omitempty"`
	LowerBound    bool       `json:"lower_bound"`
	Range         rangeExtra `json:"range"`
	ListCost      string     `json:"list_monthly_cost"`
	Unpriced      int        `json:"unpriced_lines"`
	Prices        dateExtra  `json:"prices"`
}

// rangeExtra is the least and the most of a cost. High is null where there is
// no upper end.
type rangeExtra struct {
	Low  string  `json:"low"`
	High *string `json:"high"`
}

type dateExtra struct {
	Snapshot string `json:"snapshot,omitempty"`
	Oldest   string `json:"oldest,omitempty"`
	Newest   string `json:"newest,omitempty"`
}

type projectExtra struct {
	InputKind     string           `json:"input_kind,omitempty"`
	Workload      string           `json:"workload,omitempty"`
	Region        regionExtra      `json:"region"`
	HoursPerMonth string           `json:"hours_per_month"`
	LowerBound    bool             `json:"lower_bound"`
	Range         rangeExtra       `json:"range"`
	ListCost      string           `json:"list_monthly_cost"`
	Assumptions   []noteExtra      `json:"assumptions"`
	Unpriced      []unpricedExtra  `json:"unpriced"`
	NotPriced     map[string]int   `json:"not_priced"`
	Warnings      []noteExtra      `json:"warnings"`
	AssumedRates  []noteExtra      `json:"assumed_rates"`
	Commitments   *commitmentExtra `json:"commitments,omitempty"`
	Prices        dateExtra        `json:"prices"`
}

type regionExtra struct {
	Code  string `json:"code"`
	Basis string `json:"basis"`
	Note  string `json:"note,omitempty"`
}

type noteExtra struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

type unpricedExtra struct {
	Resource  string  `json:"resource"`
	Component string  `json:"component"`
	Reason    string  `json:"reason"`
	UnitPrice *string `json:"unit_price"`
	Unit      string  `json:"unit,omitempty"`
}

type commitmentExtra struct {
	Unused string      `json:"unused_monthly_cost"`
	Plans  []planExtra `json:"plans"`
}

type planExtra struct {
	Name      string `json:"name"`
	Committed string `json:"committed_monthly_cost"`
	Used      string `json:"used_monthly_cost"`
}

type resourceExtra struct {
	Kind     string     `json:"kind"`
	Name     string     `json:"name"`
	Cluster  string     `json:"cluster,omitempty"`
	Summary  string     `json:"summary,omitempty"`
	ListCost string     `json:"list_monthly_cost"`
	Range    rangeExtra `json:"range"`
	Unpriced int        `json:"unpriced_lines"`
}

type componentExtra struct {
	Detail        string      `json:"detail,omitempty"`
	Group         string      `json:"group"`
	Basis         string      `json:"basis"`
	Unpriced      string      `json:"unpriced,omitempty"`
	Formula       string      `json:"formula,omitempty"`
	Service       string      `json:"service,omitempty"`
	UsageType     string      `json:"usage_type,omitempty"`
	Region        string      `json:"region,omitempty"`
	Attributes    string      `json:"attributes,omitempty"`
	UsageQuantity *string     `json:"usage_quantity"`
	FreeQuantity  string      `json:"free_quantity,omitempty"`
	ListCost      *string     `json:"list_monthly_cost"`
	Tiers         []tierExtra `json:"tiers,omitempty"`
	AsOf          string      `json:"as_of,omitempty"`
	Source        string      `json:"source,omitempty"`
	Assumed       string      `json:"assumed,omitempty"`
	Floats        bool        `json:"floats,omitempty"`
}

// tierExtra is one tier of a rate; To is null on the last one.
type tierExtra struct {
	From string  `json:"from"`
	To   *string `json:"to"`
	USD  string  `json:"usd"`
}

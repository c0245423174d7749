package render

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"ecsavvy/advisor/estimate"
)

// TestInfracostSchema holds the JSON to what readers of Infracost's format
// rely on.
func TestInfracostSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/infracost-0.2.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	results := map[string]estimate.Result{
		"whole": wholeResult(), "full": fullResult(), "hostile": hostileResult(), "unpriced": unpricedResult(),
	}
	for name, r := range results {
		text := printed(t, Estimate(one(r), info()), FormatJSON, Options{})
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		noFloats(t, name, value)
	}
}

// noFloats looks for numbers with a fraction: amounts are decimal strings.
func noFloats(t *testing.T, path string, value any) {
	t.Helper()
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			noFloats(t, path+"."+key, inner)
		}
	case []any:
		for i, inner := range v {
			noFloats(t, path+"["+strconv.Itoa(i)+"]", inner)
		}
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			t.Errorf("%s is the float %s", path, v)
		}
	}
}

// readDocument is the JSON as somebody else's program would read it.
type readDocument struct {
	TotalMonthlyCost, TotalHourlyCost, TotalMonthlyUsageCost string
	DiffTotalMonthlyCost                                     *string
	Projects                                                 []struct {
		Breakdown struct {
			Resources []struct {
				Name, ResourceType string
				MonthlyCost        *string
				CostComponents     []struct {
					Name                               string
					Price, MonthlyQuantity, HourlyCost *string
					MonthlyCost                        *string
					UsageBased, PriceNotFound          bool
				}
			}
			FreeResources    []struct{ Name string }
			TotalMonthlyCost string
		}
	}
}

// TestInfracostArithmetic does the sums that jq users do.
func TestInfracostArithmetic(t *testing.T) {
	number := func(s string) float64 {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	var doc readDocument
	text := printed(t, Estimate(one(fullResult()), info()), FormatJSON, Options{})
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	sum, usage := 0.0, 0.0
	for _, r := range doc.Projects[0].Breakdown.Resources {
		lines := 0.0
		for _, c := range r.CostComponents {
			if c.MonthlyCost == nil {
				continue
			}
			lines += number(*c.MonthlyCost)
			if c.UsageBased {
				usage += number(*c.MonthlyCost)
			}
			if got, want := number(*c.HourlyCost)*730, number(*c.MonthlyCost); math.Abs(got-want) > 1e-9*want {
				t.Errorf("%s: hourly × 730 is %v, monthly %v", c.Name, got, want)
			}
		}
		if r.MonthlyCost == nil {
			continue
		}
		if cost := number(*r.MonthlyCost); len(r.CostComponents) > 0 && math.Abs(lines-cost) > 1e-9*cost {
			t.Errorf("%s: components add up to %v, the resource says %v", r.Name, lines, cost)
		}
		sum += number(*r.MonthlyCost)
	}
	total := number(doc.TotalMonthlyCost)
	if math.Abs(sum-total) > 1e-9*total {
		t.Errorf("resources add up to %v, the total says %v", sum, total)
	}
	if got := number(doc.TotalMonthlyUsageCost); math.Abs(usage-got) > 1e-9*got {
		t.Errorf("usage-based components add up to %v, the total says %v", usage, got)
	}
	if doc.DiffTotalMonthlyCost != nil {
		t.Errorf("an estimate has no difference, got %s", *doc.DiffTotalMonthlyCost)
	}
	names := doc.Projects[0].Breakdown
	if names.Resources[0].Name != "aws_ecs_service.api" || names.Resources[0].ResourceType != "aws_ecs_service" {
		t.Errorf("resource is called %q of type %q", names.Resources[0].Name, names.Resources[0].ResourceType)
	}
	if len(names.FreeResources) != 1 || names.FreeResources[0].Name != "aws_vpc_endpoint.s3" {
		t.Errorf("free resources: %v", names.FreeResources)
	}
	missing := names.Resources[1].CostComponents[0]
	if !missing.PriceNotFound || missing.Price != nil || missing.MonthlyCost != nil {
		t.Errorf("a rate that is missing must show as priceNotFound without amounts: %+v", missing)
	}
}

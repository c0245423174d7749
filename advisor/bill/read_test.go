package bill

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/parquet-go/parquet-go"
)

// legacy is a Cost and Usage Report as AWS named its columns first.
const legacy = `identity/LineItemId,bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,product/regionCode,pricing/publicOnDemandCost,pricing/unit,savingsPlan/SavingsPlanEffectiveCost,savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,splitLineItem/ParentResourceId,splitLineItem/SplitCost,splitLineItem/UnusedCost,splitLineItem/PublicOnDemandSplitCost,splitLineItem/PublicOnDemandUnusedCost,splitLineItem/SplitUsage,resourceTags/aws:ecs:clusterName,resourceTags/aws:ecs:serviceName
1,2026-10-01T00:00:00Z,111122223333,Usage,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,AmazonECS,EUW2-Fargate-vCPU-Hours:perCPU,arn:aws:ecs:eu-west-2:111122223333:task/prod/abc,2,USD,0.0928,eu-west-2,0.0928,hours,,,,,,,,,,prod,api
2,2026-10-01T00:00:00Z,111122223333,SavingsPlanCoveredUsage,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,AmazonECS,EUW2-Fargate-vCPU-Hours:perCPU,arn:aws:ecs:eu-west-2:111122223333:task/prod/abd,2,USD,0.0928,eu-west-2,0.0928,hours,0.07,,,,,,,,,prod,api
3,2026-10-01T00:00:00Z,111122223333,SavingsPlanNegation,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,AmazonECS,EUW2-Fargate-vCPU-Hours:perCPU,,2,USD,-0.0928,eu-west-2,,hours,,,,,,,,,,,
4,2026-10-01T00:00:00Z,111122223333,SavingsPlanRecurringFee,2026-10-01T01:00:00Z,2026-10-01T02:00:00Z,ComputeSavingsPlans,ComputeSP:1yrNoUpfront,,1,USD,0.1,,,,,0.1,0.07,,,,,,,,
5,2026-10-01T00:00:00Z,111122223333,Usage,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,AmazonEC2,EU-BoxUsage:m5.xlarge,i-1,1,USD,1,eu-west-1,1,Hrs,,,,,,,,,,,
6,2026-10-01T00:00:00Z,111122223333,Usage,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,AmazonECS,EU-ECS-EC2-vCPU-Hours,arn:aws:ecs:eu-west-1:111122223333:task/big/t1,1,USD,0,eu-west-1,,,,,,i-1,0.173076923,0.02,0.173076923,0.02,1,big,web
7,2026-10-01T00:00:00Z,111122223333,Tax,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AmazonECS,,,0,USD,0.2,,,,,,,,,,,,,,
8,2026-10-01T00:00:00Z,111122223333,Credit,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AmazonECS,EUW2-Fargate-vCPU-Hours:perCPU,,0,USD,-0.05,eu-west-2,,,,,,,,,,,,,
9,2026-10-01T00:00:00Z,111122223333,EdpDiscount,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,AmazonEC2,EU-BoxUsage:m5.xlarge,,1,USD,-0.03,eu-west-1,,Hrs,,,,,,,,,,,
10,2026-10-01T00:00:00Z,111122223333,Fee,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AWSSupportBusiness,,,1,USD,29,,,,,,,,,,,,,,
`

func read(t testing.TB, name, text string) *Bill {
	t.Helper()
	b, err := Read(name, strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReadCUR(t *testing.T) {
	b := read(t, "cur.csv", legacy)
	type line struct {
		Where, Product, UsageType string
		Category                  Category
		Quantity                  float64
		Unit                      string
		Cost                      Cost
	}
	var got []line
	for _, l := range b.Lines {
		got = append(got, line{strings.Join([]string{l.Period, l.Account, l.Region, l.Cluster, l.Service}, " "), l.Product, l.UsageType, l.Category, l.Quantity, l.Unit, l.Cost})
	}
	want := []line{
		{"2026-10 111122223333   ", "AWSSupportBusiness", "", Support, 0, "", Cost{29, 29, 29}},
		{"2026-10 111122223333   ", "AmazonECS", "", Tax, 0, "", Cost{0.2, 0.2, 0.2}},
		{"2026-10 111122223333   ", "ComputeSavingsPlans", "ComputeSP:1yrNoUpfront", Commitment, 0, "", Cost{0.1, 0.1, 0.03}},
		{"2026-10 111122223333 eu-west-1  ", "AmazonEC2", "", Allocated, 0, "", Cost{-0.193076923, 0, -0.193076923}},
		{"2026-10 111122223333 eu-west-1  ", "AmazonEC2", "BoxUsage:m5.xlarge", Discount, 0, "", Cost{-0.03, -0.03, -0.03}},
		{"2026-10 111122223333 eu-west-1  ", "AmazonEC2", "BoxUsage:m5.xlarge", Usage, 1, "Hours", Cost{1, 1, 1}},
		{"2026-10 111122223333 eu-west-1 big web", "AmazonECS", "ECS-EC2-vCPU-Hours", Usage, 1, "vCPU-Hours", Cost{0.193076923, 0, 0.193076923}},
		{"2026-10 111122223333 eu-west-2  ", "AmazonECS", "Fargate-vCPU-Hours:perCPU", Credit, 0, "", Cost{-0.05, -0.05, -0.05}},
		{"2026-10 111122223333 eu-west-2  ", "AmazonECS", "Fargate-vCPU-Hours:perCPU", Usage, 0, "", Cost{0, -0.0928, 0}},
		{"2026-10 111122223333 eu-west-2 prod api", "AmazonECS", "Fargate-vCPU-Hours:perCPU", Usage, 4, "Hours", Cost{0.1856, 0.1856, 0.1628}},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); d != "" {
		t.Errorf("lines (-want +got):\n%s", d)
	}
	// What is billed is the sum of the unblended column, allocated or not.
	if want := 0.0928 + 0.1 + 1 + 0.2 - 0.05 - 0.03 + 29; math.Abs(b.Total.Billed-want) > 1e-9 {
		t.Errorf("billed %v, want %v", b.Total.Billed, want)
	}
	if b.Hours() != 2 || b.Start.Format(time.RFC3339) != "2026-10-01T00:00:00Z" {
		t.Errorf("usage spans %v from %v, want 2 h", b.Hours(), b.Start)
	}
}

// curRow is CUR 2.0 in Parquet: snake case, maps, typed.
type curRow struct {
	Period     time.Time         `parquet:"bill_billing_period_start_date,timestamp"`
	Account    string            `parquet:"line_item_usage_account_id,optional"`
	Type       string            `parquet:"line_item_line_item_type"`
	Start      time.Time         `parquet:"line_item_usage_start_date,timestamp"`
	End        time.Time         `parquet:"line_item_usage_end_date,timestamp"`
	Product    string            `parquet:"line_item_product_code,dict"`
	UsageType  string            `parquet:"line_item_usage_type,dict"`
	ResourceID string            `parquet:"line_item_resource_id,optional"`
	Amount     float64           `parquet:"line_item_usage_amount"`
	Currency   string            `parquet:"line_item_currency_code,dict"`
	Cost       float64           `parquet:"line_item_unblended_cost"`
	Region     string            `parquet:"product_region_code,optional"`
	List       *float64          `parquet:"pricing_public_on_demand_cost,optional"`
	Unit       string            `parquet:"pricing_unit,optional"`
	SP         *float64          `parquet:"savings_plan_savings_plan_effective_cost,optional"`
	Total      *float64          `parquet:"savings_plan_total_commitment_to_date,optional"`
	Used       *float64          `parquet:"savings_plan_used_commitment,optional"`
	Parent     string            `parquet:"split_line_item_parent_resource_id,optional"`
	Split      *float64          `parquet:"split_line_item_split_cost,optional"`
	Unused     *float64          `parquet:"split_line_item_unused_cost,optional"`
	PSplit     *float64          `parquet:"split_line_item_public_on_demand_split_cost,optional"`
	PUnused    *float64          `parquet:"split_line_item_public_on_demand_unused_cost,optional"`
	SplitUsage *float64          `parquet:"split_line_item_split_usage,optional"`
	Tags       map[string]string `parquet:"resource_tags"`
	Ignored    []string          `parquet:"zz_something_else,list"`
}

// asParquet is the legacy CSV as CUR 2.0.
func asParquet(t testing.TB) []byte {
	t.Helper()
	var rows []curRow
	lines := strings.Split(strings.TrimSpace(legacy), "\n")
	header := headerOf(strings.Split(lines[0], ","))
	for _, text := range lines[1:] {
		r := newRow(header)
		r.cells = strings.Split(text, ",")
		number := func(name string) *float64 {
			n, err := r.number(name)
			if err != nil {
				t.Fatal(err)
			}
			if math.IsNaN(n) {
				return nil
			}
			return &n
		}
		at := func(name string) time.Time {
			v, err := r.time(name)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		tags := map[string]string{"user_team": "x"}
		if v := r.text("resourcetags" + serviceTag); v != "" {
			tags["aws_ecs_service_name"], tags["aws_ecs_cluster_name"] = v, r.text("resourcetags"+clusterTag)
		}
		rows = append(rows, curRow{
			at("billbillingperiodstartdate"), r.text("lineitemusageaccountid"), r.text("lineitemlineitemtype"),
			at("lineitemusagestartdate"), at("lineitemusageenddate"), r.text("lineitemproductcode"), r.text("lineitemusagetype"), r.text("lineitemresourceid"),
			*number("lineitemusageamount"), "USD", *number("lineitemunblendedcost"), r.text("productregioncode"), number("pricingpublicondemandcost"), r.text("pricingunit"),
			number("savingsplansavingsplaneffectivecost"), number("savingsplantotalcommitmenttodate"), number("savingsplanusedcommitment"), r.text("splitlineitemparentresourceid"),
			number("splitlineitemsplitcost"), number("splitlineitemunusedcost"), number("splitlineitempublicondemandsplitcost"), number("splitlineitempublicondemandunusedcost"),
			number("splitlineitemsplitusage"), tags, []string{"a", "b"},
		})
	}
	var out bytes.Buffer
	w := parquet.NewGenericWriter[curRow](&out, parquet.Compression(&parquet.Snappy))
	for len(rows) > 0 { // several row groups
		n := min(3, len(rows))
		if _, err := w.Write(rows[:n]); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows = rows[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestFormsAgree reads one report as legacy CSV, with its columns in snake case
// and another order, gzipped, and as Parquet.
func TestFormsAgree(t *testing.T) {
	want := read(t, "cur.csv", legacy)
	var turned strings.Builder
	for i, text := range strings.Split(strings.TrimSpace(legacy), "\n") {
		cells := strings.Split(text, ",")
		for l, r := 0, len(cells)-1; l < r; l, r = l+1, r-1 {
			cells[l], cells[r] = cells[r], cells[l]
		}
		line := strings.Join(cells, ",")
		if i == 0 {
			line = strings.ToUpper(strings.NewReplacer("lineItem/", "line_item_", "resourceTags/aws:", "resource_tags_aws_").Replace(line))
		}
		turned.WriteString("\"junk\"," + line + "\r\n")
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte("\ufeff" + legacy))
	z.Close()
	for name, file := range map[string][]byte{"turned": []byte(turned.String()), "gzip": zipped.Bytes(), "parquet": asParquet(t)} {
		got, err := Read(name, bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); d != "" {
			t.Errorf("%s (-CSV +%s):\n%s", name, name, d)
		}
	}
}

// TestSplitKeepsTheBill is the property that splitting instances over tasks
// moves cost and makes none.
func TestSplitKeepsTheBill(t *testing.T) {
	var plain []string
	for _, l := range strings.Split(legacy, "\n") {
		if !strings.Contains(l, "ECS-EC2") {
			plain = append(plain, l)
		}
	}
	with, without := read(t, "a", legacy), read(t, "b", strings.Join(plain, "\n"))
	if d := cmp.Diff(without.Total, with.Total, cmpopts.EquateApprox(0, 1e-12)); d != "" {
		t.Errorf("total changes by splitting:\n%s", d)
	}
}

const focusHead = "BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,RegionId,ServiceName,SkuMeter,PricingQuantity,PricingUnit,SubAccountId,Tags,CommitmentDiscountStatus,ProviderName\n"

func TestReadFocus(t *testing.T) {
	b := read(t, "f", focusHead+
		`1.5,1.2,2,USD,2026-10-01T00:00:00Z,Usage,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,eu-west-2,Amazon Elastic Container Service,EUW2-Fargate-GB-Hours,4,GB-Hours,1,"{""aws:ecs:serviceName"":""api"",""aws:ecs:clusterName"":""prod"",""n"":1}",NULL,AWS
0.5,0.3,NULL,USD,2026-10-01 00:00:00,Usage,2026-10-01 01:00:00,2026-10-01 02:00:00,eu-west-2,Amazon Elastic Container Service,EUW2-Fargate-GB-Hours,1,GB-Hours,1,"{""resource/aws:ecs:serviceName"":""api"",""aws:ecs:clusterName"":""prod""}",NULL,Amazon Web Services
0,0.7,0,USD,2026-10-01 00:00:00,Usage,2026-10-01 01:00:00,2026-10-01 02:00:00,NULL,Savings Plans,'=SP,NULL,NULL,1,NULL,Unused,AWS
9,9,9,USD,2026-10-01 00:00:00,Usage,2026-10-01 01:00:00,2026-10-01 02:00:00,NULL,Blob,x,NULL,NULL,1,NULL,NULL,Microsoft
`)
	want := []Line{
		{Key: Key{Period: "2026-10", Account: "1", Product: "Savings Plans", UsageType: "=SP", Category: Commitment}, Cost: Cost{0, 0, 0.7}, Rows: 1},
		{Key: Key{Period: "2026-10", Account: "1", Region: "eu-west-2", Product: "Amazon Elastic Container Service", Cluster: "prod", Service: "api",
			UsageType: "Fargate-GB-Hours", Category: Usage, Unit: "GB-Hours"}, Quantity: 5, Cost: Cost{math.NaN(), 2, 1.5}, Rows: 2},
	}
	if d := cmp.Diff(want, b.Lines, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Note{{"charges of another provider than AWS are left out: Microsoft", 1}}, b.Notes); d != "" {
		t.Error(d)
	}
}

func TestReadErrors(t *testing.T) {
	row := "1,1,1,USD,2026-10-01,Usage,2026-10-01,2026-10-02,r,s,m,1,GB,1,,,AWS\n"
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", `x: empty: want a CSV header`},
		{"no form", "a,b\n1,2\n", `x: header tells no form: found "a", "b"; want the columns of a FOCUS export (BilledCost, EffectiveCost, BillingCurrency, ChargeCategory, ChargePeriodStart, ChargePeriodEnd) or of a Cost and Usage Report (line_item_line_item_type, line_item_usage_type, line_item_usage_start_date, line_item_usage_end_date, line_item_unblended_cost, line_item_currency_code, line_item_product_code)`},
		{"missing", "BilledCost,ChargeCategory,ChargePeriodStart\n", `x: a FOCUS export without the column EffectiveCost, BillingCurrency, ChargePeriodEnd; found "BilledCost", "ChargeCategory", "ChargePeriodStart"`},
		{"currency", focusHead + strings.Replace(row, "USD", "EUR", 1), `x:2: billingcurrency "EUR": want USD, the only currency that estimates have`},
		{"number", focusHead + strings.Replace(row, "1,1,1", "1,$2,1", 1), `x:2: effectivecost "$2": want a decimal number`},
		{"infinite", focusHead + strings.Replace(row, "1,1,1", "Inf,2,1", 1), `x:2: billedcost "Inf": want a decimal number`},
		{"null", focusHead + strings.Replace(row, "1,1,1", "NULL,2,1", 1), `x:2: billedcost is empty: want a decimal number`},
		{"category", focusHead + strings.Replace(row, "Usage", "usage", 1), `x:2: ChargeCategory "usage": want Usage, Purchase, Tax, Credit or Adjustment`},
		{"time", focusHead + strings.Replace(row, "2026-10-02", "tomorrow", 1), `x:2: chargeperiodend "tomorrow": want a time such as 2026-10-01T00:00:00Z`},
		{"backwards", focusHead + strings.Replace(row, "2026-10-02", "2026-09-02", 1), `x:2: chargeperiodend "2026-09-02" is before chargeperiodstart "2026-10-01"`},
		{"zip", "PK\x03\x04", `x: a ZIP archive: unpack it and give the CSV files in it`},
		{"split billed", strings.Replace(legacy, "t1,1,USD,0,", "t1,1,USD,7,", 1), `x:7: line_item_unblended_cost 7 on a row split off an instance: want 0, since the instance's row bills it`},
		{"open quote", focusHead + "\"" + strings.Repeat("x", maxRecord+5000), "x: reading CSV: a row of more than 4 MiB: is a quote not closed?"},
		{"broken parquet", "PAR1xxxxPAR1", ""},
	} {
		_, err := Read("x", strings.NewReader(c.file), int64(len(c.file)))
		if err == nil || c.want != "" && err.Error() != c.want {
			t.Errorf("%s: %v\nwant %s", c.name, err, c.want)
		}
	}
	r := NewReader()
	if err := r.Add("a", strings.NewReader(legacy), int64(len(legacy))); err != nil {
		t.Fatal(err)
	}
	other := focusHead + row
	if err := r.Add("b", strings.NewReader(other), int64(len(other))); err == nil || !strings.Contains(err.Error(), "want one form") {
		t.Errorf("two forms: %v", err)
	}
}

// TestAmortisedIsUnknown: an export without the columns of Savings Plans cannot
// tell what covered usage cost.
func TestAmortisedIsUnknown(t *testing.T) {
	b := read(t, "x", strings.Replace(legacy, "savingsPlan/SavingsPlanEffectiveCost", "x", 1))
	if !math.IsNaN(b.Total.Effective) || len(b.Notes) != 1 || !strings.Contains(b.Notes[0].Text, "SavingsPlanCoveredUsage") {
		t.Errorf("effective %v, notes %v: want NaN and a note", b.Total.Effective, b.Notes)
	}
	if _, err := Reconcile(Estimate{HoursPerMonth: 730}, b, 0); err == nil || !strings.Contains(err.Error(), "no effective cost") {
		t.Errorf("reconciled: %v", err)
	}
}

// TestOpenSample reads the FOCUS 1.0 sample data, which breaks its own rules.
func TestOpenSample(t *testing.T) {
	f, err := os.Open("../../../shared/cases/billing/focus10_sample_open.csv")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	b, err := Read("sample", f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	var fargate float64
	for _, l := range b.Lines {
		if strings.HasPrefix(l.UsageType, "AWS Fargate - vCPU") {
			fargate += l.Cost.Billed
		}
	}
	left := 0
	for _, n := range b.Notes {
		left += n.Rows
	}
	// 31 rows of Microsoft and 4 of Oracle.
	if b.Rows != 599 || left != 35 || fargate != 0.01012 || b.Lines[0].Period != "2024-09" {
		t.Errorf("%d rows, %d left out, Fargate vCPU %v, %s", b.Rows, left, fargate, b.Lines[0].Period)
	}
}

// endless is a CSV file of n equal rows that is nowhere in memory.
type endless struct {
	head, row string
	n         int64
}

func (e endless) size() int64 { return int64(len(e.head)) + e.n*int64(len(e.row)) }

func (e endless) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	for n < len(p) {
		from := e.head[min(at, int64(len(e.head))):]
		if from == "" {
			from = e.row[(at-int64(len(e.head)))%int64(len(e.row)):]
		}
		c := copy(p[n:], from)
		n, at = n+c, at+int64(c)
	}
	return n, nil
}

func BenchmarkReadCSV(b *testing.B) {
	e := endless{focusHead, `1.5,1.2,2,USD,2026-10-01T00:00:00Z,Usage,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,eu-west-2,AmazonECS,EUW2-Fargate-GB-Hours,4,GB-Hours,111122223333,"{""aws:ecs:serviceName"":""api"",""aws:ecs:clusterName"":""prod""}",,AWS` + "\n", 100_000}
	b.SetBytes(e.size())
	for b.Loop() {
		if _, err := Read("x", e, e.size()); err != nil {
			b.Fatal(err)
		}
	}
}

func TestUnit(t *testing.T) {
	for in, want := range map[string]string{"hours": "Hours", "Hrs": "Hours", "hour": "Hours", "GB-Mo": "GB-Months", "GB": "GB", "LCU-Hrs": "LCU-Hours", "GigaBytes": "GB",
		"Lambda-GB-Second": "GB-Seconds", "vCPU-Hours": "vCPU-Hours", "GB-Hours": "GB-Hours", "Request": "Requests", "API Calls": "API Calls", "month": "Months",
		"apps-month": "Applications-Months", "IOPS-Mo": "IOPS-Months", "": "", "MiBps-mo": "MiBps-Months", "GB-hours": "GB-Hours"} {
		if got := Unit(in); got != want || Unit(got) != got {
			t.Errorf("Unit(%q) = %q, then %q, want %q", in, got, Unit(got), want)
		}
	}
	for in, want := range map[string]string{"EU-BoxUsage:m5.large": "BoxUsage:m5.large", "USE1-USW2-AWS-Out-Bytes": "USW2-AWS-Out-Bytes",
		"ECS-EC2-GB-Hours": "ECS-EC2-GB-Hours", "NatGateway-Hours": "NatGateway-Hours", "Fargate-GB-Hours": "Fargate-GB-Hours", "EU": "EU", "": ""} {
		if got := usageType(in); got != want {
			t.Errorf("usageType(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(legacy))
	f.Add([]byte(focusHead + "1,1,1,USD,2026-10-01,Usage,2026-10-01,2026-10-02,r,s,m,1,GB,1,,,AWS\n"))
	f.Add(asParquet(f))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Fuzz(func(t *testing.T, file []byte) {
		b, err := Read("x", bytes.NewReader(file), int64(len(file)))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x:") {
				t.Errorf("error does not name the file: %v", err)
			}
			return
		}
		again, err := Read("x", bytes.NewReader(file), int64(len(file)))
		if err != nil || !cmp.Equal(b, again, cmpopts.EquateNaNs()) {
			t.Errorf("read twice, not equal: %v", err)
		}
		if b.Hours() < 0 {
			t.Errorf("time runs backwards: %v", fmt.Sprint(b.Start, b.End))
		}
	})
}

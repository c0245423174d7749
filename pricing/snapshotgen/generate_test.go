package main

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"ecsavvy/pricing"

	"github.com/google/go-cmp/cmp"
)

// readTree returns the snapshot files of a folder by name.
func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".tsv" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		files[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func texts(files map[string][]byte) map[string]string {
	out := map[string]string{}
	for name, data := range files {
		out[name] = string(data)
	}
	return out
}

// The fixture holds one row of each kind that the generator treats specially.
// To renew what is wanted of it:
//
//	go run ./pricing/snapshotgen -from pricing/snapshotgen/testdata/prices -to pricing/snapshotgen/testdata/snapshot
func TestGenerateFixture(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	files, err := generate(os.DirFS("testdata/prices"), &log)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readTree(t, "testdata/snapshot"), texts(files)); diff != "" {
		t.Errorf("snapshot (-want +got):\n%s", diff)
	}
	wantLog := `Spot average equal to On-Demand: no history, left out: 2 rows, first ec2_prices.csv:2
derived, but also published: dropped: 1 rows, first derived_rates.csv:8
free and without a unit: given "hours": 1 rows, first rates.csv:12
free below the first tier to each resource, not to the account: tier starts at 0: 1 rows, first rates.csv:33
the last tier has an end: taken as endless and marked assumed: 3 rows, first rates.csv:30
snapshot of 2026-09-29: 4 regions, 65 rates, 4 instance types, 6 prices, 3 fees
`
	if diff := cmp.Diff(wantLog, log.String()); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	snapshot := fstest.MapFS{}
	for name, data := range files {
		snapshot[name] = &fstest.MapFile{Data: data}
	}
	if err := pricing.Open(snapshot).Check(); err != nil {
		t.Errorf("the catalogue refuses what was generated: %v", err)
	}
}

// The committed snapshot is what the price tables give, byte for byte. The
// tables are no part of the repository.
func TestCommittedSnapshotIsGenerated(t *testing.T) {
	t.Parallel()
	const tables = "../../../shared/prices"
	if _, err := os.Stat(tables); err != nil {
		t.Skip("no price tables beside the checkout")
	}
	first, err := generate(os.DirFS(tables), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	second, err := generate(os.DirFS(tables), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	committed := readTree(t, "../snapshot")
	for name, data := range first {
		if !bytes.Equal(data, second[name]) {
			t.Errorf("%s differs between two runs", name)
		}
		if committed[name] != string(data) {
			t.Errorf("%s is not what the tables give: run go run ./pricing/snapshotgen", name)
		}
		delete(committed, name)
	}
	for name := range committed {
		t.Errorf("%s is committed and not generated", name)
	}
}

func TestRunReplacesTheFormerSnapshot(t *testing.T) {
	t.Parallel()
	to := t.TempDir()
	if err := os.MkdirAll(filepath.Join(to, "rates"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, keep := range map[string]bool{"README.md": true, "rates/xx-gone-1.tsv": false} {
		if err := os.WriteFile(filepath.Join(to, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if _, err := os.Stat(filepath.Join(to, name)); (err == nil) != keep {
				t.Errorf("%s: kept %v, want %v", name, err == nil, keep)
			}
		}()
	}
	if err := run("testdata/prices", to, io.Discard); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readTree(t, "testdata/snapshot"), readTree(t, to)); diff != "" {
		t.Errorf("snapshot (-want +got):\n%s", diff)
	}
}

// tables returns the fixture with one text of one table changed.
func tables(t *testing.T, file, old, new string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("testdata/prices"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join("testdata/prices", path))
		all[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text := string(all[file].Data)
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", file, old)
	}
	all[file].Data = []byte(strings.Replace(text, old, new, 1))
	return all
}

// A row that cannot be vouched for stops the generator, which names its place.
func TestRefusals(t *testing.T) {
	t.Parallel()
	// The first rows of the fixture's rates.csv are those of EU-Fargate-ARM.
	const priced = "usagetype=confirmed,hours,0,Inf,0.00356,2025-10-27,lamngockhuong/aws-price@508fb45296c8:lib/data/pricing/ecs.json"
	const egress = ",GB,10240,51200,0.085"
	tests := []struct {
		name, file, old, new string
		want                 string
	}{
		{"columns", "rates.csv", "tier_from,tier_to", "from,to",
			"rates.csv:1: columns are service,usagetype,region,attributes,unit,from,to,usd,as_of,source, want service,usagetype,region,attributes,unit,tier_from,tier_to,usd,as_of,source"},
		{"cell missing", "rates.csv", priced, "hours,0,Inf", "rates.csv: record on line 2: wrong number of fields"},
		{"bad number", "rates.csv", priced, strings.Replace(priced, "0.00356", "0,00356", 1), "rates.csv: record on line 2: wrong number of fields"},
		{"no number", "rates.csv", priced, strings.Replace(priced, "0.00356", "free", 1), `rates.csv:2: usd is "free", want a plain decimal of zero or more`},
		{"negative", "rates.csv", priced, strings.Replace(priced, "0.00356", "-0.00356", 1), `rates.csv:2: usd is "-0.00356", want a plain decimal of zero or more`},
		{"NaN", "rates.csv", priced, strings.Replace(priced, "0.00356", "NaN", 1), `rates.csv:2: usd is "NaN", want a plain decimal of zero or more`},
		{"infinite", "rates.csv", priced, strings.Replace(priced, "0.00356", "Inf", 1), `rates.csv:2: usd is "Inf", want a plain decimal of zero or more`},
		{"exponent", "rates.csv", priced, strings.Replace(priced, "0.00356", "3.56e-3", 1), `rates.csv:2: usd is "3.56e-3", want a plain decimal of zero or more`},
		{"no price", "rates.csv", priced, strings.Replace(priced, "0.00356", "", 1), "rates.csv:2: usd is empty"},
		{"no unit", "rates.csv", priced, strings.Replace(priced, "hours", "", 1), "rates.csv:2: unit is empty"},
		{"no source", "rates.csv", priced, "usagetype=confirmed,hours,0,Inf,0.00356,2025-10-27,", "rates.csv:2: source is empty"},
		{"no date", "rates.csv", priced, strings.Replace(priced, "2025-10-27", "", 1), "rates.csv:2: as_of is empty"},
		{"bad date", "rates.csv", priced, strings.Replace(priced, "2025-10-27", "27/10/2025", 1), `rates.csv:2: as_of is "27/10/2025", want a date like 2026-09-11 or 2025-05`},
		{"no such day", "rates.csv", priced, strings.Replace(priced, "2025-10-27", "2025-02-30", 1), `rates.csv:2: as_of is "2025-02-30", want a date like 2026-09-11 or 2025-05`},
		{"tab", "rates.csv", priced, strings.Replace(priced, "hours", "ho\turs", 1), `rates.csv:2: unit is "ho\turs": tabs, line ends, outer blanks and a bare "-" cannot be kept`},
		{"unknown region", "rates.csv", ",eu-west-1,", ",eu-west-9,", `rates.csv:2: region is "eu-west-9", which regions.csv does not list`},
		{"another region's prefix", "rates.csv", "EU-Fargate-ARM-GB", "USE1-Fargate-ARM-GB", `rates.csv:2: usage type "USE1-Fargate-ARM-GB-Hours" has the billing prefix of us-east-1, but the row is of eu-west-1`},
		{"unknown status", "rates.csv", "usagetype=confirmed", "usagetype=guessed", "rates.csv:2: usagetype is \"guessed\", want confirmed or inferred"},
		{"attribute twice", "rates.csv", "usagetype=confirmed", "os=Windows;usagetype=confirmed", `rates.csv:2: attribute "os" is given twice`},
		{"attribute without value", "rates.csv", "usagetype=confirmed", "zone=;usagetype=confirmed", `rates.csv:2: attribute "zone" has no value`},
		{"told apart by a remark that is dropped", "rates.csv", "elastic throughput write", "elastic throughput guess;operation=read",
			"rates.csv:14: AmazonEFS ETDataAccess-Bytes in eu-west-1 (operation=read): duplicate of line 13"},
		{"tier upside down", "rates.csv", egress, ",GB,51200,10240,0.085", "rates.csv:24: tier ends at 10240, not above its start 51200"},
		{"tier gap", "rates.csv", egress, ",GB,10241,51200,0.085", "rates.csv:24: AWSDataTransfer DataTransfer-Out-Bytes in us-east-1 (transferType=AWS Outbound): gap between 10240 and 10241, tier of line 22 ends below it"},
		{"tier overlap", "rates.csv", egress, ",GB,10239,51200,0.085", "rates.csv:24: AWSDataTransfer DataTransfer-Out-Bytes in us-east-1 (transferType=AWS Outbound): tier 10239 to 51200 overlaps tier 0 to 10240 of line 22"},
		{"tier twice", "rates.csv", egress, ",GB,0,10240,0.085", "rates.csv:24: AWSDataTransfer DataTransfer-Out-Bytes in us-east-1 (transferType=AWS Outbound): duplicate of line 22"},
		{"first tier missing", "rates.csv", ",GB,0,10240,", ",GB,5,10240,", "rates.csv:22: AWSDataTransfer DataTransfer-Out-Bytes in us-east-1 (transferType=AWS Outbound): the first tier starts at 5, nothing prices what lies below"},
		{"unit within tiers", "rates.csv", egress, ",MB,10240,51200,0.085", `rates.csv:24: AWSDataTransfer DataTransfer-Out-Bytes in us-east-1 (transferType=AWS Outbound): unit "MB", but "GB" at line 22`},
		{"derivation missing", "derived_rates.csv", "x86 spot x", "\",\"", "derived_rates.csv: record on line 2: wrong number of fields"},
		{"interregion name", "interregion.csv", "EU-USE1-AWS", "USE1-EU-AWS", `interregion.csv:2: usagetype is "USE1-EU-AWS-Out-Bytes", want "EU-USE1-AWS-Out-Bytes" for eu-west-1 to us-east-1`},
		{"interregion target", "interregion.csv", "eu-west-1,us-east-1", "eu-west-1,us-east-9", `interregion.csv:2: to_region is "us-east-9", which regions.csv does not list`},
		{"region twice", "regions.csv", "eu-west-1,EU,", "us-east-1,EU,", `regions.csv:3: region "us-east-1" is listed twice or reserved`},
		{"prefix twice", "regions.csv", "eu-west-1,EU,", "eu-west-1,USE1,", `regions.csv:3: billing prefix "USE1" is also that of us-east-1`},
		{"instance type without memory", "ec2_instance_types.csv", ",16.0,", ",,", "ec2_instance_types.csv:3: memory_gib is empty"},
		{"instance type of no memory", "ec2_instance_types.csv", ",16.0,", ",0,", "ec2_instance_types.csv:3: memory_gib is zero, want more, or nothing where it is not known"},
		{"instance type twice", "ec2_instance_types.csv", "g6.xlarge", "a1.large", "ec2_instance_types.csv:3: instance type a1.large: duplicate of line 2"},
		{"generation", "ec2_instance_types.csv", "previous", "old", `ec2_instance_types.csv:2: generation is "old", want current or previous`},
		{"instance price zero", "ec2_prices.csv", "0.0576,", "0,", "ec2_prices.csv:2: linux_ondemand is zero, want more, or nothing where it is not known"},
		{"instance price missing", "ec2_prices.csv", "0.0576,", ",", "ec2_prices.csv:2: linux_ondemand is empty"},
		{"instance price twice", "ec2_prices.csv", "a1.large,us-east-1", "a1.large,eu-west-1", "ec2_prices.csv:3: a1.large in eu-west-1: duplicate of line 2"},
		{"unknown instance type", "ec2_prices.csv", "a1.large,eu-west-1", "a9.large,eu-west-1", `ec2_prices.csv:2: instance type "a9.large" in eu-west-1: ec2_instance_types.csv does not list it`},
		{"interruption band", "ec2_prices.csv", ">20%", "often", `ec2_prices.csv:2: spot_interruption is "often", want <5%, 5-10%, 10-15%, 15-20% or >20%`},
		{"fee of no instance", "managed_instance_fees.csv", "m5.large,eu-west-1,EU", "g6.xlarge,eu-west-1,EU", "managed_instance_fees.csv:2: g6.xlarge in eu-west-1 has a fee but no EC2 price"},
		{"fee's name", "managed_instance_fees.csv", "EU-ECS-Managed-Instances:m5", "EU-ECS-Managed-Instances:m6", `managed_instance_fees.csv:2: usagetype is "EU-ECS-Managed-Instances:m6.large-management-hours", want "EU-ECS-Managed-Instances:m5.large-management-hours"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, err := generate(tables(t, tt.file, tt.old, tt.new), io.Discard)
			if err == nil {
				t.Fatal("taken")
			}
			if files != nil {
				t.Error("files in spite of an error")
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("error:\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestRefusesEveryBadRowAtOnce(t *testing.T) {
	t.Parallel()
	all := tables(t, "rates.csv", ",eu-west-1,", ",eu-west-9,").(fstest.MapFS)
	all["rates.csv"].Data = bytes.Replace(all["rates.csv"].Data, []byte(",GB,10240,51200,0.085"), []byte(",GB,10240,51200,free"), 1)
	_, err := generate(all, io.Discard)
	const want = `rates.csv:2: region is "eu-west-9", which regions.csv does not list
rates.csv:24: usd is "free", want a plain decimal of zero or more`
	if err == nil || err.Error() != want {
		t.Errorf("error:\n got %v\nwant %s", err, want)
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"lamngockhuong/aws-price@508fb45296c8:lib/data/pricing/ecs.json": "aws-price-ecs",
		"on-demand x 0.4901 (factor observed in us-east-1)":              "on-demand-x-0.4901",
		"index file id 70068379380 (AWS Fargate pricing regimes)":        "index-file-id-70068379380",
		"x86 spot x (ARM on-demand / x86 on-demand); holds":              "x86-spot-x",
		"": "",
	} {
		if got := slug(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

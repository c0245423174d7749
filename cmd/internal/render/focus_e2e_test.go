//go:build e2e

package render

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The FinOps Foundation's validator, pinned. It needs Python 3.12 or newer for
// one line of its source, an f-string with a backslash; for an older Python that
// line is rewritten to mean the same. No rule is touched.
const (
	validator = "focus-validator==2.2.1"
	// The validator wants NumPy 1, newer releases of pyarrow NumPy 2.
	arrowLibrary = "pyarrow==19.0.1"
	modernString = `f"'{k.replace('\"', '\"\"')}'" for k in ignore_keys`
	plainString  = `"'" + k.replace('"', '""') + "'" for k in ignore_keys`
)

// TestFocusValidator runs the validator on the rows of every bundled design, with
// every condition of the specification that applies, on a broken file, which it
// must refuse, and on estimates with commitments, where it fails on a
// contradiction of its own and on nothing else. PYTHON names another
// interpreter; the packages come from PyPI.
func TestFocusValidator(t *testing.T) {
	dir := t.TempDir()
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	command := func(name string, args ...string) (string, error) {
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	must := func(name string, args ...string) {
		t.Helper()
		if out, err := command(name, args...); err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
	}
	must(python, "-m", "venv", "venv")
	pip := filepath.Join(dir, "venv", "bin", "pip")
	must(pip, "install", "--quiet", "--disable-pip-version-check", "--ignore-requires-python", validator, arrowLibrary)
	if _, err := command(python, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"); err != nil {
		rewrite(t, dir)
	}
	// It looks for its own files from the folder that it is installed in.
	sites, err := filepath.Glob(filepath.Join(dir, "venv/lib/python3*/site-packages"))
	if err != nil || len(sites) != 1 {
		t.Fatalf("the packages: %q, %v", sites, err)
	}
	validate := func(file string, criteria []string) (string, error) {
		cmd := exec.Command(filepath.Join(dir, "venv", "bin", "focus-validator"), "--data-file", file, "--validate-version", "1.2",
			"--block-download", "--applicability-criteria", strings.Join(criteria, ","), "--show-violations")
		cmd.Dir = sites[0]
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	var plain, committed []Priced
	for _, p := range append(designs(t), one(wholeResult())...) {
		if p.Result.Commitments == nil {
			plain = append(plain, p)
		} else {
			committed = append(committed, p)
		}
	}
	formula := wholeResult()
	formula.Resources[0].Name, formula.Resources[0].Tags = "=cmd|' /C calc'!A0", map[string]string{"=1+1": "@SUM(1)", "q\"": "a,b"}
	plain = append(plain, one(formula)...)
	committed = append(committed, one(fullResult())...)
	// The validator guesses the types of a CSV file and takes an account's ID
	// for a number, quoted or not; Parquet says what is a text.
	inParquet := func(projects []Priced, change func(Records)) []byte {
		records, _, err := Focus(projects, october())
		if err != nil {
			t.Fatal(err)
		}
		change(records)
		var out bytes.Buffer
		if err := WriteFocusParquet(&out, records); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	asIs := func(Records) {}
	break1 := func(r Records) { r.Rows[0][slices.Index(r.Header, "BilledCost")] = "" }
	text, _ := focusCSV(t, plain)
	text = strings.NewReplacer(`"012345678901"`, `"payer-1"`, `"111122223333"`, `"account-1"`).Replace(text)
	for _, c := range []struct {
		file     string
		data     []byte
		criteria []string
		failures []string
	}{
		{"good.parquet", inParquet(plain, asIs), criteria(), noInvoice()},
		{"good.csv", []byte(text), criteria(), noInvoice()},
		{"bad.parquet", inParquet(plain, break1), criteria(), append([]string{"BilledCost-C-000-M", "BilledCost-C-003-M"}, noInvoice()...)},
		{"commitments.parquet", inParquet(committed, asIs), append(criteria(), "COMMITMENT_DISCOUNT_SUPPORTED", "USAGE_MEASUREMENT_SUPPORTED"), append(contradiction(), noInvoice()...)},
	} {
		file := filepath.Join(dir, c.file)
		if err := os.WriteFile(file, c.data, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := validate(file, c.criteria)
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.file, err, last(out, 3000))
		}
		summary := regexp.MustCompile(`Total: \d+ \| Pass: \d+ \| Fail: \d+ \| Skipped: \d+`).FindString(out)
		if summary == "" {
			t.Fatalf("%s: no summary:\n%s", c.file, last(out, 3000))
		}
		t.Logf("%s: %s", c.file, summary)
		var failures []string
		for _, m := range regexp.MustCompile(`(?m)^\S+ (\S+): FAIL `).FindAllStringSubmatch(out, -1) {
			failures = append(failures, m[1])
		}
		if d := cmp.Diff(c.failures, failures); d != "" {
			t.Errorf("%s: failures (-want +got):\n%s\n%s", c.file, d, last(out, 4000))
		}
	}
}

// noInvoice is the branch of InvoiceId-C-003-C, "null or not null", that is not
// taken. Its parents pass.
func noInvoice() []string { return []string{"InvoiceId-C-005-C"} }

// criteria are the conditions that our files meet: all but reservations of
// capacity, commitments, and the consumed quantities that depend on these.
func criteria() []string {
	return []string{"ACCOUNT_NAMING_SUPPORTED", "AVAILABILITY_ZONE_SUPPORTED", "MULTIPLE_PRICING_CATEGORIES_SUPPORTED", "MULTIPLE_SUB_ACCOUNT_TYPES_SUPPORTED",
		"MULTIPLE_BILLING_ACCOUNT_TYPES_SUPPORTED", "NEGOTIATED_PRICING_SUPPORTED", "PUBLIC_PRICE_LIST_SUPPORTED", "UNIT_PRICING_SUPPORTED",
		"PRICING_BILLING_CURRENCY_DIFFERENCES_SUPPORTED", "VIRTUAL_CURRENCY_SUPPORTED",
		"SUB_ACCOUNT_SUPPORTED", "BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED", "RESOURCE_TYPE_ASSIGNMENT_SUPPORTED", "REGION_SUPPORTED", "TAGGING_SUPPORTED"}
}

// contradiction is what no file with commitments can pass in model 1.2.0.1:
// CommitmentDiscountStatus-C-003-C wants null where CommitmentDiscountId is null,
// and C-004-C, whose text says "is not null", tests for null and wants a value.
func contradiction() []string {
	return []string{"CommitmentDiscountStatus-C-000-C", "CommitmentDiscountStatus-C-002-C", "CommitmentDiscountStatus-C-004-C"}
}

// rewrite makes the validator's one modern line readable for older Pythons.
func rewrite(t *testing.T, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "venv/lib/python3*/site-packages/focus_validator/config_objects/focus_to_duckdb_converter.py"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the validator's sources: %q, %v", files, err)
	}
	source, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0], bytes.ReplaceAll(source, []byte(modernString), []byte(plainString)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func last(text string, n int) string { return text[max(0, len(text)-n):] }

package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rewritten is the bundled snapshot with other texts in the replies whose names
// contain a text.
func rewritten(t *testing.T, change func(name, reply string) string) string {
	t.Helper()
	from, err := zip.OpenReader(bundledSnapshot)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	changed := false
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		after := []byte(change(f.Name, string(data)))
		changed = changed || !bytes.Equal(after, data)
		w, err := to.Create(f.Name)
		if err == nil {
			_, err = w.Write(after)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil || !changed {
		t.Fatalf("nothing was changed, %v", err)
	}
	path := filepath.Join(t.TempDir(), "b.snapshot")
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReportSaysWhatCameTrue walks one recommendation from the report that makes it
// to the one that finds it applied.
func TestReportSaysWhatCameTrue(t *testing.T) {
	c := newCloud(t, 1)
	later := rewritten(t, func(name, reply string) string {
		if strings.Contains(reply, "/ecs/staging/api") && strings.Contains(name, "task-definition") { // 1 vCPU + 2 GB → 0.5 vCPU + 1 GB
			reply = strings.NewReplacer(`"cpu":"1024"`, `"cpu":"512"`, `"memory":"2048"`, `"memory":"1024"`).Replace(reply)
		}
		return reply
	})
	history := filepath.Join(c.dir, "h.db")
	report := func(from, period string) string {
		code, out, stderr := c.run("report", "--from", from, "--history", history, "--period-of", period, "--format", "markdown", "--top", "0")
		if code != 0 {
			t.Fatalf("exit %d\n%s", code, stderr)
		}
		return out
	}
	first := report(bundledSnapshot, "2026-11-02..2026-11-16")
	if !strings.Contains(first, "| api | 36.04 | oversized | 1 vCPU + 2 GB → 0.5 vCPU + 1 GB | staging |") {
		t.Fatalf("the advice is another one:\n%s", first)
	}
	second := report(later, "2026-11-16..2026-11-30")
	for _, want := range []string{
		"- **Since the last report**: \\-36.04 USD a month",
		"| configuration | \\-36.04 |",
		"| price | 0.00 |",
		"| api | 72.89 | 36.85 | \\-36.04 | 0.00 | 0.00 | \\-36.04 |",
		"| api | staging | right-size | 2026-11-30 | 36.04 | 36.04 | 36.04 | – | measured in the next report |",
	} {
		if !strings.Contains(second, want) {
			t.Errorf("the second report has no %q", want)
		}
	}
	third := report(later, "2026-11-30..2026-12-14")
	for _, want := range []string{
		"- **Since the last report**: 0.00 USD a month",
		"- **Earlier advice saved**: 36.04 USD a month (36.04 predicted)",
		"| api | staging | right-size | 2026-11-30 | 36.04 | 36.04 | 36.04 | 36.04 | as predicted |",
	} {
		if !strings.Contains(third, want) {
			t.Errorf("the third report has no %q", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", third)
	}
}

// TestReportOfHostileNames holds that names of an account do no harm in any form.
func TestReportOfHostileNames(t *testing.T) {
	c := newCloud(t, 1)
	names := []string{`<script>alert(1)</script>`, `=cmd|' /C calc'!A0`, "a\u202egpj.exe", strings.Repeat("x", 10_000)}
	hostile := rewritten(t, func(_, reply string) string {
		for i, name := range []string{"thumbs", "mailer", "storefront", "legacy"} {
			reply = strings.ReplaceAll(reply, name, names[i])
		}
		return reply
	})
	for _, tc := range []struct{ format, never string }{
		{"html", "<script>alert"}, {"markdown", "<script>alert"}, {"csv", ",=cmd"}, {"focus", ",=cmd"}, {"table", "\u202e"}, {"html", "\u202e"}, {"xlsx", ""}, {"json", ""},
	} {
		code, out, stderr := c.run("report", "--from", hostile, "--history", noHistory, "--format", tc.format)
		if code != 0 || out == "" {
			t.Errorf("%s: exit %d\n%s", tc.format, code, stderr)
		}
		if tc.never != "" && strings.Contains(out, tc.never) {
			t.Errorf("%s holds %q", tc.format, tc.never)
		}
	}
}

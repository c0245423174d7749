package main

import (
	"bytes"
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"ecsavvy/advisor/account"
	"ecsavvy/fixtures/loopback"
)

const bundledSnapshot = "../../fixtures/account/shop.snapshot"

// TestReportOfAnAccount holds that a report of the running account is that of its
// snapshot, and that a run later on the same day is of the same period.
func TestReportOfAnAccount(t *testing.T) {
	c := newCloud(t, 6)
	file := filepath.Join(c.dir, "a.snapshot")
	if code, _, stderr := c.run("snapshot", file, "--lookback", "96h"); code != 0 {
		t.Fatalf("snapshot: exit %d\n%s", code, stderr)
	}
	code, saved, stderr := c.run("report", "--from", file, "--format", "json", "--history", noHistory)
	if code != 0 || !strings.Contains(saved, `"kind": "report"`) {
		t.Fatalf("report --from: exit %d\n%s", code, stderr)
	}
	// The window ends at 12:00, the period at midnight.
	if !strings.Contains(saved, `"2026-10-01T00:00:00Z"`) {
		t.Errorf("the period does not end at midnight:\n%.600s", saved)
	}
	code, read, stderr := c.run("report", "--lookback", "96h", "--format", "json", "--history", noHistory)
	if code != 0 || read != saved {
		t.Errorf("exit %d: the report of the account is that of its snapshot: %v\n%s", code, read == saved, stderr)
	}
}

// TestPartialReport holds every fault to a whole report, or to a partial one that
// says so, is kept and delivered, and ends in 5.
func TestPartialReport(t *testing.T) {
	c := newCloud(t, 4)
	args := []string{"report", "--lookback", "96h", "--format", "json", "--history", noHistory}
	code, whole, stderr := c.run(args...)
	if code != 0 {
		t.Fatalf("without faults: exit %d\n%s", code, stderr)
	}
	for _, faults := range []loopback.Faults{{ThrottleShare: 0.5}, {ServerErrorShare: 0.2}, {TruncateShare: 0.2}} {
		c.Misbehave(faults)
		if code, got, stderr := c.run(args...); code != 0 || got != whole {
			t.Errorf("%+v: exit %d, the same report: %v\n%s", faults, code, got == whole, stderr)
		}
	}
	c.Misbehave(loopback.Faults{DenyOperations: []string{"monitoring:GetMetricData"}})
	code, got, stderr := c.run(args...)
	if code != 5 || !strings.Contains(got, "GetMetricData") || !strings.Contains(stderr, "the report is partial: AWS did not answer") {
		t.Errorf("exit %d\n%s\n%.2000s", code, stderr, got)
	}
	history, out := filepath.Join(c.dir, "h.db"), filepath.Join(c.dir, "out")
	code, _, stderr = c.run("report", "--lookback", "96h", "--history", history, "--to", out+"/")
	if code != 5 {
		t.Errorf("exit %d\n%s", code, stderr)
	}
	pages, err := filepath.Glob(filepath.Join(out, "ecs", "*", "report.html"))
	if err != nil || len(pages) != 1 {
		t.Fatalf("delivered: %v, %v", pages, err)
	}
	page, err := os.ReadFile(pages[0])
	if err != nil || !bytes.Contains(page, []byte("GetMetricData")) {
		t.Errorf("the page does not say what AWS refused: %v", err)
	}
	if _, err := os.Stat(history); err != nil {
		t.Errorf("the partial report was not kept: %v", err)
	}
	c.Misbehave(loopback.Faults{DenyOperations: []string{"ecs:ListClusters"}})
	if code, got, stderr := c.run(args...); code != 5 || got != "" || !strings.Contains(stderr, "ListClusters") {
		t.Errorf("everything is denied: exit %d\n%s%s", code, got, stderr)
	}
}

// TestReportIsDeliveredOnce holds that a report of one period, made again, is the
// same to the byte and sends no second message.
func TestReportIsDeliveredOnce(t *testing.T) {
	var messages atomic.Int32
	topic := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		messages.Add(1)
		io.WriteString(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
	}))
	t.Cleanup(topic.Close)
	c := newCloud(t, 1)
	t.Setenv("AWS_ENDPOINT_URL", topic.URL)
	out := filepath.Join(c.dir, "out")
	deliver := func(more ...string) (page []byte, stderr string) {
		code, _, stderr := c.run(append([]string{
			"report", "--from", bundledSnapshot, "--history", filepath.Join(c.dir, "h.db"),
			"--to", out + "/,sns:arn:aws:sns:eu-west-1:111122223333:costs", "--files", "html,xlsx,json",
		}, more...)...)
		if code != 0 {
			t.Fatalf("exit %d\n%s", code, stderr)
		}
		for _, name := range []string{"report.html", "report.xlsx", "report.json"} {
			data, err := os.ReadFile(filepath.Join(out, "ecs", "2026-11-02_2026-11-16", name))
			if err != nil {
				t.Fatal(err)
			}
			page = append(page, data...)
		}
		return page, stderr
	}
	first, _ := deliver()
	second, stderr := deliver()
	if n := messages.Load(); n != 1 || !strings.Contains(stderr, "delivered before") {
		t.Errorf("%d messages after two runs\n%s", n, stderr)
	}
	if !bytes.Equal(first, second) {
		t.Error("the report of one period, made again, differs")
	}
	deliver("--dry-run")
	if n := messages.Load(); n != 1 {
		t.Errorf("%d messages after a dry run", n)
	}
	deliver("--again")
	if n := messages.Load(); n != 2 {
		t.Errorf("%d messages after --again", n)
	}
	deliver("--period-of", "2026-12-01..2026-12-08")
	if n := messages.Load(); n != 3 {
		t.Errorf("%d messages after another period", n)
	}
}

// TestNewerHistory holds that a file of a later ecsavvy is refused and stays.
func TestNewerHistory(t *testing.T) {
	c := newCloud(t, 1)
	file := filepath.Join(c.dir, "h.db")
	args := []string{"report", "--from", bundledSnapshot, "--history", file}
	if code, _, stderr := c.run(args...); code != 0 {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := c.run(args...)
	if code != 1 || stdout != "" || !strings.Contains(stderr, "is version 99, this ecsavvy reads up to 1: use a newer ecsavvy") {
		t.Errorf("exit %d\n%s", code, stderr)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the newer history was changed: %v", err)
	}
}

func TestReportPeriod(t *testing.T) {
	now := time.Date(2026, 11, 19, 15, 0, 0, 0, time.FixedZone("", 3600)) // a Thursday
	for text, want := range map[string]string{
		"week": "2026-11-09_2026-11-16", "month": "2026-10-01_2026-11-01", "window": "2026-11-12_2026-11-19", "2026-01-30..2026-02-02": "2026-01-30_2026-02-02",
	} {
		from, to, err := reportPeriod(text, now, account.Manifest{})
		if err != nil || periodName(from, to) != want {
			t.Errorf("%s: %s, %v, want %s", text, periodName(from, to), err, want)
		}
	}
	at := time.Date(2026, 11, 16, 6, 0, 0, 0, time.UTC) // a Monday
	for _, hours := range []time.Duration{6, 26} {
		from, to, err := reportPeriod("window", at, account.Manifest{From: at.Add(-hours * time.Hour), To: at})
		if err != nil || !from.Before(to) || from.Hour() != 0 || to.Hour() != 0 {
			t.Errorf("a window of %d h: %s to %s, %v", hours, from, to, err)
		}
	}
	if from, to, _ := reportPeriod("week", at, account.Manifest{}); periodName(from, to) != "2026-11-09_2026-11-16" {
		t.Errorf("the week before a Monday: %s", periodName(from, to))
	}
}

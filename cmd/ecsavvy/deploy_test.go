package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestScheduleIsPriced holds the page of the schedules to what the tool itself
// says that they cost.
func TestScheduleIsPriced(t *testing.T) {
	page := filepath.Join(docsFolder, "deploy", "README.md")
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	dir := freshClone(t)
	if err := os.CopyFS(filepath.Join(dir, "docs", "deploy"), os.DirFS(filepath.Join(docsFolder, "deploy"))); err != nil {
		t.Fatal(err)
	}
	hold(t, page, string(want), follow(t, string(want), dir))
}

// TestScheduledCommands holds that the schedules use flags that there are.
func TestScheduledCommands(t *testing.T) {
	d, _, _ := testDeps()
	report, _, err := newRootCmd(d).Find([]string{"report"})
	if err != nil || report.Name() != "report" {
		t.Skip("there is no command report yet")
	}
	for _, name := range []string{"cloudformation.yaml", "terraform/main.tf", "github-actions.yml", "gitlab-ci.yml", "ecsavvy.cron", "ecsavvy-report.service"} {
		text, err := os.ReadFile(filepath.Join(docsFolder, "deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		flags := regexp.MustCompile(`--(region|history|to)\b`).FindAllSubmatch(text, -1)
		if len(flags) < 3 {
			t.Errorf("%s: %d flags", name, len(flags))
		}
		for _, m := range flags {
			if report.Flag(string(m[1])) == nil {
				t.Errorf("%s: ecsavvy report has no flag --%s", name, m[1])
			}
		}
	}
}

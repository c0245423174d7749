package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/cmd/internal/guardrail"
)

const docsFolder = "../../docs"

// TestPagesCanBeFollowed runs every "$ command" of the pages' console blocks in
// a fresh repository with the bundled data, and holds what they print to what
// the page shows.
func TestPagesCanBeFollowed(t *testing.T) {
	for _, tool := range []string{"git", "bash"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not in PATH")
		}
	}
	for _, name := range []string{"pull-requests.md", "report.md"} {
		t.Run(name, func(t *testing.T) {
			page := filepath.Join(docsFolder, name)
			want, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			got := follow(t, string(want), freshClone(t))
			hold(t, page, string(want), got)
		})
	}
}

// TestGuardrailNames holds the page of guardrails to the table of names.
func TestGuardrailNames(t *testing.T) {
	page := filepath.Join(docsFolder, "guardrails.md")
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const from, to = "go test ./cmd/ecsavvy -->\n", "<!-- end of names -->"
	head, rest, ok := strings.Cut(string(want), from)
	_, tail, ended := strings.Cut(rest, to)
	if !ok || !ended {
		t.Fatalf("%s has no place for the names", page)
	}
	hold(t, page, string(want), head+from+"\n"+guardrail.Reference()+"\n"+to+tail)
}

// hold compares a page, or writes it anew.
func hold(t *testing.T, page, want, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is out of date (UPDATE_GOLDEN=1 go test writes it):\n%s", page, diff)
	}
}

// freshClone is a repository with the fixtures and the binary.
func freshClone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "fixtures"), os.DirFS("../../fixtures")); err != nil {
		t.Fatal(err)
	}
	binary, err := exec.LookPath("ecsavvy") // testscript.Main puts it there
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, filepath.Join(dir, "ecsavvy")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "fixtures"}, {"commit", "-q", "-m", "fixtures"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, cleanEnv(dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	return dir
}

// cleanEnv knows nobody's CI and nobody's git settings.
func cleanEnv(dir string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C.UTF-8", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=test", "GIT_AUTHOR_EMAIL=test@example.com", "GIT_COMMITTER_NAME=test", "GIT_COMMITTER_EMAIL=test@example.com",
	}
}

// follow runs the commands of a page and returns it with what they print.
func follow(t *testing.T, page, dir string) string {
	t.Helper()
	var out strings.Builder
	fence := "" // of the console block that the line is in
	for line := range strings.Lines(page) {
		ticks, isConsole := strings.CutSuffix(line, "console\n")
		console := fence != ""
		switch {
		case !console && isConsole && len(ticks) >= 3 && strings.Trim(ticks, "`") == "":
			fence = ticks
		case console && line == fence+"\n":
			fence = ""
		case console && strings.HasPrefix(line, "$ "):
			out.WriteString(line)
			out.WriteString(shell(dir, strings.TrimPrefix(line, "$ ")))
			continue
		case console:
			continue
		}
		out.WriteString(line)
	}
	return out.String()
}

// shell runs one line and returns what it prints on both streams.
func shell(dir, line string) string {
	cmd := exec.Command("bash", "-c", line)
	cmd.Dir, cmd.Env = dir, cleanEnv(dir)
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	_ = cmd.Run() // the page shows exit codes where they matter
	text := regexp.MustCompile(`valid-at=[0-9TZ:.+-]+`).ReplaceAllString(printed.String(), "valid-at=2026-10-01T12:00:00Z")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

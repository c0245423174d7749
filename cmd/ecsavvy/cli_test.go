package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecsavvy/fixtures"
	"ecsavvy/pricing"
)

// testDeps are deps without a system behind them: no files, no environment, a
// clock that stands.
func testDeps() (d *deps, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return &deps{
		stdin: strings.NewReader(""), stdout: stdout, stderr: stderr,
		terminal: func() bool { return false },
		env:      func(string) (string, bool) { return "", false },
		now:      func() time.Time { return time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC) },
		files: fileSystem{
			read:  func(path string) ([]byte, error) { return nil, os.ErrNotExist },
			stat:  func(path string) (os.FileInfo, error) { return nil, os.ErrNotExist },
			list:  func(string) ([]os.DirEntry, error) { return nil, os.ErrNotExist },
			write: func(string, []byte) error { return os.ErrPermission },
		},
		catalog: pricing.Embedded,
		version: "test",
	}, stdout, stderr
}

// TestSurface holds every command and flag with its default and meaning. A
// flag that goes away breaks somebody's pipeline: it is never removed silently.
func TestSurface(t *testing.T) {
	d, _, _ := testDeps()
	var b strings.Builder
	describe(&b, newRootCmd(d))
	fixtures.Golden(t, []byte(b.String()), "testdata/cli_surface.golden")
}

func describe(w io.Writer, cmd *cobra.Command) {
	fmt.Fprintf(w, "%s\n    %s\n", cmd.CommandPath(), cmd.Short)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		short := ""
		if f.Shorthand != "" {
			short = ", -" + f.Shorthand
		}
		fmt.Fprintf(w, "    --%s%s %s (default %q) %s\n", f.Name, short, f.Value.Type(), f.DefValue, f.Usage)
	})
	for _, sub := range cmd.Commands() {
		describe(w, sub)
	}
}

// TestEveryCommandHasHelp holds help texts to what this project promises.
func TestEveryCommandHasHelp(t *testing.T) {
	d, _, _ := testDeps()
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Short == "" || cmd.Example == "" {
			t.Errorf("%s has no short description or no example", cmd.CommandPath())
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(newRootCmd(d))
	if root := newRootCmd(d); !strings.Contains(root.Long, exitCodeHelp) {
		t.Error("the help of ecsavvy does not list the exit codes")
	}
}

func TestEstimateFlags(t *testing.T) {
	tests := []struct {
		name    string
		args    []string
		want    func(*estimateOptions) bool
		wantErr string
	}{
		{
			name: "defaults", args: []string{"a.json"},
			want: func(o *estimateOptions) bool {
				return o.format == "table" && o.hours == 730 && o.count == 0 && !o.strict && o.asOf == "" && len(o.inputs) == 1
			},
		},
		{
			name: "all", args: []string{"a.json", "b.json", "--format", "csv", "--region", "eu-west-2", "--strict", "--hours-per-month", "720", "--launch-type", "fargate-spot", "--count", "2.5", "--variant", "x", "--input-kind", "design", "--out-file", "o", "--no-color", "-v", "--explain", "--as-of", "2026-10-01"},
			want: func(o *estimateOptions) bool {
				return len(o.inputs) == 2 && o.format == "csv" && o.region == "eu-west-2" && o.strict && o.hours == 720 &&
					o.launchType == "FARGATE_SPOT" && o.count == 2.5 && o.variant == "x" && o.kind == "design" &&
					o.file == "o" && o.noColor && o.verbose && o.explain && o.asOf == "2026-10-01"
			},
		},
		{
			name: "today is the clock's", args: []string{"a", "--as-of", "today"},
			want: func(o *estimateOptions) bool { return o.asOf == "2026-10-01" },
		},
		{name: "no input", wantErr: "requires at least 1 arg(s), only received 0"},
		{name: "format", args: []string{"a", "--format", "xml"}, wantErr: `--format: unknown format "xml": want table, markdown, csv, json`},
		{name: "date", args: []string{"a", "--as-of", "1.10.2026"}, wantErr: `--as-of: want YYYY-MM-DD or today, got "1.10.2026"`},
		{name: "launch type", args: []string{"a", "--launch-type", "spot"}, wantErr: `--launch-type: want one of FARGATE, FARGATE_SPOT, EC2, MANAGED_INSTANCES, EXTERNAL, APP_RUNNER, got "SPOT"`},
		{name: "count of zero", args: []string{"a", "--count", "0"}, wantErr: "--count: want more than 0 tasks, got 0"},
		{name: "count without end", args: []string{"a", "--count", "inf"}, wantErr: "--count: want more than 0 tasks, got +Inf"},
		{name: "count that is none", args: []string{"a", "--count", "nan"}, wantErr: "--count: want more than 0 tasks, got NaN"},
		{name: "hours", args: []string{"a", "--hours-per-month", "800"}, wantErr: "--hours-per-month: want more than 0 and at most 744, got 800"},
		{name: "hours that are none", args: []string{"a", "--hours-per-month", "nan"}, wantErr: "--hours-per-month: want more than 0 and at most 744, got NaN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, _, _ := testDeps()
			var got *estimateOptions
			cmd := newEstimateCmd(d, func(o *estimateOptions) error { got = o; return nil })
			cmd.SilenceErrors, cmd.SilenceUsage = true, true
			cmd.SetArgs(append([]string{}, tt.args...))
			err := cmd.Execute()
			if tt.wantErr != "" {
				if err == nil || err.Error() != tt.wantErr {
					t.Fatalf("got %v, want %s", err, tt.wantErr)
				}
				if exitCode(err) != 2 {
					t.Errorf("exit code %d, want 2", exitCode(err))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !tt.want(got) {
				t.Errorf("options: %+v", got)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	tests := []struct {
		err  error
		want int
	}{
		{nil, 0},
		{io.ErrUnexpectedEOF, 1},
		{as(usage, io.EOF), 2},
		{as(badInput, io.EOF), 2},
		{as(limitBroken, io.EOF), 3},
		{as(incomplete, io.EOF), 4},
		{as(refused, io.EOF), 5},
		{fmt.Errorf("doing x: %w", as(incomplete, io.EOF)), 4},
		{as(badInput, as(incomplete, io.EOF)), 4},
	}
	for _, tt := range tests {
		if got := exitCode(tt.err); got != tt.want {
			t.Errorf("exitCode(%v) = %d, want %d", tt.err, got, tt.want)
		}
	}
}

func TestColor(t *testing.T) {
	tests := []struct {
		name     string
		terminal bool
		env      map[string]string
		out      output
		want     bool
	}{
		{name: "terminal", terminal: true, want: true},
		{name: "pipe"},
		{name: "NO_COLOR", terminal: true, env: map[string]string{"NO_COLOR": "1"}},
		{name: "NO_COLOR empty means nothing", terminal: true, env: map[string]string{"NO_COLOR": ""}, want: true},
		{name: "dumb terminal", terminal: true, env: map[string]string{"TERM": "dumb"}},
		{name: "--no-color", terminal: true, out: output{noColor: true}},
		{name: "--out-file", terminal: true, out: output{file: "x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, _, _ := testDeps()
			d.terminal = func() bool { return tt.terminal }
			d.env = func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }
			if got := tt.out.color(d); got != tt.want {
				t.Errorf("color: %v, want %v", got, tt.want)
			}
		})
	}
}

// brokenPipe is a reader that went away.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "/dev/stdout", Err: fmt.Errorf("broken pipe")}
}

func TestBrokenPipeIsAnError(t *testing.T) {
	d, _, stderr := testDeps()
	d.stdout = brokenPipe{}
	if code := run([]string{"prices", "show", "--service", "nat"}, d); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if got, want := stderr.String(), "ecsavvy: writing to standard output: broken pipe\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

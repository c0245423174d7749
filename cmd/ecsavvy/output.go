package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecsavvy/advisor/intake"
	"ecsavvy/cmd/internal/render"
)

// output is what every command that prints a document lets the user choose.
type output struct {
	format  string
	file    string
	noColor bool
	asOf    string
	verbose bool
	// formats are those that the command has.
	formats []string
}

func (o *output) addFlags(cmd *cobra.Command) { o.addFlagsOf(cmd, render.Formats()) }

// addFlagsOf adds the flags of a command with formats of its own.
func (o *output) addFlagsOf(cmd *cobra.Command, formats []render.Format) {
	names := make([]string, 0, len(formats))
	for _, f := range formats {
		names = append(names, string(f))
	}
	o.formats = names
	flags := cmd.Flags()
	flags.StringVar(&o.format, "format", names[0], "output format: "+strings.Join(names, "|"))
	flags.StringVar(&o.file, "out-file", "", "write to this `file` instead of standard output")
	flags.BoolVar(&o.noColor, "no-color", false, "no colours, on a terminal too (as NO_COLOR does)")
	flags.StringVar(&o.asOf, "as-of", "", "`date` that the output carries, YYYY-MM-DD or today; without it there is none")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "say on standard error what is read and taken")
	fixedCompletion(cmd, "format", names)
}

// fixedCompletion offers the same values for a flag each time.
func fixedCompletion(cmd *cobra.Command, flag string, values []string) {
	// It fails only for a flag that does not exist or has a completion
	// already, which the test of the flag surface would show.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// check refuses values before anything is read.
func (o *output) check(d *deps) error {
	if !slices.Contains(o.formats, o.format) {
		return as(usage, fmt.Errorf("--format: unknown format %q: want %s", o.format, strings.Join(o.formats, ", ")))
	}
	return o.checkDate(d)
}

// checkDate refuses a date that is none.
func (o *output) checkDate(d *deps) error {
	switch o.asOf {
	case "":
	case "today":
		o.asOf = d.now().UTC().Format(time.DateOnly)
	default:
		if _, err := time.Parse(time.DateOnly, o.asOf); err != nil {
			return as(usage, fmt.Errorf("--as-of: want YYYY-MM-DD or today, got %q", o.asOf))
		}
	}
	return nil
}

// note tells the user on standard error what happens, if asked to.
func (o *output) note(d *deps, format string, values ...any) {
	if o.verbose {
		fmt.Fprintln(d.stderr, render.Printable(fmt.Sprintf(format, values...)))
	}
}

// print writes a document where the user wants it. It is complete or, on an
// error, not there.
func (o *output) print(d *deps, doc render.Document) error {
	return o.emit(d, func(w io.Writer, opts render.Options) error {
		return render.Write(w, doc, render.Format(o.format), opts)
	})
}

// emit puts what write writes where the user wants it.
func (o *output) emit(d *deps, write func(io.Writer, render.Options) error) error {
	var buf bytes.Buffer
	if err := write(&buf, render.Options{Color: o.color(d)}); err != nil {
		return err
	}
	if o.file != "" {
		if err := o.keepInputs(d); err != nil {
			return err
		}
		if err := d.files.write(o.file, buf.Bytes()); err != nil {
			return fmt.Errorf("writing %s: %w", o.file, withoutOperation(err))
		}
		o.note(d, "wrote %s", o.file)
		return nil
	}
	if _, err := d.stdout.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("writing to standard output: %w", withoutOperation(err))
	}
	return nil
}

// keepInputs refuses to write over a file that ecsavvy would read: a slip of
// the shell's history must not turn a task definition into a table.
func (o *output) keepInputs(d *deps) error {
	if info, err := d.files.stat(o.file); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := d.files.read(o.file)
	if err != nil {
		return nil // whoever cannot read it may still write it
	}
	if kind, err := intake.Detect(o.file, data); err == nil {
		return as(usage, fmt.Errorf("--out-file %s is an input (%s); it would be lost", o.file, kind))
	}
	return nil
}

// color decides on colours: only on a terminal, and not against the wish of
// the user. Source for NO_COLOR: https://no-color.org.
func (o *output) color(d *deps) bool {
	if o.noColor || o.file != "" {
		return false
	}
	if v, set := d.env("NO_COLOR"); set && v != "" {
		return false
	}
	if v, _ := d.env("TERM"); v == "dumb" {
		return false
	}
	return d.terminal()
}

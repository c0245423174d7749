package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"ecsavvy/advisor"
	"ecsavvy/cmd/internal/deliver"
	"ecsavvy/cmd/internal/render"
)

// write makes a report in one format.
func (o *reportOptions) write(r *advisor.Report, in *advisor.ReportInput, format string, opts render.Options) ([]byte, error) {
	var buf bytes.Buffer
	info := render.ReportInfo{Title: o.title, Snapshot: o.deps.catalog().SnapshotDate(), AsOf: o.asOf, Top: o.top}
	if format == string(formatFocus) {
		if err := o.writeFocus(&buf, r, in); err != nil {
			return nil, err
		}
		return buf.Bytes(), nil
	}
	err := render.WriteReport(&buf, r, info, render.Format(format), opts)
	return buf.Bytes(), err
}

// writeFocus makes the rows of every account; one account pays for all.
func (o *reportOptions) writeFocus(buf *bytes.Buffer, r *advisor.Report, in *advisor.ReportInput) error {
	payer := o.payer
	for i := range in.Advice.Sites {
		site := &in.Advice.Sites[i]
		if payer == "" {
			payer = site.Scope.Account
		}
		records, _, err := render.Focus([]render.Priced{{Name: site.Scope.Account, Result: site.Result}}, render.FocusInfo{
			Start: r.From, End: r.To, BillingAccountID: payer, SubAccountID: site.Scope.Account, Regions: o.deps.catalog().Regions(),
		})
		if err != nil {
			return err
		}
		var rows bytes.Buffer
		if err := render.WriteFocus(&rows, records); err != nil {
			return err
		}
		text := rows.Bytes()
		if i > 0 { // one header for all
			_, text, _ = bytes.Cut(text, []byte("\n"))
		}
		buf.Write(text)
	}
	return nil
}

// fileForms are the file names and media types of formats.
func fileForms() map[string][2]string {
	return map[string][2]string{
		"html": {"report.html", "text/html; charset=utf-8"}, "markdown": {"report.md", "text/markdown; charset=utf-8"},
		"table": {"report.txt", "text/plain; charset=utf-8"}, "csv": {"report.csv", "text/csv; charset=utf-8"},
		"json": {"report.json", "application/json"}, "focus": {"focus.csv", "text/csv; charset=utf-8"},
		"xlsx": {"report.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	}
}

// files are the forms that are delivered; without a destination the report is
// printed instead.
func (o *reportOptions) files(r *advisor.Report, in *advisor.ReportInput) ([]deliver.File, error) {
	if len(o.to) == 0 && o.dryRun && o.file != "" {
		data, err := o.write(r, in, o.format, render.Options{})
		if err == nil {
			o.planned(o.file, fmt.Sprintf("%s, %d bytes", o.format, len(data)))
		}
		return nil, err
	}
	if len(o.to) == 0 {
		return nil, o.emit(o.deps, func(w io.Writer, opts render.Options) error {
			data, err := o.write(r, in, o.format, opts)
			if err != nil {
				return err
			}
			_, err = w.Write(data)
			return err
		})
	}
	var files []deliver.File
	for _, format := range o.attach {
		data, err := o.write(r, in, format, render.Options{})
		if err != nil {
			return nil, err
		}
		form := fileForms()[format]
		files = append(files, deliver.File{Name: form[0], MediaType: form[1], Data: data})
	}
	return files, nil
}

// planned says what a dry run leaves undone, as deliveries do.
func (o *reportOptions) planned(where, what string) {
	fmt.Fprintln(o.deps.stderr, render.Printable(where+": planned"))
	fmt.Fprintln(o.deps.stderr, render.Printable("  "+what))
}

// periodName names a period in file names: 2026-11-02_2026-11-16.
func periodName(from, to time.Time) string {
	return from.UTC().Format(time.DateOnly) + "_" + to.UTC().Format(time.DateOnly)
}

// deliver hands the files to the destinations and says what became of each.
func (o *reportOptions) deliver(ctx context.Context, r *advisor.Report, files []deliver.File) error {
	if len(o.to) == 0 {
		return nil
	}
	var destinations []deliver.Destination
	for _, text := range o.to {
		d, err := deliver.Parse(text)
		if err != nil {
			return as(usage, err)
		}
		destinations = append(destinations, d)
	}
	var markdown bytes.Buffer
	info := render.ReportInfo{Title: o.title, Snapshot: o.deps.catalog().SnapshotDate(), AsOf: o.asOf, Top: o.top}
	if err := render.WriteReport(&markdown, r, info, render.FormatMarkdown, render.Options{}); err != nil {
		return err
	}
	title, summary := render.ReportSummary(r, info)
	system := deliver.System{
		Stdout: o.deps.stdout, Env: o.deps.env, Now: o.deps.now, Sleep: o.deps.sleep,
		AWS: func(ctx context.Context) (aws.Config, error) { return config.LoadDefaultConfig(ctx) },
	}
	ledger, err := o.ledger(system)
	if err != nil {
		return err
	}
	receipts := deliver.Deliver(ctx, system, deliver.Package{
		Name: o.name, Period: periodName(r.From, r.To), Title: title, Summary: summary, Markdown: markdown.String(), Files: files,
	}, destinations, deliver.Options{Ledger: ledger, Again: o.again, DryRun: o.dryRun})
	for _, receipt := range receipts {
		fmt.Fprintln(o.deps.stderr, render.Printable(receipt.To+": "+string(receipt.State)))
		for _, line := range receipt.Lines {
			fmt.Fprintln(o.deps.stderr, render.Printable("  "+line))
		}
	}
	return deliver.Err(receipts)
}

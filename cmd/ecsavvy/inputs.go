package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
)

// inputOptions are the flags of every command that reads inputs.
type inputOptions struct {
	region     string
	hours      float64
	hoursGiven bool // by the flag
	kind       string
	launchType string
	count      float64
	variant    string
	// template parameters, and a file of them
	parameterList []string
	parameterFile string
}

func (o *inputOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.region, "region", "", "AWS `region` to price in, whatever the input says")
	flags.Float64Var(&o.hours, "hours-per-month", estimate.HoursPerMonth, "length of the month in `hours`")
	flags.StringVar(&o.kind, "input-kind", "", "what the input is, instead of looking: "+strings.Join(kindNames(), ", "))
	flags.StringVar(&o.launchType, "launch-type", "", "`type` of services that state none: "+strings.Join(launchTypes(), ", "))
	flags.Float64Var(&o.count, "count", 0, "`tasks` of services that state no count")
	flags.StringVar(&o.variant, "variant", "", "price this variant `name` of a design file")
	flags.StringArrayVar(&o.parameterList, "parameter", nil, "CloudFormation template parameter `KEY=VALUE` (repeatable)")
	flags.StringVar(&o.parameterFile, "parameters-file", "", "`file` of template parameters, as aws cloudformation takes it")
	fixedCompletion(cmd, "input-kind", kindNames())
	fixedCompletion(cmd, "launch-type", launchTypes())
}

func kindNames() []string {
	var names []string
	for _, k := range intake.Kinds() {
		names = append(names, string(k))
	}
	return names
}

func launchTypes() []string {
	return []string{
		string(design.Fargate), string(design.FargateSpot), string(design.EC2),
		string(design.ManagedInstances), string(design.External), string(design.AppRunner),
	}
}

// check refuses flag values that no input could make right.
func (o *inputOptions) check(cmd *cobra.Command) error {
	o.launchType = strings.ToUpper(strings.ReplaceAll(o.launchType, "-", "_"))
	o.hoursGiven = cmd.Flags().Changed("hours-per-month")
	hoursInMonth := func(h float64) bool { return h > 0 && h <= 31*24 }
	switch {
	case o.kind != "" && !slices.Contains(kindNames(), o.kind):
		return as(usage, fmt.Errorf("--input-kind: want %s, got %q", strings.Join(kindNames(), " or "), o.kind))
	case o.launchType != "" && !slices.Contains(launchTypes(), o.launchType):
		return as(usage, fmt.Errorf("--launch-type: want one of %s, got %q", strings.Join(launchTypes(), ", "), o.launchType))
	case cmd.Flags().Changed("count") && !(o.count > 0 && o.count < 1e9):
		return as(usage, fmt.Errorf("--count: want more than 0 tasks, got %v", o.count))
	case !hoursInMonth(o.hours):
		return as(usage, fmt.Errorf("--hours-per-month: want more than 0 and at most 744, got %v", o.hours))
	}
	for _, p := range o.parameterList {
		if key, _, ok := strings.Cut(p, "="); !ok || key == "" {
			return as(usage, fmt.Errorf("--parameter: want KEY=VALUE, got %q", key)) // no value in a message
		}
	}
	return nil
}

// reader reads the inputs of one side: the working tree's, or a revision's.
type reader struct {
	*inputOptions
	deps *deps
	// files is where inputs are read from.
	files fileSystem
	// note tells the user what happens, if asked to.
	note func(format string, values ...any)
	// settings are those of ecsavvy.yaml; nil where none were looked for.
	settings *settings
	// parameters are those of templates; parametersErr says why their file
	// could not be read.
	parameters    map[string]string
	parametersErr error
	// prefix stands before names in messages: "origin/main:".
	prefix string
}

// newReader reads from the system's files.
func newReader(o *inputOptions, d *deps, out *output) *reader {
	r := &reader{
		inputOptions: o, deps: d, files: d.files,
		note: func(format string, values ...any) { out.note(d, format, values...) },
	}
	r.parameters, r.parametersErr = o.parameters(d)
	return r
}

// parameters are those of the file, with those of the flags over them.
func (o *inputOptions) parameters(d *deps) (map[string]string, error) {
	values := map[string]string{}
	if o.parameterFile != "" {
		data, err := d.files.read(o.parameterFile)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", o.parameterFile, withoutOperation(err))
		}
		if values, err = intake.ParseParameters(o.parameterFile, data); err != nil {
			return nil, err
		}
	}
	for _, p := range o.parameterList {
		key, value, _ := strings.Cut(p, "=")
		values[key] = value
	}
	return values, nil
}

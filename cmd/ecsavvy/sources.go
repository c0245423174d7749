package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/intake"
)

// source is one input: a file or standard input.
type source struct {
	name string // as the user wrote it, or below the directory that they wrote
	dir  string // where its references begin
	data []byte
	kind intake.Kind
	// files are those that one input is made of, by their paths with slashes:
	// the templates of a cdk.out. data is empty then.
	files map[string][]byte
	// key is what both sides of a change know it by.
	key string
}

// stdinName is what standard input is called in messages and output.
const stdinName = "stdin"

// designNames are the names by which a directory's design is found.
func designNames() []string { return []string{"ecsavvy.yaml", "ecsavvy.yml"} }

// find reads every input of the command line. All that cannot be read
// is reported at once.
func (r *reader) find(args []string) ([]source, error) {
	var sources []source
	var problems []error
	seen := map[string]bool{}
	for _, arg := range args {
		found, err := r.findOne(arg)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		for _, s := range found {
			if seen[s.name] {
				problems = append(problems, fmt.Errorf("%s is named twice", s.name))
			}
			seen[s.name] = true
		}
		sources = append(sources, found...)
	}
	return sources, errors.Join(problems...)
}

func (r *reader) findOne(arg string) ([]source, error) {
	if arg == "-" {
		data, err := readAll(r.deps.stdin)
		if err != nil {
			return nil, fmt.Errorf("reading standard input: %w", err)
		}
		return []source{{name: stdinName, dir: ".", data: data, kind: intake.Kind(r.kind)}}, nil
	}
	info, err := r.files.stat(arg)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", r.at(arg), withoutOperation(err))
	}
	if info.IsDir() {
		return r.findInDir(arg)
	}
	s, err := r.load(arg)
	if err != nil {
		return nil, err
	}
	return []source{s}, nil
}

func (r *reader) load(path string) (source, error) {
	data, err := r.files.read(path)
	if err != nil {
		return source{}, fmt.Errorf("reading %s: %w", r.at(path), withoutOperation(err))
	}
	return source{name: path, dir: filepath.Dir(path), data: data, kind: intake.Kind(r.kind)}, nil
}

// input is a workload with where it came from.
type input struct {
	source   *source
	workload design.Workload
	// several says that its source holds more than this one: a Terraform plan
	// of several regions does.
	several bool
}

// path is what the input is called by its file.
func (in *input) path() string {
	if in.several {
		return in.source.name + " (" + in.workload.Region.Value + ")"
	}
	return in.source.name
}

// readAll makes valid workloads of every source, or reports all problems.
func (r *reader) readAll(sources []source) ([]input, error) {
	var inputs []input
	var problems []error
	for i := range sources {
		found, err := r.read(&sources[i])
		if err != nil {
			problems = append(problems, err)
		}
		inputs = append(inputs, found...)
	}
	return inputs, errors.Join(problems...)
}

// read reads one source.
func (r *reader) read(s *source) ([]input, error) {
	if err := r.detect(s); err != nil {
		return nil, err
	}
	workloads, err := r.readAs(s)
	if err != nil {
		return nil, r.placed(err)
	}
	return r.inputsOf(s, workloads)
}

// detect finds out what a source is, unless the user said so.
func (r *reader) detect(s *source) error {
	if r.parametersErr != nil {
		return r.parametersErr
	}
	if s.kind != "" {
		return nil
	}
	kind, err := intake.Detect(s.name, s.data)
	if err != nil {
		return r.placed(err)
	}
	s.kind = kind
	return nil
}

// inputsOf takes the default region where none is stated, and validates.
func (r *reader) inputsOf(s *source, workloads []design.Workload) ([]input, error) {
	region := r.defaultRegion()
	inputs := make([]input, len(workloads))
	var problems []error
	for i, w := range workloads {
		if w.Region.Basis == design.Assumed && w.Region.Value == region.Value {
			w.Region = region
		}
		r.note("read %s: %s, %d services in %s", r.at(s.name), s.kind, len(w.Services), w.Region.Value)
		for _, p := range w.Validate() {
			problems = append(problems, fmt.Errorf("reading %s: %w", r.at(s.name), withPrices(r.deps.catalog(), &w, p)))
		}
		inputs[i] = input{source: s, workload: w, several: len(workloads) > 1}
	}
	return inputs, errors.Join(problems...)
}

// at is how messages call a file.
func (r *reader) at(name string) string { return r.prefix + name }

// placed makes a reader's errors name the revision that the file is of.
func (r *reader) placed(err error) error {
	if r.prefix == "" {
		return err
	}
	if list, ok := errors.AsType[intake.Errors](err); ok {
		for _, e := range list {
			e.File = r.at(e.File)
		}
	} else if e, ok := errors.AsType[*intake.Error](err); ok {
		e.File = r.at(e.File)
	}
	return err
}

// defaultRegion is the region of inputs that name none.
func (r *reader) defaultRegion() design.Fact[string] {
	if r.settings != nil && r.settings.Region != "" {
		return design.Assume(r.settings.Region, "no region is stated; "+r.settings.Region+" is taken from "+r.settings.path)
	}
	return defaultRegion(r.deps)
}

// plan reads an input that holds both sides of a change: one pair for each
// region that it has something in.
func (r *reader) plan(s *source) ([]pair, error) {
	if err := r.detect(s); err != nil {
		return nil, err
	}
	if s.kind != intake.TerraformPlan {
		return nil, r.oneSided(s)
	}
	p, err := intake.ReadPlan(s.name, s.data, r.options(s))
	if err != nil {
		return nil, r.placed(err)
	}
	before, wasErr := r.inputsOf(s, p.Before)
	after, isErr := r.inputsOf(s, p.After)
	if err := errors.Join(isErr, wasErr); err != nil {
		return nil, err
	}
	pairs := make([]pair, len(after))
	for i := range after {
		pairs[i] = pair{
			path: after[i].path(), kind: string(s.kind),
			before:  &side{design: &before[i].workload},
			after:   &side{design: &after[i].workload},
			renamed: p.Renamed, incomplete: p.Incomplete,
		}
	}
	return pairs, nil
}

// options are what readers of inputs take.
func (r *reader) options(s *source) intake.Options {
	kind := s.kind
	if !slices.Contains(intake.Kinds(), kind) {
		kind = "" // the reader says what it is that nobody reads
	}
	return intake.Options{
		Kind: kind, Region: r.region, DefaultRegion: r.defaultRegion().Value,
		LaunchType: design.ProviderKind(r.launchType), Count: r.count,
		HoursPerMonth: r.hours, Parameters: r.parameters,
		ReadFile: func(path string) ([]byte, error) {
			data, err := r.files.read(filepath.Join(s.dir, filepath.FromSlash(path)))
			return data, withoutOperation(err)
		},
	}
}

// readAs turns a source into workloads, or into the variant that was asked for.
func (r *reader) readAs(s *source) ([]design.Workload, error) {
	switch {
	case r.variant == "" && s.files != nil:
		return r.readJoined(s)
	case r.variant == "":
		return intake.ReadAll(s.name, s.data, r.options(s))
	case s.kind != intake.DesignFile:
		return nil, fmt.Errorf("reading %s: --variant needs a design file, this is a %s", r.at(s.name), s.kind)
	default:
		w, err := intake.ReadVariant(s.name, s.data, r.variant, r.options(s))
		return []design.Workload{w}, err
	}
}

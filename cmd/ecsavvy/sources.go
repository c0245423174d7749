package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/intake"
	"ecsavvy/cmd/internal/render"
)

// source is one input: a file or standard input.
type source struct {
	name string // as the user wrote it, or below the directory that they wrote
	dir  string // where its references begin
	data []byte
	kind intake.Kind
}

// stdinName is what standard input is called in messages and output.
const stdinName = "stdin"

// designNames are the names by which a directory's design is found.
func designNames() []string { return []string{"ecsavvy.yaml", "ecsavvy.yml"} }

// findSources reads every input of the command line. All that cannot be read
// is reported at once.
func findSources(opts *estimateOptions) ([]source, error) {
	var sources []source
	var problems []error
	seen := map[string]bool{}
	for _, arg := range opts.inputs {
		found, err := findSource(opts, arg)
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

func findSource(opts *estimateOptions, arg string) ([]source, error) {
	d := opts.deps
	if arg == "-" {
		data, err := readAll(d.stdin)
		if err != nil {
			return nil, fmt.Errorf("reading standard input: %w", err)
		}
		return []source{{name: stdinName, dir: ".", data: data, kind: intake.Kind(opts.kind)}}, nil
	}
	info, err := d.files.stat(arg)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", arg, withoutOperation(err))
	}
	if info.IsDir() {
		return findInDir(opts, arg)
	}
	s, err := readSource(opts, arg)
	if err != nil {
		return nil, err
	}
	return []source{s}, nil
}

func readSource(opts *estimateOptions, path string) (source, error) {
	data, err := opts.deps.files.read(path)
	if err != nil {
		return source{}, fmt.Errorf("reading %s: %w", path, withoutOperation(err))
	}
	return source{name: path, dir: filepath.Dir(path), data: data, kind: intake.Kind(opts.kind)}, nil
}

// findInDir finds the inputs of a directory: its ecsavvy.yaml; else its design
// files, since they name the task definitions beside them; else its task
// definitions. What is left out is named on standard error.
func findInDir(opts *estimateOptions, dir string) ([]source, error) {
	for _, name := range designNames() {
		path := filepath.Join(dir, name)
		if _, err := opts.deps.files.stat(path); err == nil {
			s, err := readSource(opts, path)
			return []source{s}, err
		}
	}
	entries, err := opts.deps.files.list(dir)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", dir, withoutOperation(err))
	}
	var found []source
	for _, e := range entries {
		if !slices.Contains([]string{".json", ".yaml", ".yml"}, filepath.Ext(e.Name())) || e.IsDir() {
			continue
		}
		s, err := readSource(opts, filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		kind, err := intake.Detect(s.name, s.data)
		switch {
		case err != nil:
			skip(opts.deps, s.name, "it is no input that ecsavvy knows")
		case !slices.Contains(intake.Kinds(), kind):
			skip(opts.deps, s.name, "no reader for "+string(kind))
		default:
			s.kind = kind
			found = append(found, s)
		}
	}
	if slices.ContainsFunc(found, func(s source) bool { return s.kind == intake.DesignFile }) {
		found = slices.DeleteFunc(found, func(s source) bool {
			if s.kind == intake.DesignFile {
				return false
			}
			opts.note(opts.deps, "skipping %s: the design beside it is priced", s.name)
			return true
		})
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("reading %s: no %s, no other design file and no task definition directly in it", dir, designNames()[0])
	}
	return found, nil
}

// skip says on standard error what a directory holds and no estimate covers.
func skip(d *deps, name, why string) {
	fmt.Fprintf(d.stderr, "ecsavvy: skipping %s: %s\n", render.Printable(name), why)
}

// readSources makes a valid workload of every source, or reports all problems.
func readSources(opts *estimateOptions, sources []source) ([]design.Workload, error) {
	workloads := make([]design.Workload, len(sources))
	var problems []error
	for i := range sources {
		w, err := readWorkload(opts, &sources[i])
		if err != nil {
			problems = append(problems, err)
		}
		workloads[i] = w
	}
	return workloads, errors.Join(problems...)
}

// readWorkload reads one source, takes the default region where none is
// stated, and validates.
func readWorkload(opts *estimateOptions, s *source) (design.Workload, error) {
	region := defaultRegion(opts.deps)
	if s.kind == "" {
		kind, err := intake.Detect(s.name, s.data)
		if err != nil {
			return design.Workload{}, err
		}
		s.kind = kind
	}
	w, err := readAs(opts, s, region.Value)
	if err != nil {
		return design.Workload{}, err
	}
	if w.Region.Basis == design.Assumed && w.Region.Value == region.Value {
		w.Region = region
	}
	opts.note(opts.deps, "read %s: %s, %d services in %s", s.name, s.kind, len(w.Services), w.Region.Value)
	var problems []error
	for _, p := range w.Validate() {
		problems = append(problems, fmt.Errorf("reading %s: %w", s.name, withPrices(opts.deps.catalog(), &w, p)))
	}
	return w, errors.Join(problems...)
}

// readAs turns a source into a workload, or into the variant that was asked for.
func readAs(opts *estimateOptions, s *source, region string) (design.Workload, error) {
	options := intake.Options{
		Kind: s.kind, Region: opts.region, DefaultRegion: region,
		LaunchType: design.ProviderKind(opts.launchType), Count: opts.count,
		HoursPerMonth: opts.hours,
		ReadFile: func(path string) ([]byte, error) {
			data, err := opts.deps.files.read(filepath.Join(s.dir, filepath.FromSlash(path)))
			return data, withoutOperation(err)
		},
	}
	switch {
	case opts.variant == "":
		return intake.Read(s.name, s.data, options)
	case s.kind != intake.DesignFile:
		return design.Workload{}, fmt.Errorf("reading %s: --variant needs a design file, this is a %s", s.name, s.kind)
	default:
		return intake.ReadVariant(s.name, s.data, opts.variant, options)
	}
}

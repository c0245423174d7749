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
		return nil, fmt.Errorf("reading %s: %w", arg, withoutOperation(err))
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
		return source{}, fmt.Errorf("reading %s: %w", path, withoutOperation(err))
	}
	return source{name: path, dir: filepath.Dir(path), data: data, kind: intake.Kind(r.kind)}, nil
}

// findInDir finds the inputs of a directory: its ecsavvy.yaml, unless that
// holds settings; else its design files, since they name the task definitions
// beside them; else its task definitions. What is left out is named on
// standard error.
func (r *reader) findInDir(dir string) ([]source, error) {
	for _, name := range designNames() {
		path := filepath.Join(dir, name)
		if _, err := r.files.stat(path); err != nil {
			continue
		}
		if s, err := r.load(path); err != nil || !intake.IsSettings(s.name, s.data) {
			return []source{s}, err
		}
	}
	entries, err := r.files.list(dir)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", dir, withoutOperation(err))
	}
	var found []source
	for _, e := range entries {
		if !slices.Contains([]string{".json", ".yaml", ".yml"}, filepath.Ext(e.Name())) || e.IsDir() {
			continue
		}
		s, err := r.load(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		kind, err := intake.Detect(s.name, s.data)
		switch {
		case err != nil:
			skip(r.deps, s.name, "it is no input that ecsavvy knows")
		case kind == intake.SettingsFile:
		case !slices.Contains(intake.Kinds(), kind):
			skip(r.deps, s.name, "no reader for "+string(kind))
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
			r.note("skipping %s: the design beside it is priced", s.name)
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

// readAll makes a valid workload of every source, or reports all problems.
func (r *reader) readAll(sources []source) ([]design.Workload, error) {
	workloads := make([]design.Workload, len(sources))
	var problems []error
	for i := range sources {
		w, err := r.read(&sources[i])
		if err != nil {
			problems = append(problems, err)
		}
		workloads[i] = w
	}
	return workloads, errors.Join(problems...)
}

// read reads one source, takes the default region where none is
// stated, and validates.
func (r *reader) read(s *source) (design.Workload, error) {
	region := defaultRegion(r.deps)
	if s.kind == "" {
		kind, err := intake.Detect(s.name, s.data)
		if err != nil {
			return design.Workload{}, err
		}
		s.kind = kind
	}
	w, err := r.readAs(s, region.Value)
	if err != nil {
		return design.Workload{}, err
	}
	if w.Region.Basis == design.Assumed && w.Region.Value == region.Value {
		w.Region = region
	}
	r.note("read %s: %s, %d services in %s", s.name, s.kind, len(w.Services), w.Region.Value)
	var problems []error
	for _, p := range w.Validate() {
		problems = append(problems, fmt.Errorf("reading %s: %w", s.name, withPrices(r.deps.catalog(), &w, p)))
	}
	return w, errors.Join(problems...)
}

// readAs turns a source into a workload, or into the variant that was asked for.
func (r *reader) readAs(s *source, region string) (design.Workload, error) {
	options := intake.Options{
		Kind: s.kind, Region: r.region, DefaultRegion: region,
		LaunchType: design.ProviderKind(r.launchType), Count: r.count,
		HoursPerMonth: r.hours,
		ReadFile: func(path string) ([]byte, error) {
			data, err := r.files.read(filepath.Join(s.dir, filepath.FromSlash(path)))
			return data, withoutOperation(err)
		},
	}
	switch {
	case r.variant == "":
		return intake.Read(s.name, s.data, options)
	case s.kind != intake.DesignFile:
		return design.Workload{}, fmt.Errorf("reading %s: --variant needs a design file, this is a %s", s.name, s.kind)
	default:
		return intake.ReadVariant(s.name, s.data, r.variant, options)
	}
}

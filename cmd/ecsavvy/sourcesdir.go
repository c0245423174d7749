package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/intake"
	"ecsavvy/cmd/internal/render"
)

// findInDir finds the inputs of a directory: its ecsavvy.yaml, unless that
// holds settings; else its design files, since they name the task definitions
// beside them; else what else is in it, with templates joined into one input
// and replies of describe calls into another. What is left out is named on
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
	found, manifest, err := r.scanDir(dir)
	if err != nil {
		return nil, err
	}
	if ofKind(found, intake.DesignFile) {
		found = slices.DeleteFunc(found, func(s source) bool {
			if s.kind == intake.DesignFile {
				return false
			}
			skip(r.deps, s.name, "the design beside it is priced")
			return true
		})
	}
	found = join(found, dir, intake.CloudFormation, manifest, intake.CloudFormation)
	// Services and what they run are saved by two calls.
	found = join(found, dir, intake.Description, nil, intake.Description, intake.TaskDefinition)
	if len(found) == 0 {
		return nil, &noInputError{dir: r.at(dir)}
	}
	return found, nil
}

// noInputError says that a directory is there and holds nothing to price.
type noInputError struct{ dir string }

func (e *noInputError) Error() string {
	return fmt.Sprintf("reading %s: no %s, no other design file, task definition, plan, template or Compose file directly in it", e.dir, designNames()[0])
}

// scanDir reads every file of a directory that is an input. The manifest is
// that of a CDK's cloud assembly, which names the stacks of its templates.
func (r *reader) scanDir(dir string) (found []source, manifest *source, err error) {
	entries, err := r.files.list(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", r.at(dir), withoutOperation(err))
	}
	assembly := slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "cdk.out" })
	for _, e := range entries {
		if !slices.Contains([]string{".json", ".yaml", ".yml"}, filepath.Ext(e.Name())) || e.IsDir() {
			continue
		}
		if assembly && !strings.HasSuffix(e.Name(), ".template.json") && e.Name() != "manifest.json" {
			continue // tree.json and lists of assets
		}
		s, err := r.load(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		if e.Name() == "manifest.json" && assembly {
			manifest = &s
			continue
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
	return found, manifest, nil
}

func ofKind(list []source, kind intake.Kind) bool {
	return slices.ContainsFunc(list, func(s source) bool { return s.kind == kind })
}

// join makes one source of all that are of the kinds, if one is of the first
// kind and there is more than one file. extra is read with them.
func join(list []source, dir string, into intake.Kind, extra *source, kinds ...intake.Kind) []source {
	if !ofKind(list, into) {
		return list
	}
	joined := source{name: dir, dir: ".", kind: into, files: map[string][]byte{}}
	var rest []source
	for _, s := range list {
		if slices.Contains(kinds, s.kind) {
			joined.files[filepath.ToSlash(s.name)] = s.data
		} else {
			rest = append(rest, s)
		}
	}
	if len(joined.files) == 1 && extra == nil {
		return list
	}
	if extra != nil {
		joined.files[filepath.ToSlash(extra.name)] = extra.data
	}
	return append([]source{joined}, rest...)
}

// joinReplies makes one source of the replies of describe calls that were named
// one by one: services are saved by one call, and what they run by another.
func joinReplies(sources []source) []source {
	for i := range sources {
		s := &sources[i]
		if s.kind != "" || s.files != nil {
			continue
		}
		if kind, err := intake.Detect(s.name, s.data); err == nil && (kind == intake.Description || kind == intake.TaskDefinition) {
			s.kind = kind
		}
	}
	return join(sources, "AWS replies", intake.Description, nil, intake.Description, intake.TaskDefinition)
}

// readJoined reads the files of a source that has several.
func (r *reader) readJoined(s *source) ([]design.Workload, error) {
	var w design.Workload
	var err error
	if s.kind == intake.CloudFormation {
		w, err = intake.ReadStacks(s.files, r.options(s))
	} else {
		w, err = intake.ReadDescriptions(s.files, r.options(s))
	}
	r.note("%s: %s", r.at(s.name), strings.Join(slices.Sorted(maps.Keys(s.files)), ", "))
	return []design.Workload{w}, err
}

// skip says on standard error what a directory holds and no estimate covers.
func skip(d *deps, name, why string) {
	fmt.Fprintf(d.stderr, "ecsavvy: skipping %s: %s\n", render.Printable(name), why)
}

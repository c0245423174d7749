package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/cmd/internal/render"
)

// expand resolves the patterns of --path, each file once.
func (o *changeOptions) expand(d *deps) ([]string, error) {
	var files []string
	var problems []error
	for _, pattern := range o.paths {
		found, err := d.files.glob(pattern)
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("--path %s: %w", pattern, err))
		case len(found) == 0 && !strings.ContainsAny(pattern, "*?["):
			found = []string{pattern} // reading it says what is wrong
		case len(found) == 0:
			problems = append(problems, fmt.Errorf("--path %s: no file is like that", pattern))
		}
		for _, name := range found {
			if !slices.Contains(files, name) {
				files = append(files, name)
			}
		}
	}
	return files, errors.Join(problems...)
}

// change is what was read of both sides: projects that are to be priced, and
// those that were compared before.
type change struct {
	pairs []pair
	// saved are projects of saved diffs, with what they were read from and
	// what their guardrails came to.
	saved      []advisor.Project
	inputs     map[string]render.DiffInput
	guardrails []render.Guardrail
}

// ofPaths reads files of which each holds both sides: Terraform plans, and the
// JSON of diffs.
func (r *reader) ofPaths(files []string) (*change, error) {
	c := &change{inputs: map[string]render.DiffInput{}}
	var problems []error
	for _, name := range files {
		data, err := r.files.read(name)
		switch {
		case err != nil:
			err = fmt.Errorf("reading %s: %w", name, withoutOperation(err))
		case render.IsSaved(data):
			err = c.addSaved(name, data)
		default:
			var found []pair
			found, err = r.plan(&source{name: name, dir: filepath.Dir(name), data: data})
			c.pairs = append(c.pairs, found...)
		}
		problems = append(problems, err)
	}
	c.pairs = named(c.pairs)
	return c, errors.Join(problems...)
}

// addSaved takes over a diff that was saved as JSON.
func (c *change) addSaved(name string, data []byte) error {
	saved, err := render.ReadSaved(name, data)
	if err != nil {
		return err
	}
	if !saved.IsDiff {
		return fmt.Errorf("reading %s: it is an estimate of one side; want the JSON of ecsavvy diff", name)
	}
	c.guardrails = append(c.guardrails, saved.Guardrails...)
	for _, p := range saved.Projects {
		c.saved = append(c.saved, advisor.Project{
			Name: p.Name, Before: p.Before, After: p.After,
			Options: advisor.DiffOptions{Renamed: p.Renamed, Incomplete: p.Incomplete},
		})
		c.inputs[p.Name] = render.DiffInput{Path: p.Path, Kind: p.Kind}
	}
	return nil
}

// compare prices what is not priced yet and compares both sides.
func (c *change) compare(cat *prices, hours float64) (*madeDiff, error) {
	priced, err := priceAll(c.pairs, cat, hours)
	if err != nil {
		return nil, err
	}
	made := &madeDiff{
		diff:   advisor.DiffProjects(append(c.saved, priced...)),
		inputs: inputsOf(c.pairs), snapshot: cat.SnapshotDate(), saved: c.guardrails,
	}
	for name, input := range c.inputs {
		made.inputs[name] = input
	}
	return made, nil
}

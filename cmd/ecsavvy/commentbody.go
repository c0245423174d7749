package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/cmd/internal/render"
	"ecsavvy/cmd/internal/review"
)

// body fits the diff's markdown to the forge.
func (o *commentOptions) body(made *madeDiff, profile review.Profile) string {
	info := made.info(o.out.asOf)
	info.AllProjects, info.Brief = o.allProjects, o.brief
	parts := render.DiffComment(made.diff, info)
	body := review.Body{Head: parts.Head, Foot: parts.Foot}
	if !profile.HTML {
		body.Foot = strings.NewReplacer("<sub>", "", "</sub>", "", "<br>\n", "\n\n").Replace(body.Foot)
	}
	for _, s := range parts.Sections {
		body.Sections = append(body.Sections, review.Section{Title: s.Title, Text: s.Text, Collapsed: s.Collapsed, Priority: s.Priority})
	}
	return body.Render(profile)
}

// make reads the change, or what a diff saved of it.
func (o *commentOptions) make() (*madeDiff, *settings, error) {
	if len(o.paths) == 0 {
		return makeDiff(&o.changeOptions, &o.limitOptions, &o.out, o.deps)
	}
	files, err := o.expand()
	if err != nil {
		return nil, nil, as(badInput, err)
	}
	config, err := findSettings(o.deps, o.configFile, files)
	if err != nil {
		return nil, nil, as(badInput, err)
	}
	set, err := o.compile(&config)
	if err != nil {
		return nil, nil, err
	}
	config.apply(&o.inputOptions)
	made, pairs, projects, err := o.readPaths(files, &config)
	if err != nil {
		return nil, nil, as(badInput, err)
	}
	made.diff = advisor.DiffProjects(projects)
	for _, outcome := range o.checkGuardrails(set, factsOf(&made.diff, pairs)) {
		// What the diff's own run decided stands: it had the designs.
		known := slices.ContainsFunc(made.saved, func(g render.Guardrail) bool { return g.Title == outcome.Name })
		if !known {
			made.outcomes = append(made.outcomes, outcome)
		}
	}
	return made, &config, nil
}

// expand resolves the patterns of --path.
func (o *commentOptions) expand() ([]string, error) {
	var files []string
	var problems []error
	for _, pattern := range o.paths {
		found, err := o.deps.files.glob(pattern)
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

// readPaths reads saved diffs, and prices plans.
func (o *commentOptions) readPaths(files []string, config *settings) (*madeDiff, []pair, []advisor.Project, error) {
	head := newReader(&o.inputOptions, o.deps, &o.out)
	head.settings = config
	cat := o.deps.catalog()
	made := &madeDiff{inputs: map[string]render.DiffInput{}, snapshot: cat.SnapshotDate()}
	var pairs []pair
	var projects []advisor.Project
	var problems []error
	for _, name := range files {
		data, err := o.deps.files.read(name)
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("reading %s: %w", name, withoutOperation(err)))
		case render.IsSaved(data):
			saved, err := render.ReadSaved(name, data)
			if err == nil && !saved.IsDiff {
				err = fmt.Errorf("reading %s: it is an estimate of one side; want the JSON of ecsavvy diff", name)
			}
			if err != nil {
				problems = append(problems, err)
				continue
			}
			made.saved = append(made.saved, saved.Guardrails...)
			for _, p := range saved.Projects {
				projects = append(projects, advisor.Project{
					Name: p.Name, Before: p.Before, After: p.After,
					Options: advisor.DiffOptions{Renamed: p.Renamed, Incomplete: p.Incomplete},
				})
				made.inputs[p.Name] = render.DiffInput{Path: p.Path, Kind: p.Kind}
			}
		default:
			found, err := head.plan(&source{name: name, dir: filepath.Dir(name), data: data})
			problems = append(problems, err)
			pairs = append(pairs, found...)
		}
	}
	priced, err := priceAll(named(pairs), cat, o.hours)
	problems = append(problems, err)
	for name, input := range inputsOf(pairs) {
		made.inputs[name] = input
	}
	return made, pairs, append(projects, priced...), errors.Join(problems...)
}

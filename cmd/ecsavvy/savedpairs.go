package main

import (
	"fmt"

	"ecsavvy/cmd/internal/render"
)

// savedPairs compares inputs with a saved estimate.
func (o *changeOptions) savedPairs(head *reader) ([]pair, error) {
	data, err := head.files.read(o.compareTo)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", o.compareTo, withoutOperation(err))
	}
	saved, err := render.ReadSaved(o.compareTo, data)
	if err != nil {
		return nil, err
	}
	after, err := head.find(o.args)
	if err != nil {
		return nil, err
	}
	return head.againstSaved(&saved, after)
}

// savedBase reads BASE where it is a saved estimate; else it is nil.
func (r *reader) savedBase(arg string) (*render.Saved, error) {
	if arg == "-" {
		return nil, nil
	}
	info, err := r.files.stat(arg)
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil // findSide says what is wrong
	}
	data, err := r.files.read(arg)
	if err != nil || !render.IsSaved(data) {
		return nil, nil
	}
	saved, err := render.ReadSaved(arg, data)
	return &saved, err
}

// againstSaved pairs what was saved with sources: by the project's name, then
// by its path. A single one is compared with a single one whatever they are
// called. Of a saved diff the side after the change counts.
func (r *reader) againstSaved(saved *render.Saved, after []source) ([]pair, error) {
	inputs, err := r.readAll(after)
	if err != nil {
		return nil, err
	}
	pairs := make([]pair, len(inputs))
	for i := range inputs {
		in := &inputs[i]
		pairs[i] = pair{path: in.path(), kind: string(in.source.kind), after: &side{design: &in.workload}}
	}
	pairs = named(pairs)
	if len(pairs) == 1 && len(saved.Projects) == 1 {
		pairs[0].before = savedSide(&saved.Projects[0])
		return pairs, nil
	}
	for i := range saved.Projects {
		p := &saved.Projects[i]
		if p.After == nil {
			continue
		}
		if j, ok := findPair(pairs, p); ok {
			pairs[j].before = savedSide(p)
			continue
		}
		pairs = append(pairs, pair{name: p.Name, path: p.Path, kind: p.Kind, before: savedSide(p)})
	}
	return pairs, nil
}

func savedSide(p *render.SavedProject) *side {
	if p.After == nil {
		return nil
	}
	return &side{result: p.After}
}

// findPair finds the project that is not paired yet.
func findPair(pairs []pair, p *render.SavedProject) (int, bool) {
	for i := range pairs {
		if pairs[i].before == nil && pairs[i].name == p.Name {
			return i, true
		}
	}
	for i := range pairs {
		if pairs[i].before == nil && pairs[i].path == p.Path {
			return i, true
		}
	}
	return 0, false
}

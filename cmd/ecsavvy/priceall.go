package main

import (
	"errors"
	"fmt"
	"sync"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
	"ecsavvy/cmd/internal/render"
)

// priceAll prices both sides of every project. The two sides know nothing of
// each other, so they are priced at the same time.
func priceAll(pairs []pair, cat *prices, hours float64) ([]advisor.Project, error) {
	projects := make([]advisor.Project, len(pairs))
	var problems [2][]error
	price := func(into *[]error, p *pair, s *side, at **estimate.Result) {
		switch {
		case s == nil:
		case s.result != nil:
			*at = s.result
		default:
			result, err := estimate.Run(*s.design, cat.Catalog, cat.options(hours))
			if err != nil {
				*into = append(*into, fmt.Errorf("pricing %s: %w", p.name, err))
			}
			*at = &result
		}
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		for i := range pairs {
			price(&problems[0], &pairs[i], pairs[i].before, &projects[i].Before)
		}
	})
	for i := range pairs {
		price(&problems[1], &pairs[i], pairs[i].after, &projects[i].After)
	}
	wait.Wait()
	for i := range pairs {
		projects[i].Name = pairs[i].name
		projects[i].Options = advisor.DiffOptions{Renamed: pairs[i].renamed, Incomplete: pairs[i].incomplete}
	}
	return projects, errors.Join(append(problems[0], problems[1]...)...)
}

// inputsOf tells of each project what it was read from.
func inputsOf(pairs []pair) map[string]render.DiffInput {
	inputs := make(map[string]render.DiffInput, len(pairs))
	for i := range pairs {
		inputs[pairs[i].name] = render.DiffInput{Path: pairs[i].path, Kind: pairs[i].kind}
	}
	return inputs
}

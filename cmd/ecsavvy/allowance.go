package main

import (
	"fmt"
	"slices"

	"ecsavvy/advisor/estimate"
	"ecsavvy/cmd/internal/render"
)

// warnOfSharedAllowance says where several projects have each been given the
// one free allowance of an account: their sum is then too low.
func warnOfSharedAllowance(projects []render.Priced) {
	const path = "network.egress.allowance"
	var takers []int
	for i := range projects {
		if slices.ContainsFunc(projects[i].Result.Assumptions, func(n estimate.Note) bool { return n.Path == path }) {
			takers = append(takers, i)
		}
	}
	if len(takers) < 2 {
		return
	}
	last := &projects[takers[len(takers)-1]].Result
	last.Warnings = append(last.Warnings, estimate.Note{Path: path, Text: fmt.Sprintf(
		"%d projects each take the free internet egress that an account has once: their sum is too low; state the allowance in all but one", len(takers))})
}

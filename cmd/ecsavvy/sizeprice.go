package main

import (
	"errors"
	"fmt"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// withPrices adds to an invalid Fargate size what the nearest valid ones cost.
func withPrices(cat *pricing.Catalog, w *design.Workload, problem error) error {
	size, ok := errors.AsType[*design.SizeError](problem)
	if !ok || len(size.Nearest) == 0 {
		return problem
	}
	var near []string
	for _, s := range size.Nearest {
		text := s.String()
		if usd, err := monthlyPrice(cat, w, size, s); err == nil {
			text += fmt.Sprintf(" ($%.2f a month)", usd)
		}
		near = append(near, text)
	}
	return fmt.Errorf("%w; nearest: %s", problem, strings.Join(near, ", "))
}

// monthlyPrice is what one task of a size costs in the workload's region, with
// the capacity, architecture and operating system of the service at fault.
func monthlyPrice(cat *pricing.Catalog, w *design.Workload, at *design.SizeError, size design.Size) (float64, error) {
	for i := range w.Services {
		s := &w.Services[i]
		if "services."+s.Name+".task" != at.Path {
			continue
		}
		one := design.Service{Name: s.Name, Capacity: s.Capacity, Count: design.Count(1)}
		one.Task = design.Task{
			CPU: design.Know(size.VCPU), Memory: design.Know(size.GB),
			OS: s.Task.OS, Architecture: s.Task.Architecture,
		}
		result, err := estimate.Run(design.Workload{Region: w.Region, Services: []design.Service{one}}, cat, estimate.Options{})
		if err != nil {
			return 0, err
		}
		if result.LowerBound() {
			return 0, errors.New("not all of it has a price")
		}
		return result.Total.Effective, nil
	}
	return 0, fmt.Errorf("no service stands at %s", at.Path)
}

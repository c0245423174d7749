package render

import "ecsavvy/advisor/estimate"

// documentCents are the cents that a document prints, apportioned from the
// grand total down to every line.
type documentCents struct {
	total    int64
	projects []projectCents
}

type projectCents struct {
	total     int64
	resources []resourceCents
}

type resourceCents struct {
	total int64
	lines []int64
}

// centsOf apportions the effective costs of projects.
func centsOf(projects []Priced) documentCents {
	exact, sum := make([]float64, len(projects)), 0.0
	for i, p := range projects {
		exact[i] = resourceSum(p.Result.Resources)
		sum += exact[i]
	}
	out := documentCents{total: toCents(sum), projects: make([]projectCents, len(projects))}
	for i, cents := range apportion(out.total, exact) {
		out.projects[i] = projectCents{total: cents, resources: resourceCentsOf(cents, projects[i].Result.Resources)}
	}
	return out
}

func resourceCentsOf(total int64, resources []estimate.Resource) []resourceCents {
	exact := make([]float64, len(resources))
	for i := range resources {
		exact[i] = resources[i].Cost.Effective
	}
	out := make([]resourceCents, len(resources))
	for i, cents := range apportion(total, exact) {
		lines := make([]float64, len(resources[i].Lines))
		for j := range lines {
			if l := &resources[i].Lines[j]; l.Unpriced == "" {
				lines[j] = l.Cost.Effective
			}
		}
		out[i] = resourceCents{total: cents}
		if len(lines) > 0 {
			out[i].lines = apportion(cents, lines)
		}
	}
	return out
}

func resourceSum(resources []estimate.Resource) float64 {
	sum := 0.0
	for i := range resources {
		sum += resources[i].Cost.Effective
	}
	return sum
}

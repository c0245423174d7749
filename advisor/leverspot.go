package advisor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// spotOnFargate moves the tasks of a Fargate service above a base to Fargate Spot.
// The base stays On-Demand, so that an interruption of all Spot tasks leaves half of
// what the service runs at its least. docs/spot.md.
func spotOnFargate(_ context.Context, c *serviceCase, f *findings) error {
	s := &c.service
	if !onFargate(s) || len(s.Capacity.Providers) == 0 || s.Task.OS.Value == design.Windows || s.Count.Runs != nil ||
		slices.ContainsFunc(s.Capacity.Providers, func(p design.Provider) bool { return p.Kind == design.FargateSpot }) {
		return nil
	}
	least := leastTasks(s)
	if math.IsNaN(least) || least < 2 {
		return nil // the Spot share of one task is an outage
	}
	base := int(math.Ceil(least / 2))
	title := "1 On-Demand task, the rest on Fargate Spot"
	if base > 1 {
		title = fmt.Sprintf("%d On-Demand tasks, the rest on Fargate Spot", base)
	}
	r, ok, err := c.recommend(LeverSpot, title, func(s *design.Service) error {
		if !onFargate(s) || s.Task.OS.Value == design.Windows {
			return errors.New("it does not run on Linux on Fargate any more")
		}
		s.Capacity = design.CapacityStrategy{Providers: []design.Provider{
			{Kind: design.Fargate, Base: base}, {Kind: design.FargateSpot, Weight: 1},
		}}
		return nil
	})
	if err != nil || !ok {
		return err
	}
	r.Effort, r.Risk = EffortDeploy, RiskMedium
	r.RiskReasons = []string{
		"Spot tasks are stopped with two minutes' notice; AWS publishes no interruption rates for Fargate Spot, and no On-Demand task takes their place while Spot has no capacity",
	}
	if kinds := stateful(s); len(kinds) > 0 {
		r.Risk = RiskHigh
		r.RiskReasons = append([]string{"it keeps state in " + strings.Join(kinds, ", ") + ": an interruption may leave it half written"}, r.RiskReasons...)
	}
	r.Reasons = []string{"the Spot rate floats: the saving is at that of the price snapshot"}
	strategy := fmt.Sprintf("capacityProvider=FARGATE,base=%d,weight=0 capacityProvider=FARGATE_SPOT,weight=1", base)
	r.Patches = []Patch{
		{FormTerraform, fmt.Sprintf("capacity_provider_strategy {\n  capacity_provider = \"FARGATE\"\n  base              = %d\n  weight            = 0\n}\ncapacity_provider_strategy {\n  capacity_provider = \"FARGATE_SPOT\"\n  weight            = 1\n}", base)},
		{FormCLI, c.updateService("--force-new-deployment --capacity-provider-strategy " + strategy)},
	}
	f.recommend(r)
	return nil
}

// leastTasks is the least number of tasks that a service runs, NaN where unknown.
func leastTasks(s *design.Service) float64 {
	if sc := s.Count.Scaled; sc != nil && sc.Min.Stated() {
		return sc.Min.Value
	}
	if s.Count.Fixed.Stated() {
		return math.Floor(s.Count.Fixed.Value + 0.05) // a measured mean of 3.98 is four tasks and a deployment
	}
	if s.Count.Week != nil {
		return slices.Min(s.Count.Week.Hours[:])
	}
	return math.NaN()
}

// stateful are the kinds of volumes that outlive a task of a service.
func stateful(s *design.Service) []string {
	var kinds []string
	for _, v := range s.Task.Volumes {
		if kind := map[string]string{"efs": "EFS", "ebs": "EBS"}[v.Kind]; kind != "" && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

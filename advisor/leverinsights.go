package advisor

import (
	"fmt"

	"ecsavvy/advisor/design"
)

// insights weighs what Container Insights costs: the next cheaper setting of every
// cluster that pays for it. docs/insights.md.
func insights(s *site, f *findings) error {
	for i := range s.workload.Clusters {
		c := &s.workload.Clusters[i]
		name := clusterName(c)
		for _, to := range cheaperInsights(c.Insights.Value) {
			r, ok, err := s.recommend(Recommendation{
				Lever: LeverInsights, Subject: s.subject("cluster", "", name, c.Tags),
				Title: fmt.Sprintf("Container Insights: %s → %s", c.Insights.Value, to),
				Risk:  RiskMedium, RiskReasons: []string{"dashboards and alarms on the metrics that end go blind"},
				Effort: EffortSetting,
				Reasons: []string{
					"its metrics are paid by the month whether anybody looks or not; AWS/ECS CPU and memory by service stay, free of charge",
					"advice from AWS/ECS alone does not know the size of each container",
				},
				Patches: []Patch{
					{FormTerraform, fmt.Sprintf("setting {\n  name  = \"containerInsights\"\n  value = %s\n}", hcl(string(to)))},
					{FormCLI, fmt.Sprintf("aws ecs update-cluster-settings --region %s --cluster %s --settings name=containerInsights,value=%s", shell(s.scope.Region), shell(name), to)},
				},
				Change: func(w *design.Workload) error {
					c := clusterNamed(w, name)
					if c == nil {
						return errGone
					}
					c.Insights = design.Know(to)
					return nil
				},
			})
			if err != nil {
				return err
			}
			if ok {
				f.recommend(r)
			}
		}
	}
	return nil
}

// cheaperInsights are the settings below one.
func cheaperInsights(from design.Insights) []design.Insights {
	switch from {
	case design.InsightsEnhanced:
		return []design.Insights{design.InsightsStandard, design.InsightsDisabled}
	case design.InsightsStandard:
		return []design.Insights{design.InsightsDisabled}
	}
	return nil
}

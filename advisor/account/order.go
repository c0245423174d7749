package account

import "strings"

func compareText(a, b string) int { return strings.Compare(a, b) }

// firstDifference is the first that is not 0.
func firstDifference(results ...int) int {
	for _, r := range results {
		if r != 0 {
			return r
		}
	}
	return 0
}

func (s Scope) compare(o Scope) int {
	return firstDifference(compareText(s.Account, o.Account), compareText(s.Region, o.Region))
}

func (r Resource) compare(o Resource) int {
	return firstDifference(r.Scope.compare(o.Scope), compareText(r.Kind, o.Kind), compareText(r.Cluster, o.Cluster),
		compareText(r.Name, o.Name), compareText(r.Container, o.Container))
}

func (f Failure) compare(o Failure) int {
	return firstDifference(f.Scope.compare(o.Scope), compareText(f.Call, o.Call), compareText(f.Resource, o.Resource), compareText(f.Why, o.Why))
}

func (m Measurement) compare(o Measurement) int {
	return firstDifference(compareText(m.Metric.Namespace, o.Metric.Namespace), compareText(m.Metric.Name, o.Metric.Name),
		compareText(m.Metric.Statistic, o.Metric.Statistic), int(m.Series.Step/1e9-o.Series.Step/1e9), m.Series.Start.Compare(o.Series.Start))
}

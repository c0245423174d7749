package advisor

import (
	"strings"

	"ecsavvy/advisor/design"
)

// recommend makes a recommendation of a change of what services share. Its
// saving is priced on the part of the site that the component is; one number,
// since no demand was drawn for it. ok is false where it saves nothing.
func (s *site) recommend(r Recommendation) (_ Recommendation, ok bool, err error) {
	w := copyOf(s.sub(s.componentOf(&r)))
	before, err := s.price(w)
	if err != nil {
		return r, false, err
	}
	if err := r.Change(&w); err != nil {
		return r, false, nil
	}
	after, err := s.price(w)
	if err != nil || after.Unpriced > before.Unpriced {
		return r, false, err
	}
	r.Before, r.After = before.Total.Effective, after.Total.Effective
	saving := r.Before - r.After
	r.Saving = Saving{saving, saving, saving}
	r.Evidence.From, r.Evidence.To = s.manifest.From, s.manifest.To
	if strings.HasPrefix(r.Evidence.Source, "AWS/") {
		r.Evidence.Step = s.manifest.Period
	}
	return r, saving >= cent, nil
}

// clusterNamed is a cluster of a workload; nil where it has none of the name.
func clusterNamed(w *design.Workload, name string) *design.Cluster {
	for i := range w.Clusters {
		if clusterName(&w.Clusters[i]) == name {
			return &w.Clusters[i]
		}
	}
	return nil
}

package advisor

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// savingsPlanName names the choice that is sized after all others.
const savingsPlanName = "Compute SP 1yr"

// commitTo buys a Compute Savings Plan of one year without upfront, sized for
// the design, and says how.
//
// A constant count is bought whole, since every hour uses it. Over a schedule
// estimate.SizePlan finds the least cost, r × Q_d. Of an autoscaled count only
// the minimum is sure: r × Q_d needs the hours at each count, which a design
// does not state and its mean does not tell. One-shot work is left out: it runs
// in some hours, and a commitment is owed in all.
func commitTo(w *design.Workload, cat *pricing.Catalog, opt estimate.Options) (how string, err error) {
	plan := design.SavingsPlan{Name: "alternative", Kind: "Compute", Term: "1yr", Payment: "No Upfront"}
	sure := copyOf(*w)
	var floors []string
	scheduled := false
	floor := func(name string, p *design.CountProfile) {
		switch {
		case p.Scaled != nil:
			least := p.Scaled.Min
			if !least.Stated() {
				least = design.Know(0.0)
			}
			*p = design.CountProfile{Fixed: least}
			floors = append(floors, name)
		case p.Runs != nil:
			*p = design.Count(0)
		case p.Week != nil:
			scheduled = true
		}
	}
	for i := range sure.Services {
		floor(sure.Services[i].Name, &sure.Services[i].Count)
	}
	for i := range sure.Clusters {
		for j := range sure.Clusters[i].Groups {
			floor(sure.Clusters[i].Groups[j].Name, &sure.Clusters[i].Groups[j].Count)
		}
	}
	size, err := estimate.SizePlan(sure, plan, cat, opt)
	if err != nil {
		return "", fmt.Errorf("%w: all on Spot, on what no plan covers, or nothing that always runs", err)
	}
	if size.Hourly <= 0 {
		return "", errors.New("a Savings Plan would lie idle in too many hours: it pays only where it is used in most of them")
	}
	plan.Hourly = size.Hourly
	w.Commitments.SavingsPlans = []design.SavingsPlan{plan}
	how = fmt.Sprintf("%s USD an hour: ", short(math.Round(size.Hourly*1e5)/1e5))
	switch {
	case scheduled:
		how += fmt.Sprintf("what costs least over the schedule (r × Q_d), used whole in %.0f %% of the hours", size.WholeHours*100)
	default:
		how += "all that it reaches, since no count changes"
	}
	if len(floors) > 0 {
		how = strings.Replace(how, ", since no count changes", "", 1)
		how += "; of " + strings.Join(floors, ", ") + " the minimum count, since how often more run is not stated"
	}
	return how, nil
}

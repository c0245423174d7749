package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// scalingOf is what Application Auto Scaling does to a service's count.
type scalingOf struct {
	target  *scalableTarget
	actions []*scheduledAction
	// trackings counts target tracking policies, each of which has alarms.
	trackings int
}

// scalingByService finds the scalable target of each service.
func (j *joining) scalingByService() map[int]*scalingOf {
	byPath := make(map[string]int, len(j.s.services))
	for i := range j.s.services {
		byPath[j.clusterName(j.s.services[i].cluster)+"/"+j.s.services[i].name] = i
	}
	service := func(r ref) int {
		if i := j.services.find(r); i >= 0 {
			return i
		}
		return resourceIDService(r.text, byPath)
	}
	scaling := make(map[int]*scalingOf)
	for i := range j.s.targets {
		if n := service(j.s.targets[i].service); n >= 0 {
			scaling[n] = &scalingOf{target: &j.s.targets[i]}
		}
	}
	// of finds what a policy or an action changes: a target, or the service.
	of := func(r ref) *scalingOf {
		if t := j.targets.get(r); t != nil {
			return scaling[service(t.service)]
		}
		return scaling[service(r)]
	}
	for i := range j.s.policies {
		if sc := of(j.s.policies[i].target); sc != nil && j.s.policies[i].kind == "TargetTrackingScaling" {
			sc.trackings++
		}
	}
	for i := range j.s.actions {
		if sc := of(j.s.actions[i].target); sc != nil {
			sc.actions = append(sc.actions, &j.s.actions[i])
		}
	}
	return scaling
}

// resourceIDService finds the service of Application Auto Scaling's resource ID
// "service/cluster/name"; -1 where there is none.
func resourceIDService(id string, byPath map[string]int) int {
	path, ok := strings.CutPrefix(id, "service/")
	if !ok {
		return -1
	}
	if i, ok := byPath[path]; ok {
		return i
	}
	if name, ok := strings.CutPrefix(path, "default/"); ok {
		if i, ok := byPath["/"+name]; ok {
			return i
		}
	}
	return -1
}

// count is the profile of a service: what autoscaling makes of it, else the
// desired count, else what the caller says.
func (j *joining) count(i int) design.CountProfile {
	svc := &j.s.services[i]
	if svc.daemon {
		if svc.seen.Stated() {
			return design.CountProfile{Fixed: svc.seen}
		}
		return design.DaemonCount()
	}
	if sc := j.scaling[i]; sc != nil {
		return sc.profile()
	}
	switch {
	case !absent(svc.desired):
		return design.CountProfile{Fixed: svc.desired}
	case j.opts.Count > 0:
		return design.Count(j.opts.Count)
	default:
		return design.CountProfile{Fixed: design.NotKnown[float64](
			fmt.Sprintf("%s states neither a desired count nor a scalable target; say it with --count", j.s.code))}
	}
}

// profile is the count between the bounds of the scalable target.
func (sc *scalingOf) profile() design.CountProfile {
	low, high := sc.target.min, sc.target.max
	if len(sc.actions) > 0 {
		if p, ok := sc.week(); ok {
			return p
		}
		for _, a := range sc.actions {
			low = extreme(low, a.min, func(a, b float64) bool { return a < b })
			high = extreme(high, a.max, func(a, b float64) bool { return a > b })
		}
	}
	if low.Basis == design.Known && high.Basis == design.Known && low.Value == high.Value {
		return design.CountProfile{Fixed: low}
	}
	return design.CountProfile{Scaled: &design.ScaledCount{
		Min: low, Max: high, Average: design.NotKnown[float64]("autoscaling decides between the bounds; the load is not in the code"),
	}}
}

// extreme is the lower (or higher) of two bounds; an absent one does not count.
func extreme(a, b fact[float64], beats func(a, b float64) bool) fact[float64] {
	switch {
	case absent(b), !a.Stated():
		return a
	case !b.Stated(), beats(b.Value, a.Value):
		return b
	default:
		return a
	}
}

// week is the count by hour of the week where scheduled actions alone decide
// it: all of them weekly, and least and most equal at every moment.
func (sc *scalingOf) week() (design.CountProfile, bool) {
	type change struct {
		at       int
		min, max fact[float64]
	}
	var changes []change
	for _, a := range sc.actions {
		moments, ok := weeklyMoments(a.schedule.Value)
		if !a.schedule.Stated() || !ok || a.bounded || a.timezone != sc.actions[0].timezone || !settled(a.min) || !settled(a.max) {
			return design.CountProfile{}, false
		}
		for _, at := range moments {
			changes = append(changes, change{at, a.min, a.max})
		}
	}
	if len(changes) == 0 {
		return design.CountProfile{}, false
	}
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	low, high := sc.target.min, sc.target.max
	apply := func(c change) {
		low, high = stated(c.min, low), stated(c.max, high)
	}
	for _, c := range changes { // what the week before ends with
		apply(c)
	}
	var week design.WeekSchedule
	next := 0
	for minute := range minutesPerWeek {
		for next < len(changes) && changes[next].at == minute {
			apply(changes[next])
			next++
		}
		if !low.Stated() || !high.Stated() || low.Value != high.Value {
			return design.CountProfile{}, false
		}
		week.Hours[minute/60] += low.Value // counts of minutes are exact
	}
	for i := range week.Hours {
		week.Hours[i] /= 60
	}
	return design.CountProfile{Week: &week}, true
}

// known1 reports whether a bound is known or not there at all.
func settled(f fact[float64]) bool { return f.Basis == design.Known || absent(f) }

package intake

import (
	"fmt"
	"strings"

	"ecsavvy/advisor/design"
)

// startedBySchedule reports whether EventBridge or its Scheduler started a task.
// Both write their name into startedBy; that of the schedule after it is cut off.
func startedBySchedule(at cursor) bool {
	by := at.get("startedBy").name("a starter")
	return strings.HasPrefix(by, "events-rule/") || strings.HasPrefix(by, "chronos-schedule/")
}

// ran notes how long a task was billed for: from the image pull to its end.
// Source: aws.amazon.com/fargate/pricing.
func (t *seenTasks) ran(at cursor) {
	from, to := at.get("pullStartedAt").moment(), at.get("stoppedAt").moment()
	if !from.IsZero() && to.After(from) {
		t.seconds = append(t.seconds, to.Sub(from).Seconds())
	}
}

// oneShot makes one-shot work of tasks that start and end: how often is not said
// by what was found of them.
func (d *describer) oneShot(key string, t *seenTasks) {
	var on ecsService
	t.capacity(&on)
	d.stack.scheduledTasks = append(d.stack.scheduledTasks, scheduledTask{
		cloudResource: cloudResource{key: key, name: t.name, at: t.at},
		cluster:       refText(t.cluster), taskDef: refText(t.taskDef),
		schedule: design.NotKnown[string]("what starts it is not in this input"),
		tasks:    design.Assume(1.0, "one task in each run"), launchType: on.launchType, strategy: on.strategy,
	})
	d.seen[key] = &seenService{name: t.name, cluster: t.cluster, stopped: t.stopped}
}

// runLength lays the mean length of the tasks that had stopped over one-shot work.
func (d *describer) runLength(s *design.Service) {
	t := d.tasks[s.Name] // a name that several have: theirs are keys
	if t == nil {
		t = d.tasks[cmpOr(s.Cluster, "default")+"/"+s.Name]
	}
	if t == nil || len(t.seconds) == 0 {
		return
	}
	sum := 0.0
	for _, seconds := range t.seconds {
		sum += seconds
	}
	n := len(t.seconds)
	s.Count.Runs.Seconds = design.Assume(sum/float64(n), fmt.Sprintf("the mean of %d tasks that had stopped", n))
}

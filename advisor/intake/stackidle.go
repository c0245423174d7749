package intake

import "strings"

// idleTasks counts the task definitions that nothing in the stack runs, under
// the name of their type: those of jobs that a state machine or somebody's own
// code starts. Their cost is not known. Readers call it once the stack is full.
func (s *stack) idleTasks(kind string) {
	used := make(map[string]bool)
	use := func(r ref) {
		for _, key := range r.keys {
			used[key] = true
		}
		family, _, _ := strings.Cut(arnName(r.text), ":")
		used[family] = true
	}
	for i := range s.services {
		use(s.services[i].taskDef)
	}
	for i := range s.taskSets {
		use(s.taskSets[i].taskDef)
	}
	for i := range s.scheduledTasks {
		use(s.scheduledTasks[i].taskDef)
	}
	families := make(map[string]bool)
	for i := range s.taskDefs {
		if d := &s.taskDefs[i]; used[d.key] {
			families[d.family] = true
		}
	}
	for i := range s.taskDefs {
		d := &s.taskDefs[i]
		if !used[d.key] && !used[d.family] && !families[d.family] && !d.data {
			s.unpriced(kind + " that nothing here runs")
		}
	}
}

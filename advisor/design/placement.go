package design

import "fmt"

// PlacementRules restrict which instances a group takes and how the tasks lie
// on them. They count where the estimate decides what runs: a group whose
// count is stated runs what it states.
type PlacementRules struct {
	// Families ("m7g") and Sizes ("large") limit the types to choose from,
	// where InstanceTypes names none.
	Families, Sizes []string
	// SpreadAZs splits each service evenly over the AZs of the network.
	SpreadAZs bool
	// SpareAZ keeps room for every task when one AZ fails. It implies
	// SpreadAZs.
	SpareAZ bool
	// SpareInstances stand empty, in each AZ where tasks are spread: N+1 with 1.
	SpareInstances int
	// HeadroomLargest keeps room for one more task of the largest size and
	// HeadroomPercent for so many percent more of all: what a rolling
	// deployment starts before it stops anything (maximumPercent − 100).
	HeadroomLargest bool
	HeadroomPercent float64
	// CPUBaseline counts a burstable instance's CPU at the baseline that its
	// credits pay for.
	CPUBaseline bool
}

// Any reports whether a rule is set.
func (r PlacementRules) Any() bool {
	return len(r.Families)+len(r.Sizes) > 0 || r.SpreadAZs || r.SpareAZ || r.SpareInstances > 0 || r.HeadroomLargest || r.HeadroomPercent > 0 || r.CPUBaseline
}

// SchedulingStrategy is ECS's schedulingStrategy of a service.
type SchedulingStrategy string

// Scheduling strategies. The empty one is REPLICA, ECS's default. A DAEMON
// runs one task on each instance; its Count, where stated, is how many
// instances were seen.
const (
	Replica SchedulingStrategy = "REPLICA"
	Daemon  SchedulingStrategy = "DAEMON"
)

// DaemonCount is the count of a daemon that nobody counted.
func DaemonCount() CountProfile {
	return CountProfile{Fixed: NotKnown[float64]("a daemon runs one task on each instance of its cluster")}
}

// validatePlacement checks what ECS refuses on Fargate. Sources:
// docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service-options.html
// ("Fargate tasks do not support the DAEMON scheduling strategy") and
// task-placement-constraints.html (placement is for EC2 instances).
func (s *Service) validatePlacement(path string, fargate bool) []error {
	var problems []error
	report := func(at, text string) { problems = append(problems, &Problem{path + at, text}) }
	if s.Scheduling == Daemon {
		if fargate {
			report(".scheduling_strategy", "Fargate has no DAEMON strategy; it is for EC2, where each instance runs one task")
		}
		if s.Count.Scaled != nil || s.Count.Week != nil || s.Count.Runs != nil {
			report(".count", "a daemon runs one task on each instance; it has no count of its own")
		}
	}
	if s.DistinctInstance && fargate {
		report(".distinct_instance", "Fargate has no placement constraints: each of its tasks has a machine of its own already")
	}
	return problems
}

// validatePlacement checks a group's rules against the network and itself.
func (g *InstanceGroup) validatePlacement(path string, azs Fact[float64]) []error {
	var problems []error
	report := func(at, format string, args ...any) {
		problems = append(problems, &Problem{path + at, fmt.Sprintf(format, args...)})
	}
	r := &g.Placement
	if len(g.InstanceTypes) > 0 && len(r.Families)+len(r.Sizes) > 0 {
		report("", "want instance types, or families and sizes to choose from, not both")
	}
	if r.SpreadAZs && !azs.Stated() {
		report(".spread_azs", "over how many AZs is not stated: network.azs is missing")
	}
	if r.SpareAZ && !(azs.Value >= 2) {
		found := "network.azs is missing"
		if azs.Stated() {
			found = "network.azs is " + trim(azs.Value)
		}
		report(".spare_az", "room for the loss of an AZ takes two AZs or more; %s", found)
	}
	if r.SpareInstances < 0 {
		report(".spare_instances", "want 0 or more, got %d", r.SpareInstances)
	}
	if r.HeadroomPercent < 0 {
		report(".headroom", "want 0 %% or more, got %s %%", trim(r.HeadroomPercent))
	}
	if t := g.TargetCapacity; t.Stated() && !(t.Value >= 1 && t.Value <= 100) {
		// Source: targetCapacity in docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedScaling.html.
		report(".target_capacity", "want 1 to 100 percent, got %s", trim(t.Value))
	}
	return problems
}

// clusterPath is the place of a cluster in a design.
func clusterPath(name string) string {
	if name == "" {
		return "cluster"
	}
	return "clusters." + name
}

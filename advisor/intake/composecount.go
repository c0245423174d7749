package intake

import (
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// count reads how many of a container run.
func (u *composeUnit) count() {
	deploy := u.at.get("deploy")
	u.replicas = deploy.get("replicas").count("a number of replicas")
	if absent(u.replicas) {
		u.replicas = u.at.get("scale").count("a number of containers")
	}
	mode := deploy.get("mode")
	switch text := mode.name("a mode"); text {
	case "", "replicated":
	case "global", "replicated-job", "global-job":
		u.mode = text
	default:
		if !strings.Contains(text, "$") {
			mode.wrong("replicated, global, replicated-job or global-job")
		}
	}
	u.autoscaling(deploy.get("x-aws-autoscaling"))
	u.autoscaling(u.at.get("x-aws-autoscaling")) // where some write it
	u.scalingRange(u.at.get("x-scaling").fold("Range"))
	if auto := u.at.get("x-defang-autoscaling"); u.at.has("x-defang-autoscaling") && auto.node.flagOr(true) {
		const note = "Defang scales up to twice the least number of replicas"
		least := assumeIfAbsent(u.replicas, 1, "no replicas are stated")
		most := design.Scale(least, 2)
		if most.Stated() {
			most = design.Assume(most.Value, note)
		}
		u.scaled = &design.ScaledCount{Min: least, Max: most}
	}
}

// autoscaling reads the bounds of Docker's ECS integration.
// Source: autoscalingConfig in github.com/docker-archive/compose-cli,
// ecs/autoscaling.go.
func (u *composeUnit) autoscaling(at cursor) {
	if !at.here() {
		return
	}
	least := at.get("min").count("a number of tasks")
	most := at.get("max").count("a number of tasks")
	if absent(most) {
		at.say("the key max is missing: the most tasks that may run")
		return
	}
	u.scaled = &design.ScaledCount{Min: assumeIfAbsent(least, 1, "x-aws-autoscaling states no min"), Max: most}
}

// scalingRange reads compose-x's "1-10", which counts before Docker's keys.
// Source: docs.compose-x.io/syntax/compose_x/ecs.details/scaling.html;
// handle_defined_x_aws_autoscaling in github.com/compose-x/ecs_composex.
func (u *composeUnit) scalingRange(at cursor) {
	text, ok := at.text(`a range such as "1-10"`)
	if text == "" {
		return
	}
	if !ok {
		why := design.NotKnown[float64]("x-scaling.Range is " + clip(text) + ", which the environment decides")
		u.scaled = &design.ScaledCount{Min: why, Max: why}
		return
	}
	low, high, _ := strings.Cut(text, "-")
	least, err := strconv.ParseUint(strings.TrimSpace(low), 10, 31)
	most, err2 := strconv.ParseUint(strings.TrimSpace(high), 10, 31)
	if err != nil || err2 != nil || least > most {
		at.wrong(`a range such as "1-10"`)
		return
	}
	u.scaled = &design.ScaledCount{Min: design.Know(float64(least)), Max: design.Know(float64(most))}
}

// taskCount is how many tasks of joined containers run: as many as the most of
// any container, between the widest bounds.
// Source: ServiceScaling and handle_range in github.com/compose-x/ecs_composex,
// ecs_composex/ecs/service_scaling.
func taskCount(units []*composeUnit, opts Options) design.CountProfile {
	var fixed fact[float64]
	var scaled *design.ScaledCount
	mode, ends := "", true
	for _, u := range units {
		ends = ends && u.mode == once
		if !absent(u.replicas) && (absent(fixed) || u.replicas.Value > fixed.Value) {
			fixed = u.replicas
		}
		if u.scaled != nil {
			scaled = widest(scaled, u.scaled)
		}
		if u.mode != once {
			mode = cmpOr(mode, u.mode)
		}
	}
	switch {
	case ends:
		return design.CountProfile{Runs: &design.Runs{
			PerDay:  design.NotKnown[float64]("other services wait for it to end: how often it runs is not in a Compose file"),
			Tasks:   design.Know(1.0),
			Seconds: design.NotKnown[float64]("other services wait for it to end: how long it runs is not in a Compose file"),
		}}
	case strings.HasSuffix(mode, "job"):
		return design.CountProfile{Runs: &design.Runs{
			PerDay:  design.NotKnown[float64]("deploy.mode " + mode + ": how often the job runs is not in a Compose file"),
			Tasks:   assumeIfAbsent(fixed, 1, "no replicas are stated"),
			Seconds: design.NotKnown[float64]("deploy.mode " + mode + ": how long the job runs is not in a Compose file"),
		}}
	case scaled != nil:
		return design.CountProfile{Scaled: scaled}
	case fixed.Stated() && mode == "":
		return design.CountProfile{Fixed: fixed}
	case opts.Count > 0:
		return design.Count(opts.Count)
	case mode == "global":
		return design.CountProfile{Fixed: design.NotKnown[float64]("deploy.mode global runs one task on each machine, and how many there are is not in a Compose file")}
	case unknown(fixed):
		return design.CountProfile{Fixed: fixed}
	default:
		return design.CountProfile{Fixed: design.Assume(1.0, "no replicas are stated; Compose runs one")}
	}
}

// assumeIfAbsent takes a default for what is not stated; what is stated and not
// known stays so.
func assumeIfAbsent(f fact[float64], v float64, note string) fact[float64] {
	if absent(f) {
		return design.Assume(v, note)
	}
	return f
}

// widest are the bounds that hold both.
func widest(a, b *design.ScaledCount) *design.ScaledCount {
	if a == nil {
		return &design.ScaledCount{Min: b.Min, Max: b.Max}
	}
	if !b.Min.Stated() || a.Min.Stated() && b.Min.Value < a.Min.Value {
		a.Min = b.Min
	}
	if !b.Max.Stated() || a.Max.Stated() && b.Max.Value > a.Max.Value {
		a.Max = b.Max
	}
	return a
}

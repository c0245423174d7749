package advisor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// sidecar finds containers beside the application's whose memory or CPU pushes the
// task over the edge of a Fargate size. docs/sidecar.md.
func sidecar(_ context.Context, c *serviceCase, f *findings) error {
	task := &c.service.Task
	if c.missing != "" || !onFargate(&c.service) || c.service.Count.Runs != nil || len(c.service.Capacity.Providers) == 0 {
		return nil // the sizing lever says what is missing
	}
	parts, missing := c.containerParts()
	if missing != "" {
		f.abstain(LeverSidecar, c.subject, missing)
	}
	if len(parts) == 0 {
		return nil
	}
	all, beside := partsOf(parts, false), partsOf(parts, true)
	cpu, gb := task.Sizes()
	present := design.Size{VCPU: cpu.Value, GB: gb.Value}
	if slices.ContainsFunc(parts, func(p containerPart) bool { return !p.sidecar && p.VCPU == 0 }) {
		// What a container without cpu gets is the rest of the task's, which is then
		// somebody's choice: only the memory is looked at.
		all.VCPU, beside.VCPU = present.VCPU, 0
	}
	need := &c.site.facts[c.index].need
	if forced, ok := design.FitLadder(all.VCPU, all.GB, task.OS.Value); !ok || forced != present || need.Missing != "" {
		return nil // its size is not what its containers ask for: the sizing lever's
	}
	least, ok := design.FitLadder(max(all.VCPU-beside.VCPU, need.VCPU), max(all.GB-beside.GB, need.GB), task.OS.Value)
	if !ok || least == present {
		return nil
	}
	overGB, overCPU := max(0, all.GB-least.GB), max(0, all.VCPU-least.VCPU)
	names := sidecarNames(parts)
	title := fmt.Sprintf("take %s from %s: %s → %s", excessText(overGB, overCPU), strings.Join(names, ", "),
		sizeText(demand.Size(present)), sizeText(demand.Size(least)))
	r, ok, err := c.recommend(LeverSidecar, title, func(s *design.Service) error {
		if cpu, gb := s.Task.Sizes(); cpu.Value != present.VCPU || gb.Value != present.GB || !onFargate(s) {
			return errors.New("its size has changed already")
		}
		s.Task.CPU, s.Task.Memory = design.Know(least.VCPU), design.Know(least.GB)
		return nil
	})
	if err != nil || !ok {
		return err
	}
	r.Effort, r.Risk = EffortDeploy, RiskMedium
	r.RiskReasons = []string{"a sidecar that has less memory than it needs is killed, and an essential one takes the task with it: measure it first, or move it out of the task"}
	r.Evidence.Bound = fmt.Sprintf("its containers ask for %.0f MiB and %.4g vCPU, %.0f MiB of it beside the application", all.GB*design.MiBPerGB, all.VCPU, beside.GB*design.MiBPerGB)
	r.Evidence.Next = "the next size below holds less than the application asks for"
	r.Reasons = append([]string{
		fmt.Sprintf("%s is all that separates the task from the size below it", excessText(overGB, overCPU)),
	}, c.attribution(parts, r.Before)...)
	r.Patches = c.sizePatches(least, names...)
	f.recommend(r)
	return nil
}

// units and mebibytes are a task's size as ECS writes it.
func units(vcpu float64) string   { return fmt.Sprintf("%.0f", vcpu*design.CPUUnitsPerVCPU) }
func mebibytes(gb float64) string { return fmt.Sprintf("%.0f", gb*design.MiBPerGB) }

// excessText is what is too much: "64 MiB", "128 CPU units".
func excessText(gb, vcpu float64) string {
	var parts []string
	if gb > 0 {
		parts = append(parts, fmt.Sprintf("%.0f MiB", math.Ceil(gb*design.MiBPerGB-1e-6)))
	}
	if vcpu > 0 {
		parts = append(parts, fmt.Sprintf("%.0f CPU units", math.Ceil(vcpu*design.CPUUnitsPerVCPU-1e-6)))
	}
	return strings.Join(parts, " and ")
}

// containerPart is what one container of a task takes.
type containerPart struct {
	name    string
	sidecar bool
	VCPU    float64
	GB      float64
}

// containerParts are what the containers of a task take: what is reserved for them,
// else what was measured of them. None where no container is a sidecar.
func (c *serviceCase) containerParts() (parts []containerPart, missing string) {
	found := len(c.service.Sidecars) > 0
	for _, k := range c.service.Task.Containers {
		found = found || isSidecar(&k)
	}
	if !found {
		return nil, ""
	}
	for _, k := range c.service.Task.Containers {
		p := containerPart{name: k.Name, sidecar: isSidecar(&k), VCPU: k.CPU, GB: k.MemoryReservation}
		if p.GB == 0 {
			p.GB = k.Memory
		}
		if p.GB == 0 {
			if p.GB = c.containerMemory(k.Name); math.IsNaN(p.GB) {
				return nil, "needs the memory of its container " + k.Name + ": a reservation in the task definition, or Container Insights with enhanced observability"
			}
		}
		parts = append(parts, p)
	}
	for _, k := range c.service.Sidecars {
		parts = append(parts, containerPart{name: k.Name, sidecar: true, VCPU: k.CPU.Value, GB: k.Memory.Value})
	}
	return parts, ""
}

// containerMemory is the return level of a container's measured memory, GB; NaN
// where it was not measured. MemoryUtilized is labelled Megabytes and is MiB.
func (c *serviceCase) containerMemory(name string) float64 {
	r, ok := c.site.resources[resourceKey{"container", c.subject.Cluster, c.service.Task.Family + "/" + name}]
	if !ok {
		return math.NaN()
	}
	all, err := c.site.snapshot.Series(r)
	if err != nil {
		return math.NaN()
	}
	for _, statistic := range []string{"Maximum", "Average"} {
		for _, m := range all {
			if m.Metric.Name != "ContainerMemoryUtilized" || m.Metric.Statistic != statistic {
				continue
			}
			if level, err := demand.ReturnLevel(demand.DailyMax(m.Series), memoryHorizon, 0.9); err == nil {
				return level.Value / design.MiBPerGB
			}
		}
	}
	return math.NaN()
}

// partsOf adds up the containers, or the sidecars among them.
func partsOf(parts []containerPart, sidecars bool) (sum containerPart) {
	for _, p := range parts {
		if p.sidecar || !sidecars {
			sum.VCPU += p.VCPU
			sum.GB += p.GB
		}
	}
	return sum
}

func sidecarNames(parts []containerPart) []string {
	var names []string
	for _, p := range parts {
		if p.sidecar {
			names = append(names, p.name)
		}
	}
	return names
}

// isSidecar reports whether a container is there for another one: its image or
// name is that of a log router, a proxy, a tunnel or an agent. What a task can live
// without (essential is false) may still be the work itself.
func isSidecar(k *design.Container) bool {
	text := strings.ToLower(k.Name + " " + k.Image)
	return slices.ContainsFunc([]string{
		"fluent-bit", "fluentbit", "fluentd", "firelens", "log-router", "log_router", "logrouter", "vector",
		"envoy", "appmesh", "istio", "linkerd", "consul", "cloudflared", "tailscale",
		"xray-daemon", "x-ray", "otel", "opentelemetry", "collector", "datadog", "dd-agent", "newrelic", "cloudwatch-agent", "cwagent", "prometheus", "exporter", "filebeat", "sidecar",
	}, func(word string) bool { return strings.Contains(text, word) })
}

// attribution splits what a service costs among its containers by the dimension
// that fixes the size of the task: the one of which less would make it smaller.
func (c *serviceCase) attribution(parts []containerPart, usd float64) []string {
	all := partsOf(parts, false)
	os := c.service.Task.OS.Value
	byMemory, ok1 := design.FitLadder(0, all.GB, os)
	byCPU, ok2 := design.FitLadder(all.VCPU, 0, os)
	dimension, whole := "memory", all.GB
	if ok1 && ok2 && byCPU.VCPU > byMemory.VCPU && byCPU.GB >= byMemory.GB {
		dimension, whole = "CPU", all.VCPU
	}
	var words []string
	for _, p := range parts {
		share := p.GB / whole
		if dimension == "CPU" {
			share = p.VCPU / whole
		}
		words = append(words, fmt.Sprintf("%s %.1f %% ($%.2f)", p.name, 100*share, share*usd))
	}
	return []string{fmt.Sprintf("%s fixes the size; by it the $%.2f a month are those of %s", dimension, usd, strings.Join(words, ", "))}
}

package intake

import (
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// resources reads what a container asks for. Limits count before reservations:
// Docker's ECS integration and compose-x size the task by the larger of the two,
// since on Fargate a task never gets more than its size. Defang takes the
// reservations. The keys of older Compose formats come last.
// Source: getConfiguredLimits in github.com/docker-archive/compose-cli,
// ecs/convert.go; docs.compose-x.io/syntax/compose_x/ecs.details/deploy.html;
// GetCPUs in github.com/DefangLabs/pulumi-defang, provider/compose/helpers.go.
func (u *composeUnit) resources(tool composeTool) {
	all := u.at.get("deploy").get("resources")
	limits, reservations := all.get("limits"), all.get("reservations")
	cpus := []fact[float64]{
		limits.get("cpus").number(parseCPUs, wantCPUs),
		reservations.get("cpus").number(parseCPUs, wantCPUs),
		u.at.get("cpus").number(parseCPUs, wantCPUs),
		u.at.get("cpu_count").number(parseCPUs, wantCPUs),
	}
	u.hard = firstAsked(limits.get("memory").number(parseBytes, wantMemory), u.at.get("mem_limit").number(parseBytes, wantMemory))
	u.soft = firstAsked(reservations.get("memory").number(parseBytes, wantMemory), u.at.get("mem_reservation").number(parseBytes, wantMemory))
	if tool == defang {
		cpus[0], cpus[1] = cpus[1], cpus[0]
		if !absent(u.soft) {
			u.hard = fact[float64]{}
		}
	}
	u.cpu = firstAsked(cpus...)
	if absent(u.cpu) && absent(u.memory()) && !u.at.has("image") && !u.at.has("build") {
		// Compose would not start it: the rest stands in another file.
		part := design.NotKnown[float64]("the service has neither image nor build, so this file is a part of a project; " +
			"hand in the whole, as docker compose config prints it")
		u.cpu, u.hard = part, part
	}
	u.accelerators(reservations)
}

// firstAsked is the first fact that is there and asks for something: a limit of
// 0 is none.
func firstAsked(facts ...fact[float64]) fact[float64] {
	for _, f := range facts {
		if !absent(f) && (!f.Stated() || f.Value > 0) {
			return f
		}
	}
	return fact[float64]{}
}

// memory is what the task needs for the container.
func (u *composeUnit) memory() fact[float64] { return firstAsked(u.hard, u.soft) }

// accelerators counts GPUs: reserved devices, generic resources, gpus.
// Source: docs.docker.com/compose/how-tos/gpu-support; toResourceRequirements in
// github.com/docker-archive/compose-cli, ecs/gpu.go.
func (u *composeUnit) accelerators(reservations cursor) {
	for _, d := range reservations.get("devices").items("a list of devices") {
		for _, capability := range d.get("capabilities").items("a list of capabilities") {
			if capability.name("a capability") == "gpu" {
				u.gpus += u.gpuCount(d)
				break
			}
		}
	}
	for _, g := range reservations.get("generic_resources").items("a list of generic resources") {
		spec := g.get("discrete_resource_spec")
		if kind := strings.ToLower(spec.get("kind").name("a kind")); kind == "gpu" || kind == "gpus" || kind == "nvidia_gpu" {
			u.gpus += int(spec.get("value").count("a number of GPUs").Value)
		}
	}
	gpus := u.at.get("gpus")
	switch {
	case !gpus.here():
	case gpus.node.kind == listNode:
		for _, d := range gpus.items("a list of GPUs") {
			u.gpus += u.gpuCount(d)
		}
	case gpus.name("all, or a list of GPUs") == "all":
		u.gpus += u.allGPUs()
	default:
		gpus.wrong("all, or a list of GPUs")
	}
}

// gpuCount is how many GPUs one reservation asks for.
func (u *composeUnit) gpuCount(d cursor) int {
	if ids := d.get("device_ids"); ids.here() {
		return len(ids.items("a list of device IDs"))
	}
	text, ok := d.get("count").text("a number of GPUs, or all")
	n, err := strconv.Atoi(text)
	switch {
	case text == "" || !ok || strings.EqualFold(text, "all"):
		return u.allGPUs()
	case err != nil || n < 0 || n > 64:
		d.get("count").wrong("a number of GPUs, or all")
		return 0
	}
	return n
}

// allGPUs is one, as Docker's ECS integration takes it, with a note: "all" is
// all that a machine has, and which machine is not said.
func (u *composeUnit) allGPUs() int {
	u.note("all GPUs of the machine are asked for, which a task cannot do on ECS; one is assumed")
	return 1
}

// taskSize is the size of the task that holds the units, on Fargate: their sum,
// rounded up to a size that exists. Where none of them states anything it is the
// smallest, which is what Docker's ECS integration, compose-x and Defang take.
// Source: toLimits in github.com/docker-archive/compose-cli, ecs/convert.go;
// TaskCompute in github.com/compose-x/ecs_composex; fargateResources in
// github.com/DefangLabs/pulumi-defang, provider/defangaws/aws/ecs.go.
func taskSize(units []*composeUnit, os design.OS) (cpu, memory fact[float64]) {
	for _, u := range units {
		cpu, memory = addAsked(cpu, u.cpu), addAsked(memory, u.memory())
		if u.xray {
			cpu, memory = addAsked(cpu, design.Know(xrayCPU)), addAsked(memory, design.Know(xrayGB))
		}
	}
	if unknown(cpu) || unknown(memory) {
		return cpu, memory // no size to round up
	}
	size, ok := design.FitLadder(cpu.Value, memory.Value, os)
	if !ok {
		return cpu, memory // Validate says what would do
	}
	none := absent(cpu) && absent(memory)
	round := func(asked fact[float64], fits float64, what, written string) fact[float64] {
		switch {
		case none:
			return design.Assume(fits, "no size is stated: the smallest of Fargate, as Docker's ECS integration takes")
		case absent(asked):
			return design.Assume(fits, "no "+what+" is stated: the least that Fargate has for the rest")
		case !asked.Stated():
			return asked
		case fits-asked.Value > 1e-9:
			return design.Assume(fits, written+" is asked for; rounded up to a size of Fargate, as the ECS tools do")
		}
		return asked
	}
	return round(cpu, size.VCPU, "CPU", brief(cpu.Value)+" vCPU"), round(memory, size.GB, "memory", memoryText(memory.Value))
}

// The size of the X-Ray daemon that compose-x adds to a task with x-xray.
// Source: XRAY_DEFINITION in github.com/compose-x/ecs_composex,
// ecs_composex/ecs/managed_sidecars/aws_xray.py.
const (
	xrayCPU = 32.0 / design.CPUUnitsPerVCPU
	xrayGB  = 256.0 / design.MiBPerGB
)

// unknown reports whether something is stated that nobody can tell.
func unknown[T any](f fact[T]) bool { return !f.Stated() && f.Note != "" }

// addAsked adds what a container asks for; one that asks for nothing adds nothing.
func addAsked(sum, f fact[float64]) fact[float64] {
	switch {
	case absent(f):
		return sum
	case absent(sum):
		return f
	default:
		return design.Plus(sum, f)
	}
}

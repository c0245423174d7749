// Package placement puts tasks onto EC2 instances: how many instances of a
// type hold a set of tasks, and which type does it for least.
//
// # Shape
//
// What one task reserves of an instance: vCPU, GB, a network interface where
// it runs in awsvpc mode, GPUs, fixed host ports.
//
// # Node
//
// What one instance of a type offers to tasks, after the operating system and
// the ECS agent took theirs: vCPU, usable GB, free network interfaces, GPUs.
//
// # Binding constraint
//
// The dimension that decides the number of instances: vCPU, memory, network
// interfaces, GPUs or host ports.
package placement

import (
	"fmt"
	"math"
	"slices"

	"ecsavvy/pricing"
)

// Node is what an instance offers to tasks.
type Node struct {
	Type  string
	VCPU  float64
	GB    float64 // usable by tasks
	Slots int     // awsvpc network interfaces; -1 where the type's limit is unknown
	GPUs  int
	// Architectures are those that the type runs; nil: any.
	Architectures []string
}

// runs reports whether the node runs images of an architecture; "" is any.
func (n Node) runs(architecture string) bool {
	return architecture == "" || n.Architectures == nil || slices.Contains(n.Architectures, architecture)
}

const (
	// visibleShare is what the operating system leaves of an instance's
	// memory: an m4.large of 8,192 MiB registers 7,985 MiB.
	// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html.
	visibleShare = 7985.0 / 8192
	// agentGB is kept for the ECS agent and the system: 256 MiB, the value
	// of ECS_RESERVED_MEMORY in the same page's example. Managed Instances
	// ignore that setting.
	agentGB = 256.0 / 1024
	// primaryENI is the interface that the instance itself uses.
	primaryENI = 1
)

// NodeOf is the room on an instance of a type.
func NodeOf(t pricing.InstanceType, trunking, managed bool) Node {
	gb := t.MemoryGiB * visibleShare
	if !managed {
		gb -= agentGB
	}
	n := Node{Type: t.Name, VCPU: t.VCPU, GB: gb, Slots: -1, Architectures: t.Architectures}
	if t.GPUs > 0 { // not NaN: unknown GPUs hold no task that needs one
		n.GPUs = int(t.GPUs)
	}
	if !math.IsNaN(t.MaxENIs) {
		n.Slots = int(t.MaxENIs) - primaryENI
		if trunking && t.TrunkingKnown && t.BranchENIs > 0 {
			// With trunking each task takes a branch interface. The limit
			// table of "Increasing Amazon ECS Linux container instance
			// network interfaces" (m5.large 10) is one more than the
			// branch interfaces of the trunk (9): one more task uses a
			// standard interface.
			n.Slots = int(t.BranchENIs) + 1
		}
	}
	return n
}

// AtBaseline is the room on a burstable type when its tasks may use no more CPU
// than its credits pay for: BurstBaseline vCPUs. Other types are unchanged.
func AtBaseline(n Node, t pricing.InstanceType) Node {
	if !math.IsNaN(t.BurstBaseline) {
		n.VCPU = t.BurstBaseline
	}
	return n
}

// Shape is what one task reserves.
type Shape struct {
	Name  string
	VCPU  float64
	GB    float64
	ENI   bool // awsvpc network mode
	GPUs  int
	Ports []int // fixed host ports
	// Architecture is "x86_64" or "arm64"; "" runs on either.
	Architecture string
	// Distinct is the placement constraint distinctInstance: no two tasks of
	// the demand on one instance.
	Distinct bool
}

// Demand is a number of tasks of one shape.
type Demand struct {
	Shape Shape
	Tasks int
}

// NoFitError says that a task does not fit an empty instance.
type NoFitError struct {
	Shape Shape
	Node  Node
}

func (e *NoFitError) Error() string {
	n := e.Node
	return fmt.Sprintf("placement: %s needs %.4g vCPU and %.4g GB; an %s has %.4g vCPU and %.4g GB for tasks",
		e.Shape.Name, e.Shape.VCPU, e.Shape.GB, n.Type, n.VCPU, n.GB)
}

// Packing is the outcome of placing tasks on instances of one type.
type Packing struct {
	Instances int
	// Bound is the least number of instances that any packing could need.
	Bound int
	// Binding is the dimension that sets the bound.
	Binding string
}

// LowerBound is ceil(max over dimensions of demand / room): no packing of the
// demands onto such nodes needs fewer. binding is the dimension that sets it.
func LowerBound(demands []Demand, n Node) (instances int, binding string) {
	var vcpu, gb, enis, gpus, distinct float64
	ports := map[int]float64{}
	for _, d := range demands {
		tasks := float64(d.Tasks)
		vcpu += tasks * d.Shape.VCPU
		gb += tasks * d.Shape.GB
		gpus += tasks * float64(d.Shape.GPUs)
		if d.Shape.ENI {
			enis += tasks
		}
		for _, p := range d.Shape.Ports {
			ports[p] += tasks
		}
		if d.Shape.Distinct {
			distinct = math.Max(distinct, tasks)
		}
	}
	consider := func(name string, ratio float64) {
		if need := int(math.Ceil(ratio - fitTolerance)); need > instances {
			instances, binding = need, name
		}
	}
	consider("vCPU", vcpu/n.VCPU)
	consider("memory", gb/n.GB)
	if n.Slots >= 0 && enis > 0 {
		consider("network interfaces", enis/math.Max(float64(n.Slots), fitTolerance))
	}
	if gpus > 0 {
		consider("GPUs", gpus/math.Max(float64(n.GPUs), fitTolerance))
	}
	for _, tasks := range ports {
		consider("host ports", tasks)
	}
	consider("distinct instances", distinct)
	return instances, binding
}

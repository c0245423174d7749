package estimate

import (
	"ecsavvy/advisor/placement"
	"ecsavvy/pricing"
)

const (
	// evictionGB is kept free by the kubelet's default hard eviction
	// threshold, memory.available<100Mi.
	evictionGB = 100.0 / 1024
	// eksPods is the most pods that AWS recommends for a node, and largePods
	// that for one of largeVCPU or more.
	// Source: docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html.
	eksPods, largePods, largeVCPU = 110, 250, 30
)

// eksNode is the room for pods on an EKS node of a type. The kubelet of AWS's
// AMI reserves 255 MiB and 11 MiB for each possible pod, and of the CPU 6 % of
// the first core, 1 % of the second, 0.5 % of two more, 0.25 % of the rest.
// Source: kubelet configuration in github.com/awslabs/amazon-eks-ami
// (bootstrap: get_memory_mebibytes_to_reserve, get_cpu_millicores_to_reserve).
func eksNode(t pricing.InstanceType) placement.Node {
	n := placement.NodeOf(t, false, true) // no ECS agent
	n.Slots = eksPods
	if t.VCPU >= largeVCPU {
		n.Slots = largePods
	}
	n.GB -= (255+11*float64(n.Slots))/1024 + evictionGB
	left := t.VCPU
	for _, step := range [...]struct{ cores, share float64 }{{1, 0.06}, {1, 0.01}, {2, 0.005}, {left, 0.0025}} {
		cores := min(step.cores, left)
		n.VCPU -= cores * step.share
		left -= cores
	}
	return n
}

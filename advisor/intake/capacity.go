package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// launchTypes are the values of requiresCompatibilities.
func launchTypes() []design.ProviderKind {
	return []design.ProviderKind{design.EC2, design.Fargate, design.External, design.ManagedInstances}
}

// capacityOf decides where a task runs whose service states no capacity: the
// caller's word, the one launch type that the task definition allows, else a
// default that says what else would do. compatibilities are sorted.
func capacityOf(compatibilities []string, override design.ProviderKind) design.CapacityStrategy {
	if override != "" {
		return design.Only(override)
	}
	assume := func(kind design.ProviderKind, why string) design.CapacityStrategy {
		c := design.Only(kind)
		c.Assumed = why + "; choose another with --launch-type"
		return c
	}
	switch {
	case len(compatibilities) == 0:
		return assume(design.EC2, "EC2, the default of ECS: the task definition has no requiresCompatibilities")
	case len(compatibilities) == 1:
		return design.Only(design.ProviderKind(compatibilities[0]))
	}
	kind := design.ProviderKind(compatibilities[0])
	for _, c := range compatibilities {
		if design.ProviderKind(c) == design.Fargate {
			kind = design.Fargate
		}
	}
	return assume(kind, string(kind)+": the task definition allows "+strings.Join(compatibilities, " and ")+", and the launch type decides the price")
}

// completePlatform fills in what ECS takes where the task definition has no
// runtimePlatform and no ephemeralStorage. On Fargate both are documented
// defaults, so they are facts; on instances the instance decides.
// Source: runtimePlatform ("Default: LINUX", "Default: X86_64") and
// ephemeralStorage in docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html.
func completePlatform(s *design.Service) {
	fargate := false
	for _, p := range s.Capacity.Providers {
		fargate = fargate || p.Kind.OnFargate()
	}
	t := &s.Task
	if fargate {
		if absent(t.OS) {
			t.OS = design.Know(design.Linux)
		}
		if absent(t.Architecture) {
			t.Architecture = design.Know(design.X86)
		}
		if absent(t.EphemeralStorage) {
			t.EphemeralStorage = design.Know(float64(design.FreeEphemeralGiB))
		}
		return
	}
	if absent(t.OS) {
		t.OS = design.Assume(design.Linux, "no operating system is stated; the instance decides")
	}
	if absent(t.Architecture) {
		t.Architecture = design.Assume(design.X86, "no architecture is stated; the instance decides")
	}
}

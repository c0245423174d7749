package design

import "strings"

// appRunnerSizes are App Runner's combinations of vCPU and GB, smallest first.
// Source: docs.aws.amazon.com/apprunner/latest/dg/architecture.html, vCPU and
// memory combinations.
func appRunnerSizes() []Size {
	return []Size{
		{0.25, 0.5}, {0.25, 1}, {0.5, 1}, {1, 2}, {1, 3}, {1, 4}, {2, 4}, {2, 6}, {4, 8}, {4, 10}, {4, 12},
	}
}

// FitAppRunner returns App Runner's smallest size that holds a container.
func FitAppRunner(vcpu, gb float64) (Size, bool) {
	for _, s := range appRunnerSizes() {
		if s.VCPU >= vcpu-sizeTolerance && s.GB >= gb-sizeTolerance {
			return s, true
		}
	}
	return Size{}, false
}

// validateAppRunner checks what App Runner cannot run at all.
// Source: docs.aws.amazon.com/apprunner/latest/dg/architecture.html and
// develop.html (one web server, Linux on x86_64, no volumes).
func (t *Task) validateAppRunner(path string) []error {
	var problems []error
	report := func(text string) { problems = append(problems, &Problem{path, text}) }
	cpu, memory := t.Sizes()
	if size := (Size{cpu.Value, memory.Value}); cpu.Stated() && memory.Stated() {
		if fit, ok := FitAppRunner(cpu.Value, memory.Value); !ok || fit != size {
			var names []string
			for _, s := range appRunnerSizes() {
				names = append(names, s.String())
			}
			report(size.String() + " is no App Runner size; they are " + strings.Join(names, ", "))
		}
	}
	switch {
	case t.OS.Value == Windows:
		report("App Runner runs Linux only")
	case t.Architecture.Value == ARM64:
		report("App Runner runs X86_64 only")
	case t.GPUs > 0:
		report("App Runner has no GPUs")
	}
	return problems
}

package advisor

import (
	"context"
	"errors"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// graviton moves a service to ARM64. The saving is Fargate's: instances of another
// architecture are the launch type lever's. docs/graviton.md.
func graviton(_ context.Context, c *serviceCase, f *findings) error {
	arch, os := c.service.Task.Architecture, c.service.Task.OS
	if arch.Value == design.ARM64 || os.Value == design.Windows || !onFargate(&c.service) || c.service.Count.Runs != nil {
		return nil
	}
	r, ok, err := c.recommend(LeverGraviton, "X86_64 → ARM64", func(s *design.Service) error {
		if s.Task.OS.Value == design.Windows {
			return errors.New("it runs Windows, which needs X86_64")
		}
		s.Task.Architecture = design.Know(design.ARM64)
		return nil
	})
	if err != nil || !ok {
		return err
	}
	r.Effort = EffortBuild
	r.Risk, r.RiskReasons = RiskMedium, []string{"whether its images exist for ARM64 is not known: check each manifest"}
	if lacking := c.withoutARM64(); c.knowsImages() && len(lacking) == 0 {
		r.Risk, r.Effort = RiskLow, EffortDeploy
		r.RiskReasons = []string{"all its images have an ARM64 manifest; run the tests on it once"}
	} else if c.knowsImages() {
		r.RiskReasons = []string{"no ARM64 manifest yet: " + strings.Join(lacking, ", ")}
	}
	r.Reasons = []string{"Fargate's ARM64 rates are a fifth below X86_64's; the same work may take more or less CPU: compare under load before moving all tasks"}
	if arch.Basis == design.Assumed {
		r.Reasons = append(r.Reasons, "its architecture is assumed: "+arch.Note)
	}
	r.Patches = c.registerPatches(
		[]jsonOp{{"add", "/runtimePlatform", map[string]string{"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}}},
		"runtime_platform {\n  cpu_architecture        = \"ARM64\"\n  operating_system_family = \"LINUX\"\n}",
		`.runtimePlatform = {"cpuArchitecture":"ARM64","operatingSystemFamily":"LINUX"}`,
	)
	f.recommend(r)
	return nil
}

// knowsImages reports whether the registry said which architectures all of the
// service's images have.
func (c *serviceCase) knowsImages() bool {
	if len(c.service.Task.Containers) == 0 || c.running == nil {
		return false
	}
	return !slices.ContainsFunc(c.service.Task.Containers, func(k design.Container) bool {
		_, known := c.running.ImageArchitectures[k.Image]
		return !known
	})
}

// withoutARM64 are the images that have no ARM64 manifest.
func (c *serviceCase) withoutARM64() []string {
	var images []string
	for _, k := range c.service.Task.Containers {
		if c.running != nil && !slices.Contains(c.running.ImageArchitectures[k.Image], design.ARM64) {
			images = append(images, k.Image)
		}
	}
	return images
}

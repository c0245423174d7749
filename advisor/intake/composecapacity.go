package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// capacity reads where a service's tasks run, as far as it says so itself:
// compose-x's strategy, and the machine that Docker's ECS integration takes out
// of the placement constraints.
// Source: docs.compose-x.io/syntax/compose_x/ecs.details/ecs.html;
// getUserDefinedMachine in github.com/docker-archive/compose-cli, ecs/ec2.go.
func (r *composeReader) capacity(u *composeUnit) {
	u.providers = strategyOf(u.at.get("x-ecs").fold("CapacityProviderStrategy"))
	constraints := u.at.get("deploy").get("placement").get("constraints")
	if !constraints.here() || constraints.node.kind != listNode {
		return
	}
	for _, c := range constraints.items("a list of constraints") {
		if machine, ok := strings.CutPrefix(c.name("a constraint"), "node.machine == "); ok {
			u.machine = strings.TrimSpace(machine)
		}
	}
}

// maxProviders is how many a strategy may have.
// Source: CapacityProviderStrategyItem in the ECS API reference.
const maxProviders = 20

// strategyOf reads a capacity provider strategy with CloudFormation's keys.
func strategyOf(at cursor) []design.Provider {
	var providers []design.Provider
	items := at.items("a list of capacity providers")
	if len(items) > maxProviders {
		at.say("want at most %d capacity providers, as ECS does, got %d", maxProviders, len(items))
		return nil
	}
	for _, item := range items {
		name := item.fold("CapacityProvider").name("the name of a capacity provider")
		if name == "" {
			item.say("the key CapacityProvider is missing: FARGATE, FARGATE_SPOT or the name of a capacity provider")
			continue
		}
		p := providerNamed(name)
		p.Base = int(item.fold("Base").count("a number of tasks").Value)
		p.Weight = int(item.fold("Weight").count("a weight, 0 to 1000").Value)
		providers = append(providers, p)
	}
	return providers
}

// providerNamed is FARGATE, FARGATE_SPOT, or a capacity provider of one's own,
// which is an Auto Scaling group unless it is ECS Managed Instances; its name
// does not tell.
func providerNamed(name string) design.Provider {
	switch kind := design.ProviderKind(name); kind {
	case design.Fargate, design.FargateSpot:
		return design.Provider{Kind: kind}
	}
	return design.Provider{Kind: design.EC2, Group: name}
}

// strategy decides where a task runs: as its services say, as the cluster's
// default says, on instances if it needs GPUs, as the caller says, else on
// Fargate. Where services of one task name the same provider, the larger base
// and weight count, as compose-x has it.
func (r *composeReader) strategy(units []*composeUnit) design.CapacityStrategy {
	var c design.CapacityStrategy
	for _, u := range units {
		for _, p := range u.providers {
			i := slices.IndexFunc(c.Providers, func(have design.Provider) bool { return have.Kind == p.Kind && have.Group == p.Group })
			if i < 0 {
				c.Providers = append(c.Providers, p)
				continue
			}
			c.Providers[i].Base = max(c.Providers[i].Base, p.Base)
			c.Providers[i].Weight = max(c.Providers[i].Weight, p.Weight)
		}
	}
	if len(c.Providers) == 0 && r.opts.LaunchType == "" {
		c.Providers = strategyOf(r.model.root.get("x-cluster").get("Properties").fold("DefaultCapacityProviderStrategy"))
	}
	if len(c.Providers) > 0 {
		for _, p := range c.Providers {
			if p.Group != "" {
				c.Assumed = "EC2: the capacity provider " + clip(p.Group) + " is taken for an Auto Scaling group; this file does not say what it is"
			}
		}
		return c
	}
	if needsMachine(units) {
		c = design.Only(design.EC2)
		c.Assumed = "EC2: the task asks for GPUs, which Fargate does not have; choose another with --launch-type"
		if r.opts.LaunchType != "" && !r.opts.LaunchType.OnFargate() {
			c = design.Only(r.opts.LaunchType)
		}
		return c
	}
	if r.opts.LaunchType != "" {
		return design.Only(r.opts.LaunchType)
	}
	c = design.Only(design.Fargate)
	c.Assumed = "FARGATE: a Compose file names no launch type, and the ECS tools take Fargate; choose another with --launch-type"
	if r.tool == defang {
		c.Assumed = "FARGATE: Defang's deployment mode decides between FARGATE and FARGATE_SPOT and is not in the file; choose another with --launch-type"
	}
	return c
}

// needsMachine reports whether a container of the task needs GPUs.
func needsMachine(units []*composeUnit) bool {
	return slices.ContainsFunc(units, func(u *composeUnit) bool { return u.gpus > 0 })
}

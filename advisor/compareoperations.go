package advisor

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// launchTypes: what is left to operate under each launch type, once a design.
func (r *remarker) launchTypes() {
	kinds := map[design.ProviderKind]bool{}
	for i := range r.w.Services {
		for _, p := range r.w.Services[i].Capacity.Providers {
			kind := p.Kind
			if g := groupOf(r.w, r.w.Services[i].Cluster, p); g != nil && g.Managed {
				kind = design.ManagedInstances
			}
			kinds[kind] = true
		}
	}
	eks := slices.ContainsFunc(r.w.Clusters, func(c design.Cluster) bool { return c.Orchestrator == design.EKS })
	if kinds[design.EC2] {
		agent := "the ECS agent"
		if eks {
			agent = "the kubelet"
		}
		r.say(Operations, "ec2", "services", 3, "EC2: AMIs, "+agent+", patching, draining and the Auto Scaling group are yours")
	}
	if kinds[design.AppRunner] {
		r.say(Limits, "app-runner", "services", 3, "App Runner: closed to new customers since 30 April 2026; AWS names ECS Express Mode for them")
	}
	if kinds[design.ManagedInstances] {
		r.say(Operations, "managed-instances", "services", 1, "Managed Instances: AWS patches and replaces them, within 14 days each; sizes and volumes are yours")
	}
	if kinds[design.External] {
		r.say(Operations, "external", "services", 3, "ECS Anywhere: machines, their network and their agents are yours")
	}
	for i := range r.w.Clusters {
		if c := &r.w.Clusters[i]; c.Orchestrator == design.EKS {
			r.say(Operations, "eks", "cluster", 3, "EKS: add-ons and a Kubernetes version to upgrade about once a year")
		}
	}
}

// groups: how many tasks with a network interface an instance holds.
func (r *remarker) groups() {
	for i := range r.w.Clusters {
		for j := range r.w.Clusters[i].Groups {
			g := &r.w.Clusters[i].Groups[j]
			if g.Trunking.Value || len(g.InstanceTypes) == 0 || !r.awsvpcOn(r.w.Clusters[i].Name, g) {
				continue
			}
			kind, err := r.cat.InstanceType(g.InstanceTypes[0])
			if err != nil || math.IsNaN(kind.MaxENIs) {
				continue
			}
			r.say(Limits, "eni-slots", "cluster.instances."+g.Name, 1,
				fmt.Sprintf("%s without awsvpcTrunking: %s with awsvpc an instance, whatever their size", kind.Name, countOfThings(kind.MaxENIs-1, "task")))
		}
	}
}

// awsvpcOn reports whether a task with an interface of its own runs on a group.
func (r *remarker) awsvpcOn(cluster string, g *design.InstanceGroup) bool {
	for i := range r.w.Services {
		s := &r.w.Services[i]
		for _, p := range s.Capacity.Providers {
			if p.Group == g.Name && (s.Cluster == "" || s.Cluster == cluster) && s.Task.NetworkMode == "awsvpc" {
				return true
			}
		}
	}
	return false
}

// publicTasks: a public address is a door, if a guarded one.
func (r *remarker) publicTasks() {
	var names []string
	for i := range r.w.Services {
		if s := &r.w.Services[i]; s.AssignPublicIP.Value {
			names = append(names, s.Name)
		}
	}
	if len(names) > 0 {
		r.say(Exposure, "public-ip", "services", 2, "tasks of "+strings.Join(names, ", ")+" have public addresses: only security groups keep the internet out, and addresses change with each task")
	}
}

// arm: images have to exist for the architecture.
func (r *remarker) arm() {
	var names []string
	for i := range r.w.Services {
		if s := &r.w.Services[i]; s.Task.Architecture.Value == design.ARM64 {
			names = append(names, s.Name)
		}
	}
	if len(names) > 0 {
		r.say(Operations, "arm64", "services", 0.5, "images of "+strings.Join(names, ", ")+" have to be built for arm64")
	}
}

// commitments: what is owed whatever runs.
func (r *remarker) commitments() {
	for _, p := range r.w.Commitments.SavingsPlans {
		points := 1.0
		if p.Term == "3yr" {
			points = 2
		}
		r.say(Obligation, "savings-plan", "commitments.savings_plans", points, fmt.Sprintf("a %s Savings Plan of %s USD an hour for %s is owed whether used or not", p.Kind, short(p.Hourly), p.Term))
	}
	if len(r.w.Commitments.Reservations) > 0 {
		r.say(Obligation, "reservations", "commitments.reservations", 1, "Reserved Instances are owed whether used or not")
	}
}

// countOfThings is a number with its noun.
func countOfThings(n float64, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return short(n) + " " + noun + "s"
}

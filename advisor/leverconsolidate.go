package advisor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// mostTogether is how many services are put into one task at most: ECS allows ten
// containers in a task, and each has one at least.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html.
const mostTogether = 10

// consolidate puts small Fargate services of one cluster into one task: below the
// ladder's floor of 0.25 vCPU and 0.5 GB each pays for what it does not use.
// docs/consolidate.md.
func consolidate(s *site, f *findings) error {
	for i := range s.workload.Clusters {
		name := clusterName(&s.workload.Clusters[i])
		for _, group := range s.smallServices(name) {
			if err := s.together(name, group, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// smallServices are the services of a cluster whose need is below the floor, by
// what a task is alike in: architecture, launch type and number of tasks.
func (s *site) smallServices(cluster string) [][]int {
	groups := map[string][]int{}
	var keys []string
	for i := range s.workload.Services {
		svc := &s.workload.Services[i]
		need := &s.facts[i].need
		size := design.Ladder(svc.Task.OS.Value)[0]
		if clusterKey(svc) != cluster || !onFargate(svc) || len(svc.Capacity.Providers) == 0 || svc.Count.Fixed.Basis == design.Unknown ||
			need.Missing != "" || need.Idle || !need.fits(demand.Size(size)) || len(stateful(svc)) > 0 || svc.Task.EphemeralStorage.Value > 20 {
			continue
		}
		cpu, gb := svc.Task.Sizes()
		if !cpu.Stated() || !gb.Stated() {
			continue
		}
		key := fmt.Sprint(svc.Task.OS.Value, svc.Task.Architecture.Value, svc.AssignPublicIP.Value, leastTasks(svc), svc.Capacity.Providers)
		if groups[key] == nil {
			keys = append(keys, key)
		}
		if len(groups[key]) < mostTogether {
			groups[key] = append(groups[key], i)
		}
	}
	var out [][]int
	for _, key := range keys {
		if len(groups[key]) > 1 {
			out = append(out, groups[key])
		}
	}
	return out
}

func (s *site) together(cluster string, group []int, f *findings) error {
	var names, bounds []string
	var need taskNeed
	containers := 0
	for _, i := range group {
		svc := &s.workload.Services[i]
		names, bounds = append(names, shortName(svc)), append(bounds, s.facts[i].need.Bound)
		// Peaks are added up as if they came together, and what the hottest minute
		// of each needs.
		need.VCPU += s.facts[i].need.VCPU
		need.GB += s.facts[i].need.GB
		containers += max(1, len(svc.Task.Containers))
	}
	first := &s.workload.Services[group[0]]
	size, ok := design.FitLadder(need.VCPU, need.GB, first.Task.OS.Value)
	if !ok || containers > mostTogether {
		return nil
	}
	return s.offer(Recommendation{
		Lever: LeverConsolidate, Subject: s.subject("cluster", "", cluster, nil),
		Title: fmt.Sprintf("%s in one task of %s", strings.Join(names, " + "), size),
		Risk:  RiskMedium, RiskReasons: []string{
			"they start, stop and fail together: an essential container that ends takes the others with it, and a deployment of one restarts all",
			"they share one task role, one security group and the ports of one network interface",
		},
		Effort:  EffortMigration,
		Reasons: []string{fmt.Sprintf("each pays for Fargate's smallest size; together their tasks need %.3g vCPU and %.3g GB at the worst, all peaks at once", need.VCPU, need.GB), "the number of tasks is measured and fixed: nothing was drawn"},
		Patches: []Patch{
			{FormTerraform, fmt.Sprintf("# one aws_ecs_task_definition with the container_definitions of %s\ncpu    = %s\nmemory = %s", hcl(strings.Join(names, ", ")), units(size.VCPU), mebibytes(size.GB))},
			{FormCLI, fmt.Sprintf("aws ecs register-task-definition --region %s --cli-input-json file://together.json\naws ecs update-service --region %s --cluster %s --service %s --task-definition together", shell(s.scope.Region), shell(s.scope.Region), shell(cluster), shell(names[0]))},
		},
		Change:   joinServices(cluster, names, size),
		Evidence: Evidence{Source: "AWS/ECS", Bound: strings.Join(bounds, "; "), Next: "no smaller size holds them together"},
	}, f)
}

// joinServices puts the containers of some services into the task of the first.
func joinServices(cluster string, names []string, size design.Size) func(*design.Workload) error {
	return func(w *design.Workload) error {
		at := make([]int, len(names))
		for k, name := range names {
			at[k] = slices.IndexFunc(w.Services, func(svc design.Service) bool { return clusterKey(&svc) == cluster && shortName(&svc) == name })
			if at[k] < 0 {
				return errGone
			}
			svc := &w.Services[at[k]]
			if !onFargate(svc) || !svc.Count.Fixed.Stated() || svc.Count.Fixed.Value == 0 || svc.Task.Architecture.Value != w.Services[at[0]].Task.Architecture.Value {
				return errors.New(name + " is not what it was: another change has stopped, scheduled or moved it")
			}
		}
		into := &w.Services[at[0]]
		gone := map[string]bool{}
		for _, i := range at[1:] {
			into.Task.Containers = append(into.Task.Containers, w.Services[i].Task.Containers...)
			into.Ingress = append(into.Ingress, w.Services[i].Ingress...)
			into.Count.Fixed.Value = max(into.Count.Fixed.Value, w.Services[i].Count.Fixed.Value)
			gone[w.Services[i].Name] = true
		}
		into.Task.CPU, into.Task.Memory = design.Know(size.VCPU), design.Know(size.GB)
		w.Services = slices.DeleteFunc(w.Services, func(svc design.Service) bool { return clusterKey(&svc) == cluster && gone[svc.Name] })
		return nil
	}
}

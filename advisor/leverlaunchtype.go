package advisor

import (
	"errors"
	"fmt"
	"slices"

	"ecsavvy/advisor/design"
)

// launchType asks for each cluster what it costs on Fargate, on EC2 and on Managed
// Instances, placed and priced as a whole. docs/launch-type.md.
func launchType(s *site, f *findings) error {
	for i := range s.workload.Clusters {
		name := clusterName(&s.workload.Clusters[i])
		if missing := s.cannotMove(name); missing != "" {
			f.abstain(LeverLaunchType, s.subject("cluster", "", name, nil), missing)
			continue
		}
		for _, option := range launchOptions() {
			if err := s.launch(name, option, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// cannotMove is what is missing to judge a cluster, "" where nothing is.
func (s *site) cannotMove(cluster string) string {
	for i := range s.workload.Services {
		svc := &s.workload.Services[i]
		if clusterKey(svc) != cluster {
			continue
		}
		cpu, gb := svc.Task.Sizes()
		switch {
		case !cpu.Stated() || !gb.Stated():
			return "needs the size of every task: that of " + shortName(svc) + " is not known"
		case svc.Count.Runs == nil && !svc.Count.Mean().Stated():
			return "needs the number of tasks of " + shortName(svc)
		}
	}
	return ""
}

// launchOption is a launch type that a cluster could have.
type launchOption struct {
	name    string
	change  func(*design.Workload) error
	managed bool // by AWS: no instance is the user's
	reasons []string
	risks   []string
	patch   string
}

func launchOptions() []launchOption {
	return []launchOption{
		{
			name: "Fargate", change: toFargate, managed: true, patch: "FARGATE",
			reasons: []string{"there are no instances left to patch, scale and drain"},
			risks:   []string{"daemons, GPUs, bridge networking and cached images do not exist there; tasks start by pulling their images"},
		},
		{
			name: "EC2", change: toInstances(false), patch: "$CAPACITY_PROVIDER",
			reasons: []string{"yours then: AMIs to patch, an Auto Scaling group with managed scaling, draining, spare room: some days to set up, and hours every month, which the saving has to pay"},
			risks:   []string{"a failing instance takes several tasks with it", "instances follow the number of tasks with minutes of delay; peaks need room or wait"},
		},
		{
			name: "Managed Instances", change: toInstances(true), patch: "$MANAGED_INSTANCES_PROVIDER",
			reasons: []string{"AWS patches and replaces the instances, every 14 days at the latest, for a fee by type that is in the price", "one capacity provider with an infrastructure role to set up"},
			risks:   []string{"a failing instance takes several tasks with it", "every task has to bear being moved at least every two weeks"},
		},
	}
}

// worthMoving is the share of a cluster's cost that another launch type has to
// save: less does not pay for the move. A choice.
const worthMoving = 0.1

func (s *site) launch(cluster string, o launchOption, f *findings) error {
	change := inCluster(cluster, func(w *design.Workload) error {
		if err := o.change(w); err != nil {
			return err
		}
		for i := range w.Clusters {
			for j := range w.Clusters[i].Groups {
				// A rolling deployment starts before it stops anything.
				w.Clusters[i].Groups[j].Placement.HeadroomLargest = true
			}
		}
		if problems := w.Validate(); len(problems) > 0 {
			return errors.Join(problems...)
		}
		return nil
	})
	r, ok, err := s.recommend(Recommendation{
		Lever: LeverLaunchType, Subject: s.subject("cluster", "", cluster, nil), Title: "all services on " + o.name,
		Risk: RiskMedium, RiskReasons: o.risks, Effort: EffortMigration,
		Reasons: append(slices.Clone(o.reasons), "tasks are placed at their mean number, with room for one more of the largest; nothing was drawn"),
		Patches: []Patch{
			{FormTerraform, fmt.Sprintf("capacity_provider_strategy {\n  capacity_provider = %s\n  weight            = 1\n}", hcl2(o.patch))},
			{FormCLI, fmt.Sprintf("aws ecs update-service --region %s --cluster %s --service \"$SERVICE\" --force-new-deployment --capacity-provider-strategy capacityProvider=%s,weight=1", shell(s.scope.Region), shell(cluster), o.patch)},
		},
		Change: change,
	})
	if err != nil || !ok || r.Saving.P10 < worthMoving*r.Before {
		return err
	}
	r.Evidence.Source = "AWS/ECS"
	r.Evidence.Bound = s.movedTo(cluster, change)
	r.Evidence.Next = fmt.Sprintf("below $%.0f a month it would not be a tenth cheaper", worthMoving*r.Before)
	f.recommend(r)
	return nil
}

// hcl2 quotes a capacity provider for Terraform: one that is yet to be made is a
// reference.
func hcl2(name string) string {
	if name[0] == '$' {
		return "aws_ecs_capacity_provider.this.name"
	}
	return hcl(name)
}

// movedTo says what the tasks of a cluster run on after a change.
func (s *site) movedTo(cluster string, change func(*design.Workload) error) string {
	w := copyOf(s.sub(component{scope: s.scope, kind: "cluster", name: cluster}))
	if change(&w) != nil {
		return ""
	}
	r, err := s.price(w)
	if err != nil {
		return ""
	}
	for i := range r.Resources {
		if r.Resources[i].Kind == "instances" && r.Resources[i].Summary != "" {
			return r.Resources[i].Summary
		}
	}
	return "Fargate's size for each task"
}

// inCluster makes a change in one cluster of a workload and leaves the others.
func inCluster(name string, change func(*design.Workload) error) func(*design.Workload) error {
	return func(w *design.Workload) error {
		part := design.Workload{Name: w.Name, Region: w.Region}
		part.Network.AZs = w.Network.AZs
		var services, clusters []int
		for i := range w.Services {
			if clusterKey(&w.Services[i]) == name {
				services = append(services, i)
				part.Services = append(part.Services, w.Services[i])
			}
		}
		for i := range w.Clusters {
			if clusterName(&w.Clusters[i]) == name {
				clusters = append(clusters, i)
				part.Clusters = append(part.Clusters, w.Clusters[i])
			}
		}
		if len(services) == 0 || len(clusters) == 0 {
			return errGone
		}
		part = copyOf(part)
		for i := range part.Services {
			part.Services[i].Ingress = nil // load balancers stay outside
		}
		if err := change(&part); err != nil {
			return err
		}
		for k, i := range services {
			moved := part.Services[k]
			moved.Ingress = w.Services[i].Ingress
			w.Services[i] = moved
		}
		for k, i := range clusters {
			w.Clusters[i] = part.Clusters[k]
		}
		return nil
	}
}

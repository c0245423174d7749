package intake

import (
	"ecsavvy/advisor/design"
)

// express joins the services of Express Mode: Fargate tasks, scaled between
// bounds, behind one load balancer that ECS makes for up to 25 of them.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html
// (1 vCPU and 2 GB, Linux on X86_64, cluster "default" where nothing is said).
func (j *joining) express() {
	const perBalancer = 25
	for i := range j.s.express {
		e := &j.s.express[i]
		out := design.Service{Name: e.title(), Cluster: j.clusterName(e.cluster), Tags: e.tags, Capacity: design.Only(design.Fargate)}
		out.Task = design.Task{
			Family: e.title(), NetworkMode: "awsvpc", Compatibilities: []string{string(design.Fargate)},
			CPU: e.cpu, Memory: e.memory,
			Containers: []design.Container{{Name: cmpOr(e.container, "Main"), Image: e.image, Essential: true, LogDriver: "awslogs", LogGroup: e.logGroup}},
		}
		if absent(e.cpu) {
			out.Task.CPU = design.Know(1.0)
		}
		if absent(e.memory) {
			out.Task.Memory = design.Know(2.0)
		}
		completePlatform(&out)
		least := e.minTasks
		if absent(least) {
			least = design.Assume(1.0, "an Express Mode service keeps one task at least")
		}
		out.Count = (&scalingOf{target: &scalableTarget{min: least, max: e.maxTasks}}).profile()
		def := &taskDefinition{task: out.Task, groups: []string{e.logGroup}, secrets: make(secretRefs)}
		for _, from := range e.secretRefs {
			def.secrets.add(from)
		}
		balancer := "ecs-express"
		if i/perBalancer > 0 {
			balancer += "-" + string(rune('a'+min(i/perBalancer, 25)))
		}
		if i%perBalancer == 0 {
			j.w.LoadBalancers = append(j.w.LoadBalancers, design.LoadBalancer{
				Name: balancer, Kind: design.ALB, AZs: subnetCount(e.subnets),
				Traffic: design.BalancerTraffic{Rules: design.Know(float64(min(len(j.s.express)-i, perBalancer)))},
			})
		}
		out.Ingress = []design.Ingress{{LoadBalancer: balancer}}
		out.Deployment.Kind = design.BlueGreen // canary: both fleets run while traffic moves
		j.add(out, joinedService{key: e.key, def: def, subnets: e.subnets})
	}
}

// scheduled joins the tasks that EventBridge and its Scheduler run.
func (j *joining) scheduled() {
	rules := indexResources(j.s.eventRules, func(r *eventRule) *cloudResource { return &r.cloudResource })
	for i := range j.s.scheduledTasks {
		t := j.s.scheduledTasks[i]
		if rule := rules.get(t.rule); rule != nil {
			t.schedule, t.off = rule.schedule, rule.off
			t.name = cmpOr(t.name, rule.title())
		} else if !t.rule.absent() && absent(t.schedule) {
			t.schedule.Note = j.s.missing("rule", t.rule)
		}
		out := design.Service{Name: t.title(), Cluster: j.clusterName(t.cluster), AssignPublicIP: t.publicIP}
		from := joinedService{key: t.key}
		def := j.task(t.taskDef, &out, &from)
		out.Tags = mergeTags(tagsOf(def), t.tags)
		runs := &design.Runs{Tasks: t.tasks, Seconds: t.seconds}
		if absent(t.seconds) {
			runs.Seconds = design.NotKnown[float64]("how long a run lasts is not in " + j.s.code)
		}
		if absent(t.tasks) {
			runs.Tasks = design.Know(1.0)
		}
		switch {
		case t.off:
			runs.PerDay = design.Know(0.0)
		case t.schedule.Stated():
			runs.PerDay = runsPerDay(t.schedule.Value)
		case !absent(t.schedule):
			runs.PerDay = design.NotKnown[float64]("the schedule is not known: " + t.schedule.Note)
		default:
			runs.PerDay = design.NotKnown[float64]("events start it; how many there are is not in " + j.s.code)
		}
		out.Count = design.CountProfile{Runs: runs}
		out.Capacity = j.capacity(&runsOn{cluster: t.cluster, launchType: t.launchType, strategy: t.strategy, def: def})
		if def != nil {
			completePlatform(&out)
		}
		j.add(out, from)
	}
}

package intake

import "ecsavvy/advisor/design"

// serviceDraft is a service as written; nil is what is not written.
type serviceDraft struct {
	cluster    string
	tags       map[string]string
	task       *taskDraft
	count      *design.CountProfile
	runs       *design.Runs
	capacity   *capacityDraft
	scheduling design.SchedulingStrategy
	distinct   bool
	publicIP   design.Fact[bool]
	rework     design.Fact[float64]
	ingress    []ingressDraft
	connect    *connectDraft
	sidecars   []named[design.Sidecar]
	deployment design.Deployment
	traffic    design.Traffic

	logs      []named[design.LogGroup]
	image     *design.Repository
	secrets   *design.SecretStore
	storage   storageDraft
	discovery *design.Namespace
	alarms    *design.Alarms
}

// connectDraft is Service Connect: off, or on with the size of its proxy.
type connectDraft struct {
	off         bool
	cpu, memory design.Fact[float64]
}

func serviceForm() form[serviceDraft] {
	return mapping("Service", "A task, how many of it run, where, and behind what.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB, arch: arm64}\n    count: {min: 2, average: 3.4, max: 10}\n    capacity: {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {weight: 3}}\n    public_ip: true\n    tags: {team: shop, env: prod}\n",
		field("cluster", "The cluster's name, where there are several.", text("a cluster's name"), func(s *serviceDraft) *string { return &s.cluster }),
		field("tags", "Tags.", tagsForm(), func(s *serviceDraft) *map[string]string { return &s.tags }),
		must(field("task", "The task definition.", optional(taskForm()), func(s *serviceDraft) **taskDraft { return &s.task })),
		field("count", "How many tasks run.", optional(countForm()), func(s *serviceDraft) **design.CountProfile { return &s.count }),
		field("runs", "One-shot work, instead of a count.", optional(runsForm()), func(s *serviceDraft) **design.Runs { return &s.runs }),
		field("capacity", "Where tasks run.", optional(capacityForm()), func(s *serviceDraft) **capacityDraft { return &s.capacity }),
		field("scheduling_strategy", "ECS's schedulingStrategy: replica, or daemon for one task on each instance.",
			oneOf(choice[design.SchedulingStrategy]{"replica", design.Replica}, choice[design.SchedulingStrategy]{"daemon", design.Daemon}), func(s *serviceDraft) *design.SchedulingStrategy { return &s.scheduling }),
		field("distinct_instance", "ECS's placement constraint distinctInstance: no two of its tasks on one instance.", boolean(), func(s *serviceDraft) *bool { return &s.distinct }),
		field("public_ip", "Whether each task has a public IPv4 address (assignPublicIp).", known(boolean()), func(s *serviceDraft) *design.Fact[bool] { return &s.publicIP }),
		field("spot_rework", "The share of work that Spot interruptions make be done twice.", amount(share()), func(s *serviceDraft) *design.Fact[float64] { return &s.rework }),
		field("ingress", "The ways in.", ingressForm(), func(s *serviceDraft) *[]ingressDraft { return &s.ingress }),
		field("service_connect", "Whether Service Connect adds its proxy to each task, or the proxy's size.", optional(connectForm()), func(s *serviceDraft) **connectDraft { return &s.connect }),
		field("sidecars", "Containers added to each task beside those of its definition, by name.", byName("sidecar", sidecarForm()), func(s *serviceDraft) *[]named[design.Sidecar] { return &s.sidecars }),
		field("deployment", "How tasks are replaced.", deploymentForm(), func(s *serviceDraft) *design.Deployment { return &s.deployment }),
		field("traffic", "Data outside the load balancer.", trafficForm(), func(s *serviceDraft) *design.Traffic { return &s.traffic }),
		field("logs", "What it logs to CloudWatch.", oneOrNamed("log group", logsForm()), func(s *serviceDraft) *[]named[design.LogGroup] { return &s.logs }),
		field("image", "Its image in ECR.", optional(repositoryForm()), func(s *serviceDraft) **design.Repository { return &s.image }),
		field("secrets", "The secrets that it reads at start.", optional(secretsForm()), func(s *serviceDraft) **design.SecretStore { return &s.secrets }),
		field("storage", "What it stores.", storageForm(), func(s *serviceDraft) *storageDraft { return &s.storage }),
		field("discovery", "Service discovery with Cloud Map.", optional(namespaceForm()), func(s *serviceDraft) **design.Namespace { return &s.discovery }),
		field("alarms", "CloudWatch alarms.", optional(alarmsForm()), func(s *serviceDraft) **design.Alarms { return &s.alarms }),
	)
}

func connectForm() form[connectDraft] {
	onOff := as(boolean(), func(on bool) connectDraft { return connectDraft{off: !on} })
	return either(onOff, mapping("Service Connect", "The size of the proxy that Service Connect adds to each task.",
		"services:\n  api: {task: {cpu: 0.5, memory: 1GB}, service_connect: {cpu: 0.25, memory: 64MB}}\n  web: {task: {cpu: 0.5, memory: 1GB}, service_connect: true}\n",
		field("cpu", "The proxy's CPU.", amount(vcpu()), func(c *connectDraft) *design.Fact[float64] { return &c.cpu }),
		field("memory", "The proxy's memory.", amount(memory()), func(c *connectDraft) *design.Fact[float64] { return &c.memory }),
	))
}

// sidecar is the proxy that Service Connect adds. "We recommend adding an
// additional 256 CPU units and at least 64 MiB of memory to your task CPU and
// memory for the Service Connect proxy container."
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html.
func (c *connectDraft) sidecar() design.Sidecar {
	return design.Sidecar{
		Name:   "service-connect",
		CPU:    c.cpu.Or(0.25, "the Service Connect proxy: 256 CPU units, as AWS recommends"),
		Memory: c.memory.Or(64.0/design.MiBPerGB, "the Service Connect proxy: 64 MiB, the least that AWS recommends"),
	}
}

func sidecarForm() form[design.Sidecar] {
	return mapping("Sidecar", "A container added to each task; its size is added to the task's before the sum is fitted to Fargate's sizes.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    sidecars: {datadog: {cpu: 0.1, memory: 256MB}}\n",
		field("cpu", "Its CPU.", amount(vcpu()), func(s *design.Sidecar) *design.Fact[float64] { return &s.CPU }),
		field("memory", "Its memory.", amount(memory()), func(s *design.Sidecar) *design.Fact[float64] { return &s.Memory }),
	)
}

func deploymentForm() form[design.Deployment] {
	return mapping("Deployment", "How tasks are replaced: old and new run beside each other for a while.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    deployment: {kind: blue_green, per_month: 20, minutes: 6m}\n",
		field("kind", "rolling or blue_green.", oneOf(choice[design.DeploymentKind]{"rolling", design.Rolling}, choice[design.DeploymentKind]{"blue_green", design.BlueGreen}),
			func(d *design.Deployment) *design.DeploymentKind { return &d.Kind }),
		field("per_month", "Deployments a month.", amount(perMonth()), func(d *design.Deployment) *design.Fact[float64] { return &d.PerMonth }),
		field("minutes", "How long old and new overlap, bake time included.", amount(minutes()), func(d *design.Deployment) *design.Fact[float64] { return &d.Minutes }),
		field("maximum_percent", "ECS's maximumPercent.", amount(percent()), func(d *design.Deployment) *design.Fact[float64] { return &d.MaximumPercent }),
	)
}

func trafficForm() form[design.Traffic] {
	return mapping("Traffic", "A service's data outside its load balancer.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    traffic: {internet_out: 100GB/month, cross_az: 30KB/s, to_regions: {eu-west-1: 10GB/month}}\n",
		field("internet_out", "To the internet.", amount(monthlyData()), func(t *design.Traffic) *design.Fact[float64] { return &t.InternetOut }),
		field("internet_in", "From the internet, through NAT where there is one.", amount(monthlyData()), func(t *design.Traffic) *design.Fact[float64] { return &t.InternetIn }),
		field("cross_az", "Between Availability Zones, counted once.", amount(monthlyData()), func(t *design.Traffic) *design.Fact[float64] { return &t.CrossAZ }),
		field("to_regions", "To other regions, by region.", toRegionsForm(), func(t *design.Traffic) *[]design.RegionTraffic { return &t.ToRegion }),
	)
}

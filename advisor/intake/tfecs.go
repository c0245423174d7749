package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// fillECS takes over the resources of ECS; ok is false of other types.
func (f *tfFill) fillECS(s *tfSide) (ok bool) {
	st := f.stack
	switch s.r.typ {
	case "aws_ecs_service":
		st.services = append(st.services, f.service(s))
	case "aws_ecs_task_set":
		st.taskSets = append(st.taskSets, f.taskSet(s))
	case "aws_ecs_express_gateway_service":
		st.express = append(st.express, f.expressService(s))
	case "aws_ecs_task_definition":
		st.taskDefs = append(st.taskDefs, f.taskDefinition(s))
	case "aws_ecs_cluster":
		st.clusters = append(st.clusters, f.cluster(s))
	case "aws_ecs_cluster_capacity_providers":
		st.associations = append(st.associations, clusterProviders{
			cloudResource: s.resource(), cluster: s.get("cluster_name").ref("aws_ecs_cluster"),
			providers: s.get("capacity_providers").refs("aws_ecs_capacity_provider"), strategy: s.strategy("default_capacity_provider_strategy"),
		})
	case "aws_ecs_capacity_provider":
		st.providers = append(st.providers, f.capacityProvider(s))
	case "aws_ecs_account_setting_default":
		f.accountSetting(s)
	case "aws_appautoscaling_target", "aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action":
		f.scaling(s)
	case "aws_cloudwatch_event_rule":
		st.eventRules = append(st.eventRules, eventRule{
			cloudResource: s.resource(), schedule: s.get("schedule_expression").fact(),
			off: strings.HasPrefix(s.get("state").text(), "DISABLED") || s.get("is_enabled").text() == "false",
		})
	case "aws_cloudwatch_event_target":
		f.eventTarget(s)
	case "aws_scheduler_schedule":
		f.schedulerSchedule(s)
	default:
		return false
	}
	return true
}

func (f *tfFill) service(s *tfSide) ecsService {
	svc := ecsService{
		cloudResource: s.resource(),
		cluster:       s.get("cluster").ref("aws_ecs_cluster"),
		taskDef:       s.get("task_definition").ref("aws_ecs_task_definition"),
		desired:       s.get("desired_count").number(),
		daemon:        s.get("scheduling_strategy").text() == "DAEMON",
		controller:    s.get("deployment_controller").get("type").text(),
		launchType:    s.get("launch_type").fact(),
		strategy:      s.strategy("capacity_provider_strategy"),
		publicIP:      s.publicIP(),
		subnets:       s.block("network_configuration").get("subnets").refs("aws_subnet", "aws_default_subnet"),
		deployment:    s.get("deployment_configuration").get("strategy").text(),
	}
	if s.states("deployment_maximum_percent") { // else it is the provider's default, ECS's own
		svc.maximumPercent = s.get("deployment_maximum_percent").number()
	}
	if s.block("capacity_provider_strategy").unknown() {
		svc.strategyNote = afterApply
	}
	svc.targetGroups, svc.classic = s.attachments()
	for _, r := range s.block("service_registries").items() {
		svc.registries = append(svc.registries, r.get("registry_arn").ref("aws_service_discovery_service"))
	}
	for _, c := range s.block("placement_constraints").items() {
		svc.constrain(c.get("type").text(), c.get("expression").text())
	}
	for _, v := range s.block("volume_configuration").items() {
		ebs := v.get("managed_ebs_volume")
		if ebs.none() || v.get("name").text() == "" {
			continue
		}
		if svc.volumes == nil {
			svc.volumes = make(map[string]design.Volume)
		}
		svc.volumes[v.get("name").text()] = ebs.volume("volume_type", "size_in_gb")
	}
	return svc
}

// publicIP is assign_public_ip of a service, where the code states it: the
// provider writes false otherwise, ECS's own default.
func (s *tfSide) publicIP() fact[bool] {
	v := s.block("network_configuration").get("assign_public_ip")
	if v.text() == "false" && !v.stated() {
		return fact[bool]{}
	}
	return v.truth()
}

// attachments are the target groups and Classic Load Balancers of a service or
// a task set; a blue/green deployment names the second group too.
func (s *tfSide) attachments() (groups, classic []ref) {
	for _, lb := range s.block("load_balancer").items() {
		if group := lb.get("target_group_arn").ref("aws_lb_target_group", "aws_alb_target_group"); !group.absent() {
			groups = append(groups, group)
		}
		if other := lb.get("advanced_configuration").get("alternate_target_group_arn").ref("aws_lb_target_group", "aws_alb_target_group"); !other.absent() {
			groups = append(groups, other)
		}
		if name := lb.get("elb_name").ref("aws_elb"); !name.absent() {
			classic = append(classic, name)
		}
	}
	return groups, classic
}

// strategy is a capacity provider strategy. FARGATE and FARGATE_SPOT are texts.
func (s *tfSide) strategy(name string) []strategyItem {
	var items []strategyItem
	for _, item := range s.block(name).items() {
		if item.unknown() {
			continue
		}
		items = append(items, item.strategyItem())
	}
	return items
}

func (v tfValue) strategyItem() strategyItem {
	return strategyItem{
		provider: v.get("capacity_provider").ref("aws_ecs_capacity_provider"),
		base:     v.get("base").number(), weight: v.get("weight").number(),
	}
}

func (f *tfFill) taskSet(s *tfSide) ecsTaskSet {
	set := ecsTaskSet{
		cloudResource: s.resource(),
		service:       s.get("service").ref("aws_ecs_service"),
		cluster:       s.get("cluster").ref("aws_ecs_cluster"),
		taskDef:       s.get("task_definition").ref("aws_ecs_task_definition"),
		launchType:    s.get("launch_type").fact(),
		strategy:      s.strategy("capacity_provider_strategy"),
		publicIP:      s.publicIP(),
	}
	set.name = "" // a task set has an ID only
	set.scale = s.block("scale").get("value").number()
	set.targetGroups, set.classic = s.attachments()
	return set
}

func (f *tfFill) expressService(s *tfSide) expressService {
	e := expressService{
		cloudResource: s.resource("service_name"),
		cluster:       s.get("cluster").ref("aws_ecs_cluster"),
		cpu:           parsed(s.get("cpu"), design.ParseCPU),
		memory:        parsed(s.get("memory"), design.ParseMemory),
		subnets:       s.block("network_configuration").get("subnets").refs("aws_subnet", "aws_default_subnet"),
	}
	scaling := s.block("scaling_target")
	e.minTasks, e.maxTasks = scaling.get("min_task_count").number(), scaling.get("max_task_count").number()
	container := s.block("primary_container")
	if !s.sensitive("primary_container") {
		e.image = container.get("image").text()
		e.logGroup = container.get("aws_logs_configuration").get("log_group").text()
	}
	for _, item := range container.get("secret").items() {
		e.secretRefs = append(e.secretRefs, item.get("value_from").text())
	}
	return e
}

// parsed is a size as ECS writes it.
func parsed(v tfValue, parse func(string) (float64, error)) fact[float64] {
	text := v.fact()
	if !text.Stated() {
		return design.NotKnown[float64](text.Note)
	}
	n, err := parse(text.Value)
	if err != nil {
		return design.NotKnown[float64](v.path + ": " + err.Error())
	}
	return design.Know(n)
}

func (f *tfFill) cluster(s *tfSide) ecsCluster {
	c := ecsCluster{
		cloudResource: s.resource(),
		providers:     s.get("capacity_providers").refs("aws_ecs_capacity_provider"),
		strategy:      s.strategy("default_capacity_provider_strategy"),
	}
	for _, setting := range s.block("setting").items() {
		if name := setting.get("name"); name.text() == "containerInsights" {
			c.insights = insightsFact(setting.get("value").fact())
		}
	}
	return c
}

// insightsFact is a Container Insights setting.
func insightsFact(value fact[string]) fact[design.Insights] {
	return fact[design.Insights]{Value: design.Insights(value.Value), Basis: value.Basis, Note: value.Note}
}

func (f *tfFill) accountSetting(s *tfSide) {
	value := s.get("value").fact()
	switch s.get("name").text() {
	case "containerInsights":
		f.stack.accountDefault.insights = insightsFact(value)
	case "awsvpcTrunking":
		f.stack.accountDefault.trunking = fact[bool]{Value: value.Value == "enabled", Basis: value.Basis, Note: value.Note}
	}
}

func (f *tfFill) capacityProvider(s *tfSide) capacityProvider {
	p := capacityProvider{cloudResource: s.resource()}
	group := s.block("auto_scaling_group_provider")
	scaling := group.get("managed_scaling")
	p.group = group.get("auto_scaling_group_arn").ref("aws_autoscaling_group")
	p.scaled = scaling.get("status").text() == "ENABLED"
	p.targetCapacity = scaling.get("target_capacity").number()
	managed := s.block("managed_instances_provider")
	if managed.none() {
		return p
	}
	launch := managed.get("instance_launch_template")
	p.managed = &managedInstances{
		cluster:      s.get("cluster").ref("aws_ecs_cluster"),
		requirements: launch.get("instance_requirements").requirements(),
		storageGB:    launch.get("storage_configuration").get("storage_size_gib").number(),
		spot:         design.Know(launch.get("capacity_option_type").text() == "SPOT"),
	}
	return p
}

// requirements are instance requirements, of EC2 and of ECS.
func (v tfValue) requirements() instanceRequirements {
	memory := v.get("memory_mib")
	return instanceRequirements{
		allowed: v.get("allowed_instance_types").texts(), excluded: v.get("excluded_instance_types").texts(),
		minVCPU: v.get("vcpu_count").get("min").number(), maxVCPU: v.get("vcpu_count").get("max").number(),
		minGB: design.Scale(memory.get("min").number(), 1.0/design.MiBPerGB), maxGB: design.Scale(memory.get("max").number(), 1.0/design.MiBPerGB),
	}
}

func (f *tfFill) scaling(s *tfSide) {
	const service, target = "aws_ecs_service", "aws_appautoscaling_target"
	if namespace := s.get("service_namespace").text(); namespace != "ecs" && namespace != "" {
		return // DynamoDB, Aurora and others scale for free; they are counted themselves
	}
	switch s.r.typ {
	case target:
		r := s.resource("")
		r.ids = append(r.ids, s.get("resource_id").text())
		f.stack.targets = append(f.stack.targets, scalableTarget{
			cloudResource: r, service: s.get("resource_id").ref(service),
			min: s.get("min_capacity").number(), max: s.get("max_capacity").number(),
		})
	case "aws_appautoscaling_policy":
		f.stack.policies = append(f.stack.policies, scalingPolicy{
			cloudResource: s.resource(), target: s.get("resource_id").ref(target, service), kind: s.get("policy_type").text(),
		})
	default:
		action := s.block("scalable_target_action")
		f.stack.actions = append(f.stack.actions, scheduledAction{
			cloudResource: s.resource(), target: s.get("resource_id").ref(target, service),
			schedule: s.get("schedule").fact(), timezone: cmpOr(s.get("timezone").text(), "UTC"),
			min: action.get("min_capacity").number(), max: action.get("max_capacity").number(),
			bounded: s.get("start_time").text() != "" || s.get("end_time").text() != "",
		})
	}
}

func (f *tfFill) eventTarget(s *tfSide) {
	ecs := s.block("ecs_target")
	if ecs.none() {
		return
	}
	t := s.ecsTarget(ecs, "ecs_target", s.get("arn"))
	t.rule = s.get("rule").ref("aws_cloudwatch_event_rule")
	f.stack.scheduledTasks = append(f.stack.scheduledTasks, t)
}

func (f *tfFill) schedulerSchedule(s *tfSide) {
	target := s.block("target")
	ecs := target.get("ecs_parameters")
	if ecs.none() {
		return
	}
	t := s.ecsTarget(ecs, "target", target.get("arn"))
	t.schedule = s.get("schedule_expression").fact()
	t.off = s.get("state").text() == "DISABLED"
	f.stack.scheduledTasks = append(f.stack.scheduledTasks, t)
}

// ecsTarget is what a schedule runs.
func (s *tfSide) ecsTarget(ecs tfValue, block string, cluster tfValue) scheduledTask {
	t := scheduledTask{
		cloudResource: s.resource(),
		cluster:       cluster.ref("aws_ecs_cluster"),
		taskDef:       ecs.get("task_definition_arn").ref("aws_ecs_task_definition"),
		tasks:         ecs.get("task_count").number(),
		launchType:    ecs.get("launch_type").fact(),
		publicIP:      ecs.get("network_configuration").get("assign_public_ip").truth(),
	}
	for _, item := range ecs.get("capacity_provider_strategy").items() {
		t.strategy = append(t.strategy, item.strategyItem())
	}
	return t
}

package intake

// tfFill fills a stack with one side of a plan.
type tfFill struct {
	file  *tfFile
	stack *stack
	past  bool
	errs  Errors
	// associations and attachments are resources that only join others.
	associations []tfAssociation
	attachments  []tfAttachment
}

// add takes over one resource.
func (f *tfFill) add(r *tfResource) {
	f.file.scan.reuse()
	s := f.file.side(r, f.past)
	switch {
	case !tfModelled(r.typ, r.data):
		if _, free := tfFree(r.typ); !free && !r.data {
			f.stack.unpriced(r.typ)
		}
	case f.fillECS(s), f.fillNetwork(s), f.fillInstances(s), f.fillShared(s):
	}
}

// tfModelled reports whether a type has a model here. Of data sources only those
// count that tell something about what the plan makes.
func tfModelled(typ string, data bool) bool {
	if data {
		switch typ {
		case "aws_ecs_task_definition", "aws_subnet", "aws_region", "aws_ami":
			return true
		}
		return false
	}
	switch typ {
	case "aws_ecs_service", "aws_ecs_task_set", "aws_ecs_express_gateway_service", "aws_ecs_task_definition", "aws_ecs_cluster",
		"aws_ecs_cluster_capacity_providers", "aws_ecs_capacity_provider", "aws_ecs_account_setting_default",
		"aws_appautoscaling_target", "aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action",
		"aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "aws_scheduler_schedule",
		"aws_lb", "aws_alb", "aws_elb", "aws_lb_listener", "aws_alb_listener", "aws_lb_listener_rule", "aws_alb_listener_rule",
		"aws_lb_target_group", "aws_alb_target_group", "aws_nat_gateway", "aws_eip", "aws_eip_association", "aws_vpc_endpoint",
		"aws_subnet", "aws_default_subnet", "aws_route", "aws_route_table", "aws_default_route_table", "aws_network_interface", "aws_network_interface_attachment",
		"aws_instance", "aws_autoscaling_group", "aws_launch_template", "aws_launch_configuration",
		"aws_cloudwatch_log_group", "aws_ecr_repository", "aws_ecr_lifecycle_policy", "aws_secretsmanager_secret", "aws_ssm_parameter", "aws_efs_file_system",
		"aws_service_discovery_http_namespace", "aws_service_discovery_private_dns_namespace", "aws_service_discovery_public_dns_namespace",
		"aws_service_discovery_service", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm":
		return true
	}
	return false
}

// resource is what all resources have. Attributes that hold the name come
// first; "name" where none is given, "" for resources without one.
func (s *tfSide) resource(nameIn ...string) cloudResource {
	r := cloudResource{key: s.r.address, tags: s.tags()}
	if len(nameIn) == 0 {
		nameIn = []string{"name"}
	}
	r.name = s.named(nameIn)
	if s.past && s.r.hasNext && r.name != "" {
		// What output calls a resource is the same before and after.
		r.label = cmpOr(s.f.side(s.r, false).named(nameIn), r.key)
	}
	for _, attribute := range []string{"arn", "id"} {
		if text := s.get(attribute).text(); text != "" && text != r.name {
			r.ids = append(r.ids, text)
		}
	}
	return r
}

// named is the first of some attributes that holds a name.
func (s *tfSide) named(attributes []string) string {
	for _, a := range attributes {
		if a == "" || s.sensitive(a) {
			continue
		}
		if name := s.get(a).text(); name != "" {
			return name
		}
	}
	return ""
}

// place is where a side of a resource stands in the plan.
func (s *tfSide) place() string {
	at := index(s.r.place, s.r.number)
	switch {
	case s.r.place != "resource_changes":
		return at + ".values" // in a state
	case s.past:
		return at + ".change.before"
	default:
		return at + ".change.after"
	}
}

// tags are the resource's with those of the provider, nil where there are none
// or the plan hides them. Many resources have the same: they share a map, which
// nobody changes.
func (s *tfSide) tags() map[string]string {
	for _, attribute := range []string{"tags_all", "tags"} {
		span, ok := s.f.member(s.values, attribute)
		if !ok || s.f.scan.data[span.from] != '{' || s.sensitive(attribute) {
			continue
		}
		text := s.f.scan.data[span.from:span.to]
		if have, ok := s.f.tagSets[string(text)]; ok {
			return have
		}
		tags := make(map[string]string)
		if n := s.get(attribute).n; n != nil {
			for _, e := range n.entries {
				if e.value.kind == textNode {
					tags[e.key] = e.value.text
				}
			}
		}
		if len(tags) == 0 {
			tags = nil
		}
		s.f.tagSets[string(text)] = tags
		return tags
	}
	return nil
}

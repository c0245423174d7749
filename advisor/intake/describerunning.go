package intake

import (
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// defaultStopTimeout is ECS's stopTimeout in seconds where none is stated.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html,
// "Container timeouts".
const defaultStopTimeout = 30

// ReadRunning reads what a workload has no place for from the replies that
// ReadDescriptions reads: how services scale and are deployed, which containers
// ran out of memory, where default routes lead. Its keys are "cluster/service",
// "cluster/service/id" of a task set, and "cluster/name" of tasks without a
// service, in the words of CloudWatch's dimensions. Files that are no replies are
// errors; replies without a service give an empty map.
func ReadRunning(files map[string][]byte) (map[string]design.Running, error) {
	r := &runningReader{
		of: make(map[string]*design.Running), said: make(map[string]bool), subnets: make(map[string][]string), routes: make(map[string][]string), main: make(map[string][]string),
		vpcOf: make(map[string]string), stopTimeouts: make(map[string]float64), targets: make(map[string]*scalingReader), alarms: make(map[string]seenAlarm),
	}
	for _, name := range sortedKeys(files) {
		in, err := open(name, files[name])
		if err != nil {
			return nil, err
		}
		if in.kind != Description && in.kind != TaskDefinition {
			return nil, fail(name, "this is %s; want the replies of describe calls", in.kind.title())
		}
		for _, at := range repliesIn(in, &r.errs) {
			r.reply(at)
		}
	}
	if err := r.errs.orNil(); err != nil {
		return nil, err
	}
	r.join()
	all := make(map[string]design.Running, len(r.of))
	for key, s := range r.of {
		all[key] = *s
	}
	return all, nil
}

// runningReader gathers what is joined once every reply was read.
type runningReader struct {
	errs Errors
	of   map[string]*design.Running
	// said are the resources that were read, as in describer.first.
	said map[string]bool
	// subnets are those of each service, routes the targets of default routes
	// by subnet, main those of the other subnets of a VPC.
	subnets, routes, main map[string][]string
	// vpcOf is the VPC of a subnet.
	vpcOf map[string]string
	// stopTimeouts are seconds by "family:revision".
	stopTimeouts map[string]float64
	targets      map[string]*scalingReader
	alarms       map[string]seenAlarm
}

// first reports whether a resource is met for the first time.
func (r *runningReader) first(id string) bool {
	if id != "" && r.said[id] {
		return false
	}
	r.said[id] = true
	return true
}

// service is what is known of a service or of tasks without one.
func (r *runningReader) service(key string) *design.Running {
	s := r.of[key]
	if s == nil {
		s = &design.Running{}
		r.of[key] = s
	}
	return s
}

// reply reads the parts of a reply that say how something runs.
func (r *runningReader) reply(at cursor) {
	at.node = unwrapRecorded(at.node)
	if def, _ := at.node.fold("taskDefinition"); def != nil || at.node.get("containerDefinitions") != nil {
		r.taskDefinition(at)
	}
	for _, part := range []struct {
		key  string
		read func(cursor)
	}{
		{"services", r.ecsService}, {"taskSets", r.taskSet}, {"tasks", r.task},
		{"ScalableTargets", r.scalableTarget}, {"ScalingPolicies", r.scalingPolicy}, {"ScheduledActions", r.scheduledAction},
		{"MetricAlarms", r.alarm}, {"Subnets", r.subnet}, {"RouteTables", r.routeTable},
	} {
		if list := at.get(part.key); list.here() && list.node.kind == listNode {
			for _, item := range list.items("a list") {
				if item.here() && item.node.kind == mappingNode {
					part.read(item)
				}
			}
		}
	}
	if one := at.get("service"); one.here() && one.node.get("serviceName") != nil {
		r.ecsService(one)
	}
}

// resourceOf is the resource of an ARN; other texts are returned as they are.
func resourceOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		return parts[5]
	}
	return arn
}

// clusterKey is the name of an item's cluster: its own, else that of a resource's
// long form such as service/cluster/name, else the default one.
func clusterKey(at cursor, resource string) string {
	if arn := at.get("clusterArn").name("an ARN"); arn != "" {
		return nameIn(resourceOf(arn))
	}
	if parts := strings.Split(resource, "/"); len(parts) > 2 {
		return parts[1]
	}
	return "default"
}

// ecsService reads an item of describe-services.
func (r *runningReader) ecsService(at cursor) {
	resource := resourceOf(at.get("serviceArn").name("an ARN"))
	name := cmpOr(at.get("serviceName").name("a service's name"), nameIn(resource))
	if name == "" {
		return
	}
	key := clusterKey(at, resource) + "/" + name
	if !r.first("service/" + key) {
		return
	}
	s := r.service(key)
	s.TaskDefinition = nameIn(resourceOf(at.get("taskDefinition").name("an ARN")))
	s.Created = at.get("createdAt").moment()
	s.Controller = cmpOr(at.get("deploymentController").get("type").name("a deployment controller"), "ECS")
	deployment := at.get("deploymentConfiguration")
	s.MinimumHealthyPercent = deployment.get("minimumHealthyPercent").count("a percentage")
	s.MaximumPercent = deployment.get("maximumPercent").count("a percentage")
	s.HealthCheckGrace = at.get("healthCheckGracePeriodSeconds").count("a number of seconds")
	for _, subnet := range at.get("networkConfiguration").get("awsvpcConfiguration").get("subnets").items("a list of subnets") {
		r.subnets[key] = append(r.subnets[key], subnet.name("a subnet"))
	}
	for _, set := range at.get("taskSets").items("a list of task sets") {
		r.taskSetOf(set, key)
	}
}

// taskSet reads an item of describe-task-sets.
func (r *runningReader) taskSet(at cursor) {
	service := resourceOf(at.get("serviceArn").name("an ARN"))
	parts := strings.Split(resourceOf(at.get("taskSetArn").name("an ARN")), "/") // task-set/cluster/service/id
	cluster, name := clusterKey(at, service), nameIn(service)
	if len(parts) > 3 {
		name = cmpOr(name, parts[2])
		if !at.get("clusterArn").here() {
			cluster = parts[1]
		}
	}
	r.taskSetOf(at, cluster+"/"+name)
}

func (r *runningReader) taskSetOf(at cursor, service string) {
	id := nameIn(cmpOr(at.get("id").name("an ID"), resourceOf(at.get("taskSetArn").name("an ARN"))))
	s := r.service(service + "/" + id)
	s.TaskDefinition = nameIn(resourceOf(at.get("taskDefinition").name("an ARN")))
	s.Created, s.Controller = at.get("createdAt").moment(), "EXTERNAL"
}

// task notes the containers of a task that were killed for want of memory.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html;
// the container's reason says it, the task's stoppedReason does not.
func (r *runningReader) task(at cursor) {
	def := nameIn(resourceOf(at.get("taskDefinitionArn").name("an ARN")))
	family, _, _ := strings.Cut(def, ":")
	group := at.get("group").name("a group")
	kind, name, _ := strings.Cut(group, ":")
	name = cmpOr(cmpOr(name, group), family)
	task := resourceOf(at.get("taskArn").name("an ARN"))
	if name == "" || !r.first(task) {
		return
	}
	key := clusterKey(at, strings.Replace(task, "task/", "service/", 1)) + "/" + name
	s := r.service(key)
	if kind != "service" {
		s.TaskDefinition = cmpOr(s.TaskDefinition, def)
	}
	for _, c := range at.get("containers").items("a list of containers") {
		if !strings.HasPrefix(c.get("reason").name("a reason"), "OutOfMemory") {
			continue
		}
		limit := c.get("memory").number(design.ParseMemory, "MiB")
		if !limit.Stated() || limit.Value == 0 {
			limit = at.get("memory").number(design.ParseMemory, "MiB") // the task's, which holds every container
		}
		kill := design.OOMKill{Container: c.get("name").name("a name"), TaskDefinition: def, At: at.get("stoppedAt").moment(), LimitGB: math.NaN()}
		if limit.Stated() {
			kill.LimitGB = limit.Value
		}
		s.OOMKills = append(s.OOMKills, kill)
	}
}

// taskDefinition notes the longest stopTimeout of a task definition's containers.
func (r *runningReader) taskDefinition(at cursor) {
	root, path, _ := unwrap(at.node)
	def := at.down(path, root)
	id := nameIn(resourceOf(def.fold("taskDefinitionArn").name("an ARN")))
	if id == "" {
		id = def.fold("family").name("a family") + ":" + def.fold("revision").name("a revision")
	}
	longest := 0.0
	for _, c := range def.fold("containerDefinitions").items("a list of containers") {
		timeout := c.fold("stopTimeout").count("a number of seconds")
		if !timeout.Stated() {
			timeout.Value = defaultStopTimeout
		}
		longest = max(longest, timeout.Value)
	}
	r.stopTimeouts[id] = longest
}

// subnet reads the VPC of a subnet.
func (r *runningReader) subnet(at cursor) {
	r.vpcOf[at.get("SubnetId").name("an ID")] = at.get("VpcId").name("an ID")
}

// routeTable reads where the default routes of a route table's subnets lead.
func (r *runningReader) routeTable(at cursor) {
	if !r.first(at.get("RouteTableId").name("an ID")) {
		return
	}
	targets := defaultRoutes(at)
	for _, a := range at.get("Associations").items("a list of associations") {
		if subnet := a.get("SubnetId").name("an ID"); subnet != "" {
			r.routes[subnet] = append(r.routes[subnet], targets...)
			if r.routes[subnet] == nil {
				r.routes[subnet] = []string{} // a table without a way out is not the main one
			}
		}
		if a.get("Main").flag(false) {
			r.main[at.get("VpcId").name("an ID")] = targets
		}
	}
}

// join lays what stands in other replies over the services.
func (r *runningReader) join() {
	for key, s := range r.of {
		for _, subnet := range r.subnets[key] {
			targets, ok := r.routes[subnet]
			if !ok {
				targets = r.main[r.vpcOf[subnet]]
			}
			s.DefaultRoutes = append(s.DefaultRoutes, targets...)
		}
		slices.Sort(s.DefaultRoutes)
		s.DefaultRoutes = slices.Compact(s.DefaultRoutes)
		switch timeout, ok := r.stopTimeouts[s.TaskDefinition]; {
		case ok && timeout != defaultStopTimeout:
			s.StopTimeout = design.Know(timeout)
		case ok:
			s.StopTimeout = design.Assume(timeout, "ECS's default")
		}
		slices.SortStableFunc(s.OOMKills, func(a, b design.OOMKill) int { return a.At.Compare(b.At) })
		if t := r.targets[key]; t != nil {
			s.Scaling = t.scaling(r.alarms)
		}
	}
}

package intake

import (
	"fmt"
	"strings"

	"ecsavvy/advisor/design"
)

// seenService is what a reply says of a service that no infrastructure code does.
type seenService struct {
	name, cluster    string
	desired, running fact[float64]
	status           string
	os               fact[design.OS]
	// behind says that a load balancer sends it traffic.
	behind bool
	// stopped counts tasks that had ended.
	stopped int
}

// service reads an item of describe-services. Task sets take the place of their
// service: they are what runs.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html.
func (d *describer) service(at cursor) {
	name := at.get("serviceName").name("a service's name")
	arn := d.place(at.get("serviceArn").name("an ARN"))
	if name == "" {
		if name = nameIn(arn); name == "" {
			at.say("the key serviceName is missing: a service of describe-services has it")
			return
		}
	}
	cluster := d.clusterOf(at, arn)
	sets := at.get("taskSets").items("a list of task sets")
	for _, set := range sets {
		d.taskSet(set)
	}
	if len(sets) > 0 {
		return
	}
	svc := ecsService{
		cloudResource: cloudResource{key: cluster + "/" + name, name: name, at: at.path, tags: pairs(at.get("tags"))},
		cluster:       refText(cluster),
		desired:       at.get("desiredCount").count("a number of tasks"),
		controller:    at.get("deploymentController").get("type").name("a deployment controller"),
	}
	if at.get("schedulingStrategy").name("a scheduling strategy") == "DAEMON" {
		svc.daemon, svc.seen = true, svc.desired
	}
	for _, c := range at.get("placementConstraints").items("a list of placement constraints") {
		svc.constrain(c.get("type").name("a constraint's type"), c.get("expression").name("an expression"))
	}
	if def := at.get("taskDefinition").name("an ARN"); def != "" {
		svc.taskDef = refText(nameIn(d.place(def)))
	}
	if !d.first("service", svc.key) {
		return
	}
	deployment := at.get("deploymentConfiguration")
	svc.maximumPercent = deployment.get("maximumPercent").count("a percentage")
	svc.deployment = deployment.get("strategy").name("a deployment strategy")
	d.runsOn(at, &svc.launchType, &svc.strategy, &svc.publicIP)
	d.around(at, &svc)
	svc.targetGroups, svc.classic = d.behind(at)
	newest := d.newest(at)
	svc.volumes = launchVolumes(newest.get("volumeConfigurations"))
	d.stack.services = append(d.stack.services, svc)
	d.seen[svc.key] = &seenService{
		name: name, cluster: cluster, desired: svc.desired,
		running: at.get("runningCount").count("a number of tasks"),
		status:  at.get("status").name("a status"),
		os:      familyOS(at.get("platformFamily")),
		behind:  len(svc.targetGroups)+len(svc.classic) > 0,
	}
}

// clusterOf is the name of an item's cluster.
func (d *describer) clusterOf(at cursor, resource string) string {
	if arn := at.get("clusterArn").name("an ARN"); arn != "" {
		return nameIn(d.place(arn))
	}
	if parts := strings.Split(resource, "/"); len(parts) > 2 {
		return parts[1] // service/cluster/name, the long form
	}
	return "default"
}

// runsOn reads where tasks run and whether they have public addresses. A service
// has a launch type or a strategy.
func (d *describer) runsOn(at cursor, launchType *fact[string], strategy *[]strategyItem, public *fact[bool]) {
	*strategy = d.strategy(at.get("capacityProviderStrategy"))
	if kind := at.get("launchType").name("a launch type"); kind != "" && len(*strategy) == 0 {
		*launchType = design.Know(kind)
	}
	switch at.get("networkConfiguration").get("awsvpcConfiguration").get("assignPublicIp").name("ENABLED or DISABLED") {
	case "ENABLED":
		*public = design.Know(true)
	case "DISABLED":
		*public = design.Know(false)
	}
}

// strategy reads a capacity provider strategy.
func (d *describer) strategy(at cursor) []strategyItem {
	var items []strategyItem
	for _, item := range at.items("a list of capacity providers") {
		name := item.get("capacityProvider").name("a capacity provider's name")
		items = append(items, strategyItem{
			provider: refText(nameIn(d.place(name))),
			base:     item.get("base").count("a number of tasks"), weight: item.get("weight").count("a weight"),
		})
	}
	return items
}

// behind lists what sends traffic to a service.
func (d *describer) behind(at cursor) (groups, classic []ref) {
	for _, lb := range at.get("loadBalancers").items("a list of load balancers") {
		if group := lb.get("targetGroupArn").name("an ARN"); group != "" {
			groups = append(groups, refText(d.place(group)))
		}
		if name := lb.get("loadBalancerName").name("a name"); name != "" {
			classic = append(classic, refText(name))
		}
		// The second target group of a blue/green deployment has the same
		// load balancer in front.
	}
	return groups, classic
}

// newest is the deployment that a service is on, or on its way to.
func (d *describer) newest(at cursor) cursor {
	for _, deployment := range at.get("deployments").items("a list of deployments") {
		if deployment.get("status").name("a status") == "PRIMARY" {
			return deployment
		}
	}
	return at.get("deployments").down("", nil)
}

// launchVolumes reads the EBS volumes that ECS makes for each task.
func launchVolumes(at cursor) map[string]design.Volume {
	var volumes map[string]design.Volume
	for _, v := range at.items("a list of volume configurations") {
		managed := v.get("managedEBSVolume")
		if !managed.here() {
			continue
		}
		if volumes == nil {
			volumes = make(map[string]design.Volume)
		}
		volume := design.Volume{
			Type: cmpOr(managed.get("volumeType").name("a volume type"), "gp3"),
			GB:   managed.get("sizeInGiB").count("a number of GiB"), IOPS: managed.get("iops").count("a number of IOPS"),
			Throughput: managed.get("throughput").count("a number of MiB/s"),
		}
		if absent(volume.GB) {
			volume.GB = design.NotKnown[float64]("the volume has the size of its snapshot")
		}
		volumes[v.get("name").name("a volume's name")] = volume
	}
	return volumes
}

// taskSet reads a task set, which runs by itself as far as a bill is concerned.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html.
func (d *describer) taskSet(at cursor) {
	id := nameIn(cmpOr(at.get("id").name("an ID"), d.place(at.get("taskSetArn").name("an ARN"))))
	service := nameIn(d.place(at.get("serviceArn").name("an ARN")))
	cluster := d.clusterOf(at, "")
	if parts := strings.Split(d.place(at.get("taskSetArn").name("an ARN")), "/"); len(parts) > 3 { // task-set/cluster/service/id
		service = cmpOr(service, parts[2])
		if !at.get("clusterArn").here() {
			cluster = parts[1]
		}
	}
	svc := ecsService{
		cloudResource: cloudResource{key: cluster + "/" + service + "/" + id, name: strings.TrimPrefix(service+"/"+id, "/"), at: at.path, tags: pairs(at.get("tags"))},
		cluster:       refText(cluster),
		desired:       at.get("computedDesiredCount").count("a number of tasks"),
	}
	if d.seen[svc.key] != nil {
		return // its service has been read with it
	}
	if def := at.get("taskDefinition").name("an ARN"); def != "" {
		svc.taskDef = refText(nameIn(d.place(def)))
	}
	d.runsOn(at, &svc.launchType, &svc.strategy, &svc.publicIP)
	svc.targetGroups, svc.classic = d.behind(at)
	d.stack.services = append(d.stack.services, svc)
	d.seen[svc.key] = &seenService{
		name: svc.name, cluster: cluster, desired: svc.desired,
		running: at.get("runningCount").count("a number of tasks"), status: at.get("status").name("a status"),
		os: familyOS(at.get("platformFamily")), behind: len(svc.targetGroups)+len(svc.classic) > 0,
	}
}

// taskDefinition reads a task definition in any of its shapes. Its identity is
// family and revision.
func (d *describer) taskDefinition(at cursor) {
	root, path, tags := unwrap(at.node)
	if at.path != "" {
		path = join(at.path, path)
	}
	def, errs := readTask(at.file, root, path)
	if len(errs) > 0 {
		d.errs = append(d.errs, errs...)
		return
	}
	r := &taskReader{in: &input{name: at.file}}
	if own := r.tags(tags, path); own != nil {
		def.tags = own
	}
	family := def.task.Family
	id := nameIn(d.place(at.down(path, root).fold("taskDefinitionArn").name("an ARN")))
	if id == "" {
		id = family
		if revision := at.down(path, root).fold("revision").name("a revision"); revision != "" {
			id += ":" + revision
		}
	}
	if strings.Contains(id, ":") && !d.first("task definition", id) {
		return
	}
	d.stack.taskDefs = append(d.stack.taskDefs, ecsTaskDef{
		cloudResource: cloudResource{key: id, ids: []string{family}, at: path}, family: family, def: def,
	})
}

// pairs reads tags: a list of key and value.
func pairs(at cursor) map[string]string {
	var tags map[string]string
	for _, item := range at.items("a list of tags") {
		key := item.fold("key").name("a tag's key")
		if key == "" || strings.HasPrefix(key, "aws:") {
			continue // AWS's own: stack IDs, which name accounts
		}
		if tags == nil {
			tags = make(map[string]string)
		}
		tags[key] = item.fold("value").name("a tag's value")
	}
	return tags
}

// familyOS reads platformFamily: "Linux", "Windows_Server_2022_Core".
func familyOS(at cursor) fact[design.OS] {
	switch family := strings.ToUpper(at.name("a platform family")); {
	case family == "LINUX":
		return design.Know(design.Linux)
	case strings.HasPrefix(family, "WINDOWS"):
		return design.Know(design.Windows)
	}
	return fact[design.OS]{}
}

// asSeen lays over the workload what the replies say of the services as they ran.
func (d *describer) asSeen(w *design.Workload) {
	for i := range w.Services {
		s := &w.Services[i]
		seen := d.seen[cmpOr(s.Cluster, "default")+"/"+s.Name]
		if seen == nil {
			seen = d.seen[s.Name] // a name that several services have: theirs are keys
		}
		if seen == nil {
			continue
		}
		if s.Task.OS.Basis != design.Known && seen.os.Stated() {
			s.Task.OS = seen.os
		}
		if sc := s.Count.Scaled; sc != nil && !sc.Average.Stated() && seen.desired.Stated() &&
			seen.desired.Value >= sc.Min.Value && seen.desired.Value <= sc.Max.Value {
			sc.Average = design.Assume(seen.desired.Value, "the desired count when the reply was saved")
		}
		d.remarks(w, s, seen)
	}
	d.surroundingsSeen(w)
}

// remarks notes what a reader of the estimate should know of a service.
func (d *describer) remarks(w *design.Workload, s *design.Service, seen *seenService) {
	note := func(format string, args ...any) { s.Task.Notes = append(s.Task.Notes, fmt.Sprintf(format, args...)) }
	if seen.running.Stated() && seen.desired.Stated() && seen.running.Value != seen.desired.Value {
		note("%s tasks ran when the reply was saved; the %s desired ones are priced", brief(seen.running.Value), brief(seen.desired.Value))
	}
	if seen.status != "" && seen.status != "ACTIVE" && seen.status != "PRIMARY" {
		note("its status was %s when the reply was saved", seen.status)
	}
	if seen.stopped > 0 {
		note("%d tasks had stopped when the reply was saved", seen.stopped)
	}
	for _, why := range []*string{&s.Task.CPU.Note, &s.Task.Memory.Note, &s.Task.OS.Note, &s.Task.Architecture.Note} {
		if strings.HasPrefix(*why, "the task definition ") && strings.HasSuffix(*why, d.stack.code) {
			*why += "; save it with aws ecs describe-task-definition beside this file and hand in the folder"
		}
	}
	if seen.behind && len(s.Ingress) == 0 {
		note("the load balancer is not in this input")
		if w.NotPriced == nil {
			w.NotPriced = make(map[string]int)
		}
		w.NotPriced["load balancer that is not in this input"]++
	}
}

package intake

import (
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// seenTasks are the tasks of one group that a reply found running.
type seenTasks struct {
	name, cluster, taskDef string
	running, stopped       int
	// standalone says that no service runs them, scheduled that a schedule
	// started them.
	standalone, scheduled bool
	// seconds are how long those ran that had stopped, from image pull to stop.
	seconds []float64
	// on counts the tasks by capacity provider or launch type.
	on map[string]int
	// size is what one of them has, where its task definition is not at hand.
	size *taskDefinition
	at   string
}

// task reads a task. Tasks say their size, so they stand in for a task definition
// that is not at hand; those of no service in the replies are counted.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html.
func (d *describer) task(at cursor) {
	arn := d.place(at.get("taskArn").name("an ARN"))
	if !d.first("task", arn) {
		return
	}
	def := nameIn(d.place(at.get("taskDefinitionArn").name("an ARN")))
	family, _, _ := strings.Cut(def, ":")
	group := at.get("group").name("a group")
	_, name, _ := strings.Cut(group, ":")
	name = cmpOr(cmpOr(name, group), family)
	cluster := d.clusterOf(at, strings.Replace(arn, "task/", "service/", 1))
	key := cluster + "/" + name
	t := d.tasks[key]
	if t == nil {
		t = &seenTasks{name: name, cluster: cluster, taskDef: def, on: make(map[string]int), at: at.path, standalone: !strings.HasPrefix(group, "service:")}
		d.tasks[key] = t
	}
	if at.get("lastStatus").name("a status") == "STOPPED" || at.get("desiredStatus").name("a status") == "STOPPED" {
		t.stopped++
		t.ran(at)
	} else {
		t.running++
	}
	t.scheduled = t.scheduled || startedBySchedule(at)
	on := cmpOr(at.get("capacityProviderName").name("a capacity provider"), at.get("launchType").name("a launch type"))
	if on == "" && at.get("containerInstanceArn").here() {
		on = string(design.EC2)
	}
	t.on[on]++
	if t.size == nil {
		t.size = d.taskSize(at, family)
	}
}

// taskSize is a task definition as far as a task shows it; nil where it shows no
// size.
func (d *describer) taskSize(at cursor, family string) *taskDefinition {
	def := &taskDefinition{secrets: make(secretRefs)}
	t := &def.task
	t.Family = family
	t.CPU = at.get("cpu").number(design.ParseCPU, "CPU units")
	t.Memory = at.get("memory").number(design.ParseMemory, "MiB")
	t.EphemeralStorage = at.get("ephemeralStorage").get("sizeInGiB").count("a number of GiB")
	t.OS = familyOS(at.get("platformFamily"))
	for _, a := range at.get("attributes").items("a list of attributes") {
		if a.get("name").name("a name") == "ecs.cpu-architecture" {
			if arch := a.get("value"); arch.here() {
				t.Architecture = architectureOf(arch, strings.ToLower(arch.name("an architecture")))
			}
		}
	}
	for _, c := range at.get("containers").items("a list of containers") {
		t.Containers = append(t.Containers, design.Container{
			Name: c.get("name").name("a name"), Image: c.get("image").name("an image"), Essential: true,
			CPU:               c.get("cpu").number(design.ParseCPU, "CPU units").Value,
			Memory:            c.get("memory").number(design.ParseMemory, "MiB").Value,
			MemoryReservation: c.get("memoryReservation").number(design.ParseMemory, "MiB").Value,
		})
	}
	if !t.CPU.Stated() && !t.Memory.Stated() {
		return nil
	}
	t.Notes = []string{"the size is that of a running task; its task definition is not in this input"}
	return def
}

// runningTasks makes services of the tasks that run for none, and gives the sizes
// of tasks to services whose task definition is not at hand.
func (d *describer) runningTasks() {
	have := make(map[string]bool)
	for i := range d.stack.taskDefs {
		have[d.stack.taskDefs[i].key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(d.tasks)) {
		t := d.tasks[key]
		if family, _, _ := strings.Cut(t.taskDef, ":"); t.size != nil && !have[t.taskDef] {
			have[t.taskDef] = true
			d.stack.taskDefs = append(d.stack.taskDefs, ecsTaskDef{
				cloudResource: cloudResource{key: t.taskDef, ids: []string{family}, at: t.at}, family: family, def: t.size,
			})
		}
		if d.seen[key] != nil {
			continue // the service says how many run
		}
		if t.standalone && (t.scheduled || t.running == 0) {
			d.oneShot(key, t)
			continue
		}
		svc := ecsService{
			cloudResource: cloudResource{key: key, name: t.name, at: t.at},
			cluster:       refText(t.cluster), taskDef: refText(t.taskDef),
			desired: design.Assume(float64(t.running), "as many tasks as the reply found running; the service that keeps them is not in this input"),
		}
		t.capacity(&svc)
		d.stack.services = append(d.stack.services, svc)
		d.seen[key] = &seenService{name: t.name, cluster: t.cluster, stopped: t.stopped}
	}
}

// capacity is where tasks were found: on one launch type, or on several by their
// numbers.
func (t *seenTasks) capacity(svc *ecsService) {
	names := slices.Sorted(maps.Keys(t.on))
	if len(names) == 1 && slices.Contains(launchTypes(), design.ProviderKind(names[0])) {
		svc.launchType = design.Know(names[0])
		return
	}
	for _, name := range names {
		if name != "" {
			svc.strategy = append(svc.strategy, strategyItem{provider: refText(name), weight: design.Know(float64(t.on[name]))})
		}
	}
}

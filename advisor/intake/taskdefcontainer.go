package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// container reads one container definition. Environment, command, labels and
// health checks are not looked at.
func (r *taskReader) container(n *node, at string) {
	if n.kind != mappingNode {
		r.wrong(at, n, "a container definition")
		return
	}
	c := design.Container{
		Name:  r.text(n, at, "name"),
		Image: r.text(n, at, "image"),
		// ECS: "essential … is true by default".
		Essential: true,
	}
	if essential, key := n.fold("essential"); essential != nil && !essential.template() {
		if essential.kind != boolNode && !isBool(essential.text) {
			r.wrong(join(at, key), essential, "true or false")
		}
		c.Essential = !strings.EqualFold(essential.text, "false")
	}
	c.CPU = r.containerSize(n, at, "cpu", design.ParseCPU, "CPU units")
	c.Memory = r.containerSize(n, at, "memory", design.ParseMemory, `MiB or "N GB"`)
	c.MemoryReservation = r.containerSize(n, at, "memoryReservation", design.ParseMemory, `MiB or "N GB"`)
	r.unknownSizes(n, &c)
	r.logging(n, at, &c)
	c.HostPorts = r.hostPorts(n, at)
	c.SecretRefs = r.secretRefs(n, at)
	r.requirements(n, at)
	r.devices(n)
	r.result.task.Containers = append(r.result.task.Containers, c)
}

// containerSize is zero where the definition has none, and where it is not
// known, which unknownSizes sees to.
func (r *taskReader) containerSize(n *node, at, key string, parse func(string) (float64, error), want string) float64 {
	return r.size(n, at, key, parse, want).Value
}

// unknownSizes makes a task without a size of its own one of unknown size where
// a container's is not known: the sum over the containers would be too small.
// ECS reserves the soft limit of memory where there is one, else the hard one.
func (r *taskReader) unknownSizes(n *node, c *design.Container) {
	unknown := func(key string) string {
		size, _ := n.fold(key)
		switch {
		case size == nil || !size.template():
			return ""
		case size.kind == unknownNode:
			return fmt.Sprintf("container %s: %s is not known: %s", c.Name, key, size.reason())
		default:
			return fmt.Sprintf("container %s: %s is a template: %s", c.Name, key, clip(size.text))
		}
	}
	t := &r.result.task
	cpu, memory := unknown("cpu"), unknown("memoryReservation")
	if memory == "" && c.MemoryReservation == 0 {
		memory = unknown("memory")
	}
	if cpu != "" && absent(t.CPU) {
		t.CPU = design.NotKnown[float64](cpu)
	}
	if memory != "" && absent(t.Memory) {
		t.Memory = design.NotKnown[float64](memory)
	}
	for _, note := range []string{cpu, memory} {
		if note != "" {
			r.note(note)
		}
	}
}

// isBool knows CloudFormation's "true" in quotes.
func isBool(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

// logging reads the log driver and the awslogs group. Other drivers' options
// hold endpoints and keys, and are left alone.
func (r *taskReader) logging(n *node, at string, c *design.Container) {
	log, key := n.fold("logConfiguration")
	if log == nil {
		return
	}
	at = join(at, key)
	if log.kind != mappingNode {
		r.wrong(at, log, "a mapping with logDriver and options")
		return
	}
	c.LogDriver = r.text(log, at, "logDriver")
	r.secretList(log, at, "secretOptions", nil)
	options, _ := log.fold("options")
	if c.LogDriver != "awslogs" || options == nil || options.kind != mappingNode {
		return
	}
	if group := options.get("awslogs-group"); group != nil && group.scalar() && group.text != "" {
		c.LogGroup = group.text
		r.result.groups = append(r.result.groups, group.text)
	} else {
		r.result.groups = append(r.result.groups, "")
	}
	if region := options.get("awslogs-region"); region != nil && region.kind == textNode && regionName(region.text) {
		r.hintRegion(region.text)
	}
}

// hintRegion takes the region of the logs for the workload's, unless two
// containers disagree.
func (r *taskReader) hintRegion(name string) {
	hint := &r.result.region
	switch {
	case hint.Note == "" && !hint.Stated():
		*hint = design.Assume(name, "from awslogs-region")
	case hint.Value != name:
		*hint = design.NotKnown[string]("containers log to different regions")
	}
}

// regionName reports whether a text has the form of a region: eu-west-2, us-gov-west-1.
func regionName(text string) bool {
	parts := strings.Split(text, "-")
	if len(parts) < 3 || len(parts) > 4 {
		return false
	}
	if _, err := strconv.Atoi(parts[len(parts)-1]); err != nil {
		return false
	}
	for _, part := range parts[:len(parts)-1] {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return true
}

// hostPorts lists fixed ports of the instance: two tasks with the same one
// cannot share an instance. In awsvpc mode a task has an address of its own.
func (r *taskReader) hostPorts(n *node, at string) []int {
	mappings, key := n.fold("portMappings")
	mode := r.result.task.NetworkMode
	if mappings == nil || mode == "awsvpc" || mode == "none" {
		return nil
	}
	at = join(at, key)
	if mappings.kind != listNode {
		r.wrong(at, mappings, "a list of port mappings")
		return nil
	}
	var ports []int
	for i, m := range mappings.items {
		port, key := m.fold("hostPort")
		if port == nil && mode == "host" {
			port, key = m.fold("containerPort")
		}
		if port == nil || port.template() {
			continue
		}
		number, err := strconv.Atoi(port.text)
		if err != nil || number < 0 || number > 65535 {
			r.wrong(join(index(at, i), key), port, "a port, 0 to 65535")
			continue
		}
		if number > 0 {
			ports = append(ports, number)
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// requirements counts GPUs.
func (r *taskReader) requirements(n *node, at string) {
	list, key := n.fold("resourceRequirements")
	if list == nil {
		return
	}
	at = join(at, key)
	if list.kind != listNode {
		r.wrong(at, list, "a list of resource requirements")
		return
	}
	for i, item := range list.items {
		at := index(at, i)
		value, key := item.fold("value")
		switch kind := r.text(item, at, "type"); {
		case strings.EqualFold(kind, "GPU"):
			if value == nil || value.template() {
				r.note("the number of GPUs is not known")
				continue
			}
			gpus, err := strconv.Atoi(value.text)
			if err != nil || gpus < 0 || gpus > 64 {
				r.wrong(join(at, key), value, "a number of GPUs")
				continue
			}
			r.result.task.GPUs += gpus
		case strings.EqualFold(kind, "InferenceAccelerator"):
			r.note("a container asks for an Elastic Inference accelerator, which AWS no longer sells")
		}
	}
}

// devices notes Neuron devices, which only Inferentia and Trainium instances have.
func (r *taskReader) devices(n *node) {
	linux, _ := n.fold("linuxParameters")
	devices, _ := linux.fold("devices")
	if devices == nil {
		return
	}
	for _, d := range devices.items {
		if host, _ := d.fold("hostPath"); host != nil && strings.HasPrefix(host.text, "/dev/neuron") {
			r.note("a container uses a Neuron device: the task needs an Inferentia or Trainium instance")
			return
		}
	}
}

// accelerators notes Elastic Inference at task level.
func (r *taskReader) accelerators(root *node, at string) {
	list, _ := root.fold("inferenceAccelerators")
	if list != nil && len(list.items) > 0 {
		r.note(fmt.Sprintf("the task asks for %d Elastic Inference accelerators, which AWS no longer sells", len(list.items)))
		r.unpriced("elastic inference accelerator")
	}
}

func (r *taskReader) note(text string) {
	if t := &r.result.task; !slices.Contains(t.Notes, text) {
		t.Notes = append(t.Notes, text)
	}
}

// unpriced counts a part of the task definition that this project has no model for.
func (r *taskReader) unpriced(kind string) {
	if r.result.notPriced == nil {
		r.result.notPriced = make(map[string]int)
	}
	r.result.notPriced[kind]++
}

// windowsImage reports whether an image can only run on Windows, as far as its
// name says.
func windowsImage(image string) bool {
	image = strings.ToLower(image)
	for _, mark := range []string{
		"windowsservercore", "nanoserver", "windows/servercore", "windows/server", "mcr.microsoft.com/windows", "dotnet/framework/",
	} {
		if strings.Contains(image, mark) {
			return true
		}
	}
	return false
}

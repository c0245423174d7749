package intake

import "ecsavvy/advisor/design"

// taskDraft is a task as a design file writes it: inline, or a reference with
// changes on top.
type taskDraft struct {
	file string
	at   place

	family       string
	cpu, memory  design.Fact[float64]
	os           design.Fact[design.OS]
	architecture design.Fact[design.Architecture]
	ephemeral    design.Fact[float64]
	gpus         *float64
	networkMode  string
	containers   []named[containerDraft]
	volumes      []named[volumeDraft]
}

// containerDraft is a container; nil is what is not written.
type containerDraft struct {
	image                          string
	imageSize                      design.Fact[float64]
	cpu, memory, memoryReservation *float64
	essential                      *bool
	logDriver, logGroup            string
}

// volumeDraft is a volume of a task.
type volumeDraft struct {
	ebs *design.Volume
	efs *efsVolume
}

// efsVolume names the file system that a volume is on.
type efsVolume struct{ fileSystem string }

func osForm() form[design.Fact[design.OS]] {
	return known(oneOf(choice[design.OS]{"linux", design.Linux}, choice[design.OS]{"windows", design.Windows}))
}

func architectureForm() form[design.Fact[design.Architecture]] {
	return known(oneOf(
		choice[design.Architecture]{"x86_64", design.X86}, choice[design.Architecture]{"amd64", design.X86},
		choice[design.Architecture]{"x86", design.X86}, choice[design.Architecture]{"arm64", design.ARM64},
	))
}

// taskForm reads a task: the path of a task definition, or an inline one.
func taskForm() form[taskDraft] {
	path := as(text("the path of a task definition", "taskdef.json"), func(s string) taskDraft { return taskDraft{file: s} })
	return placed(promoting("file", either(path, taskMapping())), func(t *taskDraft) *place { return &t.at })
}

func taskMapping() form[taskDraft] {
	return mapping("Task",
		"One copy of the service: the path of a task definition (JSON), or the sizes themselves. With `file` both: the task definition, changed by the keys beside it.",
		"services:\n  api:\n    task:\n      cpu: 0.5\n      memory: 1GB\n      arch: arm64\n      containers: {app: {image: shop/api, image_size: 300MB}, router: {image: fluent-bit, memory_reservation: 64MB}}\n",
		field("file", "A task definition, by its path relative to this file.", text("the path of a task definition", "taskdef.json"), func(t *taskDraft) *string { return &t.file }),
		field("family", "The task definition's family; the service's name where nothing is said.", text("a name"), func(t *taskDraft) *string { return &t.family }),
		field("cpu", "Task-level CPU. Up to 64 a plain number is vCPU, from 128 on CPU units.", amount(vcpu()), func(t *taskDraft) *design.Fact[float64] { return &t.cpu }),
		field("memory", "Task-level memory. A plain number is MiB.", amount(memory()), func(t *taskDraft) *design.Fact[float64] { return &t.memory }),
		field("arch", "CPU architecture; x86_64 where nothing is said, as in ECS.", architectureForm(), func(t *taskDraft) *design.Fact[design.Architecture] { return &t.architecture }),
		field("os", "Operating system family; linux where nothing is said, as in ECS.", osForm(), func(t *taskDraft) *design.Fact[design.OS] { return &t.os }),
		field("ephemeral_storage", "Ephemeral storage of a Fargate task; 20 GB are free.", amount(size()), func(t *taskDraft) *design.Fact[float64] { return &t.ephemeral }),
		field("gpus", "GPUs of one task, on EC2 or Managed Instances.", optional(number(whole())), func(t *taskDraft) **float64 { return &t.gpus }),
		field("network_mode", "ECS's networkMode.", networkModeForm(), func(t *taskDraft) *string { return &t.networkMode }),
		field("containers", "Containers by name; needed where the task has no size of its own, and for image pulls.", byName("container", containerForm()),
			func(t *taskDraft) *[]named[containerDraft] { return &t.containers }),
		field("volumes", "Volumes that are billed by themselves, by name.", byName("volume", volumeForm()),
			func(t *taskDraft) *[]named[volumeDraft] { return &t.volumes }),
	)
}

func networkModeForm() form[string] {
	return oneOf(choice[string]{"awsvpc", "awsvpc"}, choice[string]{"bridge", "bridge"}, choice[string]{"host", "host"}, choice[string]{"none", "none"})
}

func containerForm() form[containerDraft] {
	return mapping("Container", "One container of a task. Environment, secrets and commands have no price and no place here.",
		"services:\n  api:\n    capacity: EC2\n    task: {containers: {app: {image: shop/api, image_size: 300MB, cpu: 0.25, memory: 512MB, log_driver: awslogs}}}\n",
		field("image", "The image's name.", text("an image"), func(c *containerDraft) *string { return &c.image }),
		field("image_size", "Compressed size, as pulled.", amount(size()), func(c *containerDraft) *design.Fact[float64] { return &c.imageSize }),
		field("cpu", "CPU reserved for the container.", optional(number(vcpu())), func(c *containerDraft) **float64 { return &c.cpu }),
		field("memory", "The hard limit.", optional(number(memory())), func(c *containerDraft) **float64 { return &c.memory }),
		field("memory_reservation", "The soft limit, which the scheduler reserves where it is set.", optional(number(memory())),
			func(c *containerDraft) **float64 { return &c.memoryReservation }),
		field("essential", "Whether the task stops with it; true where nothing is said.", optional(boolean()), func(c *containerDraft) **bool { return &c.essential }),
		field("log_driver", "ECS's logDriver.", text("a log driver such as awslogs", "awslogs"), func(c *containerDraft) *string { return &c.logDriver }),
		field("log_group", "The group of the awslogs driver.", text("a log group's name"), func(c *containerDraft) *string { return &c.logGroup }),
	)
}

func volumeForm() form[volumeDraft] {
	return mapping("Volume of a task", "An EBS volume that ECS makes for each task, or a mounted EFS file system.",
		"services:\n  db:\n    task: {cpu: 1, memory: 2GB, volumes: {data: {ebs: {type: gp3, size: 20GB}}, shared: {efs: {file_system: media}}}}\nfile_systems: {media: {stored: 50GB}}\n",
		field("ebs", "An EBS volume for each task.", optional(ebsForm()), func(v *volumeDraft) **design.Volume { return &v.ebs }),
		field("efs", "A mount of an EFS file system.", optional(mapping("EFS mount", "Which file system is mounted.",
			"services: {web: {task: {cpu: 0.5, memory: 1GB, volumes: {shared: {efs: {file_system: media}}}}}}\nfile_systems: {media: {stored: 50GB}}\n",
			field("file_system", "A name under `file_systems`; where it is left out the service has a file system of its own.", text("a name"), func(e *efsVolume) *string { return &e.fileSystem }),
		)), func(v *volumeDraft) **efsVolume { return &v.efs }),
	)
}

// ebsForm reads an EBS volume.
func ebsForm() form[design.Volume] {
	var types []choice[string]
	for _, t := range []string{"gp3", "gp2", "io1", "io2", "st1", "sc1", "standard"} {
		types = append(types, choice[string]{t, t})
	}
	return mapping("EBS volume", "A block storage volume.",
		"cluster: {instances: {web: {type: m7g.large, root_volume: {type: gp3, size: 100GB, iops: 4000, throughput: 250MB/s}}}}\n"+
			"services: {api: {capacity: web, task: {cpu: 0.5, memory: 1GB}}}\n",
		must(field("type", "The volume type.", oneOf(types...), func(v *design.Volume) *string { return &v.Type })),
		field("size", "The size.", amount(size()), func(v *design.Volume) *design.Fact[float64] { return &v.GB }),
		field("iops", "Provisioned IOPS, beyond what the type includes.", amount(whole()), func(v *design.Volume) *design.Fact[float64] { return &v.IOPS }),
		field("throughput", "Provisioned throughput (gp3).", amount(throughput()), func(v *design.Volume) *design.Fact[float64] { return &v.Throughput }),
	)
}

// placed notes where a value stands.
func placed[T any](f form[T], at func(*T) *place) form[T] {
	return form[T]{f.shape, func(r *reading, n *node, into *T) {
		f.read(r, n, into)
		*at(into) = place{line: n.line, col: n.col, path: r.pathText()}
	}}
}

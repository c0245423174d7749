package design

// Task is one task definition: what one running copy of a service takes.
type Task struct {
	Family string
	// CPU is the task-level size in vCPU, Memory in GB (2^30 bytes). Both
	// may be unknown on EC2 and EXTERNAL, where containers carry sizes.
	CPU, Memory Fact[float64]

	OS           Fact[OS]
	Architecture Fact[Architecture]
	// EphemeralStorage is in GiB; Fargate gives 20 free.
	EphemeralStorage Fact[float64]
	GPUs             int
	NetworkMode      string // "awsvpc", "bridge", "host", "none" or ""
	// InstanceTypes are those that a placement constraint names
	// (ecs.instance-type); empty where any type will do.
	InstanceTypes []string
	// Compatibilities are the task definition's requiresCompatibilities.
	Compatibilities []string

	Containers []Container
	Volumes    []TaskVolume
	// Notes are what the task definition asks for and no price here covers
	// (Neuron devices, a size that is still a template), for the output.
	Notes []string
}

// Container is one container definition. Environment values, secrets' values
// and commands are never kept.
type Container struct {
	Name  string
	Image string
	// ImageSize is the compressed size in GB, as pulled.
	ImageSize Fact[float64]
	// CPU is in vCPU (1,024 units), Memory (hard limit) and
	// MemoryReservation (soft limit) in GB; zero where the definition has none.
	CPU, Memory, MemoryReservation float64
	Essential                      bool
	// LogDriver is "awslogs", "awsfirelens", … or "".
	LogDriver string
	// LogGroup is the awslogs group, "" if none is named.
	LogGroup  string
	HostPorts []int // fixed host ports (bridge and host mode)
	// SecretRefs counts references by store: "secretsmanager", "ssm".
	SecretRefs map[string]int
}

// TaskVolume is a volume of a task that is billed by itself.
type TaskVolume struct {
	Name string
	// Kind is "efs" (billed with its file system) or "ebs" (one volume a task).
	Kind   string
	Volume Volume // of an ebs volume
}

// OS is the operating system family, as far as prices tell it apart.
type OS string

// Operating systems.
const (
	Linux   OS = "LINUX"
	Windows OS = "WINDOWS"
)

// Architecture is ECS's cpuArchitecture.
type Architecture string

// Architectures.
const (
	X86   Architecture = "X86_64"
	ARM64 Architecture = "ARM64"
)

// Sizes returns what the scheduler reserves for a task, in vCPU and GB: the
// task-level size where there is one, else the sum over containers (the soft
// limit where set, else the hard one), as ECS reserves it on an instance. A
// task-level size that is there and not known (its note says why) stays so:
// what the containers ask for is not what the task will have.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html.
func (t Task) Sizes() (cpu, memory Fact[float64]) {
	cpu, memory = t.CPU, t.Memory
	if cpu.Stated() && memory.Stated() {
		return cpu, memory
	}
	sumCPU, sumMemory := containerSums(t.Containers)
	if !cpu.Stated() && cpu.Note == "" {
		if len(t.Containers) == 0 {
			cpu = NotKnown[float64]("the task definition has no cpu")
		} else {
			cpu = Know(sumCPU)
		}
	}
	if !memory.Stated() && memory.Note == "" {
		if sumMemory == 0 {
			memory = NotKnown[float64]("neither the task nor its containers state a memory size")
		} else {
			memory = Know(sumMemory)
		}
	}
	return cpu, memory
}

// containerSums is what the containers reserve together: their cpu, and the
// soft memory limit where set, else the hard one. ECS refuses a task
// definition in which they exceed the task's size.
// Source: the container parameters cpu and memory in
// docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html.
func containerSums(containers []Container) (vcpu, gb float64) {
	for _, c := range containers {
		vcpu += c.CPU
		if c.MemoryReservation > 0 {
			gb += c.MemoryReservation
		} else {
			gb += c.Memory
		}
	}
	return vcpu, gb
}

package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/design"
)

// compose reads a Compose file with one service named web, unless the text has
// services of its own.
func compose(t *testing.T, text string, opts Options) design.Workload {
	t.Helper()
	w, err := Read("compose.yaml", []byte(text), opts)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return w
}

// web is the service of a file that states nothing else.
func web(t *testing.T, body string, opts Options) design.Service {
	t.Helper()
	w := compose(t, "services:\n  web:\n    image: shop/web\n"+indent(body, 4), opts)
	if len(w.Services) != 1 {
		t.Fatalf("%d services", len(w.Services))
	}
	return w.Services[0]
}

func indent(text string, by int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.Repeat(" ", by) + line)
	}
	if !strings.HasSuffix(text, "\n") {
		b.WriteByte('\n')
	}
	return b.String()
}

func shown(f design.Fact[float64]) string {
	text := fmt.Sprintf("%s %v", f.Basis, f.Value)
	if f.Note != "" {
		text += ": " + f.Note
	}
	return text
}

func TestComposeSizes(t *testing.T) {
	const rounded = "rounded up to a size of Fargate, as the ECS tools do"
	tests := []struct {
		name, body  string
		cpu, memory string
	}{
		{"nothing", "", "assumed 0.25: no size is stated: the smallest of Fargate, as Docker's ECS integration takes",
			"assumed 0.5: no size is stated: the smallest of Fargate, as Docker's ECS integration takes"},
		{"a size of Fargate", "deploy: {resources: {limits: {cpus: '1', memory: 2G}}}", "known 1", "known 2"},
		{"between two sizes", "deploy: {resources: {limits: {cpus: '0.3', memory: 700M}}}",
			"assumed 0.5: 0.3 vCPU is asked for; " + rounded, "assumed 1: 700 MiB is asked for; " + rounded},
		{"memory decides", "deploy: {resources: {limits: {cpus: 0.25, memory: 5gb}}}",
			"assumed 1: 0.25 vCPU is asked for; " + rounded, "known 5"},
		{"memory alone", "deploy: {resources: {limits: {memory: 1GiB}}}", "assumed 0.25: no CPU is stated: the least that Fargate has for the rest", "known 1"},
		{"CPU alone", "deploy: {resources: {limits: {cpus: 2}}}", "known 2", "assumed 4: no memory is stated: the least that Fargate has for the rest"},
		{"limits before reservations", "deploy: {resources: {limits: {cpus: 1, memory: 2g}, reservations: {cpus: '0.25', memory: 512m}}}", "known 1", "known 2"},
		{"reservations alone", "deploy: {resources: {reservations: {cpus: '0.5', memory: 1024M}}}", "known 0.5", "known 1"},
		{"no limit at all", "deploy: {resources: {limits: {cpus: '0', memory: 0}, reservations: {cpus: 1, memory: 2g}}}", "known 1", "known 2"},
		{"older keys", "cpus: 0.5\nmem_limit: 1g\nmem_reservation: 512m", "known 0.5", "known 1"},
		{"Defang takes reservations", "x-defang-dns-role: x\ndeploy: {resources: {limits: {cpus: 2, memory: 4g}, reservations: {cpus: '0.25', memory: 512m}}}", "known 0.25", "known 0.5"},
		{"a default of a variable", "deploy: {resources: {limits: {cpus: '${CPUS:-0.5}', memory: '${MEM-1g}'}}}",
			"assumed 0.5: the default of ${CPUS:-0.5}", "assumed 1: the default of ${MEM-1g}"},
		{"a variable without one", "deploy: {resources: {limits: {cpus: '${CPUS}', memory: 1g}}}",
			"unknown 0: services.web.deploy.resources.limits.cpus is ${CPUS}, which the environment decides", "known 1"},
		{"more than Fargate has", "deploy: {resources: {limits: {cpus: 64, memory: 1g}}}", "known 64", "known 1"},
		{"Windows begins at 1 vCPU", "platform: windows/amd64", "assumed 1: no size is stated: the smallest of Fargate, as Docker's ECS integration takes",
			"assumed 2: no size is stated: the smallest of Fargate, as Docker's ECS integration takes"},
		{"the X-Ray daemon of compose-x", "x-xray: true\ndeploy: {resources: {limits: {cpus: '0.25', memory: 512M}}}",
			"assumed 0.5: 0.281 vCPU is asked for; " + rounded, "assumed 1: 768 MiB is asked for; " + rounded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := web(t, tt.body, Options{}).Task
			if got := shown(task.CPU); got != tt.cpu {
				t.Errorf("cpu %s\nwant %s", got, tt.cpu)
			}
			if got := shown(task.Memory); got != tt.memory {
				t.Errorf("memory %s\nwant %s", got, tt.memory)
			}
		})
	}
}

func TestComposePlatform(t *testing.T) {
	tests := []struct {
		body string
		os   design.Fact[design.OS]
		arch design.Fact[design.Architecture]
	}{
		{"", design.Know(design.Linux), design.Know(design.X86)},
		{"platform: linux/arm64", design.Know(design.Linux), design.Know(design.ARM64)},
		{"platform: linux/arm64/v8", design.Know(design.Linux), design.Know(design.ARM64)},
		{"platform: arm64", design.Know(design.Linux), design.Know(design.ARM64)},
		{"platform: linux", design.Know(design.Linux), design.Know(design.X86)},
		{"platform: windows/amd64", design.Know(design.Windows), design.Know(design.X86)},
		{"x-ecs: {CpuArchitecture: ARM64, OperatingSystemFamily: LINUX}", design.Know(design.Linux), design.Know(design.ARM64)},
		{"x-ecs: {OperatingSystemFamily: WINDOWS_SERVER_2022_CORE}", design.Know(design.Windows), design.Know(design.X86)},
		{"isolation: hyperv", design.Assume(design.Windows, "isolation: hyperv exists on Windows only"), design.Know(design.X86)},
	}
	for _, tt := range tests {
		t.Run(tt.body, func(t *testing.T) {
			task := web(t, tt.body, Options{}).Task
			if diff := cmp.Diff(tt.os, task.OS); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.arch, task.Architecture); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestComposeCounts(t *testing.T) {
	scaled := func(low, high design.Fact[float64]) design.CountProfile {
		return design.CountProfile{Scaled: &design.ScaledCount{Min: low, Max: high}}
	}
	tests := []struct {
		name, body string
		opts       Options
		want       design.CountProfile
	}{
		{"nothing", "", Options{}, design.CountProfile{Fixed: design.Assume(1.0, "no replicas are stated; Compose runs one")}},
		{"as the caller says", "", Options{Count: 3}, design.Count(3)},
		{"replicas", "deploy: {replicas: 4}", Options{Count: 3}, design.Count(4)},
		{"none", "deploy: {replicas: 0}", Options{}, design.Count(0)},
		{"scale", "scale: 2", Options{}, design.Count(2)},
		{"replicas before scale", "scale: 2\ndeploy: {replicas: 5}", Options{}, design.Count(5)},
		{"Docker's autoscaling", "deploy: {replicas: 2, x-aws-autoscaling: {min: 1, max: 6, cpu: 70}}", Options{}, scaled(design.Know(1.0), design.Know(6.0))},
		{"without min", "deploy: {x-aws-autoscaling: {max: 6}}", Options{}, scaled(design.Assume(1.0, "x-aws-autoscaling states no min"), design.Know(6.0))},
		{"compose-x", "x-scaling: {Range: 2-12}", Options{}, scaled(design.Know(2.0), design.Know(12.0))},
		{"compose-x before Docker", "x-scaling: {range: '1-5'}\ndeploy: {x-aws-autoscaling: {min: 2, max: 9}}", Options{}, scaled(design.Know(1.0), design.Know(5.0))},
		{"Defang", "x-defang-autoscaling: true\ndeploy: {replicas: 2}", Options{},
			scaled(design.Know(2.0), design.Assume(4.0, "Defang scales up to twice the least number of replicas"))},
		{"a variable's default", "deploy: {replicas: \"${N:-3}\"}", Options{}, design.CountProfile{Fixed: design.Assume(3.0, "the default of ${N:-3}")}},
		{"a variable", "deploy: {replicas: $N}", Options{}, design.CountProfile{Fixed: design.NotKnown[float64]("services.web.deploy.replicas is $N, which the environment decides")}},
		{"a variable and the caller", "deploy: {replicas: $N}", Options{Count: 2}, design.Count(2)},
		{"global", "deploy: {mode: global}", Options{},
			design.CountProfile{Fixed: design.NotKnown[float64]("deploy.mode global runs one task on each machine, and how many there are is not in a Compose file")}},
		{"a job", "deploy: {mode: replicated-job, replicas: 2}", Options{}, design.CountProfile{Runs: &design.Runs{
			PerDay:  design.NotKnown[float64]("deploy.mode replicated-job: how often the job runs is not in a Compose file"),
			Tasks:   design.Know(2.0),
			Seconds: design.NotKnown[float64]("deploy.mode replicated-job: how long the job runs is not in a Compose file"),
		}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, web(t, tt.body, tt.opts).Count); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("a migration that others wait for", func(t *testing.T) {
		w := compose(t, "services: {migrate: {image: x}, web: {image: y, depends_on: {migrate: {condition: service_completed_successfully}, cache: {condition: service_started}}}, cache: {image: z}}", Options{})
		for _, s := range w.Services {
			if runs := s.Count.Runs != nil; runs != (s.Name == "migrate") {
				t.Errorf("%s: %+v", s.Name, s.Count)
			}
		}
	})
	t.Run("a size on instances that nobody knows", func(t *testing.T) {
		s := web(t, "cpus: $N\nmem_limit: 1g", Options{LaunchType: design.EC2})
		cpu, memory := s.Task.Sizes()
		if shown(cpu) != "unknown 0: services.web.cpus is $N, which the environment decides" || shown(memory) != "known 1" {
			t.Errorf("%s, %s", shown(cpu), shown(memory))
		}
	})
}

func TestComposeCapacity(t *testing.T) {
	const onFargate = "FARGATE: a Compose file names no launch type, and the ECS tools take Fargate; choose another with --launch-type"
	gpu := "deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 2, capabilities: [gpu]}]}}}"
	tests := []struct {
		name, body string
		opts       Options
		want       design.CapacityStrategy
		gpus       int
	}{
		{"nothing", "", Options{}, design.CapacityStrategy{Providers: design.Only(design.Fargate).Providers, Assumed: onFargate}, 0},
		{"as the caller says", "", Options{LaunchType: design.EC2}, design.Only(design.EC2), 0},
		{"compose-x's strategy", "x-ecs: {CapacityProviderStrategy: [{CapacityProvider: FARGATE, Base: 1, Weight: 1}, {CapacityProvider: FARGATE_SPOT, Weight: 3}]}",
			Options{LaunchType: design.EC2}, design.CapacityStrategy{Providers: []design.Provider{
				{Kind: design.Fargate, Base: 1, Weight: 1}, {Kind: design.FargateSpot, Weight: 3}}}, 0},
		{"a provider of one's own", "x-ecs: {CapacityProviderStrategy: [{CapacityProvider: workers, Weight: 1}]}", Options{},
			design.CapacityStrategy{Providers: []design.Provider{{Kind: design.EC2, Group: "workers", Weight: 1}},
				Assumed: "EC2: the capacity provider workers is taken for an Auto Scaling group; this file does not say what it is"}, 0},
		{"compose-x's label", "deploy: {labels: {ecs.compute.platform: EC2}}", Options{}, design.Only(design.EC2), 0},
		{"the label in a list", "deploy: {labels: [ecs.compute.platform=EXTERNAL]}", Options{}, design.Only(design.External), 0},
		{"GPUs", gpu, Options{}, design.CapacityStrategy{Providers: design.Only(design.EC2).Providers,
			Assumed: "EC2: the task asks for GPUs, which Fargate does not have; choose another with --launch-type"}, 2},
		{"GPUs on Managed Instances", gpu, Options{LaunchType: design.ManagedInstances}, design.Only(design.ManagedInstances), 2},
		{"GPUs of the machine that placement names", gpu + "\n" + "x-aws-policies: []", Options{LaunchType: design.EC2}, design.Only(design.EC2), 2},
		{"all GPUs", "gpus: all", Options{LaunchType: design.EC2}, design.Only(design.EC2), 1},
		{"Docker's generic resources", "deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: gpus, value: 4}}]}}}",
			Options{LaunchType: design.EC2}, design.Only(design.EC2), 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := web(t, tt.body, tt.opts)
			if diff := cmp.Diff(tt.want, s.Capacity); diff != "" {
				t.Error(diff)
			}
			if s.Task.GPUs != tt.gpus {
				t.Errorf("%d GPUs, want %d", s.Task.GPUs, tt.gpus)
			}
		})
	}
	t.Run("the machine that placement names", func(t *testing.T) {
		w := compose(t, "services: {train: {image: x, deploy: {placement: {constraints: [node.machine == g4dn.xlarge]}, "+
			"resources: {reservations: {memory: 12g, devices: [{capabilities: [gpu]}]}}}}}", Options{})
		if got := w.Services[0].Task.InstanceTypes; !cmp.Equal(got, []string{"g4dn.xlarge"}) {
			t.Errorf("types %q", got)
		}
		if got := w.Services[0].Task.CPU; got.Stated() {
			t.Errorf("a task on instances has no size of Fargate, got %v", got)
		}
	})
}

func TestComposeJoined(t *testing.T) {
	tests := []struct {
		name, in string
		want     map[string][]string // service: containers
	}{
		{"apart", "services: {a: {image: x}, b: {image: y}}", map[string][]string{"a": {"a"}, "b": {"b"}}},
		{"a family", "services: {a: {image: x, deploy: {labels: {ecs.task.family: shop}}}, b: {image: y, deploy: {labels: [ecs.task.family=shop]}}}",
			map[string][]string{"shop": {"a", "b"}}},
		{"two families", "services: {a: {image: x, deploy: {labels: {ecs.task.family: one}}}, b: {image: y}, " +
			"proxy: {image: z, deploy: {labels: {ecs.task.family: 'one, b'}}}}", map[string][]string{"one": {"a", "proxy"}, "b": {"b", "proxy"}}},
		{"a shared network", "services: {log: {image: y, network_mode: 'service:app'}, app: {image: x}}", map[string][]string{"app": {"app", "log"}}},
		{"a chain", "services: {c: {image: x, network_mode: 'service:b'}, b: {image: y, network_mode: 'service:a'}, a: {image: z}}",
			map[string][]string{"a": {"a", "c", "b"}}},
		{"into a family", "services: {a: {image: x, deploy: {labels: {ecs.task.family: shop}}}, b: {image: y, network_mode: 'service:a'}}",
			map[string][]string{"shop": {"a", "b"}}},
		{"with one that does not run", "services: {a: {image: x, profiles: [debug]}, b: {image: y, network_mode: 'service:a'}}", map[string][]string{"b": {"b"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := make(map[string][]string)
			for _, s := range compose(t, tt.in, Options{}).Services {
				for _, c := range s.Task.Containers {
					got[s.Name] = append(got[s.Name], c.Name)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A project of several files, read through Options.ReadFile alone.
func TestComposeFiles(t *testing.T) {
	files := fstest.MapFS{
		"base.yaml":          {Data: []byte("services:\n  app:\n    image: base\n    deploy: {replicas: 2, resources: {limits: {cpus: '1', memory: 2g}}}\n    ports: ['80:80']\n")},
		"parts/cache.yaml":   {Data: []byte("services:\n  cache:\n    extends: {file: ../base.yaml, service: app}\n    image: redis\n")},
		"parts/wrong.yaml":   {Data: []byte("services:\n  bad: {image: x, deploy: {replicas: many}}\n")},
		"circle.yaml":        {Data: []byte("include: [circle.yaml]\nservices: {}\n")},
		"parts/notyaml.yaml": {Data: []byte("a: [1\n")},
	}
	read := func(path string) ([]byte, error) { return fs.ReadFile(files, path) }
	t.Run("include and extends", func(t *testing.T) {
		w := compose(t, "include:\n- parts/cache.yaml\nservices:\n  web:\n    extends: {file: ./base.yaml, service: app}\n    deploy: {replicas: 3}\n", Options{ReadFile: read})
		got := make(map[string]string)
		for _, s := range w.Services {
			got[s.Name] = fmt.Sprintf("%s %v × %v vCPU", s.Task.Containers[0].Image, s.Count.Fixed.Value, s.Task.CPU.Value)
		}
		want := map[string]string{"web": "base 3 × 1 vCPU", "cache": "redis 2 × 1 vCPU"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	errs := map[string]string{
		"services: {web: {extends: {file: none.yaml, service: app}}}":           "reading none.yaml:",
		"services: {web: {extends: {file: base.yaml, service: nothing}}}":       `no service is named "nothing" in base.yaml`,
		"services: {web: {extends: web}}":                                       "the service extends itself",
		"services: {a: {extends: b}, b: {extends: a}}":                          "the service extends itself",
		"include: [circle.yaml]\nservices: {}":                                  "circle.yaml includes itself",
		"include: [parts/wrong.yaml]\nservices: {}":                             `parts/wrong.yaml:2:38: services.bad.deploy.replicas: want a number of replicas, got "many"`,
		"include: [parts/notyaml.yaml]\nservices: {}":                           "reading parts/notyaml.yaml:",
		"include: ['https://example.com/compose.yaml']\nservices: {}":           "is not a local file",
		"include: ['/etc/compose.yaml']\nservices: {}":                          "is an absolute path",
		"include: ['${WHERE}/compose.yaml']\nservices: {}":                      "depends on the environment",
		"include: [base.yaml]\nservices: {app: {image: x}}":                     `the service "app" is there already`,
		"services: {web: {image: x, extends: {file: base.yaml, service: [a]}}}": "want the name of a service, got a list",
	}
	for in, want := range errs {
		t.Run(in, func(t *testing.T) {
			_, err := Read("compose.yaml", []byte(in), Options{Kind: Compose, ReadFile: read})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v\nwant %s", err, want)
			}
		})
	}
	t.Run("without files beside it", func(t *testing.T) {
		_, err := Read("-", []byte("include: [base.yaml]\nservices: {web: {image: x}}"), Options{})
		if err == nil || !strings.Contains(err.Error(), `cannot read "base.yaml": this input is not a file`) {
			t.Error(err)
		}
	})
	t.Run("files that include each other many times", func(t *testing.T) {
		many := make(fstest.MapFS)
		for i := range 100 {
			many[fmt.Sprintf("%d.yaml", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "include: [%d.yaml, %d.yaml]\nservices: {s%d: {image: x}}\n", i+1, i+2, i)}
		}
		many["100.yaml"], many["101.yaml"] = &fstest.MapFile{Data: []byte("services: {}")}, &fstest.MapFile{Data: []byte("services: {}")}
		w := compose(t, "include: [0.yaml]\nservices: {web: {image: x}}", Options{ReadFile: func(path string) ([]byte, error) { return fs.ReadFile(many, path) }})
		if len(w.Services) != 101 {
			t.Errorf("%d services", len(w.Services))
		}
	})
	t.Run("a long chain of extends", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("services:\n  s0: {image: x, ports: ['0:80']}\n")
		for i := range 3000 {
			fmt.Fprintf(&b, "  s%d: {extends: s%d, ports: ['%d:80']}\n", i+1, i, i)
		}
		_, err := Read("compose.yaml", []byte(b.String()), Options{})
		if err == nil || !strings.Contains(err.Error(), "extend each other to more than 1000000 values") {
			t.Error(err)
		}
	})
	t.Run("the cause is kept", func(t *testing.T) {
		_, err := Read("compose.yaml", []byte("include: [none.yaml]\nservices: {web: {image: x}}"), Options{ReadFile: read})
		if !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
}

func TestComposeErrors(t *testing.T) {
	tests := map[string]string{
		"image: [a]":                                                  `compose.yaml:3:12: services.web.image: want an image's name, got a list`,
		"deploy: {replicas: -1}":                                      `want a number of replicas, got -1`,
		"deploy: {replicas: 1.5}":                                     `want a number of replicas, got 1.5`,
		"deploy: {mode: everywhere}":                                  `services.web.deploy.mode: want replicated, global, replicated-job or global-job, got "everywhere"`,
		"deploy: {resources: {limits: {memory: 2048}}}":               `want an amount of memory with its unit, such as 512M or 2g, got 2048: that is 2048 bytes, less than a container can run in; is a unit missing?`,
		"deploy: {resources: {limits: {memory: lots}}}":               `want an amount of memory with its unit, such as 512M or 2g, got "lots"`,
		"deploy: {resources: {limits: {cpus: 1024}}}":                 `want a number of CPUs, such as "0.5", got 1024: these are CPUs, not ECS's CPU units; is 1 meant?`,
		"deploy: {resources: {limits: {cpus: -1}}}":                   `want a number of CPUs, such as "0.5", got -1`,
		"deploy: {x-aws-autoscaling: {min: 1}}":                       `services.web.deploy.x-aws-autoscaling: the key max is missing`,
		"x-scaling: {Range: 5}":                                       `services.web.x-scaling.Range: want a range such as "1-10", got 5`,
		"x-scaling: {Range: 5-1}":                                     `want a range such as "1-10", got "5-1"`,
		"platform: darwin/arm64":                                      `services.web.platform: want a platform that ECS runs: linux/amd64, linux/arm64 or windows/amd64, got "darwin/arm64"`,
		"platform: linux/riscv64":                                     `want an architecture that ECS runs: amd64 or arm64, got "linux/riscv64"`,
		"gpus: 4":                                                     `services.web.gpus: want all, or a list of GPUs, got 4`,
		"x-ecs: {CapacityProviderStrategy: [{Weight: 1}]}":            `the key CapacityProvider is missing`,
		"ports: {a: b}":                                               `services.web.ports: want a list of ports, got a mapping`,
		"deploy: {labels: {ecs.compute.platform: LAMBDA}}":            `want EC2, FARGATE or EXTERNAL, got "LAMBDA"`,
		"network_mode: 'service:web'":                                 `the services share each other's network in a circle`,
		"deploy: {resources: {reservations: {devices: {gpu: true}}}}": `want a list of devices, got a mapping`,
	}
	for body, want := range tests {
		t.Run(body, func(t *testing.T) {
			text := "services:\n  web:\n"
			if !strings.HasPrefix(body, "image") {
				text += "    build: .\n"
			}
			_, err := Read("compose.yaml", []byte(text+indent(body, 4)), Options{Kind: Compose})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v\nwant %s", err, want)
			}
		})
	}
}

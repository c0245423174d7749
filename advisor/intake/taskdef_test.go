package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
)

// summary is a workload of one task definition in one line.
func summary(w design.Workload) string {
	s := w.Services[0]
	t := s.Task
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s/%s on %s", t.Family, amountText(t.CPU), amountText(t.Memory), s.Capacity.Providers[0].Kind)
	fmt.Fprintf(&b, " %s/%s", wordText(t.OS), wordText(t.Architecture))
	for _, c := range t.Containers {
		fmt.Fprintf(&b, ", %s %g/%g/%g", c.Name, c.CPU, c.Memory, c.MemoryReservation)
	}
	if t.GPUs > 0 {
		fmt.Fprintf(&b, ", %d GPUs", t.GPUs)
	}
	for _, g := range w.LogGroups {
		fmt.Fprintf(&b, ", logs to %q", g.Name)
	}
	for _, f := range w.FileSystems {
		fmt.Fprintf(&b, ", mounts %s", f.Name)
	}
	for _, v := range t.Volumes {
		fmt.Fprintf(&b, ", volume %s %s", v.Name, v.Kind)
	}
	for _, secrets := range w.Secrets {
		fmt.Fprintf(&b, ", %g secrets and %g parameters", secrets.Secrets.Value, secrets.StandardParameters.Value)
	}
	return b.String()
}

// amountText marks what is assumed with a question mark.
func amountText(f design.Fact[float64]) string {
	switch f.Basis {
	case design.Known:
		return fmt.Sprintf("%g", f.Value)
	case design.Assumed:
		return fmt.Sprintf("%g?", f.Value)
	default:
		return "-"
	}
}

func wordText[T any](f design.Fact[T]) string {
	switch f.Basis {
	case design.Known:
		return fmt.Sprint(f.Value)
	case design.Assumed:
		return fmt.Sprint(f.Value) + "?"
	default:
		return "-"
	}
}

// taskDefinitionTest is a task definition and its summary, or its error.
type taskDefinitionTest struct {
	name, in, want, wantErr string
}

const (
	container = `{"name": "app", "image": "nginx", "memory": 512}`
	onFargate = `"requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"`
)

func TestTaskDefinition(t *testing.T) {
	const app = "app 0/0.5/0"
	checkTaskDefinitions(t, []taskDefinitionTest{
		{name: "bare", in: `{"family": "f", ` + onFargate + `, "containerDefinitions": [` + container + `]}`,
			want: "f: 0.25/0.5 on FARGATE LINUX/X86_64, " + app},
		{name: "wrapped", in: `{"taskDefinition": {"family": "f", ` + onFargate + `, "containerDefinitions": [` + container + `]}, "tags": [{"key": "team", "value": "x"}]}`,
			want: "f: 0.25/0.5 on FARGATE LINUX/X86_64, " + app},
		{name: "list of containers", in: `[` + container + `]`, want: "taskdef: -/- on EC2 LINUX?/X86_64?, " + app},
		{name: "capitalised keys", in: `{"Family": "f", "RequiresCompatibilities": ["FARGATE"], "Cpu": 256, "Memory": 512, "ContainerDefinitions": [{"Name": "app", "Image": "nginx", "Memory": 512, "Essential": "true"}]}`,
			want: "f: 0.25/0.5 on FARGATE LINUX/X86_64, " + app},
		{name: "CloudFormation resource", in: `{"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "f", "Cpu": "1 vCPU", "Memory": "2 GB", "RequiresCompatibilities": ["FARGATE"], "ContainerDefinitions": [{"Name": "app", "Image": "nginx"}]}}`,
			want: "f: 1/2 on FARGATE LINUX/X86_64, app 0/0/0"},
		{name: "YAML", in: "family: f\nrequiresCompatibilities: [FARGATE]\ncpu: 256\nmemory: 0.5GB\ncontainerDefinitions:\n- name: app\n  image: nginx\n  memory: 512\n",
			want: "f: 0.25/0.5 on FARGATE LINUX/X86_64, " + app},
		{name: "byte order mark and CRLF", in: "\xef\xbb\xbf{\r\n\"family\": \"f\",\r\n" + onFargate + ",\r\n\"containerDefinitions\": [" + container + "]}\r\n",
			want: "f: 0.25/0.5 on FARGATE LINUX/X86_64, " + app},
		{name: "sizes in words", in: `{"family": "f", "requiresCompatibilities": ["FARGATE"], "cpu": "16     vCpU", "memory": "32 gb", "containerDefinitions": [{"name": "app", "image": "nginx"}]}`,
			want: "f: 16/32 on FARGATE LINUX/X86_64, app 0/0/0"},
		{name: "sizes as templates", in: `{"family": "f", "requiresCompatibilities": ["FARGATE"], "cpu": "{{ env ` + "`CPU`" + ` }}", "memory": "${MEMORY}", "containerDefinitions": [{"name": "app", "image": "app:${TAG}"}]}`,
			want: "f: -/- on FARGATE LINUX/X86_64, app 0/0/0"},
		{name: "platform as template", in: `{"family": "f", ` + onFargate + `, "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "${ARCH}"}, "containerDefinitions": [` + container + `]}`,
			want: "f: 0.25/0.5 on FARGATE LINUX/-, " + app},
		{name: "both launch types", in: `{"family": "f", "requiresCompatibilities": ["EC2", "FARGATE"], "cpu": "256", "memory": "512", "containerDefinitions": [` + container + `]}`,
			want: "f: 0.25/0.5 on FARGATE LINUX/X86_64, " + app},
		{name: "ARM", in: `{"family": "f", ` + onFargate + `, "runtimePlatform": {"cpuArchitecture": "arm64"}, "containerDefinitions": [` + container + `]}`,
			want: "f: 0.25/0.5 on FARGATE LINUX/ARM64, " + app},
		{name: "Windows by platform", in: `{"family": "f", "requiresCompatibilities": ["FARGATE"], "cpu": "1024", "memory": "2048", "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}, "containerDefinitions": [` + container + `]}`,
			want: "f: 1/2 on FARGATE WINDOWS/X86_64, " + app},
		{name: "Windows by image", in: `{"family": "f", "containerDefinitions": [{"name": "app", "image": "mcr.microsoft.com/windows/servercore/iis", "memory": 512}]}`,
			want: "f: -/- on EC2 WINDOWS?/X86_64?, " + app},
		{name: "GPUs", in: `{"family": "f", "containerDefinitions": [{"name": "app", "image": "nginx", "memory": 512, "resourceRequirements": [{"type": "GPU", "value": "2"}]}]}`,
			want: "f: -/- on EC2 LINUX?/X86_64?, " + app + ", 2 GPUs"},
		{name: "logs, secrets and volumes", in: `{"family": "f", ` + onFargate + `, "containerDefinitions": [
			{"name": "app", "image": "nginx", "memory": 512,
			 "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/f", "awslogs-region": "eu-west-2"}},
			 "secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-2:1:secret:db-1:user::"}, {"name": "B", "valueFrom": "arn:aws:secretsmanager:eu-west-2:1:secret:db-1:pass::"}, {"name": "C", "valueFrom": "/f/key"}]},
			{"name": "side", "image": "side", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/f"}}},
			{"name": "fire", "image": "fire", "logConfiguration": {"logDriver": "awsfirelens", "options": {"Name": "x"}, "secretOptions": [{"name": "k", "valueFrom": "/f/other"}]}}],
			"volumes": [{"name": "files", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}, {"name": "disk", "configuredAtLaunch": true}, {"name": "host", "host": {"sourcePath": "/x"}}]}`,
			want: `f: 0.25/0.5 on FARGATE LINUX/X86_64, ` + app + `, side 0/0/0, fire 0/0/0, logs to "/f", mounts fs-1, volume files efs, volume disk ebs, 1 secrets and 2 parameters`},
		{name: "new keys are ignored", in: `{"family": "f", ` + onFargate + `, "somethingNew": {"a": [1]}, "containerDefinitions": [{"name": "app", "image": "nginx", "memory": 512, "versionConsistency": "enabled", "restartPolicy": {"enabled": true}}]}`,
			want: "f: 0.25/0.5 on FARGATE LINUX/X86_64, " + app},
	})
}

func TestTaskDefinitionErrors(t *testing.T) {
	checkTaskDefinitions(t, []taskDefinitionTest{
		{name: "memory of the wrong type", in: `{"containerDefinitions": [` + container + `, {"name": "b", "image": "b", "memory": true}]}`,
			wantErr: `taskdef.json: containerDefinitions[1].memory: want MiB or "N GB", got true`},
		{name: "two mistakes", in: `{"cpu": "big", "memory": [1], "containerDefinitions": [` + container + `]}`,
			wantErr: "taskdef.json: cpu: want CPU units or \"N vCPU\", got \"big\"\ntaskdef.json: memory: want MiB or \"N GB\", got a list"},
		{name: "mistake in a wrapped one", in: `{"taskDefinition": {"cpu": -1, "containerDefinitions": [` + container + `]}}`,
			wantErr: `taskdef.json: taskDefinition.cpu: want CPU units or "N vCPU", got -1`},
		{name: "mistake in YAML", in: "family: f\ncpu: [256]\ncontainerDefinitions: [{name: a, image: b}]\n",
			wantErr: `taskdef.json:2:6: cpu: want CPU units or "N vCPU", got a list`},
		{name: "an absurd size", in: `{"cpu": 256, "memory": "1e300 GB", "containerDefinitions": [` + container + `]}`,
			wantErr: `taskdef.json: memory: want MiB or "N GB", got "1e300 GB"`},
		{name: "no number of GiB", in: `{"ephemeralStorage": {"sizeInGiB": "NaN"}, "containerDefinitions": [` + container + `]}`,
			wantErr: `taskdef.json: ephemeralStorage.sizeInGiB: want a number of GiB, got "NaN"`},
		{name: "no containers", in: `{"family": "f", "containerDefinitions": []}`, wantErr: "taskdef.json: containerDefinitions: a task definition needs at least one container"},
		{name: "containers by name", in: `{"containerDefinitions": {"app": {"image": "nginx"}}}`, wantErr: "taskdef.json: containerDefinitions: want a list of container definitions, got a mapping"},
		{name: "no launch type", in: `{"requiresCompatibilities": ["LAMBDA"], "containerDefinitions": [` + container + `]}`,
			wantErr: `taskdef.json: requiresCompatibilities[0]: want one of EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES, got "LAMBDA"`},
		{name: "no architecture", in: `{"runtimePlatform": {"cpuArchitecture": "RISCV"}, "containerDefinitions": [` + container + `]}`,
			wantErr: `taskdef.json: runtimePlatform.cpuArchitecture: want X86_64 or ARM64, got "RISCV"`},
		{name: "no operating system", in: `{"runtimePlatform": {"operatingSystemFamily": 7}, "containerDefinitions": [` + container + `]}`,
			wantErr: `taskdef.json: runtimePlatform.operatingSystemFamily: want LINUX or WINDOWS_SERVER_…, got 7`},
		{name: "no GPUs", in: `{"containerDefinitions": [{"name": "a", "image": "b", "resourceRequirements": [{"type": "GPU", "value": "all"}]}]}`,
			wantErr: `taskdef.json: containerDefinitions[0].resourceRequirements[0].value: want a number of GPUs, got "all"`},
		{name: "no port", in: `{"networkMode": "bridge", "containerDefinitions": [{"name": "a", "image": "b", "portMappings": [{"hostPort": 70000}]}]}`,
			wantErr: `taskdef.json: containerDefinitions[0].portMappings[0].hostPort: want a port, 0 to 65535, got 70000`},
		{name: "secrets that are no list", in: `{"containerDefinitions": [{"name": "a", "image": "b", "secrets": "hunter2"}]}`,
			wantErr: `taskdef.json: containerDefinitions[0].secrets: want a list of {"name", "valueFrom"}, got a text`},
	})
}

func checkTaskDefinitions(t *testing.T, tests []taskDefinitionTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := Read("taskdef.json", []byte(tt.in), Options{})
			if got := errorText(err); got != tt.wantErr {
				t.Fatalf("error\n%s\nwant\n%s", got, tt.wantErr)
			}
			if err != nil {
				return
			}
			if got := summary(w); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// What the caller knows goes before what a task definition leaves open.
func TestTaskDefinitionOptions(t *testing.T) {
	const both = `{"family": "f", "requiresCompatibilities": ["EC2", "FARGATE"], "cpu": "256", "memory": "512",
		"containerDefinitions": [{"name": "a", "image": "b", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g", "awslogs-region": "eu-west-2"}}}]}`
	tests := []struct {
		name   string
		opts   Options
		region design.Fact[string]
		kind   design.ProviderKind
		assume string
		count  design.Fact[float64]
	}{
		{"nothing", Options{}, design.Assume("eu-west-2", "from awslogs-region"), design.Fargate,
			"FARGATE: the task definition allows EC2 and FARGATE, and the launch type decides the price; choose another with --launch-type",
			design.Assume(1.0, "a task definition does not say how many tasks run")},
		{"a default region", Options{DefaultRegion: "us-east-1"}, design.Assume("eu-west-2", "from awslogs-region"), design.Fargate,
			"FARGATE: the task definition allows EC2 and FARGATE, and the launch type decides the price; choose another with --launch-type",
			design.Assume(1.0, "a task definition does not say how many tasks run")},
		{"everything", Options{Region: "us-east-1", LaunchType: design.FargateSpot, Count: 3}, design.Know("us-east-1"), design.FargateSpot, "", design.Know(3.0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := Read("taskdef.json", []byte(both), tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			s := w.Services[0]
			if w.Region != tt.region {
				t.Errorf("region %+v, want %+v", w.Region, tt.region)
			}
			if s.Capacity.Providers[0].Kind != tt.kind || s.Capacity.Assumed != tt.assume {
				t.Errorf("capacity %+v, want %s assumed as %q", s.Capacity, tt.kind, tt.assume)
			}
			if s.Count.Fixed != tt.count {
				t.Errorf("count %+v, want %+v", s.Count.Fixed, tt.count)
			}
		})
	}
}

// A launch type that needs a size at task level is refused by the model.
func TestFargateWithoutSize(t *testing.T) {
	w, err := Read("taskdef.json", []byte(`{"family": "f", "containerDefinitions": [{"name": "a", "image": "b", "memory": 512}]}`), Options{LaunchType: design.Fargate})
	if err != nil {
		t.Fatal(err)
	}
	problems := w.Validate()
	if len(problems) != 1 || problems[0].Error() != "services.f.task: a Fargate task needs cpu and memory at task level" {
		t.Errorf("got %v", problems)
	}
}

// Task definitions that nobody of this project wrote, where they are at hand.
func TestTaskDefinitionsOfOthers(t *testing.T) {
	const folder = "../../../shared/cases/taskdef"
	files, err := filepath.Glob(folder + "/*.json")
	if err != nil || len(files) == 0 {
		t.Skip("no shared cases here")
	}
	want := wildTaskDefinitions()
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w, err := Read("x.json", data, Options{})
			got := errorText(err)
			if err == nil {
				got = summary(w)
			}
			if expected, ok := want[name]; !ok {
				t.Errorf("not in the table: %q: %q", name, got)
			} else if got != expected {
				t.Errorf("got\n%s\nwant\n%s", got, expected)
			}
		})
	}
}

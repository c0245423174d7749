package intake

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/design"
)

func diffValues(want, got any) string { return cmp.Diff(want, got, cmp.AllowUnexported(span{})) }

// The example of the issue that asked for this, word for word what it means.
func TestDesignFile(t *testing.T) {
	const file = `region: eu-west-2
services:
  api:
    task: taskdef.json
    count: {min: 2, average: 3.4, max: 10}
    capacity: {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {weight: 3}}
    ingress: {alb: {new_connections: 20/s, processed: 120GB/month, rules: 12}}
    logs: {ingest: 20GB/month, retention: 30d}
network: {azs: 2, egress: {nat: gateway, internet: 100GB/month}}
variants:
  graviton-spot: {services.api.task.arch: arm64}
`
	const task = `{"family": "api", "requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024",
		"containerDefinitions": [{"name": "app", "image": "app", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/api"}}}]}`
	got, err := Read("shop.yaml", []byte(file), Options{ReadFile: fileOf("taskdef.json", task)})
	if err != nil {
		t.Fatal(err)
	}
	want := design.Workload{
		Name:   "shop",
		Region: design.Know("eu-west-2"),
		Services: []design.Service{{
			Name: "api",
			Task: design.Task{
				Family: "api", CPU: design.Know(0.5), Memory: design.Know(1.0), OS: design.Know(design.Linux), Architecture: design.Know(design.X86),
				EphemeralStorage: design.Know(20.0), Compatibilities: []string{"FARGATE"},
				Containers: []design.Container{{Name: "app", Image: "app", Essential: true, LogDriver: "awslogs", LogGroup: "/api"}},
			},
			Count:    design.CountProfile{Scaled: &design.ScaledCount{Min: design.Know(2.0), Average: design.Know(3.4), Max: design.Know(10.0)}},
			Capacity: design.CapacityStrategy{Providers: []design.Provider{{Kind: design.Fargate, Base: 1, Weight: 1}, {Kind: design.FargateSpot, Weight: 3}}},
			Ingress: []design.Ingress{{LoadBalancer: "api-alb", Traffic: design.BalancerTraffic{
				NewConnections: design.Know(20.0), Processed: design.Know(120.0), Rules: design.Know(12.0)}}},
		}},
		LoadBalancers: []design.LoadBalancer{{Name: "api-alb", Kind: design.ALB}},
		Network: design.Network{
			AZs: design.Know(2.0), NAT: design.NAT{Kind: design.NATGateway},
			Traffic: design.Traffic{InternetOut: design.Know(100.0)},
		},
		LogGroups: []design.LogGroup{{Name: "/api", Service: "api", Ingest: design.Know(20.0), RetentionDays: design.Know(30.0)}},
		Variants:  []design.Variant{{Name: "graviton-spot", Changes: []design.Change{{Path: "services.api.task.arch", Value: "arm64"}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// fileOf is a ReadFile that has one file.
func fileOf(name, text string) func(string) ([]byte, error) {
	return func(asked string) ([]byte, error) {
		if asked != name {
			return nil, fmt.Errorf("open %s: no such file", asked)
		}
		return []byte(text), nil
	}
}

// partTest is a file and one part of the model that it makes.
type partTest struct {
	name, in string
	part     func(design.Workload) any
	want     any
}

const task = "task: {cpu: 0.5, memory: 1GB}"

// apiWith is a service with some keys beside its task.
func apiWith(keys string) string { return "services: {api: {" + task + ", " + keys + "}}" }

// What a file says of its services.
func TestServices(t *testing.T) {
	checkParts(t, []partTest{
		{"no count", "services: {api: {" + task + "}}", func(w design.Workload) any { return w.Services[0].Count },
			design.CountProfile{Fixed: design.Assume(1.0, "no count is stated")}},
		{"no capacity", "services: {api: {" + task + "}}", func(w design.Workload) any { return w.Services[0].Capacity },
			design.CapacityStrategy{Providers: []design.Provider{{Kind: design.Fargate, Weight: 1}}, Assumed: "FARGATE: the design states no capacity"}},
		{"no region", "services: {api: {" + task + "}}", func(w design.Workload) any { return w.Region }, design.NotKnown[string]("the input names no region")},
		{"runs", "services: {api: {" + task + ", runs: {per_day: 1/h, duration: 45s}}}", func(w design.Workload) any { return w.Services[0].Count },
			design.CountProfile{Runs: &design.Runs{PerDay: design.Know(24.0), Tasks: design.Know(1.0), Seconds: design.Know(45.0)}}},
		{"schedule", apiWith(`count: {schedule: {"mon 00:30-02:00": 4, default: 1}}`), func(w design.Workload) any { return w.Services[0].Count.Week.Hours[:3] },
			[]float64{2.5, 4, 1}},
		{"capacity in small letters", apiWith("capacity: fargate_spot"), func(w design.Workload) any { return w.Services[0].Capacity }, design.Only(design.FargateSpot)},
		{"weight left out of several", apiWith("capacity: {FARGATE: {base: 2}, FARGATE_SPOT: {weight: 1}}"), func(w design.Workload) any { return w.Services[0].Capacity.Providers },
			[]design.Provider{{Kind: design.Fargate, Base: 2}, {Kind: design.FargateSpot, Weight: 1}}},
		{"an instance group by name", "cluster: {instances: {web: {type: m7g.large}, jobs: {managed: true}}}\nservices: {api: {" + task + ", capacity: jobs}}",
			func(w design.Workload) any { return w.Services[0].Capacity.Providers }, []design.Provider{{Kind: design.ManagedInstances, Group: "jobs", Weight: 1}}},
		{"the only group of a kind", "cluster: {instances: {web: {type: m7g.large}, jobs: {managed: true}}}\nservices: {api: {" + task + ", capacity: EC2}}",
			func(w design.Workload) any { return w.Services[0].Capacity.Providers }, []design.Provider{{Kind: design.EC2, Group: "web", Weight: 1}}},
		{"a group", "cluster: {name: c, instances: {web: {type: m7g.large, spot: 30%, target_capacity: 90, root_volume: {type: gp3, size: 30GB}, public_ip: true}}}\nservices: {api: {" + task + "}}",
			func(w design.Workload) any { return w.Clusters }, []design.Cluster{{Name: "c", Groups: []design.InstanceGroup{{
				Name: "web", InstanceTypes: []string{"m7g.large"}, Spot: design.Know(0.3), TargetCapacity: design.Know(90.0), PublicIP: design.Know(true),
				Count:      design.CountProfile{Fixed: design.NotKnown[float64]("as many as hold the tasks")},
				Elastic:    true,
				OS:         design.Assume(design.Linux, "no operating system is stated"),
				RootVolume: &design.Volume{Type: "gp3", GB: design.Know(30.0)}}}}}},
		{"rules of placement", "network: {azs: 3}\ncluster: {instances: {pool: {families: [m7g, c7g], sizes: large, spread_azs: true, spare_az: true, spare_instances: 1, headroom: 50%, cpu_baseline: true}, jobs: {headroom: largest_task}}}\nservices: {api: {" + task + "}}",
			func(w design.Workload) any {
				return []design.PlacementRules{w.Clusters[0].Groups[0].Placement, w.Clusters[0].Groups[1].Placement}
			},
			[]design.PlacementRules{
				{HeadroomLargest: true},
				{Families: []string{"m7g", "c7g"}, Sizes: []string{"large"}, SpreadAZs: true, SpareAZ: true, SpareInstances: 1, HeadroomPercent: 50, CPUBaseline: true},
			}},
		{"a daemon, and tasks apart", "services: {log: {" + task + ", capacity: EC2, scheduling_strategy: daemon}, db: {" + task + ", capacity: EC2, distinct_instance: true}}",
			func(w design.Workload) any {
				return []any{w.Services[1].Scheduling, w.Services[1].Count, w.Services[0].DistinctInstance}
			},
			[]any{design.Daemon, design.DaemonCount(), true}},
		{"Service Connect", apiWith("service_connect: true"), func(w design.Workload) any { return w.Services[0].Sidecars }, []design.Sidecar{{
			Name: "service-connect", CPU: design.Assume(0.25, "the Service Connect proxy: 256 CPU units, as AWS recommends"),
			Memory: design.Assume(0.0625, "the Service Connect proxy: 64 MiB, the least that AWS recommends")}}},
		{"no Service Connect", apiWith("service_connect: false"), func(w design.Workload) any { return w.Services[0].Sidecars }, []design.Sidecar(nil)},
		{"a dedicated tunnel", "services: {api: {task: {cpu: 0.5, memory: 1GB, arch: arm64}, ingress: {tunnel: {}}}}", func(w design.Workload) any { return *w.Services[0].Ingress[0].Tunnel }, design.Tunnel{
			Replicas: design.Assume(2.0, "two replicas of cloudflared, as Cloudflare advises"),
			CPU:      design.Assume(0.25, "cloudflared in the smallest Fargate task: 0.25 vCPU"), Memory: design.Assume(0.5, "cloudflared in the smallest Fargate task: 0.5 GB"),
			Architecture: design.Assume(design.ARM64, "cloudflared runs on the architecture of the service")}},
		{"a sidecar tunnel", apiWith("ingress: {tunnel: {mode: sidecar, cpu: 0.1, memory: 64MB}}"), func(w design.Workload) any { return *w.Services[0].Ingress[0].Tunnel },
			design.Tunnel{Sidecar: true, CPU: design.Know(0.1), Memory: design.Know(0.0625)}},
		{"a shared load balancer", "load_balancers: {edge: {type: alb, azs: 3}}\nservices: {a: {" + task + ", ingress: {alb: {name: edge, rules: 3}}}, b: {" + task + ", ingress: {alb: {name: edge}}}}",
			func(w design.Workload) any { return w.LoadBalancers }, []design.LoadBalancer{{Name: "edge", Kind: design.ALB, AZs: design.Know(3.0)}}},
		{"a load balancer that two services make", "services: {a: {" + task + ", ingress: {nlb: {name: edge, internal: true}}}, b: {" + task + ", ingress: [{nlb: {name: edge, azs: 2}}]}}",
			func(w design.Workload) any { return w.LoadBalancers }, []design.LoadBalancer{{Name: "edge", Kind: design.NLB, Internal: true, AZs: design.Know(2.0)}}},
	})
}

// What a file says of what services use and share.
func TestResources(t *testing.T) {
	checkParts(t, []partTest{
		{"two log groups by name", apiWith("logs: {app: {ingest: 5GB/month, retention: never}, audit: {ingest: 1GB/month, retention: 365, class: infrequent_access}}"),
			func(w design.Workload) any { return w.LogGroups }, []design.LogGroup{
				{Name: "app", Service: "api", Ingest: design.Know(5.0), RetentionDays: design.Know(0.0)},
				{Name: "audit", Service: "api", Class: design.LogInfrequentAccess, Ingest: design.Know(1.0), RetentionDays: design.Know(365.0)}}},
		{"logs without an amount", "services: {api: {task: {cpu: 0.5, memory: 1GB, containers: {a: {image: a, log_driver: awslogs, log_group: /a}}}}}", func(w design.Workload) any { return w.LogGroups },
			[]design.LogGroup{{Name: "/a", Service: "api", Ingest: design.NotKnown[float64]("log volume is not in a task definition"),
				RetentionDays: design.NotKnown[float64]("the retention is the log group's, not the task definition's")}}},
		{"an image", apiWith("image: {size: 300MB, keep_images: 20}"), func(w design.Workload) any { return []any{w.Repositories, w.Services[0].Task.Containers} }, []any{
			[]design.Repository{{Name: "api", Service: "api", ImageGB: design.Know(300.0 / 1024), KeepImages: design.Know(20.0)}},
			[]design.Container{{Name: "api", Essential: true, ImageSize: design.Know(300.0 / 1024)}}}},
		{"secrets", apiWith("secrets: {secrets_manager: 3, parameters: 5, advanced_parameters: 2, reads: 1000/month}"), func(w design.Workload) any { return w.Secrets },
			[]design.SecretStore{{Name: "api", Service: "api", Secrets: design.Know(3.0), StandardParameters: design.Know(5.0), AdvancedParameters: design.Know(2.0), Reads: design.Know(1000.0)}}},
		{"alarms", apiWith("alarms: 3"), func(w design.Workload) any { return w.Alarms }, []design.Alarms{{Name: "api", Service: "api", Standard: design.Know(3.0)}}},
		{"discovery", apiWith("discovery: {instances: 2, queries: 2M, dns: true}"), func(w design.Workload) any { return w.Namespaces },
			[]design.Namespace{{Name: "api", Service: "api", Instances: design.Know(2.0), Queries: design.Know(2e6), HostedZone: true}}},
		{"storage", apiWith("storage: {efs: {stored: 50GB, provisioned: 10MB/s, one_zone: true}}"), func(w design.Workload) any { return w.FileSystems },
			[]design.FileSystem{{Name: "api", Service: "api", OneZone: true, Stored: design.Know(50.0), ProvisionedMiBps: design.Know(10.0)}}},
		{"a NAT instance, keys in any order", "network: {egress: {nat_data: 5, nat: {instance: t4g.nano, count: 2, peak: 1Gbps}}}", func(w design.Workload) any { return w.Network.NAT },
			design.NAT{Kind: design.NATInstance, InstanceType: "t4g.nano", Count: design.Know(2.0), PeakMbps: design.Know(1000.0), Data: design.Know(5.0)}},
		{"endpoints", "network: {endpoints: {interface: [ecr.api, com.amazonaws.eu-west-2.logs], gateway: [s3]}}", func(w design.Workload) any { return w.Network.Endpoints }, []design.Endpoint{
			{Service: "ecr.api", Kind: design.InterfaceEndpoint}, {Service: "logs", Kind: design.InterfaceEndpoint}, {Service: "s3", Kind: design.GatewayEndpoint}}},
		{"commitments", "region: us-east-1\ncommitments: {savings_plans: [{type: ec2_instance, family: m5, term: 1yr, payment: no_upfront, hourly: 2.00}], reservations: [{type: m5.large, count: 2, term: 3yr, payment: all_upfront}]}",
			func(w design.Workload) any { return w.Commitments }, design.Commitments{
				SavingsPlans: []design.SavingsPlan{{Kind: "EC2Instance", Family: "m5", Region: "us-east-1", Term: "1yr", Payment: "No Upfront", Hourly: 2}},
				Reservations: []design.Reservation{{InstanceType: "m5.large", OS: design.Linux, Count: 2, Offering: "standard", Term: "3yr", Payment: "All Upfront"}}}},
		{"several clusters", "clusters: {a: {}, b: {insights: standard}}\nservices: {api: {" + task + ", cluster: b}}", func(w design.Workload) any { return []any{w.Services[0].Cluster, w.Clusters} },
			[]any{"b", []design.Cluster{{Name: "a"}, {Name: "b", Insights: design.Know(design.InsightsStandard)}}}},
		{"anchors and merges", "x-small: &small {cpu: 0.25, memory: 512MB}\nservices: {a: {task: *small}, b: {task: {<<: *small, memory: 1GB}}}", func(w design.Workload) any {
			return []float64{w.Services[0].Task.CPU.Value, w.Services[0].Task.Memory.Value, w.Services[1].Task.CPU.Value, w.Services[1].Task.Memory.Value}
		}, []float64{0.25, 0.5, 0.25, 1}},
		{"a JSON design file", `{"services": {"api": {"task": {"cpu": 1, "memory": "2GB"}, "count": 3}}}`, func(w design.Workload) any { return w.Services[0].Count }, design.Count(3)},
		{"a YAML design file in flow style", `{services: {api: {task: {cpu: 1, memory: 2GB}, count: 3}}}`, func(w design.Workload) any { return w.Services[0].Count }, design.Count(3)},
		{"volumes", "file_systems: {media: {stored: 1GB}}\nservices: {api: {task: {cpu: 1, memory: 2GB, volumes: {d: {ebs: {type: gp3, size: 20GB}}, m: {efs: {file_system: media}}, o: {efs: {}}}}}}",
			func(w design.Workload) any { return []any{w.Services[0].Task.Volumes, w.FileSystems} }, []any{
				[]design.TaskVolume{{Name: "d", Kind: "ebs", Volume: design.Volume{Type: "gp3", GB: design.Know(20.0)}}, {Name: "m", Kind: "efs"}, {Name: "o", Kind: "efs"}},
				[]design.FileSystem{{Name: "media", Stored: design.Know(1.0)}, {Name: "o", Service: "api", Stored: design.NotKnown[float64]("the design does not say how much is stored")}}}},
	})
}

func checkParts(t *testing.T, tests []partTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := Read("design.yaml", []byte(tt.in), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, tt.part(w)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A task definition with changes on top: what the file says wins.
func TestTaskOverReference(t *testing.T) {
	const taskdef = `{"family": "f", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512", "tags": [{"key": "team", "value": "a"}, {"key": "env", "value": "dev"}],
		"containerDefinitions": [{"name": "app", "image": "app:1", "memory": 256, "secrets": [{"name": "A", "valueFrom": "/a"}]}], "volumes": [{"name": "v", "configuredAtLaunch": true}]}`
	const file = `services:
  api:
    tags: {env: prod}
    task: {file: defs/task.json, cpu: 0.5, memory: 1GB, arch: arm64, containers: {app: {image_size: 1GB}, side: {image: side}}, volumes: {v: {ebs: {type: gp3, size: 5GB}}}}
`
	w, err := Read("design.yaml", []byte(file), Options{ReadFile: fileOf("defs/task.json", taskdef)})
	if err != nil {
		t.Fatal(err)
	}
	s := w.Services[0]
	want := design.Task{
		Family: "f", CPU: design.Know(0.5), Memory: design.Know(1.0), OS: design.Know(design.Linux), Architecture: design.Know(design.ARM64),
		EphemeralStorage: design.Know(20.0), Compatibilities: []string{"FARGATE"},
		Containers: []design.Container{
			{Name: "app", Image: "app:1", ImageSize: design.Know(1.0), Memory: 0.25, Essential: true, SecretRefs: map[string]int{"ssm": 1}},
			{Name: "side", Image: "side", Essential: true},
		},
		Volumes: []design.TaskVolume{{Name: "v", Kind: "ebs", Volume: design.Volume{Type: "gp3", GB: design.Know(5.0)}}},
	}
	if diff := cmp.Diff(want, s.Task); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"team": "a", "env": "prod"}, s.Tags); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(design.Only(design.Fargate), s.Capacity); diff != "" {
		t.Error(diff)
	}
}

func TestDesignFileErrors(t *testing.T) {
	api := func(keys string) string { return "services:\n  api:\n    " + task + "\n    " + keys + "\n" }
	tests := []struct {
		name string
		in   string
		want string
	}{
		{"a mistyped key", api("cuont: 3"), `design.yaml:4:5: services.api: unknown key "cuont"; did you mean "count"?`},
		{"a key of nowhere", api("zzz: 3"), `design.yaml:4:5: services.api: unknown key "zzz"; allowed are cluster, tags, task, count, runs, capacity, scheduling_strategy, distinct_instance, public_ip, spot_rework, ingress, service_connect, sidecars, deployment, traffic, logs, image, secrets, storage, discovery, alarms`},
		{"a mistyped section", "servces: {api: {" + task + "}}", `design.yaml:1:1: unknown key "servces"; did you mean "services"?`},
		{"no task", "services: {api: {count: 3}}", "design.yaml:1:17: services.api: the key task is missing: the path of a task definition, or a mapping"},
		{"a wrong word", "services: {api: {task: {cpu: 1, memory: 2GB, arch: armm64}}}", `design.yaml:1:52: services.api.task.arch: want one of x86_64, amd64, x86, arm64, got "armm64"; did you mean "arm64"?`},
		{"a wrong type", api("count: [3]"), "design.yaml:4:12: services.api.count: want a whole number, 0 or more, or a mapping with min, average, max, schedule, got a list"},
		{"half a task", api("count: 2.5"), "design.yaml:4:12: services.api.count: want a whole number, 0 or more, got 2.5: it has a fraction"},
		{"count and runs", api("count: 2\n    runs: {per_day: 1, duration: 5m}"), "design.yaml:2:3: services.api: want count or runs, not both"},
		{"bounds and schedule", api("count: {min: 1, schedule: {default: 1}}"), "design.yaml:4:12: services.api.count: want min, average and max, or a schedule, not both"},
		{"no bounds", api("count: {}"), "design.yaml:4:12: services.api.count: want a number, or min, average and max, or a schedule; got none of them"},
		{"a schedule without default", api(`count: {schedule: {"mon": 2}}`), "design.yaml:4:23: services.api.count.schedule: the key default is missing: the count outside the times named"},
		{"a schedule that says it twice", api(`count: {schedule: {mon: 2, "mon 08:00-09:00": 1, default: 0}}`), `design.yaml:4:32: services.api.count.schedule.mon 08:00-09:00: "mon 08:00-09:00" names times that an entry before it names too`},
		{"no schedule", api(`count: {schedule: {monday: 2, default: 0}}`), `design.yaml:4:24: services.api.count.schedule.monday: want days and hours such as "mon-fri 08:00-20:00", "sat,sun" or "22:00-06:00", got "monday"`},
		{"a provider of nowhere", api("capacity: {FARGTE: {}}"), `design.yaml:4:16: services.api.capacity.FARGTE: "FARGTE" is neither a launch type nor an instance group; did you mean "FARGATE"?`},
		{"weights of nothing", api("capacity: {FARGATE: {base: 1}, FARGATE_SPOT: {}}"), "design.yaml:4:15: services.api.capacity: the weights add up to 0, so no task above the base would run; give one a weight"},
		{"two bases", api("capacity: {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {base: 1}}"), "design.yaml:4:15: services.api.capacity: only one capacity provider may have a base"},
		{"a group of nowhere", "cluster: {instances: {web: {type: m5.large}}}\nservices: {api: {" + task + ", capacity: {EC2: {group: wep}}}}", `design.yaml:2:60: services.api.capacity.EC2: no instance group is named "wep"; did you mean "web"?`},
		{"a group of another kind", "cluster: {instances: {web: {type: m5.large}}}\nservices: {api: {" + task + ", capacity: {MANAGED_INSTANCES: {group: web}}}}", `design.yaml:2:60: services.api.capacity.MANAGED_INSTANCES: the instance group "web" is of kind EC2, not MANAGED_INSTANCES`},
		{"a cluster of nowhere", "clusters: {prod: {}, dev: {}}\nservices: {api: {" + task + ", cluster: pord}}", `design.yaml:2:12: services.api: no cluster is named "pord"; did you mean "prod"?`},
		{"no cluster named", "clusters: {prod: {}, dev: {}}\nservices: {api: {" + task + "}}", "design.yaml:2:12: services.api: the key cluster is missing: one of prod, dev"},
		{"no instance type", "cluster: {instances: {web: {type: large}}}", `design.yaml:1:35: cluster.instances.web.type: want an instance type such as m7g.large, got "large"`},
		{"a percentage as a share", "cluster: {instances: {web: {spot: 30}}}", "design.yaml:1:35: cluster.instances.web.spot: want a share such as 30% or 0.3, got 30: 30 percent is written 30%"},
		{"ambiguous CPU", "services: {api: {task: {cpu: 100, memory: 1GB}}}", "design.yaml:1:30: services.api.task.cpu: want vCPU (0.5) or CPU units (512), got 100: a plain number up to 64 is vCPU and a whole one from 128 on is CPU units; write 100 units or 100 vCPU"},
		{"GB without their unit", "services: {api: {task: {cpu: 1, memory: 2}}}", "design.yaml:1:41: services.api.task.memory: want MiB (512) or an amount such as 1GB, got 2: a plain number is MiB, and 2 of them hold no container; write 2GB"},
		{"a retention that AWS does not have", api("logs: {retention: 31d}"), `design.yaml:4:23: services.api.logs.retention: want a retention such as 30d, or never, got "31d": CloudWatch Logs keeps 30d or 60d, not what lies between`},
		{"a wrong NAT", "network: {egress: {nat: gatewy}}", `design.yaml:1:25: network.egress.nat: want none, gateway, regional, or a mapping such as {instance: t4g.nano}, got "gatewy"; did you mean "gateway"?`},
		{"two NATs", "network: {egress: {nat: {gateway: {}, instance: t4g.nano}}}", "design.yaml:1:25: network.egress.nat: want exactly one of gateway, regional, instance; got 2"},
		{"a gateway endpoint that AWS does not have", "network: {endpoints: {gateway: [sqs]}}", `design.yaml:1:33: network.endpoints.gateway[0]: want one of s3, dynamodb, got "sqs"`},
		{"a load balancer of two types", "load_balancers: {edge: {type: alb}}\nservices: {api: {" + task + ", ingress: {nlb: {name: edge}}}}", `design.yaml:2:58: services.api.ingress: the load balancer "edge" is of type alb, not nlb`},
		{"an empty ingress", api("ingress: {}"), "design.yaml:4:14: services.api.ingress: want alb, nlb, clb or tunnel; got none of them"},
		{"a plan without a family", "commitments: {savings_plans: [{type: ec2_instance, term: 1yr, payment: no_upfront, hourly: 1}]}", "design.yaml:1:31: commitments.savings_plans[0]: the key family is missing: an ec2_instance plan is for one instance family such as m5"},
		{"no region", "region: europe\nservices: {api: {" + task + "}}", `design.yaml:1:9: region: want a region such as eu-west-2, got "europe"`},
		{"a volume of two kinds", "services: {api: {task: {cpu: 1, memory: 2GB, volumes: {v: {ebs: {type: gp3}, efs: {}}}}}}", "design.yaml:1:56: services.api.task.volumes.v: want ebs or efs, not both"},
		{"a file system of nowhere", "file_systems: {media: {}}\nservices: {api: {task: {cpu: 1, memory: 2GB, volumes: {v: {efs: {file_system: medai}}}}}}", `design.yaml:2:56: services.api.task.volumes.v: no file system is named "medai"; did you mean "media"?`},
		{"a secret where a number belongs", api("secrets: {secrets_manager: hunter2}"), "design.yaml:4:32: services.api.secrets.secrets_manager: want a whole number, 0 or more, got a text"},
		{"a missing file", "services: {api: {task: other.json}}", "design.yaml:1:24: services.api.task: reading other.json: open other.json: no such file"},
		{"an absolute path", "services: {api: {task: /etc/taskdef.json}}", `design.yaml:1:24: services.api.task: "/etc/taskdef.json" is an absolute path; want one relative to this file`},
		{"an ARN", "services: {api: {task: \"arn:aws:ecs:eu-west-2:1:task-definition/api:7\"}}", `design.yaml:1:24: services.api.task: "arn:aws:ecs:eu-west-2:1:task-definition/api:7" is no path; save the task definition beside this file`},
		{"a broken reference", "services: {api: {task: broken.json}}", `broken.json: cpu: want CPU units or "N vCPU", got true`},
		{"a key twice", "region: eu-west-2\nregion: eu-west-1\n", `design.yaml:2:1: the key "region" is there twice`},
		{"a key twice, in a service", api("count: 1\n    count: 2"), `design.yaml:5:5: the key "count" is there twice`},
		{"two mistakes", api("cuont: 3\n    alarms: many"), "design.yaml:4:5: services.api: unknown key \"cuont\"; did you mean \"count\"?\n" +
			"design.yaml:5:13: services.api.alarms: want a whole number, 0 or more, got \"many\""},
		{"no YAML", "services:\n  api: {task: [}\n", "design.yaml:2:16: not valid YAML: could not find '{' character corresponding to '}'"},
		{"an unknown alias", "services: {api: {task: *nowhere}}", "design.yaml:1:24: the alias *nowhere refers to no anchor before it"},
		{"a tag", "services: {api: {task: {cpu: !Ref Cpu, memory: 1GB}}}", "design.yaml:1:30: services.api.task.cpu: want vCPU (0.5) or CPU units (512), got the YAML tag !Ref"},
	}
	files := func(name string) ([]byte, error) {
		if name == "broken.json" {
			return []byte(`{"cpu": true, "containerDefinitions": [{"name": "a", "image": "b"}]}`), nil
		}
		return nil, fmt.Errorf("open %s: no such file", name)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("design.yaml", []byte(tt.in), Options{ReadFile: files})
			if got := errorText(err); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// Reports at most ten mistakes, and says how many more there are.
func TestManyMistakes(t *testing.T) {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range 25 {
		fmt.Fprintf(&b, "  s%d: {task: {cpu: 1, memory: 2GB}, cuont: 1}\n", i)
	}
	_, err := Read("design.yaml", []byte(b.String()), Options{})
	lines := strings.Split(errorText(err), "\n")
	if len(lines) != 11 || lines[10] != "and 15 more" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

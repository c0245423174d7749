package intake

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/design"
)

// accountReplies are the replies of one region in testdata/account: two clusters,
// of which each has a service "web", and much that is not ECS's.
func accountReplies(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/account/*.json")
	if err != nil || len(names) < 30 {
		t.Fatalf("%d replies, %v", len(names), err)
	}
	files := make(map[string][]byte, len(names))
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = data
	}
	return files
}

func readAccount(t testing.TB, change func(map[string][]byte)) design.Workload {
	t.Helper()
	files := accountReplies(t)
	if change != nil {
		change(files)
	}
	w, err := ReadDescriptions(files, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The whole region, as the golden file beside it shows it.
func TestDescribeAccount(t *testing.T) {
	w := readAccount(t, nil)
	sane(t, &w)
	got, err := json.MarshalIndent(w, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.FromSlash("testdata/account/workload.golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got)+"\n", "\n")); diff != "" {
		t.Error(diff)
	}
	running, err := ReadRunning(accountReplies(t))
	if err != nil {
		t.Fatal(err)
	}
	// The image is what the task definition says: its host names the account that
	// has the registry. Snapshots can redact it.
	text := strings.ReplaceAll(string(got), "444455556666.dkr.ecr", "")
	for what, text := range map[string]string{"workload": text, "running": fmt.Sprintf("%+v", running)} {
		for _, secret := range []string{"444455556666", "hunter2", "203.0.113."} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", what, secret)
			}
		}
	}
}

// Every field by which measurements are joined.
func TestDescribeIdentity(t *testing.T) {
	w := readAccount(t, nil)
	var got []string
	for _, s := range w.Services {
		got = append(got, "service "+cmpOr(s.Cluster, "default")+" "+strings.TrimPrefix(s.Name, s.Cluster+"/"))
	}
	for _, lb := range w.LoadBalancers {
		got = append(got, "load balancer "+lb.ID)
	}
	for _, e := range w.Network.Endpoints {
		got = append(got, "endpoint "+e.ID+" "+e.Service)
	}
	for _, g := range w.LogGroups {
		got = append(got, "log group "+g.Name+" of "+g.Service)
	}
	got = append(got, "NAT "+strings.Join(w.Network.NAT.IDs, " "))
	want := []string{
		"service prod agent", "service prod batch", "service prod web", "service prod worker", "service stage web",
		"load balancer app/public/50dc6c495c0c9188",
		"endpoint vpce-2 ecr.dkr", "endpoint vpce-1 s3",
		"log group /aws/ecs/containerinsights/prod/performance of ",
		"log group /shop/web of agent", "log group /ecs/batch of batch", "log group /shop/web of prod/web", "log group /shop/web of stage/web", "log group /shop/web of worker",
		"NAT nat-0a nat-0b",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// words puts values beside each other.
func words(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }

// What one reply more or less changes.
func TestDescribeAccountParts(t *testing.T) {
	without := func(names ...string) func(map[string][]byte) {
		return func(files map[string][]byte) {
			for _, name := range names {
				if files[name+".json"] == nil {
					t.Fatalf("no %s", name)
				}
				delete(files, name+".json")
			}
		}
	}
	replace := func(name, old, new string) func(map[string][]byte) {
		return func(files map[string][]byte) {
			text := string(files[name+".json"])
			if !strings.Contains(text, old) {
				t.Fatalf("no %s in %s", old, name)
			}
			files[name+".json"] = []byte(strings.ReplaceAll(text, old, new))
		}
	}
	group := func(w *design.Workload, name string) string {
		for _, c := range w.Clusters {
			for _, g := range c.Groups {
				if g.Name == name {
					return fmt.Sprintf("%s %v × %v spot %v public %v", c.Name, g.Count.Fixed.Value, g.InstanceTypes, g.Spot.Value, g.PublicIP.Value)
				}
			}
		}
		return "none"
	}
	tests := []struct {
		name   string
		change func(map[string][]byte)
		of     func(*design.Workload) string
		want   string
	}{
		{"rules count where they were listed", nil, func(w *design.Workload) string { return words(w.LoadBalancers[0].Traffic.Rules) }, words(design.Know(2.0))},
		{"and are unknown where not", without("elbv2.describe-rules"), func(w *design.Workload) string { return words(w.LoadBalancers[0].Traffic.Rules.Stated()) }, "false"},
		{"a regional NAT gateway by its zones", replace("ec2.describe-nat-gateways", `"NatGatewayId": "nat-0a"`, `"NatGatewayId": "nat-0a", "AvailabilityMode": "regional"`),
			func(w *design.Workload) string {
				return words(w.Network.NAT.Kind, w.NotPriced["regional NAT gateway beside zonal ones"])
			}, "gateway 1"},
		{"only a regional one", func(files map[string][]byte) {
			files["ec2.describe-nat-gateways.json"] = []byte(`{"NatGateways": [{"NatGatewayId": "nat-1", "VpcId": "vpc-1", "State": "available", "AvailabilityMode": "regional",
				"NatGatewayAddresses": [{"AllocationId": "a", "AvailabilityZone": "eu-west-2a"}, {"AllocationId": "b", "AvailabilityZone": "eu-west-2a"}, {"AllocationId": "c", "AvailabilityZone": "eu-west-2b"}]}]}`)
		}, func(w *design.Workload) string {
			return words(w.Network.NAT.Kind, w.Network.NAT.Count.Value, w.Network.NAT.IDs)
		}, "regional-gateway 2 [nat-1]"},
		{"a private NAT gateway", replace("ec2.describe-nat-gateways", `"public"`, `"private"`), func(w *design.Workload) string {
			return words(w.Network.NAT.Kind, w.NotPriced["private NAT gateway"])
		}, "instance 2"},
		{"a NAT instance where there is no gateway", without("ec2.describe-nat-gateways"), func(w *design.Workload) string {
			return words(w.Network.NAT.Kind, w.Network.NAT.InstanceType, w.Network.NAT.Count.Value, w.Network.NAT.Volume.GB.Value)
		}, "instance t4g.nano 1 8"},
		{"every instance without the check, where no routes are known", without("ec2.describe-nat-gateways", "ec2.describe-route-tables"), func(w *design.Workload) string {
			return words(w.Network.NAT.InstanceType, w.NotPriced["EC2 instance outside ECS"])
		}, "t4g.nano 1"},
		{"an Auto Scaling group with its instances", nil, func(w *design.Workload) string { return group(w, "general") }, "prod 2 × [m6g.large m7g.large] spot 0.5 public true"},
		{"without their purchase option", without("ec2.describe-instances"), func(w *design.Workload) string { return group(w, "general") }, "prod 2 × [m6g.large m7g.large] spot 0.75 public false"},
		{"without container instances", without("ecs.describe-container-instances"), func(w *design.Workload) string { return group(w, "general") }, "prod 2 × [m6g.large m7g.large] spot 0.5 public true"},
		{"found by its instances alone", replace("ecs.describe-container-instances", `"capacityProviderName": "general",`, ""), func(w *design.Workload) string { return group(w, "general") },
			"prod 2 × [m6g.large m7g.large] spot 0.5 public true"},
		{"a provider without a group", without("autoscaling.describe-auto-scaling-groups"), func(w *design.Workload) string { return group(w, "general") }, "prod 1 × [m7g.large] spot 1 public true"},
		{"instances of Managed Instances", func(files map[string][]byte) {
			delete(files, "autoscaling.describe-auto-scaling-groups.json")
			files["ecs.describe-capacity-providers.json"] = []byte(`{"capacityProviders": [{"name": "general", "cluster": "` + ecsARN("cluster/prod") + `", "managedInstancesProvider": {"instanceLaunchTemplate": {}}}]}`)
		}, func(w *design.Workload) string { return words(group(w, "general"), "of", len(w.Clusters[0].Groups)) }, "prod 2 × [m6g.large m7g.large] spot 0 public false of 1"},
		{"idle and second addresses", nil, func(w *design.Workload) string { return words(w.Network.PublicIPv4.Value) }, "2"},
		{"alarms as they are", nil, func(w *design.Workload) string {
			return words(w.Alarms[0].Service, w.Alarms[0].Standard.Value, w.Alarms[0].HighResolution.Value)
		}, "prod/web 1 1"},
		{"or as policies make them", without("cloudwatch.describe-alarms"), func(w *design.Workload) string { return words(w.Alarms[0].Service, w.Alarms[0].Standard.Value) }, "prod/web 4"},
		{"a log group of four, shared evenly", nil, func(w *design.Workload) string {
			sum := 0.0
			for _, g := range w.LogGroups {
				if g.Name == "/shop/web" {
					sum += g.Stored.Value
				}
			}
			return words(sum)
		}, "48"},
		{"scheduled tasks run by their stopped ones", nil, func(w *design.Workload) string {
			return words(w.Services[1].Count.Runs.Seconds.Value, w.Services[1].Count.Runs.PerDay.Note)
		}, "300 the schedule is not known: what starts it is not in this input"},
		{"the size of the image that runs", nil, func(w *design.Workload) string { return words(w.Services[2].Task.Containers[0].ImageSize) }, words(design.Know(0.25))},
		{"a Savings Plan with its end", nil, func(w *design.Workload) string {
			p := w.Commitments.SavingsPlans[0]
			return words(len(w.Commitments.SavingsPlans), p.Name, p.Kind, p.Term, p.Hourly, p.End.Format(time.DateOnly))
		}, "2 sp-1 Compute 1yr 1.5 2027-01-01"},
		{"Reserved Instances of families that run", nil, func(w *design.Workload) string {
			return words(len(w.Commitments.Reservations), w.NotPriced["Reserved Instance of a family that no instance here has"], w.NotPriced["Reserved Instance of Windows"])
		}, "1 3 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := readAccount(t, tt.change)
			if got := tt.of(&w); got != tt.want {
				t.Errorf("got  %s\nwant %s\n%+v", got, tt.want, w.NotPriced)
			}
		})
	}
}

func TestReadRunning(t *testing.T) {
	got, err := ReadRunning(accountReplies(t))
	if err != nil {
		t.Fatal(err)
	}
	know := design.Know[float64]
	created := time.Date(2026, 5, 4, 9, 12, 44, 101e6, time.UTC)
	service := func(def string, routes ...string) design.Running {
		return design.Running{
			TaskDefinition: def, Created: created, Controller: "ECS", MinimumHealthyPercent: know(100), MaximumPercent: know(200),
			StopTimeout: design.Assume(30.0, "ECS's default"), DefaultRoutes: routes,
		}
	}
	web := service("web:7", "nat-0a", "nat-0b")
	web.HealthCheckGrace, web.StopTimeout = know(60), know(90)
	web.OOMKills = []design.OOMKill{{Container: "web", TaskDefinition: "web:6", At: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC), LimitGB: 0.75}}
	web.Scaling = &design.Scaling{
		Min: 2, Max: 10,
		Targets: []design.TargetTracking{
			{Name: "cpu", Metric: "ECSServiceAverageCPUUtilization", Value: 55.5, ScaleInCooldown: 120 * time.Second, ScaleOutCooldown: 300 * time.Second},
			{Name: "requests", Metric: "ALBRequestCountPerTarget", Value: 800, ResourceLabel: "app/public/50dc6c495c0c9188/targetgroup/web/73e2d6bc24d8a067",
				ScaleInCooldown: 300 * time.Second, ScaleOutCooldown: 300 * time.Second, DisableScaleIn: true},
		},
		Steps: []design.StepScaling{{
			Name: "steps", AdjustmentType: "ChangeInCapacity", Cooldown: time.Minute, Metric: "CPUUtilization", Threshold: 70,
			Steps: []design.StepAdjustment{{Lower: 0, Upper: 20, Adjustment: 1}, {Lower: 20, Upper: math.Inf(1), Adjustment: 3}},
		}},
		Scheduled: []design.ScheduledScaling{{Name: "night", Schedule: "cron(0 22 * * ? *)", Timezone: "Europe/London", Min: know(1), Max: know(4)}},
	}
	stage := service("web:7", "eni-77") // by the main route table
	stage.StopTimeout = know(90)
	want := map[string]design.Running{
		"prod/web": web, "stage/web": stage, "prod/worker": service("worker:3", "nat-0a"), "prod/agent": service("agent:1"),
		"prod/batch": {TaskDefinition: "batch:2", StopTimeout: design.Assume(30.0, "ECS's default")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A reply that was saved twice says nothing more.
func TestDescribeTwice(t *testing.T) {
	want := readAccount(t, nil)
	twice := accountReplies(t)
	for name, data := range accountReplies(t) {
		twice["again/"+name] = data
	}
	got, err := ReadDescriptions(twice, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The name is the first file's, and what has no place is counted by reply.
	got.Name, got.NotPriced = want.Name, want.NotPriced
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	once, err := ReadRunning(accountReplies(t))
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadRunning(twice)
	if diff := cmp.Diff(once, again); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// Scaling that is suspended does nothing.
func TestReadRunningSuspended(t *testing.T) {
	tests := []struct{ suspended, want string }{
		{`"DynamicScalingInSuspended": false`, "cpu:false steps night"},
		{`"DynamicScalingInSuspended": true`, "cpu:true steps night"},
		{`"DynamicScalingOutSuspended": true`, "night"},
		{`"ScheduledScalingSuspended": true`, "cpu:false steps"},
		{`"DynamicScalingInSuspended": true, "DynamicScalingOutSuspended": true, "ScheduledScalingSuspended": true`, "none"},
	}
	const id = `"ServiceNamespace": "ecs", "ResourceId": "service/shop/web"`
	for _, tt := range tests {
		got, err := ReadRunning(map[string][]byte{"a.json": []byte(oneService("")), "b.json": []byte(`{
			"ScalableTargets": [{` + id + `, "MinCapacity": 1, "MaxCapacity": 2, "SuspendedState": {` + tt.suspended + `}}],
			"ScalingPolicies": [{` + id + `, "PolicyName": "cpu", "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50}},
				{` + id + `, "PolicyName": "steps", "StepScalingPolicyConfiguration": {"StepAdjustments": [{"MetricIntervalUpperBound": -5.5, "ScalingAdjustment": 1}]}}],
			"ScheduledActions": [{` + id + `, "ScheduledActionName": "night"}]}`)})
		if err != nil {
			t.Fatal(err)
		}
		text := "none"
		if s := got["shop/web"].Scaling; s != nil {
			var parts []string
			for _, p := range s.Targets {
				parts = append(parts, fmt.Sprint(p.Name, ":", p.DisableScaleIn))
			}
			for _, p := range s.Steps {
				parts = append(parts, p.Name)
				if p.Steps[0] != (design.StepAdjustment{Lower: math.Inf(-1), Upper: -5.5, Adjustment: 1}) {
					t.Errorf("%+v", p.Steps)
				}
			}
			for _, p := range s.Scheduled {
				parts = append(parts, p.Name)
			}
			text = strings.Join(parts, " ")
		}
		if text != tt.want {
			t.Errorf("%s: got %s, want %s", tt.suspended, text, tt.want)
		}
	}
}

func TestReadRunningErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a design file", "services: {a: {task: {cpu: 1, memory: 2GB}}}", "x: this is a design file; want the replies of describe calls"},
		{"a wrong bound", `{"ScalableTargets": [{"ServiceNamespace": "ecs", "ResourceId": "service/a/b", "MinCapacity": "few"}]}`, `x: ScalableTargets[0].MinCapacity: want a number of tasks, got "few"`},
		{"a wrong target", `{"ScalingPolicies": [{"ServiceNamespace": "ecs", "ResourceId": "service/a/b", "TargetTrackingScalingPolicyConfiguration": {"TargetValue": -1}}]}`,
			`ScalingPolicies[0].TargetTrackingScalingPolicyConfiguration.TargetValue: want a number, got -1: it is below zero`},
	}
	for _, tt := range tests {
		_, err := ReadRunning(map[string][]byte{"x": []byte(tt.text)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got  %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

// Times come as the AWS CLI writes them, and as recorders do.
func TestMoments(t *testing.T) {
	want := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for _, text := range []string{
		`"2026-11-20T10:00:00+00:00"`, `"2026-11-20T11:00:00.000+01:00"`, `"2026-11-20T10:00:00Z"`, `1795168800`, `1795168800.0`, `"2026-11-20 10:00:00+00:00"`,
		`{"__class__": "datetime", "year": 2026, "month": 11, "day": 20, "hour": 10, "minute": 0, "second": 0, "microsecond": 0}`,
	} {
		root, err := parseJSON("", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := (cursor{node: root, errs: &Errors{}}).moment(); !got.Equal(want) {
			t.Errorf("%s is %v", text, got)
		}
	}
	for _, text := range []string{`"tomorrow"`, `null`, `[]`, `{}`, `1e300`} {
		root, err := parseJSON("", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := (cursor{node: root, errs: &Errors{}}).moment(); !got.IsZero() {
			t.Errorf("%s is %v", text, got)
		}
	}
}

// largeAccount is the replies of an account with n services and as many task
// definitions, in calls of the size that AWS allows.
func largeAccount(n int) map[string][]byte {
	files := make(map[string][]byte)
	for from := 0; from < n; from += 10 { // describe-services takes ten
		var services, targets, policies []string
		for i := from; i < min(from+10, n); i++ {
			id := fmt.Sprintf("s%05d", i)
			services = append(services, fmt.Sprintf(`{"serviceArn": %q, "serviceName": %q, "clusterArn": %q, "status": "ACTIVE", "desiredCount": 3, "runningCount": 3, "launchType": "FARGATE",
				"taskDefinition": %q, "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-a", "subnet-b"], "assignPublicIp": "DISABLED"}}}`,
				ecsARN("service/shop/"+id), id, ecsARN("cluster/shop"), ecsARN("task-definition/"+id+":1")))
			targets = append(targets, fmt.Sprintf(`{"ServiceNamespace": "ecs", "ResourceId": "service/shop/%s", "MinCapacity": 2, "MaxCapacity": 8}`, id))
			policies = append(policies, fmt.Sprintf(`{"ServiceNamespace": "ecs", "ResourceId": "service/shop/%s", "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling",
				"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}}`, id))
			files["def/"+id+".json"] = []byte(strings.ReplaceAll(webDefinition, "web", id))
		}
		files[fmt.Sprintf("services/%05d.json", from)] = fmt.Appendf(nil, `{"services": [%s], "failures": []}`, strings.Join(services, ","))
		files[fmt.Sprintf("scaling/%05d.json", from)] = fmt.Appendf(nil, `{"ScalableTargets": [%s], "ScalingPolicies": [%s]}`, strings.Join(targets, ","), strings.Join(policies, ","))
	}
	return files
}

func BenchmarkDescribeAccount(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		files := largeAccount(n)
		b.Run(fmt.Sprintf("services=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w, err := ReadDescriptions(files, Options{})
				if err != nil || len(w.Services) != n {
					b.Fatal(len(w.Services), err)
				}
			}
		})
		b.Run(fmt.Sprintf("running=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if all, err := ReadRunning(files); err != nil || len(all) != n {
					b.Fatal(len(all), err)
				}
			}
		})
	}
}

func FuzzDescriptions(f *testing.F) {
	for _, data := range accountReplies(f) {
		f.Add(data)
	}
	for _, file := range sharedCases(f, "awsapi") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, "input", data, Options{Kind: Description})
		// Beside the others of its account it reads, or says why not.
		files := map[string][]byte{"a.json": []byte(oneService(`, "launchType": "FARGATE"`)), "b.json": []byte(webDefinition), "c.json": data}
		w, err := ReadDescriptions(files, Options{Region: "eu-west-2"})
		if err == nil {
			sane(t, &w)
		}
		if _, err := ReadRunning(files); err != nil && err.Error() == "" {
			t.Fatal("an error without a text")
		}
	})
}

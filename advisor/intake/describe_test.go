package intake

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/design"
	"ecsavvy/fixtures"
)

const account = "111122223333"

// ecsARN is an ARN of ECS.
func ecsARN(resource string) string { return "arn:aws:ecs:eu-west-2:" + account + ":" + resource }

// oneService is a reply of describe-services with more keys of its service.
func oneService(more string) string {
	return fmt.Sprintf(`{"services": [{"serviceArn": %q, "serviceName": "web", "clusterArn": %q, "status": "ACTIVE",
		"desiredCount": 3, "runningCount": 3, "taskDefinition": %q%s}], "failures": []}`,
		ecsARN("service/shop/web"), ecsARN("cluster/shop"), ecsARN("task-definition/web:4"), more)
}

// webDefinition is a reply of describe-task-definition.
const webDefinition = `{"taskDefinition": {"taskDefinitionArn": "arn:aws:ecs:eu-west-2:111122223333:task-definition/web:4", "family": "web", "revision": 4,
	"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "512", "memory": "1024",
	"containerDefinitions": [{"name": "web", "image": "shop/web", "essential": true, "environment": [{"name": "P", "value": "hunter2"}]}]}}`

// described reads replies as the files a.json, b.json, ….
func described(t *testing.T, opts Options, replies ...string) design.Workload {
	t.Helper()
	files := make(map[string][]byte)
	for i, text := range replies {
		files[string(rune('a'+i))+".json"] = []byte(text)
	}
	w, err := ReadDescriptions(files, opts)
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%+v", w); strings.Contains(text, account) || strings.Contains(text, "hunter2") {
		t.Errorf("an account or a value is kept: %s", text)
	}
	return w
}

func TestDescribeServices(t *testing.T) {
	fargate := `, "launchType": "FARGATE"`
	tests := []struct {
		name    string
		replies []string
		want    string
		notes   []string
	}{
		{"with its task definition", []string{oneService(fargate), webDefinition}, "web 3 × 0.5 + 1 FARGATE", nil},
		{"in one list", []string{"[" + oneService(fargate) + "," + webDefinition + "]"}, "web 3 × 0.5 + 1 FARGATE", nil},
		{"merged into one reply", []string{strings.TrimSuffix(oneService(fargate), "}") + "," + strings.TrimPrefix(webDefinition, "{")}, "web 3 × 0.5 + 1 FARGATE", nil},
		{"recorded", []string{`{"status_code": 200, "data": ` + oneService(fargate) + `}`, `{"status_code": 200, "data": ` + webDefinition + `}`}, "web 3 × 0.5 + 1 FARGATE", nil},
		{"of another revision", []string{oneService(fargate), strings.ReplaceAll(strings.ReplaceAll(webDefinition, "web:4", "web:3"), `"revision": 4`, `"revision": 3`)},
			"web 3 × 0.5 + 1 FARGATE", []string{"the service runs revision 4 of web; its sizes are taken from the revision in this input"}},
		{"as registered, without an ARN", []string{oneService(fargate), strings.Replace(webDefinition, `"taskDefinitionArn": "arn:aws:ecs:eu-west-2:111122223333:task-definition/web:4", `, "", 1)},
			"web 3 × 0.5 + 1 FARGATE", nil},
		{"without it", []string{oneService(fargate)}, "web 3 × ? + ? FARGATE", nil},
		{"its tasks in place of it", []string{oneService(fargate), `{"tasks": [{"taskArn": "` + ecsARN("task/shop/1") + `", "clusterArn": "` + ecsARN("cluster/shop") +
			`", "group": "service:web", "taskDefinitionArn": "` + ecsARN("task-definition/web:4") + `", "lastStatus": "RUNNING", "cpu": "1024", "memory": "2048", "launchType": "FARGATE"}]}`},
			"web 3 × 1 + 2 FARGATE", []string{"the size is that of a running task; its task definition is not in this input"}},
		{"fewer tasks than desired", []string{strings.Replace(oneService(fargate), `"runningCount": 3`, `"runningCount": 1`, 1), webDefinition}, "web 3 × 0.5 + 1 FARGATE",
			[]string{"1 tasks ran when the reply was saved; the 3 desired ones are priced"}},
		{"a strategy", []string{oneService(`, "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 3, "base": 0}, {"capacityProvider": "FARGATE", "weight": 1, "base": 1}]`), webDefinition},
			"web 3 × 0.5 + 1 FARGATE_SPOT FARGATE", nil},
		{"a daemon", []string{oneService(`, "launchType": "EC2", "schedulingStrategy": "DAEMON"`), strings.Replace(webDefinition, "FARGATE", "EC2", 1)}, "web 3 × 0.5 + 1 EC2", nil},
		{"the reply of update-service", []string{strings.Replace(strings.Replace(oneService(fargate), `"services": [{`, `"service": {`, 1), "}]", "}", 1), webDefinition}, "web 3 × 0.5 + 1 FARGATE", nil},
		{"task sets", []string{oneService(`, "taskSets": [{"id": "ecs-svc/1", "taskSetArn": "` + ecsARN("task-set/shop/web/ecs-svc/1") + `", "status": "PRIMARY", "taskDefinition": "` +
			ecsARN("task-definition/web:4") + `", "computedDesiredCount": 2, "launchType": "FARGATE"}]`), webDefinition}, "web/1 2 × 0.5 + 1 FARGATE", nil},
		{"as Python prints it", []string{strings.ReplaceAll(oneService(`, "launchType": "FARGATE", "enableExecuteCommand": False`), `"`, "'"), webDefinition}, "web 3 × 0.5 + 1 FARGATE", nil},
		{"scaled", []string{oneService(fargate), webDefinition, `{"ScalableTargets": [{"ServiceNamespace": "ecs", "ResourceId": "service/shop/web", "MinCapacity": 2, "MaxCapacity": 8}]}`},
			"web 3 × 0.5 + 1 FARGATE", nil},
		{"scaling suspended", []string{oneService(fargate), webDefinition, `{"ScalableTargets": [{"ServiceNamespace": "ecs", "ResourceId": "service/shop/web", "MinCapacity": 5, "MaxCapacity": 8,
			"SuspendedState": {"DynamicScalingInSuspended": true, "DynamicScalingOutSuspended": true, "ScheduledScalingSuspended": true}}]}`}, "web 3 × 0.5 + 1 FARGATE", nil},
		{"draining", []string{strings.Replace(oneService(fargate), "ACTIVE", "DRAINING", 1), webDefinition}, "web 3 × 0.5 + 1 FARGATE", []string{"its status was DRAINING when the reply was saved"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := described(t, Options{}, tt.replies...)
			if got := outline(&w); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if diff := cmp.Diff(tt.notes, w.Services[0].Task.Notes); diff != "" {
				t.Error(diff)
			}
			if w.Region != design.Know("eu-west-2") || w.Name != "shop" && w.Name != "a" {
				t.Errorf("%s in %v", w.Name, w.Region)
			}
		})
	}
	t.Run("what is missing is named", func(t *testing.T) {
		task := described(t, Options{}, oneService(fargate)).Services[0].Task
		const want = "the task definition web:4 is not in this input; save it with aws ecs describe-task-definition beside this file and hand in the folder"
		if task.CPU.Note != want || task.Memory.Note != want || task.OS.Note != want {
			t.Errorf("%+v", task)
		}
	})
}

// What stands around services.
func TestDescribeSurroundings(t *testing.T) {
	const group = "arn:aws:elasticloadbalancing:eu-west-2:111122223333:targetgroup/web/73e2d6bc24d8a067"
	const balancer = "arn:aws:elasticloadbalancing:eu-west-2:111122223333:loadbalancer/app/public/50dc6c495c0c9188"
	service := oneService(`, "launchType": "FARGATE", "platformFamily": "Linux", "loadBalancers": [{"targetGroupArn": "` + group + `", "containerName": "web", "containerPort": 80}],
		"networkConfiguration": {"awsvpcConfiguration": {"assignPublicIp": "ENABLED"}}, "deploymentConfiguration": {"maximumPercent": 150, "strategy": "BLUE_GREEN"},
		"deployments": [{"status": "PRIMARY", "serviceConnectConfiguration": {"enabled": true}, "volumeConfigurations": [{"name": "data", "managedEBSVolume": {"sizeInGiB": 50, "volumeType": "gp3"}}]}],
		"tags": [{"key": "team", "value": "shop"}, {"key": "aws:cloudformation:stack-id", "value": "arn:aws:cloudformation:eu-west-2:111122223333:stack/x"}]`)
	t.Run("a load balancer elsewhere", func(t *testing.T) {
		w := described(t, Options{}, service, webDefinition)
		s := w.Services[0]
		if len(s.Ingress) != 0 || !cmp.Equal(s.Task.Notes, []string{"the load balancer is not in this input"}) || w.NotPriced["load balancer that is not in this input"] != 1 {
			t.Errorf("%+v, %q, %v", s.Ingress, s.Task.Notes, w.NotPriced)
		}
		if s.AssignPublicIP != design.Know(true) || s.Deployment.MaximumPercent != design.Know(150.0) || s.Deployment.Kind != design.BlueGreen {
			t.Errorf("%v %+v", s.AssignPublicIP, s.Deployment)
		}
		if !cmp.Equal(s.Tags, map[string]string{"team": "shop"}) || len(s.Sidecars) != 0 || s.Task.Volumes[0].Volume.GB != design.Know(50.0) {
			t.Errorf("%v %+v %+v", s.Tags, s.Sidecars, s.Task.Volumes)
		}
	})
	t.Run("a load balancer at hand", func(t *testing.T) {
		w := described(t, Options{}, service, webDefinition,
			`{"TargetGroups": [{"TargetGroupArn": "`+group+`", "TargetGroupName": "web", "LoadBalancerArns": ["`+balancer+`"]}]}`,
			`{"LoadBalancers": [{"LoadBalancerArn": "`+balancer+`", "LoadBalancerName": "public", "Type": "application", "Scheme": "internet-facing", "AvailabilityZones": [{"ZoneName": "eu-west-2a"}, {"ZoneName": "eu-west-2b"}]}]}`)
		want := []design.LoadBalancer{{Name: "public", ID: "app/public/50dc6c495c0c9188", Kind: design.ALB, AZs: design.Know(2.0)}}
		if diff := cmp.Diff(want, w.LoadBalancers); diff != "" {
			t.Error(diff)
		}
		if len(w.Services[0].Ingress) != 1 || len(w.NotPriced) != 0 {
			t.Errorf("%+v, %v", w.Services[0].Ingress, w.NotPriced)
		}
	})
	t.Run("a cluster with its instances", func(t *testing.T) {
		instance := func(kind string) string {
			return `{"containerInstanceArn": "` + ecsARN("container-instance/shop/1") + `", "status": "ACTIVE", "capacityProviderName": "general",
				"attributes": [{"name": "ecs.instance-type", "value": "` + kind + `"}, {"name": "ecs.os-type", "value": "linux"}]}`
		}
		w := described(t, Options{},
			oneService(`, "capacityProviderStrategy": [{"capacityProvider": "general", "weight": 1}]`), strings.Replace(webDefinition, "FARGATE", "EC2", 1),
			`{"clusters": [{"clusterName": "shop", "clusterArn": "`+ecsARN("cluster/shop")+`", "settings": [{"name": "containerInsights", "value": "enhanced"}], "capacityProviders": ["general"]}]}`,
			`{"capacityProviders": [{"name": "general", "autoScalingGroupProvider": {"autoScalingGroupArn": "arn:aws:autoscaling:eu-west-2:111122223333:autoScalingGroup:1:autoScalingGroupName/g",
				"managedScaling": {"status": "ENABLED", "targetCapacity": 90}}}, {"name": "FARGATE"}]}`,
			`{"containerInstances": [`+instance("m7g.large")+","+instance("m7g.large")+`]}`)
		c := w.Clusters[0]
		if c.Name != "shop" || c.Insights != design.Know(design.InsightsEnhanced) || len(c.Groups) != 1 {
			t.Fatalf("%+v", c)
		}
		g := c.Groups[0]
		if g.Name != "general" || !cmp.Equal(g.InstanceTypes, []string{"m7g.large"}) || g.Count.Fixed.Value != 2 || g.TargetCapacity.Value != 90 {
			t.Errorf("%+v", g)
		}
		if p := w.Services[0].Capacity.Providers[0]; p.Kind != design.EC2 || p.Group != "general" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("tasks of no service", func(t *testing.T) {
		tasks := 0
		task := func(group, status, on string) string {
			tasks++
			return fmt.Sprintf(`{"taskArn": %q, "clusterArn": %q, "group": %q, "taskDefinitionArn": %q, "lastStatus": %q, "cpu": "256", "memory": "512", %s,
				"attributes": [{"name": "ecs.cpu-architecture", "value": "arm64"}]}`, ecsARN(fmt.Sprint("task/shop/", tasks)), ecsARN("cluster/shop"), group, ecsARN("task-definition/batch:1"), status, on)
		}
		w := described(t, Options{}, `{"tasks": [`+strings.Join([]string{
			task("family:batch", "RUNNING", `"launchType": "FARGATE"`), task("family:batch", "RUNNING", `"launchType": "FARGATE", "capacityProviderName": "FARGATE_SPOT"`),
			task("family:batch", "STOPPED", `"launchType": "FARGATE"`)}, ",")+"]}")
		s := w.Services[0]
		if got := outline(&w); got != "batch 2 × 0.25 + 0.5 FARGATE FARGATE_SPOT" || s.Count.Fixed.Basis != design.Assumed || s.Task.Architecture != design.Know(design.ARM64) {
			t.Errorf("%s, %v, %v", got, s.Count, s.Task.Architecture)
		}
		if !strings.Contains(strings.Join(s.Task.Notes, "; "), "1 tasks had stopped when the reply was saved") {
			t.Errorf("%q", s.Task.Notes)
		}
	})
}

// What AWS could not describe is counted, not forgotten.
func TestDescribeFailures(t *testing.T) {
	reply := strings.Replace(oneService(`, "launchType": "FARGATE"`), `"failures": []`, `"failures": [{"arn": "`+ecsARN("service/shop/gone")+`", "reason": "MISSING"}]`, 1)
	if got := described(t, Options{}, reply, webDefinition).NotPriced; got["what AWS did not describe: MISSING"] != 1 {
		t.Errorf("%v", got)
	}
}

func ExampleReadDescriptions() {
	w, err := ReadDescriptions(map[string][]byte{
		"services.json": []byte(`{"services": [{"serviceName": "web", "clusterArn": "arn:aws:ecs:eu-west-2:111122223333:cluster/shop",
			"desiredCount": 3, "launchType": "FARGATE", "taskDefinition": "arn:aws:ecs:eu-west-2:111122223333:task-definition/web:4"}]}`),
		"web.json": []byte(webDefinition),
	}, Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	s := w.Services[0]
	fmt.Printf("%s in %s: %v tasks of %v vCPU and %v GB\n", s.Name, w.Region.Value, s.Count.Fixed.Value, s.Task.CPU.Value, s.Task.Memory.Value)
	// Output: web in eu-west-2: 3 tasks of 0.5 vCPU and 1 GB
}

func TestDescribeErrors(t *testing.T) {
	other := strings.ReplaceAll(strings.ReplaceAll(oneService(""), "eu-west-2", "us-east-1"), "web", "web2")
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a wrong count", map[string]string{"a.json": `{"services": [{"serviceName": "a", "desiredCount": "many"}]}`}, `a.json: services[0].desiredCount: want a number of tasks, got "many"`},
		{"no name", map[string]string{"a.json": `{"services": [{}]}`}, `services[0]: the key serviceName is missing`},
		{"no service", map[string]string{"a.json": `{"services": [7]}`}, `services[0]: want a mapping, a part of the reply of aws ecs describe-services, got`},
		{"a broken task definition", map[string]string{"a.json": oneService(""), "b.json": `{"taskDefinition": {"family": "x", "containerDefinitions": []}}`},
			`b.json: taskDefinition.containerDefinitions: a task definition needs at least one container`},
		{"nothing to price", map[string]string{"a.json": `{"clusters": [{"clusterName": "shop"}]}`}, `a.json: this is a reply of aws ecs describe-clusters, in which nothing says how many tasks of which size run`},
		{"a list of ARNs", map[string]string{"a.json": `{"serviceArns": []}`}, `this is a list of ARNs, the reply of aws ecs list-services; hand in the reply of aws ecs describe-services`},
		{"another service's", map[string]string{"a.json": `{"Datapoints": [], "Label": "x"}`}, `this is a reply of aws cloudwatch get-metric-statistics, which holds no ECS service`},
		{"two regions", map[string]string{"a.json": oneService(""), "b.json": other}, `the replies are of eu-west-2, us-east-1; hand in those of one region at a time`},
		{"a design file", map[string]string{"a.json": oneService(""), "b.yaml": "services: {a: {task: {cpu: 1, memory: 2GB}}}"}, `b.yaml: this is a design file; want the replies of describe calls`},
		{"no file", nil, `want at least one reply`},
		{"print of Python", map[string]string{"a.txt": `{'services': [{'serviceName': 'a', 'createdAt': datetime.datetime(2026, 1, 1, tzinfo=tzlocal())}]}`},
			`a.txt: this is a value as Python prints it, not JSON; save it with json.dumps(reply, default=str)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := make(map[string][]byte)
			for name, text := range tt.files {
				files[name] = []byte(text)
			}
			_, err := ReadDescriptions(files, Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	t.Run("two regions and one asked for", func(t *testing.T) {
		w, err := ReadDescriptions(map[string][]byte{"a.json": []byte(oneService("")), "b.json": []byte(other)}, Options{Region: "eu-west-1"})
		if err != nil || w.Region != design.Know("eu-west-1") || len(w.Services) != 2 {
			t.Errorf("%v, %v", w.Region, err)
		}
	})
}

// The replies in the case read alone too.
func TestDescribeCase(t *testing.T) {
	data, err := fs.ReadFile(fixtures.Cases(), "api/describe.json")
	if err != nil {
		t.Fatal(err)
	}
	if kind, err := Detect("describe.json", data); kind != Description || err != nil {
		t.Errorf("%s, %v", kind, err)
	}
}

// Replies of others: each is read, or refused with what it is.
func TestDescribeCases(t *testing.T) {
	for _, file := range sharedCases(t, "awsapi") {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := expectation(name)
			w, err := Read(name, data, Options{})
			switch {
			case want == "" && err != nil:
				t.Error(err)
			case want == "":
				sane(t, &w)
				if len(w.Services)+len(w.Clusters)+len(w.LoadBalancers) == 0 {
					t.Error("nothing was read")
				}
				if account := "644160558196"; strings.Contains(fmt.Sprintf("%+v", w), account) {
					t.Error("the account is kept")
				}
			case err == nil || !strings.Contains(err.Error(), want):
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

// expectation is what the error of a reply says, by the call that the file's name
// tells; "" where it can be read.
func expectation(file string) string {
	file = strings.ToLower(strings.ReplaceAll(file, "-", ""))
	for _, row := range [][2]string{
		{"putclustercapacityproviders__1", "not valid JSON: invalid character ':' after array element"}, // so it is in the AWS CLI's examples
		{"listaccountsettings", "aws ecs list-account-settings, in which nothing says how many tasks"},
		{"listclusters", "list of ARNs, the reply of aws ecs list-clusters"},
		{"listservices", "list of ARNs, the reply of aws ecs list-services"},
		{"listtasks", "list of ARNs, the reply of aws ecs list-tasks"},
		{"listtaskdefinitions", "list of ARNs, the reply of aws ecs list-task-definitions"},
		{"listcontainerinstances", "list of ARNs, the reply of aws ecs list-container-instances"},
		{"describeclusters", "aws ecs describe-clusters, in which nothing says how many tasks"},
		{"describecapacityproviders", "aws ecs describe-capacity-providers, in which nothing says"},
		{"putclustercapacityproviders", "aws ecs put-cluster-capacity-providers, in which nothing says"},
		{"describescalabletargets", "application-autoscaling describe-scalable-targets, in which nothing says"},
		{"describescheduledactions", "application-autoscaling describe-scheduled-actions, in which nothing says"},
		{"describetargetgroups", "elbv2 describe-target-groups, in which nothing says"},
		{"listmetrics", "aws cloudwatch list-metrics, which holds no"},
		{"getmetricdata", "aws cloudwatch get-metric-data, which holds no"},
		{"getmetricstatistics", "aws cloudwatch get-metric-statistics, which holds no"},
		{"getec2instancerecommendations", "aws compute-optimizer get-ec2-instance-recommendations, which holds no"},
		{"describenatgateways", "aws ec2 describe-nat-gateways, in which nothing says"},
		{"describesavingsplans", "aws savingsplans describe-savings-plans, in which nothing says"},
		{"pricing__describeservices", "aws pricing describe-services, which holds no"},
		{"getattributevalues", "aws pricing get-attribute-values, which holds no"},
		{"getproducts", "the filters of a call of aws pricing get-products"},
	} {
		if strings.Contains(file, row[0]) {
			return row[1]
		}
	}
	return ""
}

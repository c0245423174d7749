package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/design"
)

// What Docker's ECS integration makes of a project.
func TestComposeDockerECS(t *testing.T) {
	w := compose(t, `
name: shop
x-aws-cluster: arn:aws:ecs:eu-west-2:111122223333:cluster/prod
x-aws-logs_retention: 30
services:
  web:
    image: shop/web
    x-aws-pull_credentials: arn:aws:secretsmanager:eu-west-2:111122223333:secret:hub-Ab12
    ports: ["80:80"]
    secrets: [db, {source: stripe, target: /x}]
    volumes: ["uploads:/srv", "./code:/code", "/tmp:/tmp", {type: volume, source: cache, target: /c}, {type: bind, source: code, target: /d}]
    deploy:
      replicas: 4
      update_config: {parallelism: 2}
  admin:
    image: shop/admin
    ports: [{target: 8443, x-aws-protocol: https}]
    secrets: [db]
    volumes: ["uploads:/srv"]
    deploy: {update_config: {x-aws-max_percent: 120}}
secrets:
  db: {file: ./db.txt}
  stripe: {external: true, name: "arn:aws:ssm:eu-west-2:111122223333:parameter/stripe"}
volumes:
  uploads: {driver_opts: {throughput_mode: provisioned, provisioned_throughput: "64"}}
  cache:
`, Options{})
	if w.Region != design.Know("eu-west-2") {
		t.Errorf("region %v", w.Region)
	}
	admin, shop := w.Services[0], w.Services[1]
	if shop.Cluster != "prod" || shop.AssignPublicIP.Basis != design.Assumed || !shop.AssignPublicIP.Value {
		t.Errorf("cluster %q, public address %v", shop.Cluster, shop.AssignPublicIP)
	}
	if got := shop.Deployment.MaximumPercent; got != design.Know(150.0) {
		t.Errorf("maximumPercent of parallelism: %v", got)
	}
	if got := admin.Deployment.MaximumPercent; got != design.Know(120.0) {
		t.Errorf("x-aws-max_percent: %v", got)
	}
	if len(w.LoadBalancers) != 1 || w.LoadBalancers[0].Kind != design.ALB || w.LoadBalancers[0].Internal || w.LoadBalancers[0].AZs.Basis != design.Assumed {
		t.Errorf("load balancers %+v", w.LoadBalancers)
	}
	if len(admin.Ingress) != 1 || admin.Ingress[0].LoadBalancer != "shop" {
		t.Errorf("ingress %+v", admin.Ingress)
	}
	var files, logs, secrets []string
	for _, f := range w.FileSystems {
		files = append(files, fmt.Sprintf("%s of %q, %v MiB/s", f.Name, f.Service, f.ProvisionedMiBps.Value))
	}
	for _, g := range w.LogGroups {
		logs = append(logs, fmt.Sprintf("%s of %s, %v days", g.Name, g.Service, g.RetentionDays.Value))
	}
	for _, s := range w.Secrets {
		secrets = append(secrets, fmt.Sprintf("%s: %v secrets %s, %v parameters", s.Name, s.Secrets.Value, s.Secrets.Basis, s.StandardParameters.Value))
	}
	for _, c := range []struct{ got, want []string }{
		{files, []string{`uploads of "", 64 MiB/s`, `cache of "web", 0 MiB/s`}},
		{logs, []string{"/docker-compose/shop of admin, 30 days", "/docker-compose/shop of web, 30 days"}},
		{secrets, []string{"shop: 1 secrets known, 0 parameters", "web: 1 secrets known, 1 parameters"}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Error(diff)
		}
	}
	if want := []design.Namespace{{Name: "shop.local", HostedZone: true}}; !cmp.Equal(want, w.Namespaces) {
		t.Errorf("namespaces %+v", w.Namespaces)
	}
	for _, keep := range []string{"111122223333"} {
		if strings.Contains(fmt.Sprintf("%+v", w), keep) {
			t.Errorf("the account is kept")
		}
	}
}

// Which load balancer published ports become depends on the tool.
func TestComposeBalancers(t *testing.T) {
	tests := []struct {
		name, in  string
		want      []string
		notPriced map[string]int
	}{
		{"no tool", "services: {web: {image: x, ports: ['80:80']}, db: {image: y, ports: ['127.0.0.1:5432:5432', {target: 1, host_ip: '::1'}]}}", nil,
			map[string]int{"load balancer for the published ports of a Compose service": 1}},
		{"Docker, all HTTP", "x-aws-vpc: v\nservices: {web: {image: x, ports: ['443:443', 80]}}", []string{"application compose internal=false: web"}, nil},
		{"Docker, not all", "x-aws-vpc: v\nservices: {web: {image: x, ports: ['80:80']}, dns: {image: y, ports: ['53:53/udp']}}",
			[]string{"network compose internal=false: dns/udp web"}, nil},
		{"Docker, no ports", "x-aws-vpc: v\nservices: {web: {image: x}}", nil, nil},
		{"Docker, somebody else's", "x-aws-loadbalancer: arn\nservices: {web: {image: x, ports: ['80:80']}}", nil,
			map[string]int{"load balancer of somebody else (x-aws-loadbalancer)": 1}},
		{"Defang, ingress", "services: {web: {image: x, x-defang-llm: true, ports: [{target: 3000, mode: ingress}]}, db: {image: y, ports: [{target: 5432, mode: host}]}}",
			[]string{"application compose internal=false: web"}, nil},
		{"compose-x", "x-elbv2: {public: {Properties: {Scheme: internet-facing, Type: network}, Listeners: [{Port: 443, Protocol: TLS}], Services: [{name: 'web:web', port: 80}]}, " +
			"inner: {Services: [{name: 'web:web', port: 81}]}, other: {Lookup: {Tags: []}}}\nservices: {web: {image: x, x-ecs: {}}}",
			[]string{"application inner internal=true: web", "network public internal=false: web"}, map[string]int{"load balancer of somebody else (x-elbv2)": 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := compose(t, tt.in, Options{})
			var got []string
			for _, lb := range w.LoadBalancers {
				line := fmt.Sprintf("%s %s internal=%v:", lb.Kind, lb.Name, lb.Internal)
				for _, s := range w.Services {
					for _, in := range s.Ingress {
						if in.LoadBalancer == lb.Name {
							line += " " + strings.TrimSuffix(s.Name+"/"+in.Traffic.Protocol, "/")
						}
					}
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.notPriced, w.NotPriced); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What compose-x makes beside services.
func TestComposeX(t *testing.T) {
	w := compose(t, `
x-cluster:
  Properties:
    ClusterName: prod
    DefaultCapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Base: 2, Weight: 4}, {CapacityProvider: FARGATE, Weight: 1}]
x-vpc: {Create: {SingleNat: true, Endpoints: {AwsServices: [{service: s3}, {service: ecr.api}]}}}
x-rds: {db: {Properties: {Engine: postgres}}, old: {Lookup: {Tags: []}}}
x-tags: [{name: team, value: shop}]
x-logging: &logs {RetentionInDays: 14}
services:
  web:
    image: x
    x-logging: *logs
    secrets: [db]
    volumes: ["data:/d", "scratch:/s"]
    deploy: {labels: {ecs.ephemeral.storage: 50}}
secrets: {db: {x-secrets: {Name: /shop/db}}}
volumes: {data: {x-efs: {Properties: {}}}, scratch: {}}
`, Options{})
	s := w.Services[0]
	want := []design.Provider{{Kind: design.FargateSpot, Base: 2, Weight: 4}, {Kind: design.Fargate, Weight: 1}}
	if !cmp.Equal(s.Capacity.Providers, want) || s.Cluster != "prod" || s.Tags["team"] != "shop" {
		t.Errorf("%+v on %q, tags %v", s.Capacity, s.Cluster, s.Tags)
	}
	if s.Task.EphemeralStorage != design.Know(50.0) || len(s.Task.Volumes) != 1 || s.Task.Volumes[0].Name != "data" {
		t.Errorf("storage %v, volumes %v", s.Task.EphemeralStorage, s.Task.Volumes)
	}
	if w.Network.NAT.Kind != design.NATGateway || w.Network.NAT.Count != design.Know(1.0) || len(w.Network.Endpoints) != 2 {
		t.Errorf("network %+v", w.Network)
	}
	if w.LogGroups[0].RetentionDays != design.Know(14.0) || w.Secrets[0].Secrets != design.Know(1.0) {
		t.Errorf("logs %+v, secrets %+v", w.LogGroups, w.Secrets)
	}
	if diff := cmp.Diff(map[string]int{"x-rds": 1}, w.NotPriced); diff != "" {
		t.Error(diff)
	}
}

func TestDetectCompose(t *testing.T) {
	tests := []struct {
		in   string
		want Kind
	}{
		{"services: {web: {image: nginx}}", Compose},
		{"services: {web: {build: .}}", Compose},
		{"services: {web: {x-ecs: {CpuArchitecture: ARM64}, expose: [80]}}", Compose},
		{"version: '3'\nservices: {web: }", Compose},
		{"include: [a.yaml]", Compose},
		{"x-aws-cluster: prod\nservices: {web: {deploy: {replicas: 1}}}", Compose},
		{"services: {web: {image: nginx, secrets: [a], logging: {driver: awslogs}}}\nsecrets: {a: {external: true}}", Compose},
		{`{"services": {"web": {"image": "nginx"}}}`, Compose},
		{"services: {api: {task: {cpu: 1, memory: 2GB}}}", DesignFile},
		{"services: {api: {task: a.json, image: {size: 1GB}, secrets: {parameters: 1}}}\nnetwork: {azs: 2}", DesignFile},
		{"region: eu-west-2\nservices: {api: {count: 2}}", DesignFile},
		{"services: {api: {task: {cpu: 1, memory: 2GB, containers: {api: {image: nginx}}}, count: 3, labels: {a: b}}}", DesignFile},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			if got, err := Detect("x", []byte(tt.in)); err != nil || got != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
	t.Run("a wrong guess says how to overrule it", func(t *testing.T) {
		_, err := Read("stack.yaml", []byte("services: {api: {task: {cpu: 1, memory: 2GB}, count: 2, command: run}}"), Options{})
		if err == nil || !strings.Contains(err.Error(), "stack.yaml: this was read as a design file; if it is a Compose file, say so with --input-kind compose") {
			t.Error(err)
		}
		_, err = Read("stack.yaml", []byte("services: {api: {image: x, count: 2, ports: 80, command: run}}"), Options{})
		if err == nil || !strings.Contains(err.Error(), "this was read as a Compose file; if it is a design file, say so with --input-kind design") {
			t.Error(err)
		}
		if _, err = Read("stack.yaml", []byte("services: {api: {image: x, ports: 80}}"), Options{}); err == nil || strings.Contains(err.Error(), "--input-kind") {
			t.Error(err)
		}
	})
}

// The keys that tell a design file are those that it has, and none is Compose's.
func TestServiceKeys(t *testing.T) {
	whose := serviceKeys()
	for _, key := range serviceForm().shape.keyNames() {
		if key != "image" && key != "secrets" && whose[key] != DesignFile {
			t.Errorf("%s is %q", key, whose[key])
		}
		delete(whose, key)
	}
	for key, kind := range whose {
		if kind == DesignFile {
			t.Errorf("%s is no key of a design file's service", key)
		}
	}
}

func TestFillDefaults(t *testing.T) {
	tests := []struct {
		in   string
		want filled
	}{
		{"plain", filled{text: "plain"}},
		{"a$$b", filled{text: "a$b"}},
		{"$", filled{text: "$"}},
		{"10$ and more", filled{text: "10$ and more"}},
		{"${A:-b}", filled{text: "b", assumed: true}},
		{"x${A-b}y", filled{text: "xby", assumed: true}},
		{"${A:-${B:-c}}", filled{text: "c", assumed: true}},
		{"${A:-}", filled{text: "", assumed: true}},
		{"${A:-b}:${C:-d}", filled{text: "b:d", assumed: true}},
		{"$A", filled{text: "$A", open: true}},
		{"${A}", filled{text: "${A}", open: true}},
		{"${A:?is missing}", filled{text: "${A:?is missing}", open: true}},
		{"${A:+b}", filled{text: "${A:+b}", open: true}},
		{"${A:-${B}}", filled{text: "${A:-${B}}", open: true}},
		{"${A", filled{text: "${A", open: true}},
		{"${:-b}", filled{text: "${:-b}", open: true}},
	}
	for _, tt := range tests {
		if got := fillDefaults(tt.in); got != tt.want {
			t.Errorf("%q: got %+v, want %+v", tt.in, got, tt.want)
		}
	}
}

func TestParseBytes(t *testing.T) {
	for in, want := range map[string]float64{
		"1g": 1, "1G": 1, "1gb": 1, "1GiB": 1, "1.5G": 1.5, "512m": 0.5, "512M": 0.5, "512 MB": 0.5, "524288k": 0.5, "536870912": 0.5, "536870912b": 0.5,
		"64000kB": 64000.0 / 1024 / 1024, "2Gi": 2, "1t": 1024, "0": 0,
	} {
		if got, err := parseBytes(in); err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "g", "1x", "-1g", "1gbb", "1 2g", "1..2g", "2048", "1k", "NaN", "1e99999"} {
		if got, err := parseBytes(in); err == nil {
			t.Errorf("%q: got %v, want an error", in, got)
		}
	}
}

// sharedCases are inputs that nobody here wrote, beside the repository.
func sharedCases(t testing.TB, folder string) []string {
	files, _ := filepath.Glob(filepath.Join("../../../shared/cases", folder, "*"))
	if len(files) == 0 {
		t.Skip("no shared cases here")
	}
	return files
}

// Compose files of others.
func TestComposeCases(t *testing.T) {
	known := map[string]string{ // services with tasks × vCPU + GB; then what is not priced
		"composex__blog.features.yml":                "app03 1 × 0.25 + 0.5 FARGATE; bignicefamily 1 × 0.5 + 2 FARGATE; youtoo 1 × 0.5 + 1 FARGATE",
		"composex__ecs_plugin_support.x.yml":         "app01 1 × ? + ? FARGATE; app02 1 × ? + ? FARGATE; app03 1 × ? + ? FARGATE; rproxy 0 × ? + ? FARGATE",
		"composex__services_multi_arch.yml":          "app01 1 × ? + ? FARGATE; app02 1 × ? + ? FARGATE FARGATE_SPOT; app03 1 × ? + ? FARGATE; rproxy 1 × ? + ? FARGATE",
		"defang__src_testdata_postgres_compose.yaml": "no-ext 1 × 0.25 + 0.5 FARGATE; map[x-defang-postgres:5]",
		"defang__src_testdata_provider_compose.yaml": "chat 1 × 0.25 + 0.5 FARGATE; map[provider of a Compose service: model:1]",
		"defang__src_testdata_sanity_compose.yaml":   "nginx 1 × 0.25 + 0.5 FARGATE; map[load balancer for the published ports of a Compose service:1]",
		"defang__src_testdata_testproj_compose.yaml": "dfnx 1 × 0.25 + 0.5 FARGATE; map[Compose service in a profile that is off by default:2]",
	}
	for _, file := range sharedCases(t, "compose") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w, err := Read(file, data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			want, ok := known[filepath.Base(file)]
			if got := outline(&w); ok && got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if problems := w.Validate(); len(problems) > 0 {
				t.Error(problems)
			}
		})
	}
}

// outline is a workload in a line.
func outline(w *design.Workload) string {
	size := func(f design.Fact[float64]) string {
		if !f.Stated() {
			return "?"
		}
		return brief(f.Value)
	}
	var parts []string
	for _, s := range w.Services {
		line := fmt.Sprintf("%s %s × %s + %s", s.Name, size(s.Count.Mean()), size(s.Task.CPU), size(s.Task.Memory))
		for _, p := range s.Capacity.Providers {
			line += " " + string(p.Kind)
		}
		parts = append(parts, line)
	}
	if len(w.NotPriced) > 0 {
		parts = append(parts, fmt.Sprint(w.NotPriced))
	}
	return strings.Join(parts, "; ")
}

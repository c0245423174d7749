package intake

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor/design"
)

// No value of environment, of a secret or of a command leaves the Compose reader:
// not in the model, not in an error, wherever the error is.
func TestComposeKeepsNothing(t *testing.T) {
	const secret = "hunter2-correct-horse"
	inputs := map[string]string{
		"environment":          "environment: {PASSWORD: " + secret + "}",
		"environment as list":  "environment: [PASSWORD=" + secret + "]",
		"env_file":             "env_file: [" + secret + ".env]",
		"command":              "command: [--password, " + secret + "]\nentrypoint: " + secret,
		"labels":               "labels: {key: " + secret + "}\ndeploy: {labels: {key: " + secret + "}}",
		"labels as list":       "labels: [key=" + secret + "]\ndeploy: {labels: [key=" + secret + "]}",
		"build arguments":      "build: {context: ., args: {TOKEN: " + secret + "}}",
		"health check":         "healthcheck: {test: [CMD, curl, " + secret + "]}",
		"logging options":      "logging: {driver: splunk, options: {splunk-token: " + secret + "}}",
		"beside a mistake":     "environment: {PASSWORD: " + secret + "}\ndeploy: {replicas: many}",
		"the same key twice":   "environment: {P: " + secret + ", P: " + secret + "}",
		"a merge of a text":    "environment: {<<: " + secret + "}",
		"broken YAML":          "environment: {PASSWORD: \"" + secret + "}",
		"a wrong line":         "environment:\n P: " + secret + "\n  Q: " + secret,
		"secrets as a text":    "secrets: " + secret,
		"a variable's default": "environment: {PASSWORD: '${PASSWORD:-" + secret + "}'}",
		"role":                 "x-aws-role: {Statement: [{Resource: " + secret + "}]}",
	}
	for name, body := range inputs {
		t.Run(name, func(t *testing.T) {
			text := "services:\n  web:\n    image: x\n" + indent(body, 4) + "secrets: {a: {environment: " + secret + "}}\nconfigs: {c: {content: " + secret + "}}\n"
			w, err := Read("compose.yaml", []byte(text), Options{Kind: Compose})
			if strings.Contains(fmt.Sprintf("%+v", w), secret) {
				t.Errorf("in the model: %+v", w)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("in the error: %v", err)
			}
		})
	}
	t.Run("the process's environment is not read", func(t *testing.T) {
		t.Setenv("REPLICAS", "7")
		if s := web(t, "deploy: {replicas: '${REPLICAS:-2}'}", Options{}); s.Count.Fixed.Value != 2 {
			t.Errorf("got %v", s.Count.Fixed)
		}
	})
}

// sane checks what holds of every workload that a reader returns.
func sane(t *testing.T, w *design.Workload) {
	t.Helper()
	seen := make(map[string]bool)
	for i := range w.Services {
		s := &w.Services[i]
		if key := s.Cluster + "\x00" + s.Name; seen[key] {
			t.Errorf("two services named %q", s.Name)
		} else {
			seen[key] = true
		}
		for _, f := range []design.Fact[float64]{s.Task.CPU, s.Task.Memory, s.Count.Fixed, s.Count.Mean()} {
			if f.Value < 0 || math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
				t.Errorf("%s: %+v", s.Name, f)
			}
			if f.Basis == design.Known && f.Note != "" || f.Basis == design.Assumed && f.Note == "" {
				t.Errorf("%s: a fact with basis %s has the note %q", s.Name, f.Basis, f.Note)
			}
			if !f.Stated() && f.Value != 0 {
				t.Errorf("%s: an unknown fact has the value %v", s.Name, f.Value)
			}
		}
		for _, in := range s.Ingress {
			found := in.LoadBalancer == ""
			for _, lb := range w.LoadBalancers {
				found = found || lb.Name == in.LoadBalancer
			}
			if !found {
				t.Errorf("%s: no load balancer %q", s.Name, in.LoadBalancer)
			}
		}
	}
	w.Validate()
}

func FuzzCompose(f *testing.F) {
	for _, pattern := range []string{"../../fixtures/cases/*/compose.yaml", "../../../shared/cases/compose/*"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil {
				f.Add(data)
			}
		}
	}
	for _, text := range []string{
		"services: {a: {extends: {file: b.yaml, service: a}, deploy: {labels: [ecs.task.family=x]}}, b: {network_mode: 'service:a'}}",
		"include: [{path: [b.yaml]}]\nservices: {w: {image: x, gpus: [{count: all}], ports: ['${P:-1}:${Q}', '1-2:3-4/udp'], x-xray: true}}",
		"x-aws-cluster: arn:aws:ecs:eu-west-2:1:cluster/a\nx-elbv2: {a: {Services: [{name: 'w:w'}]}}\nservices: {w: {x-ecs: {CapacityProviderStrategy: [{CapacityProvider: p}]}}}",
	} {
		f.Add([]byte(text))
	}
	base := []byte("services: {a: {image: x, deploy: {replicas: 2}}}")
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		w, err := Read("compose.yaml", data, Options{Kind: Compose, ReadFile: func(path string) ([]byte, error) {
			switch path {
			case "b.yaml":
				return base, nil
			case "compose.yaml":
				return data, nil
			}
			return nil, fs.ErrNotExist
		}})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d bytes took %v", len(data), took)
		}
		if err != nil {
			return
		}
		sane(t, &w)
	})
}

func FuzzDescribe(f *testing.F) {
	for _, pattern := range []string{"../../fixtures/cases/*/describe.json", "../../../shared/cases/awsapi/*ecs*", "../../../shared/cases/awsapi/*elb*", "../../../shared/cases/awsapi/*autoscaling*"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil && len(data) < 8<<10 {
				f.Add(data)
			}
		}
	}
	f.Add([]byte(`[{"services":[{"serviceName":"a","taskSets":[{"id":"ecs-svc/1"}],"loadBalancers":[{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-2:1:targetgroup/a/b"}]}]},
		{"taskDefinition":{"family":"a","containerDefinitions":[{"image":"x"}]}},{"tasks":[{"group":"service:b","cpu":"256"}]}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := Read("reply.json", data, Options{Kind: Description})
		if err != nil {
			return
		}
		sane(t, &w)
	})
}

// project is a Compose file of many services.
func project(services int) []byte {
	var b strings.Builder
	b.WriteString("name: large\nservices:\n")
	for i := range services {
		fmt.Fprintf(&b, "  svc%d:\n    image: registry.example/app:%d\n    ports: [\"80:80\"]\n    environment: {A: b, C: \"1\"}\n"+
			"    deploy:\n      replicas: 2\n      resources:\n        limits: {cpus: '0.5', memory: 512M}\n", i, i)
	}
	return []byte(b.String())
}

func BenchmarkCompose(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000, 10000} {
		data := project(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := Read("compose.yaml", data, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// replies are describe-services and describe-task-definition of many services.
func replies(services int) []byte {
	var b strings.Builder
	b.WriteString(`[{"services": [`)
	for i := range services {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"serviceName": "svc%d", "clusterArn": "arn:aws:ecs:eu-west-2:111122223333:cluster/large", "desiredCount": 2, "runningCount": 2,
			"launchType": "FARGATE", "taskDefinition": "arn:aws:ecs:eu-west-2:111122223333:task-definition/svc%d:7"}`, i, i)
	}
	b.WriteString(`]}`)
	for i := range services {
		fmt.Fprintf(&b, `,{"taskDefinition": {"taskDefinitionArn": "arn:aws:ecs:eu-west-2:111122223333:task-definition/svc%d:7", "family": "svc%d", "revision": 7,
			"requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024", "containerDefinitions": [{"name": "app", "image": "app:%d"}]}}`, i, i, i)
	}
	b.WriteString(`]`)
	return []byte(b.String())
}

func BenchmarkDescribe(b *testing.B) {
	for _, n := range []int{1, 100, 1000, 10000} {
		data := replies(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				w, err := Read("replies.json", data, Options{})
				if err != nil || len(w.Services) != n {
					b.Fatal(err, len(w.Services))
				}
			}
		})
	}
}

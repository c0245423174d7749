package intake

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ecsavvy/advisor/design"
)

const variantsFile = `region: eu-west-2
services:
  api:
    task: {cpu: 0.5, memory: 1GB}
    count: 2
    capacity: FARGATE
  db.primary:
    task: taskdef.json
    alarms: 3
network:
  egress: {nat: gateway, nat_data: 10GB/month}
  endpoints: {interface: {ecr.api: {azs: 2}}}
commitments: {savings_plans: [{type: compute, term: 1yr, payment: no_upfront, hourly: 1}]}
variants:
  arm: {services.api.task.arch: arm64, services.db.primary.task.arch: arm64}
  spot: {services.api.capacity: {FARGATE: {base: 1, weight: 1}, FARGATE_SPOT: {weight: 3}}}
  bare: {network.egress.nat: none, network.egress.nat_data: null, services.db.primary: null}
  nested: {network.endpoints.interface.ecr.api.data: 5GB/month, commitments.savings_plans.0.hourly: 2.50, services.db.primary.alarms.composite: 1}
  added: {services.cache: {task: {cpu: 1, memory: 2GB}, count: "1"}, services.api.tags.team: "a: b"}
`

func variantOptions() Options {
	return Options{ReadFile: fileOf("taskdef.json", `{"family": "db", "cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{"name": "a", "image": "b"}]}`)}
}

func TestReadVariant(t *testing.T) {
	tests := []struct {
		variant string
		part    func(design.Workload) any
		want    any
	}{
		{"", func(w design.Workload) any { return len(w.Services) }, 2},
		{"arm", func(w design.Workload) any {
			return []any{w.Services[0].Task.Architecture, w.Services[1].Task.Architecture, w.Services[1].Task.CPU}
		}, []any{design.Know(design.ARM64), design.Know(design.ARM64), design.Know(0.25)}},
		{"spot", func(w design.Workload) any { return w.Services[0].Capacity.Providers },
			[]design.Provider{{Kind: design.Fargate, Base: 1, Weight: 1}, {Kind: design.FargateSpot, Weight: 3}}},
		{"bare", func(w design.Workload) any { return []any{len(w.Services), w.Network.NAT} }, []any{1, design.NAT{}}},
		{"nested", func(w design.Workload) any {
			return []any{w.Network.Endpoints[0], w.Commitments.SavingsPlans[0].Hourly, w.Alarms[0]}
		}, []any{design.Endpoint{Service: "ecr.api", Kind: design.InterfaceEndpoint, AZs: design.Know(2.0), Data: design.Know(5.0)}, 2.5,
			design.Alarms{Name: "db.primary", Service: "db.primary", Standard: design.Know(3.0), Composite: design.Know(1.0)}}},
		{"added", func(w design.Workload) any {
			return []any{len(w.Services), w.Services[1].Name, w.Services[0].Tags["team"]}
		}, []any{3, "cache", "a: b"}},
	}
	for _, tt := range tests {
		t.Run(tt.variant, func(t *testing.T) {
			w, err := ReadVariant("design.yaml", []byte(variantsFile), tt.variant, variantOptions())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, tt.part(w)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The model's changes say the same as the file's: they read back as themselves.
func TestChangesReadBack(t *testing.T) {
	base, err := Read("design.yaml", []byte(variantsFile), variantOptions())
	if err != nil {
		t.Fatal(err)
	}
	if len(base.Variants) != 5 {
		t.Fatalf("%d variants", len(base.Variants))
	}
	for _, v := range base.Variants {
		want, err := ReadVariant("design.yaml", []byte(variantsFile), v.Name, variantOptions())
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadChanged("design.yaml", []byte(variantsFile), v.Changes, variantOptions())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", v.Name, diff)
		}
	}
}

func TestReadChanged(t *testing.T) {
	set := func(path, value string) []design.Change { return []design.Change{{Path: path, Value: value}} }
	tests := []struct {
		name    string
		changes []design.Change
		wantErr string
	}{
		{"a number", set("services.api.count", "3"), ""},
		{"a mapping", set("services.api.count", "{min: 1, max: 4}"), ""},
		{"a mistyped key", set("services.api.cuont", "3"), `design.yaml: services.api.cuont: unknown key "cuont"; did you mean "count"?`},
		{"a service of nowhere", set("services.app.count", "3"), `design.yaml: services.app.count: nothing is named "app" here; did you mean "api"?`},
		{"a section of nowhere", set("service.api.count", "3"), `design.yaml: service.api.count: unknown key "service"; did you mean "services"?`},
		{"a wrong value", set("services.api.task.arch", "sparc"), `design.yaml: services.api.task.arch: want one of x86_64, amd64, x86, arm64, got "sparc"`},
		{"below a number", set("services.api.count.min", "1"), "design.yaml: services.api.count.min: services.api.count is 2, which has no keys; set services.api.count as a whole"},
		{"an item of nowhere", set("commitments.savings_plans.3.hourly", "1"), `design.yaml: commitments.savings_plans.3.hourly: commitments.savings_plans is a list of 1; want the number of an item (0 is the first), got "3"`},
		{"no YAML", set("services.api.count", "{"), `design.yaml: setting services.api.count: "{" is not valid YAML`},
		{"a service without a task", set("services.new", "{count: 1}"), "design.yaml: services.new: the key task is missing: the path of a task definition, or a mapping"},
		{"nothing", nil, ""},
		{"an empty path", set("", "1"), "design.yaml: : want a path such as services.api.count"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadChanged("design.yaml", []byte(variantsFile), tt.changes, variantOptions())
			if got := errorText(err); got != tt.wantErr {
				t.Errorf("got\n%s\nwant\n%s", got, tt.wantErr)
			}
		})
	}
}

func TestVariantErrors(t *testing.T) {
	const base = "services: {api: {task: {cpu: 1, memory: 2GB}, count: 2}}\n"
	tests := []struct{ name, in, want string }{
		{"a path of nowhere", "variants: {a: {services.api.tsk.arch: arm64}}", `design.yaml:2:16: variant a: services.api.tsk.arch: unknown key "tsk"; did you mean "task"?`},
		{"a value that does not do", "variants: {a: {services.api.count: many}}", `design.yaml:2:36: services.api.count: variant a: want a whole number, 0 or more, got "many"`},
		{"no mapping", "variants: {a: arm64}", `design.yaml:2:15: variants.a: want a mapping of paths to values, got "arm64"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("design.yaml", []byte(base+tt.in), Options{})
			if got := errorText(err); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
	_, err := ReadVariant("design.yaml", []byte(base+"variants: {arm: {services.api.task.arch: arm64}}"), "amr", Options{})
	if got := errorText(err); got != `design.yaml: no variant is named "amr"; did you mean "arm"?` {
		t.Error(got)
	}
	_, err = ReadVariant("taskdef.json", []byte(`{"containerDefinitions": [{"image": "a"}]}`), "arm", Options{})
	if got := errorText(err); got != "taskdef.json: this is an ECS task definition; only a design file has variants and paths" {
		t.Error(got)
	}
}

// A change leaves the document as it was: what is not on the path is shared.
func TestSetCopies(t *testing.T) {
	root, err := parseYAML("x", []byte(variantsFile))
	if err != nil {
		t.Fatal(err)
	}
	before := encode(root)
	changed, err := set(documentForm().shape, root, "services.api.task.arch", "", &node{kind: textNode, text: "arm64"})
	if err != nil {
		t.Fatal(err)
	}
	if encode(root) != before {
		t.Error("the document changed")
	}
	if encode(changed) == before {
		t.Error("the change is not there")
	}
}

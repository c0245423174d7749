package intake

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// shortResource is one resource of a plan in few words, for tables: what it is
// before and after, what is known after apply, and the code.
//
//	aws_ecs_service.api:
//	  after: {name: api}
//	  unknown: {task_definition: true}
//	  code: {name: api, task_definition: =aws_ecs_task_definition.api.arn}
//
// In code a text that begins with = refers to something (several by commas); the
// call of a module is "module.web: {inputs: {…}, outputs: {…}}".
type shortResource struct {
	Before, After, Unknown, Code, Sensitive map[string]any
	Each                                    any `yaml:"for_each"`
	Previous                                string
	Actions                                 []string
	Deposed                                 string
	Provider                                string
	// of a module's call
	Inputs, Outputs map[string]any
}

// writePlan writes a short plan as terraform show -json would.
func writePlan(t testing.TB, text string) []byte {
	t.Helper()
	var p struct {
		Region    any
		Providers map[string]any
		Resources yaml.MapSlice
		State     yaml.MapSlice
		Extra     map[string]any
	}
	if err := yaml.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	root := newShortCode()
	var changes []any
	for _, item := range p.Resources {
		address := item.Key.(string)
		r := shortResourceOf(t, item.Value)
		if call, ok := strings.CutPrefix(address, "module."); ok && !strings.Contains(call, ".aws_") && (r.Inputs != nil || r.Outputs != nil) {
			path := strings.Split(call, ".module.")
			m := root.at(path)
			m.inputs, m.each = r.Inputs, r.Each
			for name, out := range r.Outputs {
				m.outputs[name] = expressionOf(out)
			}
			continue
		}
		changes = append(changes, r.change(address))
		r.configure(root, address)
	}
	plan := map[string]any{"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": changes}
	providers := map[string]any{}
	if p.Region != nil {
		providers["aws"] = map[string]any{"name": "aws", "expressions": map[string]any{"region": expressionOf(p.Region)}}
	}
	for key, region := range p.Providers {
		providers[key] = map[string]any{"name": "aws", "expressions": map[string]any{"region": expressionOf(region)}}
	}
	plan["configuration"] = map[string]any{"provider_config": providers, "root_module": root.json()}
	if p.State != nil {
		plan["prior_state"] = map[string]any{"format_version": "1.0", "values": map[string]any{"root_module": map[string]any{"resources": stateOf(t, p.State)}}}
	}
	for key, v := range p.Extra {
		plan[key] = v
	}
	data, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func shortResourceOf(t testing.TB, v any) shortResource {
	t.Helper()
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var r shortResource
	if err := yaml.UnmarshalWithOptions(text, &r, yaml.Strict()); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return r
}

// shortAddress splits an address into what the plan's JSON says beside it.
func shortAddress(address string) map[string]any {
	_, resource := cutModules(address)
	out := map[string]any{"address": address, "mode": "managed"}
	if rest, ok := strings.CutPrefix(resource, "data."); ok {
		out["mode"], resource = "data", rest
	}
	name, _ := cutKey(resource)
	out["type"], out["name"], _ = strings.Cut(name, ".")
	return out
}

func (r *shortResource) change(address string) map[string]any {
	out := shortAddress(address)
	if r.Previous != "" {
		out["previous_address"] = r.Previous
	}
	if r.Deposed != "" {
		out["deposed"] = r.Deposed
	}
	actions := r.Actions
	switch {
	case actions != nil:
	case r.Before == nil:
		actions = []string{"create"}
	case r.After == nil:
		actions = []string{"delete"}
	default:
		actions = []string{"update"}
	}
	out["change"] = map[string]any{"actions": actions, "before": r.Before, "after": r.After, "after_unknown": r.Unknown, "after_sensitive": r.Sensitive}
	return out
}

// configure adds the resource's code to its module.
func (r *shortResource) configure(root *shortCode, address string) {
	path, resource := cutModules(address)
	name, _ := cutKey(resource)
	var calls []string
	for _, step := range steps(path) {
		if step != "module" && step != "" {
			call, _ := cutKey(step)
			calls = append(calls, call)
		}
	}
	code := map[string]any{"address": name, "provider_config_key": cmpOr(r.Provider, "aws"), "expressions": expressionsOf(r.Code)}
	if r.Each != nil {
		code["for_each_expression"] = expressionOf(r.Each)
	}
	m := root.at(calls)
	for _, have := range m.resources {
		if have["address"] == name {
			return // another instance
		}
	}
	m.resources = append(m.resources, code)
}

// shortCode is the code of a module.
type shortCode struct {
	resources []map[string]any
	inputs    map[string]any
	outputs   map[string]any
	each      any
	calls     map[string]*shortCode
}

func newShortCode() *shortCode {
	return &shortCode{calls: map[string]*shortCode{}, outputs: map[string]any{}}
}

func (m *shortCode) at(path []string) *shortCode {
	for _, name := range path {
		if m.calls[name] == nil {
			m.calls[name] = newShortCode()
		}
		m = m.calls[name]
	}
	return m
}

func (m *shortCode) json() map[string]any {
	outputs, calls := map[string]any{}, map[string]any{}
	for name, out := range m.outputs {
		outputs[name] = map[string]any{"expression": out}
	}
	for name, call := range m.calls {
		c := map[string]any{"expressions": expressionsOf(call.inputs), "module": call.json()}
		if call.each != nil {
			c["for_each_expression"] = expressionOf(call.each)
		}
		calls[name] = c
	}
	return map[string]any{"resources": m.resources, "outputs": outputs, "module_calls": calls}
}

func expressionsOf(code map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range code {
		out[name] = expressionOf(v)
	}
	return out
}

// expressionOf is an expression as the plan shows it: references in their long
// and short forms, constants, blocks.
func expressionOf(v any) any {
	switch v := v.(type) {
	case string:
		list, ok := strings.CutPrefix(v, "=")
		if !ok {
			return map[string]any{"constant_value": v}
		}
		refs := []string{}
		for _, r := range strings.Split(list, ",") {
			r = strings.TrimSpace(r)
			refs = append(refs, r)
			if parts := steps(r); len(parts) > 2 {
				refs = append(refs, strings.Join(parts[:2], "."))
			}
		}
		return map[string]any{"references": refs}
	case []any:
		for i := range v {
			v[i] = expressionOf(v[i])
		}
		return v
	case map[string]any:
		return expressionsOf(v)
	default:
		return map[string]any{"constant_value": v}
	}
}

// stateOf writes the resources of a state: address and values.
func stateOf(t testing.TB, list yaml.MapSlice) []any {
	t.Helper()
	var out []any
	for _, item := range list {
		r := shortAddress(item.Key.(string))
		r["values"] = item.Value.(map[string]any)
		out = append(out, r)
	}
	return out
}

// showAll prints everything that a value holds.
func showAll(v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(data)
}

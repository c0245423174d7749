package advisor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"ecsavvy/advisor/design"
)

// limitPatch takes away the limits of containers that a smaller task cannot hold:
// then the task's size is their limit. ECS refuses a task definition whose
// containers ask for more than the task has.
// Source: memory, memoryReservation and cpu in
// docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html.
type limitPatch struct {
	ops []jsonOp
	// terraform are comments, jq filters; names are the containers.
	terraform string
	jq        []string
	names     []string
}

// limitsAbove finds the containers whose limits have to go for a task of a size:
// the named ones first, then the largest, until the rest fits.
func limitsAbove(task *design.Task, size design.Size, first ...string) limitPatch {
	memory := func(k *design.Container) float64 { return cmp.Or(k.MemoryReservation, k.Memory) }
	var p limitPatch
	drop := make([][]string, len(task.Containers))
	free := func(room float64, asked, most func(*design.Container) float64, keys func(*design.Container) []string) {
		order := make([]int, len(task.Containers))
		sum := 0.0
		for i := range order {
			order[i] = i
			sum += asked(&task.Containers[i])
		}
		slices.SortStableFunc(order, func(a, b int) int {
			x, y := &task.Containers[a], &task.Containers[b]
			named := func(k *design.Container) int {
				if slices.Contains(first, k.Name) {
					return 0
				}
				return 1
			}
			return cmp.Or(cmp.Compare(named(x), named(y)), cmp.Compare(most(y), most(x)))
		})
		for _, i := range order {
			k := &task.Containers[i]
			if keys := keys(k); len(keys) > 0 && (sum > room || most(k) > room) {
				drop[i], sum = append(drop[i], keys...), sum-asked(k)
			}
		}
	}
	free(size.GB, memory, func(k *design.Container) float64 { return max(k.Memory, k.MemoryReservation) }, func(k *design.Container) (keys []string) {
		if k.Memory > 0 {
			keys = append(keys, "memory")
		}
		if k.MemoryReservation > 0 {
			keys = append(keys, "memoryReservation")
		}
		return keys
	})
	cpu := func(k *design.Container) float64 { return k.CPU }
	free(size.VCPU, cpu, cpu, func(k *design.Container) []string {
		if k.CPU > 0 {
			return []string{"cpu"}
		}
		return nil
	})
	for i, keys := range drop {
		name := task.Containers[i].Name
		for _, key := range keys {
			p.ops = append(p.ops, jsonOp{Op: "remove", Path: fmt.Sprintf("/containerDefinitions/%d/%s", i, key)})
			p.jq = append(p.jq, fmt.Sprintf("del(.containerDefinitions[] | select(.name == %s).%s)", jsonText(name), key))
			p.terraform += fmt.Sprintf("\n# in container_definitions: no %s of %s", key, hcl(name))
		}
		if len(keys) > 0 {
			p.names = append(p.names, name)
		}
	}
	return p
}

// jsonText quotes a text for JSON, and so for jq.
func jsonText(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string marshals
	}
	return string(quoted)
}

package intake

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// Plan is what a Terraform or OpenTofu plan makes of a workload.
type Plan struct {
	// Before and After are the workloads before and after the plan, one for
	// each region, in the order of the regions. Both have the same regions:
	// where a side has nothing in one its workload is empty.
	Before, After []design.Workload
	// Renamed leads from the previous to the new address of resources that
	// the code moved.
	Renamed map[string]string
	// Incomplete says why the plan does not show all that will change; a plan
	// with reasons must not be called cheaper.
	Incomplete []string
	// Resources counts the resources after the plan by type; those that have
	// no price here are in the workloads' NotPriced too.
	Resources map[string]int
}

// Complete reports whether the plan shows everything that will change.
func (p *Plan) Complete() bool { return len(p.Incomplete) == 0 }

// ReadPlan reads the output of terraform show -json for a plan, or of OpenTofu's
// tofu show -json. The region is that of each resource, else of its provider,
// else Options.Region, else Options.DefaultRegion; where a plan has several
// regions Options.Region chooses one of them.
func ReadPlan(name string, data []byte, opts Options) (*Plan, error) {
	in, err := openAs(name, data, TerraformPlan)
	if err != nil {
		return nil, err
	}
	return readPlan(in, opts)
}

func readPlan(in *input, opts Options) (*Plan, error) {
	f, err := readTF(in.name, in.data)
	if err != nil {
		return nil, err
	}
	next, errs := f.stacks(false)
	if f.broken != nil {
		return nil, f.broken
	}
	if err := errs.orNil(); err != nil {
		return nil, err
	}
	past, _ := f.stacks(true) // what is wrong before is what the plan mends
	if f.broken != nil {
		return nil, f.broken
	}
	p := &Plan{Renamed: make(map[string]string), Resources: make(map[string]int), Incomplete: f.incomplete()}
	for i := range f.resources {
		r := &f.resources[i]
		if r.previous != "" {
			p.Renamed[r.previous] = r.address
		}
		if r.hasNext && !r.data {
			p.Resources[r.typ]++
		}
	}
	for _, region := range planRegions(past, next, opts.Region) {
		p.Before = append(p.Before, past.workload(f, region, opts))
		p.After = append(p.After, next.workload(f, region, opts))
	}
	return p, nil
}

// incomplete says why a plan does not show everything.
func (f *tfFile) incomplete() []string {
	var why []string
	if f.errored {
		why = append(why, "planning ended with an error: only a part of the changes is there")
	}
	if f.deferred > 0 {
		why = append(why, fmt.Sprintf("%d changes are deferred to a later plan", f.deferred))
	}
	if f.partial {
		why = append(why, "the plan calls itself incomplete: it was made with -target, or changes are deferred")
	}
	return why
}

// tfStacks are the stacks of one side of a plan by region; "" is not known.
type tfStacks map[string]*stack

// stacks fills the stacks of one side.
func (f *tfFile) stacks(past bool) (tfStacks, Errors) {
	fills := make(map[string]*tfFill)
	f.counts = make(map[string]int)
	for i := range f.resources {
		f.counts[f.resources[i].typ]++
	}
	var errs Errors
	for i := range f.resources {
		r := &f.resources[i]
		if past && !r.hasPast || !past && !r.hasNext {
			continue
		}
		region := f.region(r)
		fill := fills[region]
		if fill == nil {
			fill = &tfFill{file: f, past: past, stack: f.roomyStack()}
			fills[region] = fill
		}
		fill.add(r)
	}
	stacks := make(tfStacks)
	for region, fill := range fills {
		fill.joinAttachments()
		fill.stack.idleTasks("aws_ecs_task_definition")
		errs = append(errs, fill.errs...)
		stacks[region] = fill.stack
	}
	return stacks, errs
}

// roomyStack is a stack with room for the types that a large plan has many of.
func (f *tfFile) roomyStack() *stack {
	return &stack{
		code:     "the plan",
		services: make([]ecsService, 0, f.counts["aws_ecs_service"]),
		taskDefs: make([]ecsTaskDef, 0, f.counts["aws_ecs_task_definition"]),

		targetGroups: make([]targetGroup, 0, f.counts["aws_lb_target_group"]),
		logGroups:    make([]logGroup, 0, f.counts["aws_cloudwatch_log_group"]),
	}
}

// planRegions are the regions in which a plan has something with a price; the
// one that the caller asks for where there are several, and one ("") where
// there is none.
func planRegions(past, next tfStacks, asked string) []string {
	set := make(map[string]bool)
	for _, stacks := range []tfStacks{past, next} {
		for region, s := range stacks {
			if !s.empty() {
				set[region] = true
			}
		}
	}
	regions := slices.Sorted(maps.Keys(set))
	switch {
	case len(regions) > 1 && set[asked] && asked != "":
		return []string{asked}
	case len(regions) > 0:
		return regions
	}
	for _, stacks := range []tfStacks{next, past} { // what is not priced, and free things
		for _, region := range slices.Sorted(maps.Keys(stacks)) {
			if region != "" {
				return []string{region}
			}
		}
	}
	return []string{""}
}

// empty reports whether a stack has nothing with a price.
func (s *stack) empty() bool {
	return len(s.services)+len(s.taskSets)+len(s.express)+len(s.scheduledTasks)+len(s.clusters)+len(s.balancers)+len(s.nats)+len(s.eips)+len(s.endpoints)+
		len(s.instances)+len(s.autoGroups)+len(s.logGroups)+len(s.repositories)+len(s.secrets)+len(s.parameters)+len(s.fileSystems)+len(s.namespaces)+len(s.alarms) == 0
}

// workload makes the workload of one region. What is not priced in regions
// that have nothing else is counted with the first.
func (t tfStacks) workload(f *tfFile, region string, opts Options) design.Workload {
	s := t[region]
	if s == nil {
		s = &stack{code: "the plan"}
	}
	s.name = nameFrom(f.scan.name)
	s.region = f.regionFact(s, region, opts)
	first := true
	for _, other := range slices.Sorted(maps.Keys(t)) {
		if !t[other].empty() && other < region {
			first = false
		}
	}
	for other, rest := range t {
		if !first || other == region || !rest.empty() {
			continue
		}
		for kind, n := range rest.notPriced {
			for range n {
				s.unpriced(kind)
			}
		}
	}
	return s.workload(opts)
}

// regionFact is the region of a workload: what the plan says, what the caller
// says, where the tasks log to, the caller's default.
func (f *tfFile) regionFact(s *stack, region string, opts Options) fact[string] {
	if region != "" {
		return design.Know(region)
	}
	hint := fact[string]{}
	for i := range s.taskDefs {
		if def := s.taskDefs[i].def; def != nil && def.region.Stated() && !hint.Stated() {
			hint = def.region
		}
	}
	return opts.region(hint)
}

// onlyWorkload is the workload of a plan that has one region.
func (p *Plan) onlyWorkload(name string) (design.Workload, error) {
	if len(p.After) == 1 {
		return p.After[0], nil
	}
	regions := make([]string, len(p.After))
	for i := range p.After {
		regions[i] = cmp.Or(p.After[i].Region.Value, "an unknown one")
	}
	return design.Workload{}, fail(name, "the plan has resources in %d regions (%s); choose one with --region", len(regions), strings.Join(regions, ", "))
}

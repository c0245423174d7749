package intake

import "strings"

// completeResources adds to the changes what they leave out: data sources that
// were read already, resources that the plan does not touch (-target), and the
// planned values of a plan without changes.
func (f *tfFile) completeResources() error {
	renamed := make(map[string]bool)
	for i := range f.resources {
		r := &f.resources[i]
		if r.previous != "" {
			renamed[r.previous] = true
		}
		if r.forgotten && r.hasPast && !r.hasNext {
			r.hasNext, r.next, r.nextHidden = true, r.past, r.pastHidden
		}
	}
	if !f.changes {
		err := f.within(f.plannedValues, func() error {
			return f.stateValues("planned_values", func(r tfResource) { f.addFromState(r, false, true) })
		})
		if err != nil {
			return err
		}
	}
	return f.within(f.priorState, func() error {
		return f.state("prior_state", func(r tfResource) {
			if renamed[r.address] || r.data && !tfModelled(r.typ, true) {
				return
			}
			have, there := f.at[r.address]
			switch {
			case !there:
				f.addFromState(r, true, f.changes || r.data)
			case !f.changes && !f.resources[have].hasPast:
				planned := &f.resources[have]
				planned.past, planned.hasPast = f.lookAt(r.values)
				planned.pastHidden = r.pastHidden
			}
		})
	})
}

// addFromState adds a resource that a state or planned values name, to one side
// or both.
func (f *tfFile) addFromState(r tfResource, past, next bool) {
	members, ok := f.lookAt(r.values)
	r.past, r.hasPast, r.next, r.hasNext = members, past && ok, members, next && ok
	r.nextHidden = r.pastHidden
	f.locate(&r)
	f.at[r.address] = len(f.resources)
	f.resources = append(f.resources, r)
}

// within reads at a place that was passed over.
func (f *tfFile) within(span tfSpan, read func() error) error {
	if span.to == 0 {
		return nil
	}
	at := f.scan.pos
	f.scan.pos = int(span.from)
	err := read()
	f.scan.pos = at
	return err
}

// lookAt finds the members of the object at a place.
func (f *tfFile) lookAt(span tfSpan) (members tfMembers, ok bool) {
	err := f.within(span, func() (err error) {
		members, ok, err = f.look()
		return err
	})
	return members, ok && err == nil
}

// state reads a state within a plan and reports its resources.
func (f *tfFile) state(place string, report func(tfResource)) error {
	return f.objectOr(func(key []byte) error {
		if string(key) != "values" {
			return f.scan.skip()
		}
		return f.stateValues(place+".values", report)
	})
}

// stateValues reads the values of a state, or planned values.
func (f *tfFile) stateValues(place string, report func(tfResource)) error {
	return f.objectOr(func(key []byte) error {
		if string(key) != "root_module" {
			return f.scan.skip()
		}
		return f.stateModule(place+".root_module", 0, report)
	})
}

// stateModule reads a module of a state. Its address stands behind its resources.
func (f *tfFile) stateModule(place string, depth int, report func(tfResource)) error {
	if depth > maxDepth {
		return f.scan.errorf("modules nested deeper than %d levels", maxDepth)
	}
	var resources, children tfSpan
	module := ""
	err := f.objectOr(func(key []byte) (err error) {
		switch string(key) {
		case "address":
			module, err = f.textOr("")
		case "resources":
			resources, err = f.span()
		case "child_modules":
			children, err = f.span()
		default:
			err = f.scan.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	list := place + ".resources"
	err = f.within(resources, func() error {
		return f.listOr(func(i int) error { return f.stateResource(list, i, module, report) })
	})
	if err != nil {
		return err
	}
	return f.within(children, func() error {
		return f.listOr(func(i int) error { return f.stateModule(index(place+".child_modules", i), depth+1, report) })
	})
}

func (f *tfFile) stateResource(list string, i int, module string, report func(tfResource)) error {
	r := tfResource{place: list, number: i}
	var instance tfSpan
	err := f.objectOr(func(key []byte) error {
		var err error
		switch string(key) {
		case "address":
			r.address, err = f.textOr("")
		case "type":
			r.typ, err = f.textOr("")
		case "mode":
			var mode string
			mode, err = f.textOr("")
			r.data = mode == "data"
		case "index":
			instance, err = f.span()
		case "values":
			r.values, err = f.span()
		case "sensitive_values":
			r.pastHidden, err = f.span()
		default:
			err = f.scan.skip()
		}
		return err
	})
	if err != nil || r.address == "" {
		return err
	}
	// Terraform 0.12 leaves the instance's key and the module's path out.
	if index := string(f.scan.data[instance.from:instance.to]); index != "" && index != "null" && !strings.HasSuffix(r.address, "]") {
		r.address += "[" + index + "]"
	}
	if module != "" && !strings.HasPrefix(r.address, "module.") {
		r.address = module + "." + r.address
	}
	report(r)
	return nil
}

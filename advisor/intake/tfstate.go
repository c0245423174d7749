package intake

import "fmt"

// state reads a state within a plan: its resources, by the place of their values.
func (f *tfFile) state(place string) ([]tfResource, error) {
	var list []tfResource
	err := f.objectOr(func(key []byte) error {
		if string(key) != "values" {
			return f.scan.skip()
		}
		var err error
		list, err = f.stateValues(place + ".values")
		return err
	})
	return list, err
}

// stateValues reads the values of a state, or planned values.
func (f *tfFile) stateValues(place string) ([]tfResource, error) {
	var list []tfResource
	err := f.objectOr(func(key []byte) error {
		if string(key) != "root_module" {
			return f.scan.skip()
		}
		return f.stateModule(place+".root_module", 0, &list)
	})
	return list, err
}

func (f *tfFile) stateModule(place string, depth int, list *[]tfResource) error {
	if depth > maxDepth {
		return f.scan.errorf("modules nested deeper than %d levels", maxDepth)
	}
	return f.objectOr(func(key []byte) error {
		switch string(key) {
		case "resources":
			return f.listOr(func(i int) error { return f.stateResource(fmt.Sprintf("%s.resources[%d].values", place, i), list) })
		case "child_modules":
			return f.listOr(func(i int) error { return f.stateModule(fmt.Sprintf("%s.child_modules[%d]", place, i), depth+1, list) })
		default:
			return f.scan.skip()
		}
	})
}

func (f *tfFile) stateResource(place string, list *[]tfResource) error {
	r := tfResource{place: place}
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
		case "values":
			r.values, err = f.span()
		case "sensitive_values":
			r.sensitiveValues, err = f.span()
		default:
			err = f.scan.skip()
		}
		return err
	})
	if err == nil && r.address != "" {
		*list = append(*list, r)
	}
	return err
}

// completeResources adds to the changes what they leave out: data sources that
// were read already, resources that the plan does not touch (-target), and the
// planned values of a plan without changes.
func (f *tfFile) completeResources() {
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
		for i := range f.planned {
			r := f.planned[i]
			r.next, r.hasNext = f.lookAt(r.values)
			r.nextHidden, _ = f.lookAt(r.sensitiveValues)
			f.addFromState(r)
		}
	}
	for i := range f.prior {
		r := f.prior[i]
		if renamed[r.address] || r.data && !tfModelled(r.typ, true) {
			continue
		}
		have, there := f.at[r.address]
		if there && (f.changes || f.resources[have].hasPast) {
			continue // its change says more
		}
		r.past, r.hasPast = f.lookAt(r.values)
		r.pastHidden, _ = f.lookAt(r.sensitiveValues)
		if there {
			planned := &f.resources[have]
			planned.past, planned.hasPast, planned.pastHidden = r.past, r.hasPast, r.pastHidden
			continue
		}
		if f.changes || r.data {
			r.next, r.hasNext, r.nextHidden = r.past, r.hasPast, r.pastHidden
		}
		f.addFromState(r)
	}
	f.prior, f.planned = nil, nil
}

// addFromState adds a resource that a state or planned values name.
func (f *tfFile) addFromState(r tfResource) {
	f.locate(&r)
	f.at[r.address] = len(f.resources)
	f.resources = append(f.resources, r)
}

// lookAt finds the members of the object at a place.
func (f *tfFile) lookAt(span tfSpan) (tfMembers, bool) {
	if span.to == 0 {
		return tfMembers{}, false
	}
	at := f.scan.pos
	defer func() { f.scan.pos = at }()
	f.scan.pos = int(span.from)
	members, ok, err := f.look()
	return members, ok && err == nil
}

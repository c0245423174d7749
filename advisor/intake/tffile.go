package intake

import (
	"cmp"
	"math"

	tfjson "github.com/hashicorp/terraform-json"
)

// tfFile is a Terraform plan as far as prices depend on it. What resources hold
// is left in the text until somebody asks for an attribute.
type tfFile struct {
	scan *jsonScanner
	// version is the format's, terraform the program's.
	version, terraform string
	errored, partial   bool
	deferred           int
	resources          []tfResource
	// at finds resources by address; those that are being destroyed beside
	// a living one (deposed objects) are not in it.
	at map[string]int
	// members are the members of the objects that were looked into.
	members []tfMember

	modules   map[string]*tfModule
	root      *tfModule
	variables tfSpan
	providers map[string]tfSpan // the expressions of each provider configuration
	config    *tfModuleConfig
	changes   bool // the plan has resource_changes
	// priorState and plannedValues are read last, for what the changes leave out.
	priorState, plannedValues tfSpan
	resolved                  map[tfQuestion][]int
	tagSets                   map[string]map[string]string // by their text
	byType                    map[string][]int             // see onlyOfPlan
	regions                   map[string]string
	inputs                    map[*tfModule][]int // see given
	amis                      map[string]int      // data sources of AMIs by ID
	// broken is the first mistake in a value that was passed over at first.
	broken error
	// counts are the resources by type, buffer the text that is being read.
	counts map[string]int
	buffer []byte
}

// tfSpan is a value's place in the text.
type tfSpan struct{ from, to int32 }

// tfMember is a member of an object, both by their place in the text.
type tfMember struct{ key, value tfSpan }

// tfMembers are an object's members: a part of tfFile.members.
type tfMembers struct{ from, to int32 }

// tfResource is one instance of a resource or data source.
type tfResource struct {
	address, previous string
	typ               string
	data              bool
	deposed           bool
	module            *tfModule
	// name is "aws_lb.main" or "data.aws_lb.main"; key the instance's key in
	// brackets, "" where there is one instance.
	name, key string
	// place is the list in the document that the resource stands in, number
	// its place there, for messages.
	place            string
	number           int
	hasPast, hasNext bool // exists before and after
	// forgotten resources leave Terraform's state and stay in AWS.
	forgotten              bool
	past, next, unknown    tfMembers
	pastHidden, nextHidden tfSpan // what is sensitive
	values                 tfSpan // of a resource in a state
}

// afterApply is why most values of a plan are not known.
const afterApply = "known after apply"

// readTF reads the plan's JSON in one pass.
func readTF(name string, data []byte) (*tfFile, error) {
	if len(data) > math.MaxInt32 {
		return nil, fail(name, "the plan has %d MB; at most %d can be read", len(data)>>20, math.MaxInt32>>20)
	}
	f := &tfFile{scan: newScanner(name, data), modules: make(map[string]*tfModule), at: make(map[string]int), resolved: make(map[tfQuestion][]int), tagSets: make(map[string]map[string]string)}
	// About as many as a plan of its size has: growing would copy megabytes.
	f.members, f.resources = make([]tfMember, 0, len(data)/64), make([]tfResource, 0, len(data)/6000)
	if err := f.scan.object(f.topLevel); err != nil {
		return nil, err
	}
	if f.scan.space() != 0 || f.scan.pos < len(data) {
		return nil, f.scan.trailing()
	}
	if err := (&tfjson.Plan{FormatVersion: f.version}).Validate(); err != nil {
		return nil, fail(name, "format_version: want %s, got %q: another program than terraform show -json made this, or one that is newer than this reader", tfjson.PlanFormatVersionConstraints, clip(f.version))
	}
	return f, f.completeResources()
}

// topLevel reads one key of the plan.
func (f *tfFile) topLevel(key []byte) error {
	var err error
	switch string(key) {
	case "format_version":
		f.version, err = f.textOr(f.version)
	case "terraform_version":
		f.terraform, err = f.textOr(f.terraform)
	case "errored":
		f.errored, err = f.truth()
	case "complete":
		complete, e := f.truth()
		f.partial, err = !complete, e
	case "resource_changes":
		f.changes = true
		err = f.listOr(f.change)
	case "deferred_changes":
		err = f.listOr(func(int) error { f.deferred++; return f.scan.skip() })
	case "prior_state":
		f.priorState, err = f.span()
	case "planned_values":
		f.plannedValues, err = f.span()
	case "variables":
		f.variables, err = f.span()
	case "configuration":
		err = f.configuration()
	default:
		err = f.scan.skip()
	}
	return err
}

// textOr reads a text, or passes over anything else.
func (f *tfFile) textOr(otherwise string) (string, error) {
	if f.scan.space() != '"' {
		return otherwise, f.scan.skip()
	}
	return f.scan.text()
}

// truth reads true; anything else is false.
func (f *tfFile) truth() (bool, error) {
	span, err := f.span()
	return string(f.scan.data[span.from:span.to]) == "true", err
}

// listOr visits a list, or passes over anything else.
func (f *tfFile) listOr(visit func(i int) error) error {
	if f.scan.space() != '[' {
		return f.scan.skip()
	}
	return f.scan.list(visit)
}

// objectOr visits an object, or passes over anything else.
func (f *tfFile) objectOr(visit func(key []byte) error) error {
	if f.scan.space() != '{' {
		return f.scan.skip()
	}
	return f.scan.object(visit)
}

// span passes over a value and returns where it stands.
func (f *tfFile) span() (tfSpan, error) {
	f.scan.space()
	from := f.scan.pos
	err := f.scan.skip()
	return tfSpan{int32(from), int32(f.scan.pos)}, err
}

// look passes over an object and keeps where its members stand; ok is false
// where the value is no object.
func (f *tfFile) look() (members tfMembers, ok bool, err error) {
	if f.scan.space() != '{' {
		return tfMembers{}, false, f.scan.skip()
	}
	members.from = int32(len(f.members))
	err = f.scan.object(func([]byte) error {
		at := tfSpan{int32(f.scan.keyFrom), int32(f.scan.keyTo)}
		value, err := f.span()
		f.members = append(f.members, tfMember{at, value})
		return err
	})
	members.to = int32(len(f.members))
	return members, true, err
}

// member is the place of a member of an object.
func (f *tfFile) member(of tfMembers, name string) (tfSpan, bool) {
	for _, m := range f.members[of.from:of.to] {
		if string(f.scan.data[m.key.from:m.key.to]) == name {
			return m.value, true
		}
	}
	return tfSpan{}, false
}

// value reads the value at a place; nil where there is none. It is good until
// the next resource is filled.
func (f *tfFile) value(span tfSpan) *node {
	if span.to == 0 {
		return nil
	}
	var n *node
	err := f.within(span, func() (err error) {
		n, err = f.scan.value(0)
		return err
	})
	if err != nil {
		// The first pass looks at quotes and brackets only.
		f.broken = cmp.Or(f.broken, err)
		return nil
	}
	return n
}

// change reads one item of resource_changes.
func (f *tfFile) change(i int) error {
	r := tfResource{}
	err := f.objectOr(func(key []byte) error {
		var err error
		switch string(key) {
		case "address":
			r.address, err = f.textOr("")
		case "previous_address":
			r.previous, err = f.textOr("")
		case "type":
			r.typ, err = f.textOr("")
		case "mode":
			var mode string
			mode, err = f.textOr("")
			r.data = tfjson.ResourceMode(mode) == tfjson.DataResourceMode
		case "deposed":
			r.deposed = f.scan.space() == '"'
			err = f.scan.skip()
		case "change":
			err = f.objectOr(func(key []byte) error { return f.sides(&r, string(key)) })
		default:
			err = f.scan.skip()
		}
		return err
	})
	if err != nil || r.address == "" {
		return err
	}
	r.place, r.number = "resource_changes", i
	f.locate(&r)
	if r.deposed {
		r.key += " (deposed)"
		r.address += " (deposed)"
	} else {
		f.at[r.address] = len(f.resources)
	}
	f.resources = append(f.resources, r)
	return nil
}

// sides reads one key of a change.
func (f *tfFile) sides(r *tfResource, key string) error {
	modelled := r.typ == "" || tfModelled(r.typ, r.data)
	side := func(exists *bool, members *tfMembers) (err error) {
		if !modelled {
			*exists = f.scan.space() == '{'
			return f.scan.skip()
		}
		*members, *exists, err = f.look()
		return err
	}
	var err error
	none := false
	switch key {
	case "before":
		err = side(&r.hasPast, &r.past)
	case "after":
		err = side(&r.hasNext, &r.next)
	case "after_unknown":
		err = side(&none, &r.unknown)
	case "before_sensitive":
		r.pastHidden, err = f.span()
	case "after_sensitive":
		r.nextHidden, err = f.span()
	case "actions":
		var actions tfjson.Actions
		err = f.listOr(func(int) error {
			text, err := f.textOr("")
			actions = append(actions, tfjson.Action(text))
			return err
		})
		r.forgotten = actions.Forget()
	default:
		err = f.scan.skip()
	}
	return err
}

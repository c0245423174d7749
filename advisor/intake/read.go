package intake

import (
	"slices"

	"ecsavvy/advisor/design"
)

// Options say what the caller knows beside the bytes.
type Options struct {
	// Kind overrides detection; "" detects.
	Kind Kind
	// Region is the AWS region, whatever the input says; only a Terraform plan,
	// whose resources have regions of their own, goes before it.
	Region string
	// DefaultRegion is taken, as an assumption, where the input names none.
	DefaultRegion string
	// LaunchType is the capacity of services whose own capacity the input
	// does not state. A task definition never states it.
	LaunchType design.ProviderKind
	// Count is the number of tasks of services whose count the input does not
	// state; 0 means that the caller does not know either.
	Count float64
	// HoursPerMonth turns rates a month into rates an hour; 0 means 730.
	HoursPerMonth float64
	// ReadFile fetches what a design file or a template refers to, by its path
	// relative to that file, with slashes. Without it a design file's references
	// are errors, and a template's nested stacks are counted as not priced.
	ReadFile func(path string) ([]byte, error)
	// Parameters are values for a CloudFormation template's parameters, and
	// for pseudo parameters such as AWS::StackName.
	Parameters map[string]string
}

// hoursPerMonth is the month of AWS's own price examples: 365 × 24 / 12.
// Source: design.md, rule 5.
const hoursPerMonth = 730

// Read turns an input into a workload, with its lists sorted. Its errors are
// Error or Errors; a reference that cannot be fetched keeps the error of
// Options.ReadFile within.
func Read(name string, data []byte, opts Options) (design.Workload, error) {
	in, err := openAs(name, data, opts.Kind)
	if err != nil {
		return design.Workload{}, err
	}
	var w design.Workload
	switch in.kind {
	case TaskDefinition:
		w, err = readTaskDefinition(in, opts)
	case DesignFile:
		w, err = readDesign(in, opts)
	case CloudFormation:
		w, err = readCloudFormation(in, opts)
	case TerraformPlan:
		var p *Plan
		if p, err = readPlan(in, opts); err == nil {
			w, err = p.onlyWorkload(name)
		}
	case Compose:
		w, err = readCompose(in, opts)
	case Description:
		w, err = readDescription(in, opts)
	default:
		err = unread(name, in.kind)
	}
	if err != nil {
		return design.Workload{}, orOverrule(err, in)
	}
	w.Normalize()
	return w, nil
}

// openAs parses an input as the kind that was asked for, or as what it is.
func openAs(name string, data []byte, kind Kind) (*input, error) {
	if kind == "" {
		return open(name, data)
	}
	if !slices.Contains(Kinds(), kind) {
		return nil, fail(name, "no reader for input kind %q; want one of %s", kind, kindNames())
	}
	if kind == TerraformPlan {
		return openPlan(name, data)
	}
	data, err := decodeText(name, data)
	if err != nil {
		return nil, err
	}
	in := &input{name: name, kind: kind, json: startsJSON(data)}
	if in.json {
		in.root, err = parseJSON(name, data)
	} else {
		in.root, err = parseYAML(name, data)
	}
	if err != nil {
		return in, err
	}
	in.root = unwrapRecorded(in.root)
	return in, in.holds()
}

// holds refuses an input that is not of the kind that the caller named: it
// would read as one that holds nothing, and cost nothing.
func (in *input) holds() error {
	key := map[Kind]string{CloudFormation: "Resources", Compose: "services"}[in.kind]
	if key == "" || in.root.kind == mappingNode && in.root.get(key) != nil {
		return nil
	}
	is := "it has no " + key
	if kind, ok := kindOf(in.root); ok && kind != in.kind {
		is = "this is a " + string(kind)
	}
	return fail(in.name, "want input kind %s: %s", in.kind, is)
}

// region decides the workload's region: the caller's word, the input's, the
// input's hint, the caller's default.
func (o Options) region(stated design.Fact[string]) design.Fact[string] {
	switch {
	case o.Region != "":
		return design.Know(o.Region)
	case stated.Stated():
		return stated
	case o.DefaultRegion != "":
		return design.Assume(o.DefaultRegion, "the input names no region")
	default:
		return design.NotKnown[string]("the input names no region")
	}
}

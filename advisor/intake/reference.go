package intake

import (
	"fmt"
	"path"
	"strings"
)

// reference is a task definition that a design file refers to, read once
// however many services use it.
type reference struct {
	def  *taskDefinition
	errs Errors
	err  error
}

// fetch reads a referenced task definition. The path is relative to the design
// file; "../" is allowed, an absolute path is not: a design file has to mean the
// same on every machine.
func (r *reading) fetch(file string, at place) *taskDefinition {
	clean := path.Clean(strings.ReplaceAll(file, `\`, "/"))
	switch {
	case path.IsAbs(clean), len(clean) > 1 && clean[1] == ':':
		r.errorAt(at, "%q is an absolute path; want one relative to this file", clip(file))
		return nil
	case strings.Contains(clean, "://"), strings.HasPrefix(clean, "arn:"):
		r.errorAt(at, "%q is no path; save the task definition beside this file", clip(file))
		return nil
	case r.opts.ReadFile == nil:
		r.errorAt(at, "cannot read %q: this input is not a file, so it has no files beside it", clip(file))
		return nil
	}
	ref, ok := r.references[clean]
	if !ok {
		ref = r.load(clean)
		r.references[clean] = ref
		r.errs = append(r.errs, ref.errs...)
	}
	if ref.err != nil {
		r.errorAt(at, "reading %s: %v", clip(file), ref.err)
		r.errs[len(r.errs)-1].Err = ref.err
	}
	return ref.def
}

func (r *reading) load(file string) *reference {
	data, err := r.opts.ReadFile(file)
	if err != nil {
		return &reference{err: err}
	}
	in, err := open(file, data)
	if err == nil && in.kind != TaskDefinition {
		err = fmt.Errorf("this is %s; want a task definition", in.kind.title())
	}
	if err != nil {
		return &reference{err: err}
	}
	def, err := parseTaskDefinition(in)
	switch e := err.(type) {
	case nil:
		return &reference{def: def}
	case *Error:
		return &reference{errs: Errors{e}}
	case Errors:
		return &reference{errs: e}
	default:
		return &reference{err: err}
	}
}

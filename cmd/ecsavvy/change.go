package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
)

// changeOptions are the flags that name both sides of a change.
type changeOptions struct {
	inputOptions
	// args are BASE and HEAD, or one plan, or paths of --git.
	args []string
	// paths are files and patterns of which each holds both sides.
	paths     []string
	git       string
	compareTo string
}

func (o *changeOptions) addFlags(cmd *cobra.Command) {
	o.inputOptions.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&o.paths, "path", nil, "`file` or pattern: a Terraform plan, or JSON that ecsavvy diff wrote; each is a project (repeatable)")
	flags.StringVar(&o.git, "git", "", "read both sides from git: a `range` such as origin/main...HEAD, or one revision against the working tree")
	flags.StringVar(&o.compareTo, "compare-to", "", "saved JSON estimate `file` to compare with, of ecsavvy or of Infracost")
}

// check refuses combinations that mean nothing.
func (o *changeOptions) check(cmd *cobra.Command) error {
	n := len(o.args)
	switch {
	case o.git != "" && o.compareTo != "":
		return as(usage, errors.New("--git and --compare-to: want one of them"))
	case o.git != "" && n+len(o.paths) == 0:
		return as(usage, errors.New("--git: want at least one path after it"))
	case n+len(o.paths) == 0:
		return as(usage, errors.New("want BASE and HEAD, or a Terraform plan, or --git with paths; got nothing"))
	case o.git == "" && o.compareTo == "" && n > 0 && len(o.paths) > 0:
		return as(usage, errors.New("--path: it names everything to read; want no other inputs beside it"))
	case o.git == "" && o.compareTo == "" && n > 2:
		return as(usage, fmt.Errorf("want BASE and HEAD, got %d inputs; several plans are --path a.json --path b.json", n))
	}
	for _, arg := range o.args {
		switch {
		case o.git == "" || !strings.HasPrefix(arg, "-"):
		case arg == "-":
			return as(usage, errors.New("--git: standard input has no revisions; want a path"))
		default:
			return as(usage, fmt.Errorf("--git: want a path, got %q; write ./%s if that is its name", arg, arg))
		}
	}
	return o.inputOptions.check(cmd)
}

// resolve expands --path. Beside --git and --compare-to, which name the other
// side, it is what stands after the flags.
func (o *changeOptions) resolve(d *deps) error {
	files, err := o.expand(d)
	if err != nil {
		return err
	}
	o.paths = files
	if o.git != "" || o.compareTo != "" {
		o.args, o.paths = append(o.args, files...), nil
	}
	return nil
}

// heads are the inputs after the change, as far as they are files here.
func (o *changeOptions) heads() []string {
	if o.git == "" && o.compareTo == "" && len(o.args) == 2 {
		return o.args[1:]
	}
	return append(o.args[:len(o.args):len(o.args)], o.paths...)
}

// pair is one project on both sides.
type pair struct {
	name, path, kind string
	before, after    *side
	renamed          map[string]string
	incomplete       []string
}

// side is a project on one side: a design to be priced, or what was priced
// before.
type side struct {
	design *design.Workload
	result *estimate.Result
}

// read reads both sides.
func (o *changeOptions) read(d *deps, out *output, config *settings) (*change, error) {
	head := newReader(&o.inputOptions, d, out)
	head.settings = config
	if len(o.paths) > 0 {
		return head.ofPaths(o.paths)
	}
	var pairs []pair
	var err error
	switch {
	case o.git != "":
		pairs, err = o.gitPairs(head)
	case o.compareTo != "":
		pairs, err = o.savedPairs(head)
	case len(o.args) == 2:
		pairs, err = o.twoSides(head, o.args[0], o.args[1])
	default:
		pairs, err = o.plans(head)
	}
	return &change{pairs: pairs}, err
}

// plans reads an input that holds both sides itself, or a directory of such.
func (o *changeOptions) plans(head *reader) ([]pair, error) {
	sources, err := head.find(o.args)
	if err != nil {
		return nil, err
	}
	var pairs []pair
	var problems []error
	for i := range sources {
		found, err := head.plan(&sources[i])
		problems = append(problems, err)
		pairs = append(pairs, found...)
	}
	return named(pairs), errors.Join(problems...)
}

// twoSides pairs BASE with HEAD. Two plans are compared by what each of them
// leads to.
func (o *changeOptions) twoSides(head *reader, baseArg, headArg string) ([]pair, error) {
	if baseArg == "-" && headArg == "-" {
		return nil, errors.New("BASE and HEAD are both standard input; want one of them from a file")
	}
	var problems []error
	saved, err := head.savedBase(baseArg)
	if err != nil {
		return nil, err
	}
	var before []source
	if saved == nil {
		before, err = head.findSide(baseArg)
		problems = append(problems, err)
	}
	after, err := head.findSide(headArg)
	if problems = append(problems, err); errors.Join(problems...) != nil {
		return nil, errors.Join(problems...)
	}
	if saved != nil {
		return head.againstSaved(saved, after)
	}
	keyed := func(list []source, arg string) {
		for i := range list {
			list[i].key = below(arg, list[i].name)
		}
	}
	keyed(before, baseArg)
	keyed(after, headArg)
	if len(before) == 1 && len(after) == 1 {
		before[0].key = after[0].key
	}
	return pairUp(head, before, head, after)
}

// findSide finds the sources of one side; the null device is an empty one.
func (r *reader) findSide(arg string) ([]source, error) {
	if arg == os.DevNull {
		return nil, nil
	}
	return r.findOne(arg)
}

// below is a source's name as seen from the argument that led to it, so that
// files of two directories are told to be the same.
func below(arg, name string) string {
	if rel, err := filepath.Rel(arg, name); err == nil && rel != "." {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(filepath.Base(name))
}

// pairUp reads the sources of both sides and joins those of one key. What is
// there on one side only was added or removed.
func pairUp(base *reader, before []source, head *reader, after []source) ([]pair, error) {
	var pairs []pair
	var problems []error
	index := map[string]int{}
	read := func(r *reader, s *source, put func(*pair, *side)) {
		inputs, err := r.read(s)
		problems = append(problems, err)
		for j := range inputs {
			in := &inputs[j]
			key := s.key
			if in.several {
				key += " " + in.workload.Region.Value
			}
			i, known := index[key]
			if !known {
				i = len(pairs)
				index[key] = i
				pairs = append(pairs, pair{})
			}
			// The last one to be read is the head: its path and kind stay.
			pairs[i].path, pairs[i].kind = in.path(), string(s.kind)
			put(&pairs[i], &side{design: &in.workload})
		}
	}
	for i := range before {
		read(base, &before[i], func(p *pair, s *side) { p.before = s })
	}
	for i := range after {
		read(head, &after[i], func(p *pair, s *side) { p.after = s })
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return named(pairs), nil
}

// named calls projects by their workloads' names where these tell them apart,
// else by their files.
func named(pairs []pair) []pair {
	taken := map[string]bool{"": true}
	for i := range pairs {
		name := pairs[i].workload()
		if taken[name] {
			for j := range pairs {
				pairs[j].name = pairs[j].path
			}
			return pairs
		}
		taken[name] = true
		pairs[i].name = name
	}
	return pairs
}

// workload is the workload's name, after the change if it is there.
func (p *pair) workload() string {
	for _, s := range []*side{p.after, p.before} {
		switch {
		case s == nil:
		case s.design != nil:
			return s.design.Name
		case s.result != nil:
			return s.result.Workload
		}
	}
	return ""
}

// oneSided is the error of a single input that is no plan.
func (r *reader) oneSided(s *source) error {
	if !slices.Contains(intake.Kinds(), s.kind) {
		_, err := intake.ReadAll(s.name, s.data, r.options(s)) // says what it is
		return err
	}
	return fmt.Errorf("reading %s: a %s has one side only; want BASE and HEAD, or --git, or --compare-to", s.name, s.kind)
}

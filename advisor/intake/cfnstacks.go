package intake

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// ReadStacks reads the templates of several stacks of one region as one
// workload: the files of a cdk.out folder, or templates that import from each
// other. Files are named by their paths, with slashes; a manifest.json of the
// CDK among them says the stacks' names, regions and parameters. Templates of
// nested stacks are read where their parents use them. With Options.Region the
// stacks that the manifest puts elsewhere are counted as not priced.
func ReadStacks(files map[string][]byte, opts Options) (design.Workload, error) {
	c := newCfnReader(opts)
	c.opts.ReadFile = func(file string) ([]byte, error) {
		if data, ok := files[file]; ok {
			return data, nil
		}
		if opts.ReadFile != nil {
			return opts.ReadFile(file)
		}
		return nil, fmt.Errorf("no file %s is at hand", file)
	}
	stacks, err := openStacks(files)
	if err != nil {
		return design.Workload{}, err
	}
	if stacks, err = c.ofOneRegion(stacks); err != nil {
		return design.Workload{}, err
	}
	name := "stacks"
	if base := path.Base(path.Dir(stacks[0].in.name)); base != "." && base != "/" {
		name = base
	}
	if len(stacks) == 1 {
		name = stacks[0].name
	}
	var roots []*cfnTemplate
	for _, s := range stacks {
		prefix := ""
		if len(stacks) > 1 {
			prefix = s.name + "/"
		}
		t := newCfnTemplate(s.in.name, s.in.root, prefix, c.set)
		t.dir = path.Dir(s.in.name)
		if s.named {
			t.pseudo["AWS::StackName"] = s.name
		}
		t.setRegion(s.region)
		if s.account != "" {
			t.pseudo["AWS::AccountId"] = s.account
		}
		t.give(s.parameters)
		roots = append(roots, t)
	}
	w, err := c.workload(stacks[0].in.name, name, roots)
	w.Normalize()
	return w, err
}

// cfnStack is a stack before its template is evaluated.
type cfnStack struct {
	in *input
	// name is the manifest's (named), else made from the file's.
	name  string
	named bool
	// region and account are the manifest's, "" where it leaves them open.
	region, account string
	parameters      map[string]string
}

// openStacks parses the files and sets nested templates aside.
func openStacks(files map[string][]byte) ([]cfnStack, error) {
	var stacks []cfnStack
	byFile := make(map[string]*cfnStack)
	nested := make(map[string]bool)
	var manifests []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		switch base := path.Base(name); {
		case base == "manifest.json":
			manifests = append(manifests, name)
			continue
		case base == "tree.json", base == "cdk.out", strings.HasSuffix(base, ".assets.json"), strings.HasSuffix(base, ".metadata.json"):
			continue // the CDK's own notes
		}
		in, err := openAs(name, files[name], CloudFormation)
		if err != nil {
			return nil, err
		}
		for _, file := range nestedFiles(path.Dir(name), in.root) {
			nested[file] = true
		}
		stacks = append(stacks, cfnStack{in: in, name: stackName(templateName(nameFrom(name)))})
	}
	stacks = slices.DeleteFunc(stacks, func(s cfnStack) bool { return nested[s.in.name] })
	if len(stacks) == 0 {
		return nil, fail("", "none of the %d files is the template of a stack", len(files))
	}
	for i := range stacks {
		byFile[stacks[i].in.name] = &stacks[i]
	}
	for _, name := range manifests {
		if err := readManifest(name, files[name], byFile); err != nil {
			return nil, err
		}
	}
	seen := make(map[string]string)
	for i := range stacks {
		if other := seen[stacks[i].name]; other != "" {
			return nil, fail(stacks[i].in.name, "the stack %s is in %s too", stacks[i].name, other)
		}
		seen[stacks[i].name] = stacks[i].in.name
	}
	return stacks, nil
}

// stackName makes a name of letters, digits and hyphens, as stacks have.
func stackName(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' {
			return r
		}
		return '-'
	}, text)
}

// nestedFiles lists the templates that a template's nested stacks use.
func nestedFiles(dir string, root *node) []string {
	section := root.get("Resources")
	if section == nil {
		return nil
	}
	var files []string
	for _, e := range section.entries {
		if kind := e.value.get("Type"); kind == nil || kind.text != "AWS::CloudFormation::Stack" {
			continue
		}
		if file := nestedPath(dir, e.value, e.value.get("Properties").get("TemplateURL")); file != "" {
			files = append(files, file)
		}
	}
	return files
}

// readManifest takes over what the CDK's manifest says about stacks.
// Source: docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ArtifactManifest.html.
func readManifest(name string, data []byte, byFile map[string]*cfnStack) error {
	data, err := decodeText(name, data)
	if err != nil {
		return err
	}
	root, err := parseJSON(name, data)
	if err != nil {
		return err
	}
	artifacts := root.get("artifacts")
	if artifacts == nil {
		return nil
	}
	for _, e := range artifacts.entries {
		properties := e.value.get("properties")
		template := properties.get("templateFile")
		if template == nil {
			continue
		}
		s := byFile[path.Join(path.Dir(name), template.text)]
		if s == nil {
			continue
		}
		s.named = true
		if s.name = stackName(e.key); properties.get("stackName") != nil {
			s.name = stackName(properties.get("stackName").text)
		}
		s.environment(e.value.get("environment"))
		s.parameters = make(map[string]string)
		if given := properties.get("parameters"); given != nil {
			for _, p := range given.entries {
				s.parameters[p.key] = p.value.text
			}
		}
	}
	return nil
}

// environment reads aws://account/region.
func (s *cfnStack) environment(n *node) {
	if n == nil {
		return
	}
	rest, ok := strings.CutPrefix(n.text, "aws://")
	account, region, both := strings.Cut(rest, "/")
	if !ok || !both {
		return
	}
	if account != "unknown-account" {
		s.account = account
	}
	if region != "unknown-region" {
		s.region = region
	}
}

// ofOneRegion keeps the stacks of the region that the caller asks for, or
// refuses a choice that is the caller's.
func (c *cfnReader) ofOneRegion(stacks []cfnStack) ([]cfnStack, error) {
	var regions []string
	for _, s := range stacks {
		if s.region != "" {
			regions = append(regions, s.region)
		}
	}
	slices.Sort(regions)
	regions = slices.Compact(regions)
	if c.opts.Region == "" {
		if len(regions) > 1 {
			return nil, fail("", "the stacks are for %s; choose one with --region", strings.Join(regions, ", "))
		}
		return stacks, nil
	}
	var kept []cfnStack
	for _, s := range stacks {
		if s.region != "" && s.region != c.opts.Region {
			c.stack.unpriced(fmt.Sprintf("stack %s in %s", s.name, s.region))
			continue
		}
		kept = append(kept, s)
	}
	if len(kept) == 0 {
		return nil, fail("", "no stack is for %s; they are for %s", c.opts.Region, strings.Join(regions, ", "))
	}
	return kept, nil
}

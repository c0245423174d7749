package intake

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// cfnReader fills a stack from the templates of one reading.
type cfnReader struct {
	opts  Options
	set   *cfnSet
	stack stack
	kinds map[string]cfnKind
	// free remembers which types cost nothing.
	free map[string]bool
	// associations join Elastic IPs with what holds them.
	associations []cfnAssociation
	// servicePaths are the keys of services by resource ID, scaled the
	// resource IDs of scalable targets by key.
	servicePaths, scaled map[string]string
}

// cfnKind reads one type of resource.
type cfnKind struct {
	read func(*cfnReader, *cfnResource)
	// paid says that the resource itself has a price, so one that may exist
	// is counted as not priced. Of the others what refers to them says it.
	paid bool
}

// readCloudFormation turns a template into a workload.
func readCloudFormation(in *input, opts Options) (design.Workload, error) {
	c := newCfnReader(opts)
	t := newCfnTemplate(in.name, in.root, "", c.set)
	return c.workload(in.name, nameFrom(in.name), []*cfnTemplate{t})
}

func newCfnReader(opts Options) *cfnReader {
	return &cfnReader{
		opts:  opts,
		set:   &cfnSet{byKey: make(map[string]*cfnResource)},
		stack: stack{code: "the template"},
		kinds: cfnKinds(),
		free:  make(map[string]bool),

		servicePaths: make(map[string]string),
		scaled:       make(map[string]string),
	}
}

// workload evaluates templates and joins what they hold. file is for messages
// about the whole.
func (c *cfnReader) workload(file, name string, roots []*cfnTemplate) (design.Workload, error) {
	c.stack.name = templateName(name)
	if len(roots) == 1 && c.opts.Parameters["AWS::StackName"] != "" {
		c.stack.name = c.opts.Parameters["AWS::StackName"]
	}
	c.stack.region = c.region(roots)
	for _, t := range roots {
		t.setRegion(c.stack.region.Value)
		t.give(c.opts.Parameters)
	}
	for _, t := range roots {
		if err := c.open(t, 0); err != nil {
			return design.Workload{}, err
		}
	}
	for _, t := range c.set.templates {
		if err := t.expand(); err != nil {
			return design.Workload{}, err
		}
	}
	c.set.checkParameters(file, c.opts.Parameters)
	for _, t := range roots {
		c.template(t)
	}
	c.associate()
	c.scaledServices()
	c.stack.idleTasks(cfnTaskDef)
	for _, reason := range c.set.skipped {
		c.stack.unpriced(reason)
	}
	if err := c.set.exhausted(file); err != nil {
		return design.Workload{}, err
	}
	if err := c.set.errs.orNil(); err != nil {
		return design.Workload{}, err
	}
	return c.stack.workload(c.opts), nil
}

// templateName drops what tools append to the name of a stack's file.
func templateName(name string) string {
	name = strings.TrimSuffix(name, ".template")
	return strings.TrimSuffix(name, ".stack")
}

// template reads the resources of a template.
func (c *cfnReader) template(t *cfnTemplate) {
	c.transforms(t)
	for _, r := range t.resources {
		c.resource(r)
	}
}

// resource reads one resource.
func (c *cfnReader) resource(r *cfnResource) {
	kind, ok := c.kinds[r.kind]
	switch {
	case !ok && c.isFree(r.kind):
	case !ok && strings.HasPrefix(r.kind, "Custom::"):
		c.stack.unpriced("AWS::CloudFormation::CustomResource")
	case !ok:
		c.stack.unpriced(r.kind)
	case kind.paid && r.exists == undecided:
		c.stack.unpriced(fmt.Sprintf("%s, which may exist (%s)", r.kind, clip(r.node.get("Condition").text)))
	default:
		kind.read(c, r)
	}
}

// isFree reports whether a type has no price of its own.
func (c *cfnReader) isFree(kind string) bool {
	free, ok := c.free[kind]
	if !ok {
		_, free = cfnFree(kind)
		c.free[kind] = free
	}
	return free
}

// transforms counts macros that may change the template in ways that nobody
// here knows.
func (c *cfnReader) transforms(t *cfnTemplate) {
	section := t.root.get("Transform")
	if section == nil {
		return
	}
	names := section.items
	if section.kind != listNode {
		names = []*node{section}
	}
	for _, n := range names {
		name := n.text
		if inner := n.get("Name"); inner != nil {
			name = inner.text
		}
		if name != "" && name != "AWS::LanguageExtensions" && name != "AWS::Serverless-2016-10-31" {
			c.stack.unpriced("transform " + clip(name))
		}
	}
}

// region decides the region before anything is evaluated: Ref AWS::Region and
// maps by region depend on it. A template names none, but the logs of its
// containers may.
func (c *cfnReader) region(roots []*cfnTemplate) fact[string] {
	hint := fact[string]{}
	var seen []string
	for _, t := range roots {
		if region := t.pseudo["AWS::Region"]; region != "" {
			hint = design.Know(region) // the manifest of the CDK says so
		}
		resources := t.root.get("Resources")
		if resources == nil || hint.Stated() {
			continue
		}
		for _, e := range resources.entries {
			seen = append(seen, logRegions(e.value)...)
		}
	}
	slices.Sort(seen)
	if seen = slices.Compact(seen); !hint.Stated() && len(seen) == 1 {
		hint = design.Assume(seen[0], "from awslogs-region")
	}
	return c.opts.region(hint)
}

// logRegions lists the regions that a task definition logs to, as far as they
// stand there in so many letters.
func logRegions(resource *node) []string {
	if kind := resource.get("Type"); kind == nil || kind.text != "AWS::ECS::TaskDefinition" {
		return nil
	}
	var regions []string
	if containers := resource.get("Properties").get("ContainerDefinitions"); containers != nil {
		for _, n := range containers.items {
			region := n.get("LogConfiguration").get("Options").get("awslogs-region")
			if region != nil && region.kind == textNode && regionName(region.text) {
				regions = append(regions, region.text)
			}
		}
	}
	return regions
}

// Bounds of stacks in stacks, which may refer to themselves.
const (
	maxCfnNesting   = 10
	maxCfnTemplates = 1000
)

// open opens the templates of nested stacks that are at hand: those that the
// caller can fetch by the path in TemplateURL (as written for aws
// cloudformation package) or in the CDK's asset metadata.
func (c *cfnReader) open(t *cfnTemplate, depth int) error {
	section := t.root.get("Resources")
	if section == nil || c.opts.ReadFile == nil || depth == maxCfnNesting {
		return nil
	}
	for _, e := range section.entries {
		url := e.value.get("Properties").get("TemplateURL")
		if kind := e.value.get("Type"); kind == nil || kind.text != "AWS::CloudFormation::Stack" {
			continue
		}
		if url != nil {
			url = t.eval(url)
		}
		file := nestedPath(t.dir, e.value, url)
		if file == "" || len(c.set.templates) >= maxCfnTemplates {
			continue
		}
		data, err := c.opts.ReadFile(file)
		if err != nil {
			continue // counted as not priced
		}
		in, err := openAs(file, data, CloudFormation)
		if err != nil {
			return err
		}
		nested := newCfnTemplate(file, in.root, t.prefix+e.key+"/", c.set)
		nested.dir, nested.parent = path.Dir(file), &cfnParent{template: t, node: e.value}
		for name, value := range t.pseudo {
			if name != "AWS::StackName" && name != "AWS::StackId" {
				nested.pseudo[name] = value
			}
		}
		t.nested[e.key] = nested
		if err := c.open(nested, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// nestedPath is the file of a nested stack's template, relative to where the
// caller reads files; "" where it is a URL or not known.
func nestedPath(dir string, resource, url *node) string {
	file := ""
	if asset := resource.get("Metadata").get("aws:asset:path"); asset != nil {
		file = asset.text
	} else if url != nil && url.kind == textNode {
		file = url.text
	}
	file = strings.ReplaceAll(file, `\`, "/")
	if file == "" || strings.Contains(file, ":") || path.IsAbs(file) {
		return ""
	}
	return path.Join(dir, file)
}

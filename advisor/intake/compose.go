package intake

import (
	"cmp"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// composeReader turns a Compose file into a workload. It knows what three tools
// that bring Compose files to ECS make of their own keys (Docker's ECS
// integration, compose-x, Defang), and takes over as little as possible where no
// such key stands. Nothing is read but the file, and what it includes or extends
// through Options.ReadFile: neither the environment nor env_file.
//
// The file is read with this package's own tree and not with compose-go, which
// would cost every start of the program 3.5 ms and 3 MB for its JSON schema, and
// 6.7 ms for a file of one service. The tests hold the two equal.
type composeReader struct {
	file  string
	opts  Options
	model composeModel
	tool  composeTool
	errs  Errors

	w      design.Workload
	region fact[string]
}

// composeTool is the tool whose keys a file uses.
type composeTool string

const (
	plainCompose composeTool = ""
	dockerECS    composeTool = "Docker's ECS integration"
	composeX     composeTool = "compose-x"
	defang       composeTool = "Defang"
)

func readCompose(in *input, opts Options) (design.Workload, error) {
	r := &composeReader{file: in.name, opts: opts}
	r.model, r.errs = loadCompose(in, opts)
	if err := r.errs.orNil(); err != nil {
		return design.Workload{}, err
	}
	// From here on mistakes are found while reading: all cursors share a list.
	r.share(&r.errs)
	r.tool = toolOf(&r.model)
	r.w.Name = r.model.name
	r.clusterHint()
	units := r.units()
	tasks := r.join(units)
	for _, t := range tasks {
		r.task(t)
	}
	r.shared(tasks)
	r.ingress(tasks)
	if err := r.errs.orNil(); err != nil {
		return design.Workload{}, err
	}
	r.w.Region = opts.region(r.region)
	return r.w, nil
}

// share makes every cursor of the model collect its mistakes in one list.
func (r *composeReader) share(errs *Errors) {
	r.model.root.errs = errs
	for i := range r.model.services {
		r.model.services[i].errs = errs
	}
	for _, parts := range []map[string]cursor{r.model.volumes, r.model.secrets} {
		for name, c := range parts {
			c.errs = errs
			parts[name] = c
		}
	}
}

// toolOf tells which tool a file is written for by the extensions it uses.
// compose-x reads Docker's keys too, so its own decide.
func toolOf(m *composeModel) composeTool {
	tool := plainCompose
	note := func(t composeTool) {
		if tool == plainCompose || t == composeX {
			tool = t
		}
	}
	scan := func(n *node, own []string) {
		if n == nil {
			return
		}
		for _, e := range n.entries {
			switch {
			case strings.HasPrefix(e.key, "x-aws-"):
				note(dockerECS)
			case strings.HasPrefix(e.key, "x-defang-"):
				note(defang)
			case slices.Contains(own, e.key):
				note(composeX)
			}
		}
	}
	ofService := []string{"x-ecs", "x-scaling", "x-network", "x-iam", "x-xray", "x-ecr", "x-docker_opts", "x-prometheus"}
	for _, s := range m.services {
		scan(s.node, ofService)
		deploy := s.get("deploy")
		scan(deploy.node, nil)
		if labels := deploy.get("labels"); labels.here() {
			for _, e := range labels.node.entries {
				if strings.HasPrefix(e.key, "ecs.task.") || strings.HasPrefix(e.key, "ecs.compute.") || strings.HasPrefix(e.key, "ecs.ephemeral.") {
					note(composeX)
				}
			}
			for _, item := range labels.node.items {
				if strings.HasPrefix(item.text, "ecs.task.") || strings.HasPrefix(item.text, "ecs.compute.") {
					note(composeX)
				}
			}
		}
	}
	scan(m.root.node, []string{"x-cluster", "x-elbv2", "x-vpc", "x-dns", "x-cloudmap"})
	return tool
}

func (r *composeReader) unpriced(kind string) {
	if r.w.NotPriced == nil {
		r.w.NotPriced = make(map[string]int)
	}
	r.w.NotPriced[kind]++
}

// clusterHint reads which cluster services run on. An ARN tells the region too;
// the account in it is not kept.
func (r *composeReader) clusterHint() {
	if text, ok := r.model.root.get("x-aws-cluster").text("a cluster's name or ARN"); ok && text != "" {
		region, name := arnParts(text, "cluster")
		if region != "" {
			r.region = design.Know(region)
		}
		r.model.cluster = cmp.Or(name, text)
		return
	}
	x := r.model.root.get("x-cluster")
	if !x.here() || x.node.kind != mappingNode {
		return
	}
	for _, at := range []cursor{x.get("Properties").get("ClusterName"), x.get("Use"), x.get("Lookup")} {
		if at.here() && at.node.scalar() {
			r.model.cluster = at.name("a cluster's name")
			return
		}
	}
}

// arnParts takes the region and the last part of the name out of an ARN of some
// kind of resource; both are empty where the text is none.
func arnParts(text, kind string) (region, name string) {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return "", ""
	}
	if name, ok := strings.CutPrefix(parts[5], kind+"/"); ok {
		if regionName(parts[3]) {
			region = parts[3]
		}
		return region, name[strings.LastIndexByte(name, '/')+1:]
	}
	return "", ""
}

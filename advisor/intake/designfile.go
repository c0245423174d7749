package intake

import (
	"cmp"
	"strings"

	"ecsavvy/advisor/design"
)

// document is a design file as written.
type document struct {
	name     string
	region   design.Fact[string]
	cluster  *clusterDraft
	clusters []named[clusterDraft]
	services []named[serviceDraft]
	network  networkDraft

	balancers    []named[balancerDraft]
	logs         []named[design.LogGroup]
	alarms       []named[design.Alarms]
	repositories []named[design.Repository]
	secrets      []named[design.SecretStore]
	fileSystems  []named[design.FileSystem]
	namespaces   []named[design.Namespace]

	commitments design.Commitments
	variants    []named[[]change]
}

// documentForm is the whole vocabulary.
func documentForm() form[document] {
	f := mapping("Design file", "A workload: the services of one region and what they share. Any part may be left out. "+
		"Top-level keys that begin with `x-` are not read; they are a place for YAML anchors.",
		"name: shop\nregion: eu-west-2\nservices:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    count: 3\nnetwork: {azs: 2}\n",
		field("name", "The workload's name; the file's where nothing is said.", text("a name"), func(d *document) *string { return &d.name }),
		field("region", "The AWS region.", known(regionForm()), func(d *document) *design.Fact[string] { return &d.region }),
		field("cluster", "The cluster, where there is one.", optional(clusterForm()), func(d *document) **clusterDraft { return &d.cluster }),
		field("clusters", "Several clusters by name.", byName("cluster", clusterForm()), func(d *document) *[]named[clusterDraft] { return &d.clusters }),
		field("services", "Services by name.", byName("service", serviceForm()), func(d *document) *[]named[serviceDraft] { return &d.services }),
		field("network", "What services share on the way in and out.", networkForm(), func(d *document) *networkDraft { return &d.network }),
		field("load_balancers", "Load balancers that several services share, by name.", byName("load balancer", sharedBalancerForm()), func(d *document) *[]named[balancerDraft] { return &d.balancers }),
		field("logs", "Log groups of no single service, by name.", byName("log group", logsForm()), func(d *document) *[]named[design.LogGroup] { return &d.logs }),
		field("alarms", "Alarms of no single service, by name.", byName("alarm group", alarmsForm()), func(d *document) *[]named[design.Alarms] { return &d.alarms }),
		field("repositories", "ECR repositories of no single service, by name.", byName("repository", repositoryForm()), func(d *document) *[]named[design.Repository] { return &d.repositories }),
		field("secrets", "Secrets of no single service, by name of the group.", byName("secret group", secretsForm()), func(d *document) *[]named[design.SecretStore] { return &d.secrets }),
		field("file_systems", "EFS file systems of no single service, by name.", byName("file system", fileSystemForm()), func(d *document) *[]named[design.FileSystem] { return &d.fileSystems }),
		field("namespaces", "Cloud Map namespaces of no single service, by name.", byName("namespace", namespaceForm()), func(d *document) *[]named[design.Namespace] { return &d.namespaces }),
		field("commitments", "What the account owns already.", commitmentsForm(), func(d *document) *design.Commitments { return &d.commitments }),
		field("variants", "Other designs by name, each a mapping of paths of this file to values.", byName("variant", variantForm()), func(d *document) *[]named[[]change] { return &d.variants }),
	)
	f.shape.extensions = true
	return f
}

// readDesign reads a design file, and every variant of it: a variant that
// would not read is a mistake in the file.
func readDesign(in *input, opts Options) (design.Workload, error) {
	vocabulary := documentForm()
	r := newReading(in.name, opts)
	w := r.workload(vocabulary, in.root)
	if err := r.errs.orNil(); err != nil {
		return design.Workload{}, err
	}
	var errs Errors
	for _, v := range w.Variants {
		changed := newReading(in.name, opts)
		changed.references = r.references
		changed.context = "variant " + v.Name + ": "
		root := changed.apply(vocabulary.shape, in.root, changesOf(in.root, v.Name))
		if len(changed.errs) == 0 {
			changed.workload(vocabulary, root)
		}
		errs = append(errs, changed.errs...)
	}
	if err := errs.orNil(); err != nil {
		return design.Workload{}, err
	}
	return w, nil
}

func newReading(file string, opts Options) *reading {
	return &reading{file: file, opts: opts, month: cmp.Or(opts.HoursPerMonth, hoursPerMonth), references: make(map[string]*reference)}
}

// workload reads a document and puts its parts together. The result is of use
// only where no error was found.
func (r *reading) workload(vocabulary form[document], root *node) design.Workload {
	var d document
	vocabulary.read(r, root, &d)
	if len(r.errs) > 0 {
		return design.Workload{}
	}
	return r.assemble(&d)
}

// namesDesign reports whether a document is meant as a design file: by one of
// its keys, or by one that is nearly "services". A design without services
// (a network alone, a shared load balancer) is one too.
func namesDesign(root *node) bool {
	for _, e := range root.entries {
		switch e.key {
		case "services", "load_balancers", "variants", "commitments", "network", "cluster", "clusters",
			"repositories", "file_systems", "namespaces", "alarms", "logs", "region":
			return true
		}
		if editDistance(strings.ToLower(e.key), "services") <= 2 {
			return true
		}
	}
	return false
}

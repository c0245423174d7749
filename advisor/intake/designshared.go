package intake

import "ecsavvy/advisor/design"

// The resources beside compute and network: each stands under a service, or at
// the top of the file by name where services share it.

// oneOrNamed reads a mapping of fixed keys, or a mapping of such by name. What
// is meant shows in the values: names lead to mappings only.
func oneOrNamed[T any](what string, one form[T]) form[[]named[T]] {
	several := byName(what, one)
	s := &shape{want: one.shape.want + ", or a mapping of such by name", any: []*shape{one.shape, several.shape}}
	return form[[]named[T]]{s, func(r *reading, n *node, into *[]named[T]) {
		byNames := n.kind == mappingNode && len(n.entries) > 0
		for _, e := range n.entries {
			byNames = byNames && e.value.kind == mappingNode
		}
		if byNames {
			several.read(r, n, into)
			return
		}
		*into = make([]named[T], 1)
		(*into)[0].at = place{line: n.line, col: n.col, path: r.pathText()}
		one.read(r, n, &(*into)[0].value)
	}}
}

func logsForm() form[design.LogGroup] {
	return mapping("Logs", "A CloudWatch Logs log group. Under a service it replaces the groups that its task definition names, unless several are given by name.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    logs: {ingest: 20GB/month, retention: 30d}\nlogs: {audit: {ingest: 1GB/month, retention: never, class: infrequent_access}}\n",
		field("name", "The group's name.", text("a log group's name"), func(g *design.LogGroup) *string { return &g.Name }),
		field("ingest", "Data written.", amount(monthlyData()), func(g *design.LogGroup) *design.Fact[float64] { return &g.Ingest }),
		field("retention", "How long it is kept.", amount(retention()), func(g *design.LogGroup) *design.Fact[float64] { return &g.RetentionDays }),
		field("class", "The log class; standard where nothing is said.", oneOf(choice[design.LogClass]{"standard", design.LogStandard}, choice[design.LogClass]{"infrequent_access", design.LogInfrequentAccess}),
			func(g *design.LogGroup) *design.LogClass { return &g.Class }),
		field("stored", "Compressed data at rest; from ingest and retention where nothing is said.", amount(size()), func(g *design.LogGroup) *design.Fact[float64] { return &g.Stored }),
	)
}

func repositoryForm() form[design.Repository] {
	return mapping("Image", "An ECR repository: its images at rest. The size is also what each task pulls when it starts.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    image: {size: 300MB, keep_images: 20, pushes_per_month: 40}\n",
		field("name", "The repository's name.", text("a name"), func(i *design.Repository) *string { return &i.Name }),
		field("size", "One image, compressed.", amount(size()), func(i *design.Repository) *design.Fact[float64] { return &i.ImageGB }),
		field("stored", "All images at rest, where it is known.", amount(size()), func(i *design.Repository) *design.Fact[float64] { return &i.Stored }),
		field("keep_images", "How many images the lifecycle rule keeps.", amount(whole()), func(i *design.Repository) *design.Fact[float64] { return &i.KeepImages }),
		field("keep_days", "How many days the lifecycle rule keeps an image.", amount(count()), func(i *design.Repository) *design.Fact[float64] { return &i.KeepDays }),
		field("pushes_per_month", "Images pushed a month, which turns days into a number.", amount(perMonth()), func(i *design.Repository) *design.Fact[float64] { return &i.PushesPerMonth }),
	)
}

func secretsForm() form[design.SecretStore] {
	return discreetly(mapping("Secrets", "How many secrets there are; what they hold has no place in this file.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    secrets: {secrets_manager: 3, parameters: 5, advanced_parameters: 2, reads: 1000/month}\n",
		field("secrets_manager", "Secrets in Secrets Manager.", amount(whole()), func(s *design.SecretStore) *design.Fact[float64] { return &s.Secrets }),
		field("parameters", "Standard parameters in Parameter Store.", amount(whole()), func(s *design.SecretStore) *design.Fact[float64] { return &s.StandardParameters }),
		field("advanced_parameters", "Advanced parameters in Parameter Store.", amount(whole()), func(s *design.SecretStore) *design.Fact[float64] { return &s.AdvancedParameters }),
		field("reads", "API calls beside those at the start of a task.", amount(perMonth()), func(s *design.SecretStore) *design.Fact[float64] { return &s.Reads }),
	))
}

func fileSystemForm() form[design.FileSystem] {
	type fact = design.Fact[float64]
	return mapping("EFS", "An EFS file system.",
		"services:\n  media:\n    task: {cpu: 0.5, memory: 1GB}\n    storage: {efs: {stored: 50GB, infrequent: 200GB, read: 100GB/month, write: 20GB/month}}\n",
		field("name", "The file system's name.", text("a name"), func(f *design.FileSystem) *string { return &f.Name }),
		field("stored", "Data in the standard class.", amount(size()), func(f *design.FileSystem) *fact { return &f.Stored }),
		field("infrequent", "Data in the infrequent access class.", amount(size()), func(f *design.FileSystem) *fact { return &f.InfrequentGB }),
		field("infrequent_read", "Data read from the infrequent access class.", amount(monthlyData()), func(f *design.FileSystem) *fact { return &f.InfrequentReadGB }),
		field("infrequent_write", "Data written to the infrequent access class.", amount(monthlyData()), func(f *design.FileSystem) *fact { return &f.InfrequentWriteGB }),
		field("archive", "Data in the archive class.", amount(size()), func(f *design.FileSystem) *fact { return &f.ArchiveGB }),
		field("read", "Data read, with elastic throughput.", amount(monthlyData()), func(f *design.FileSystem) *fact { return &f.ReadGB }),
		field("write", "Data written, with elastic throughput.", amount(monthlyData()), func(f *design.FileSystem) *fact { return &f.WriteGB }),
		field("provisioned", "Provisioned throughput; what the stored data includes is free.", amount(throughput()), func(f *design.FileSystem) *fact { return &f.ProvisionedMiBps }),
		field("one_zone", "Whether it lies in one Availability Zone.", boolean(), func(f *design.FileSystem) *bool { return &f.OneZone }),
	)
}

// storageDraft is what a service stores.
type storageDraft struct{ efs *design.FileSystem }

func storageForm() form[storageDraft] {
	return mapping("Storage", "What a service stores beside its tasks' own volumes.",
		"services: {media: {task: {cpu: 0.5, memory: 1GB}, storage: {efs: {stored: 50GB, one_zone: true}}}}\n",
		field("efs", "An EFS file system of the service.", optional(fileSystemForm()), func(s *storageDraft) **design.FileSystem { return &s.efs }))
}

func namespaceForm() form[design.Namespace] {
	return mapping("Discovery", "Service discovery with Cloud Map. Instances that ECS registers are free.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    discovery: {instances: 5, queries: 2M/month, dns: true}\n",
		field("instances", "Registered instances that are billed.", amount(count()), func(n *design.Namespace) *design.Fact[float64] { return &n.Instances }),
		field("queries", "DiscoverInstances calls.", amount(perMonth()), func(n *design.Namespace) *design.Fact[float64] { return &n.Queries }),
		field("dns", "Whether it is a DNS namespace, with a Route 53 hosted zone.", boolean(), func(n *design.Namespace) *bool { return &n.HostedZone }),
	)
}

// alarmsForm reads alarms; a plain number is of standard resolution.
func alarmsForm() form[design.Alarms] {
	plain := as(number(whole()), func(n float64) design.Alarms { return design.Alarms{Standard: design.Know(n)} })
	return promoting("standard", either(plain, mapping("Alarms", "CloudWatch alarms. A plain number is of standard resolution.",
		"services:\n  api:\n    task: {cpu: 0.5, memory: 1GB}\n    alarms: {standard: 3, high_resolution: 1, composite: 1}\n",
		field("standard", "Alarms of standard resolution (60 s).", amount(whole()), func(a *design.Alarms) *design.Fact[float64] { return &a.Standard }),
		field("high_resolution", "Alarms of high resolution (10 s or 30 s).", amount(whole()), func(a *design.Alarms) *design.Fact[float64] { return &a.HighResolution }),
		field("composite", "Composite alarms.", amount(whole()), func(a *design.Alarms) *design.Fact[float64] { return &a.Composite }),
	)))
}

package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// logGroup reads a log group. AWS does not say whether storedBytes is counted
// before or after the compression that storage is billed after.
// Source: docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html.
func (d *describer) logGroup(at cursor) {
	d.place(at.get("arn").name("an ARN"))
	name := at.get("logGroupName").name("a name")
	if !d.first("log group", name) {
		return
	}
	g := logGroup{cloudResource: cloudResource{key: name, name: name, at: at.path}, retention: at.get("retentionInDays").count("a number of days")}
	if class := at.get("logGroupClass").name("a class"); class == string(design.LogInfrequentAccess) {
		g.class = design.LogInfrequentAccess
	}
	if stored := at.get("storedBytes").gigabytes(); stored.Stated() {
		g.stored = design.Assume(stored.Value, "storedBytes when the reply was saved, taken as billed")
	}
	d.stack.logGroups = append(d.stack.logGroups, g)
}

// seenImages are the images of a repository.
type seenImages struct {
	count, gb float64
	at        string
}

// image adds up the images of a repository. Lists of images for several
// architectures have no size of their own: their images are listed too.
// Source: docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html.
func (d *describer) image(at cursor) {
	repository, size := at.get("repositoryName").name("a name"), at.get("imageSizeInBytes").gigabytes()
	if repository == "" || !size.Stated() {
		return
	}
	digest := at.get("imageDigest").name("a digest")
	if digest != "" && !d.first("image", repository+"@"+digest) {
		return
	}
	for _, tag := range at.get("imageTags").items("a list of tags") {
		d.account.imageGB[repository+":"+tag.name("a tag")] = size.Value
	}
	d.account.imageGB[repository+"@"+digest] = size.Value
	if kind := at.get("imageManifestMediaType").name("a media type"); strings.Contains(kind, "index") || strings.Contains(kind, "manifest.list") {
		return
	}
	images := d.account.images[repository]
	if images == nil {
		images = &seenImages{at: at.path}
		d.account.images[repository] = images
	}
	images.count++
	images.gb += size.Value
}

// imageKey is repository:tag or repository@digest of a private ECR image, as the
// images of describe-images are called here.
func imageKey(image string) string {
	host, path, ok := strings.Cut(image, "/")
	if !ok || !strings.Contains(host, ".dkr.ecr.") && !strings.Contains(host, ".dkr-ecr.") {
		return ""
	}
	if tagged, digest, ok := strings.Cut(path, "@"); ok {
		return repositoryOf(tagged) + "@" + digest
	}
	if !strings.Contains(path, ":") {
		path += ":latest" // what is pulled where nothing is said
	}
	return path
}

// ignored is a part of a reply that a workload has no use for.
func (d *describer) ignored(cursor) {}

// repository reads an ECR repository; what is in it comes from describe-images.
func (d *describer) repository(at cursor) {
	d.place(at.get("repositoryArn").name("an ARN"))
	name := at.get("repositoryName").name("a name")
	if d.first("repository", name) {
		d.stack.repositories = append(d.stack.repositories, ecrRepository{cloudResource: cloudResource{key: name, name: name, at: at.path}})
	}
}

// lifecycle reads the reply of get-lifecycle-policy.
func (d *describer) lifecycle(at cursor) {
	if text, ok := at.get("lifecyclePolicyText").text("a lifecycle policy in JSON"); ok && text != "" {
		d.account.policies[at.get("repositoryName").name("a name")] = text
	}
}

// filledRepositories lays images and lifecycle policies over the repositories.
func (d *describer) filledRepositories() {
	have := make(map[string]bool)
	for i := range d.stack.repositories {
		have[d.stack.repositories[i].name] = true
	}
	for _, name := range sortedKeys(d.account.images) {
		if !have[name] {
			d.stack.repositories = append(d.stack.repositories, ecrRepository{cloudResource: cloudResource{key: name, name: name, at: d.account.images[name].at}})
		}
	}
	for i := range d.stack.repositories {
		r := &d.stack.repositories[i]
		r.policy = design.NotKnown[string]("it is not in this input")
		if text := d.account.policies[r.name]; text != "" {
			r.policy = design.Know(text)
		}
		if images := d.account.images[r.name]; images != nil {
			r.stored = design.Assume(images.gb, "the sum over the images; layers that they share are stored once")
			r.imageGB = design.Know(images.gb / images.count)
		}
	}
}

// fileSystem reads an EFS file system.
// Source: docs.aws.amazon.com/efs/latest/ug/API_FileSystemDescription.html.
func (d *describer) fileSystem(at cursor) {
	d.place(at.get("FileSystemArn").name("an ARN"))
	size := at.get("SizeInBytes")
	f := efsSystem{
		cloudResource: cloudResource{key: at.get("FileSystemId").name("an ID"), at: at.path},
		oneZone:       at.get("AvailabilityZoneName").name("a zone") != "",
		mode:          at.get("ThroughputMode").name("a mode"),
		provisioned:   at.get("ProvisionedThroughputInMibps").number(parseNumber, "MiB/s"),
		stored:        orElse(size.get("ValueInStandard").gigabytes(), size.get("Value").gigabytes()),
		infrequent:    size.get("ValueInIA").gigabytes(), archive: size.get("ValueInArchive").gigabytes(),
	}
	if !d.first("file system", f.key) {
		return
	}
	d.stack.fileSystems = append(d.stack.fileSystems, f)
}

// secret reads the name of a secret.
func (d *describer) secret(at cursor) {
	arn := at.get("ARN").name("an ARN")
	d.place(arn)
	name := cmpOr(at.get("Name").name("a name"), arnName(arn))
	if !d.first("secret", arnName(arn)) {
		return
	}
	d.stack.secrets = append(d.stack.secrets, secret{cloudResource{key: name, name: name, ids: []string{arnName(arn)}, at: at.path}})
}

// namespace reads a Cloud Map namespace; only one of DNS has a hosted zone.
func (d *describer) namespace(at cursor) {
	d.place(at.get("Arn").name("an ARN"))
	id := at.get("Id").name("an ID")
	if !d.first("namespace", id) {
		return
	}
	d.stack.namespaces = append(d.stack.namespaces, namespace{
		cloudResource: cloudResource{key: id, name: at.get("Name").name("a name"), at: at.path},
		dns:           strings.HasPrefix(at.get("Type").name("a type"), "DNS"),
	})
}

// setting reads an account setting.
func (d *describer) setting(at cursor) {
	value := at.get("value").name("a value")
	switch at.get("name").name("a setting") {
	case "containerInsights":
		d.stack.accountDefault.insights = design.Know(design.Insights(value))
	case "awsvpcTrunking":
		d.stack.accountDefault.trunking = design.Know(value == "enabled")
	}
}

// alarm reads a metric alarm of ECS and of what stands around it. Alarms on other
// things are not ECS's.
// Source: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html.
func (d *describer) alarm(at cursor) {
	d.place(at.get("AlarmArn").name("an ARN"))
	d.stack.alarmsListed = true
	name := at.get("AlarmName").name("a name")
	if !d.first("alarm", name) {
		return
	}
	a := metricAlarm{cloudResource: cloudResource{key: name, name: name, at: at.path}, period: at.get("Period").count("a number of seconds")}
	dimensions, namespaces := at.get("Dimensions").items("a list of dimensions"), []string{at.get("Namespace").name("a namespace")}
	for _, m := range at.get("Metrics").items("a list of metrics") {
		stat := m.get("MetricStat")
		if !stat.here() {
			continue
		}
		a.metrics++
		if absent(a.period) {
			a.period = stat.get("Period").count("a number of seconds")
		}
		metric := stat.get("Metric")
		dimensions = append(dimensions, metric.get("Dimensions").items("a list of dimensions")...)
		namespaces = append(namespaces, metric.get("Namespace").name("a namespace"))
	}
	cluster, service := "", ""
	for _, dim := range dimensions {
		switch dim.get("Name").name("a name") {
		case "ClusterName":
			cluster = dim.get("Value").name("a value")
		case "ServiceName":
			service = dim.get("Value").name("a value")
		}
	}
	ours := cluster != ""
	for _, n := range namespaces {
		switch n {
		case "AWS/ECS", "AWS/ECS/ManagedScaling", "ECS/ContainerInsights", "AWS/ApplicationELB", "AWS/NetworkELB", "AWS/NATGateway":
			ours = true
		}
	}
	if !ours {
		d.stack.unpriced("CloudWatch alarm on something else than ECS")
		return
	}
	if service != "" {
		a.cluster, a.service = refText(cluster), refText(cmpOr(cluster, "default")+"/"+service)
	}
	d.stack.alarms = append(d.stack.alarms, a)
}

// compositeAlarm counts an alarm on other alarms, whose subject nothing tells.
func (d *describer) compositeAlarm(at cursor) {
	d.place(at.get("AlarmArn").name("an ARN"))
	d.stack.unpriced("composite CloudWatch alarm")
}

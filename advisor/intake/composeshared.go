package intake

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// composeLogs is where a container's logs go.
type composeLogs struct {
	driver, group string
	retention     fact[float64] // days
}

// logging reads a service's log driver. Without one the three ECS tools send logs
// to CloudWatch; a file for none of them says nothing about it.
// Source: getLogConfiguration in github.com/docker-archive/compose-cli,
// ecs/convert.go; task_logging.py in github.com/compose-x/ecs_composex;
// CreateECSService in github.com/DefangLabs/pulumi-defang.
func (r *composeReader) logging(u *composeUnit) {
	at := u.at.get("logging")
	u.logs.driver = at.get("driver").name("a log driver")
	options := at.get("options")
	group := options.get("awslogs-group")
	if r.tool != plainCompose && (u.logs.driver == "" || r.tool == dockerECS) {
		u.logs.driver = "awslogs"
	}
	if u.logs.driver != "awslogs" {
		return
	}
	switch r.tool {
	case dockerECS:
		u.logs.retention = assumeIfAbsent(r.model.root.get("x-aws-logs_retention").count("a number of days"),
			0, "Docker's ECS integration sets no retention: logs never expire")
	case composeX:
		for _, days := range []cursor{u.at.get("x-aws-logs_retention"), u.at.get("x-logging").fold("RetentionInDays")} {
			if n := days.count("a number of days"); n.Stated() && n.Value > u.logs.retention.Value {
				u.logs.retention = n // compose-x: "priority goes to the highest value"
			}
		}
	}
	if name := group.name("a log group"); name != "" {
		u.logs.group = name
	}
	if name, ok := options.get("awslogs-region").text("a region"); ok && regionName(name) {
		switch {
		case !r.region.Stated() && r.region.Note == "":
			r.region = design.Assume(name, "from awslogs-region")
		case r.region.Basis == design.Assumed && r.region.Value != name:
			r.region = design.NotKnown[string]("services log to different regions")
		}
	}
}

// mounts lists the named volumes that a container uses. Folders of the host and
// unnamed volumes end with the task.
func (u *composeUnit) mounts() {
	seen := make(keySet)
	for _, at := range u.at.get("volumes").items("a list of volumes") {
		if !at.here() {
			continue
		}
		source := ""
		if at.node.kind == mappingNode {
			if kind := at.get("type").name("a type"); kind != "" && kind != "volume" {
				continue
			}
			source = at.get("source").name("a volume")
		} else if before, _, found := strings.Cut(at.name("a volume"), ":"); found {
			source = before
		}
		if source != "" && !strings.ContainsAny(source, `./\~$`) && seen.add(source) {
			u.volumes = append(u.volumes, source)
		}
	}
}

// persistent reports whether a named volume becomes an EFS file system. Docker's
// ECS integration makes every one into such, and there is nothing else on Fargate
// that keeps data; compose-x does where the volume asks for it, and Defang does
// not.
// Source: ensureVolumes in github.com/docker-archive/compose-cli,
// ecs/awsResources.go; docs.compose-x.io/syntax/compose_x/efs.html.
func (r *composeReader) persistent(name string) bool {
	at, ok := r.model.volumes[name]
	switch r.tool {
	case defang:
		return false
	case composeX:
		driver := at.get("driver").name("a volume driver")
		return at.has("x-efs") || at.get("external").here() || driver == "efs" || driver == "nfs" ||
			at.get("driver_opts").has("performance_mode") || at.get("driver_opts").has("lifecycle_policy")
	}
	return ok
}

// secretNames lists the secrets that a container reads, by their name in the file.
func (u *composeUnit) secretNames() {
	seen := make(keySet)
	add := func(name string) {
		if name != "" && seen.add(name) {
			u.secrets = append(u.secrets, name)
		}
	}
	list := u.at.get("secrets")
	if list.here() && list.node.kind != listNode {
		list.say("want a list of secrets, got %s", list.node.kind)
		return
	}
	for _, at := range list.items("a list of secrets") {
		switch {
		case !at.here():
		case at.node.kind == mappingNode:
			add(at.get("source").name("the name of a secret"))
		case at.node.scalar():
			add(at.node.text)
		}
	}
	// compose-x: "secrets::name" is a secret of this file.
	add(strings.TrimPrefix(u.at.get("x-aws-pull_credentials").name("a secret's ARN"), "secrets::"))
}

// secretStore tells where a secret is kept. certain is false where the file does
// not say: Secrets Manager, where Docker's ECS integration and compose-x put them;
// Parameter Store with Defang.
// Source: createSecret in github.com/docker-archive/compose-cli,
// ecs/cloudformation.go; docs.compose-x.io/syntax/docker-compose/secrets.html;
// docs.defang.io/docs/concepts/configuration.
func (r *composeReader) secretStore(name string) (store string, certain bool) {
	at := r.model.secrets[name]
	id := cmp.Or(at.get("x-secrets").get("Name").name("a name"), at.get("name").name("a name"), name)
	parts := strings.SplitN(id, ":", 4)
	switch {
	case len(parts) == 4 && parts[0] == "arn" && (parts[2] == secretsManager || parts[2] == parameterStore):
		return parts[2], true
	case r.tool == defang:
		return parameterStore, false
	}
	made := r.tool == dockerECS && at.here() && !at.get("external").here()
	return secretsManager, made || at.has("x-secrets")
}

// shared adds what services have beside their tasks: log groups, secrets, file
// systems, the namespace, and resources of compose-x without a model here.
func (r *composeReader) shared(tasks []*composeTask) {
	volumes, secrets := make(map[string][]string), make(map[string][]string)
	for _, t := range tasks {
		var groups []string
		for _, u := range t.units {
			if group := r.logGroupOf(u, t.name); u.logs.driver == "awslogs" && !slices.Contains(groups, group) {
				groups = append(groups, group)
				r.logGroup(t.name, group, u.logs.retention)
			}
			for _, v := range u.volumes {
				if r.persistent(v) && !slices.Contains(volumes[v], t.name) {
					volumes[v] = append(volumes[v], t.name)
				}
			}
			for _, s := range u.secrets {
				if !slices.Contains(secrets[s], t.name) {
					secrets[s] = append(secrets[s], t.name)
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(volumes)) {
		r.fileSystem(name, volumes[name])
	}
	r.secretStores(secrets)
	if r.tool == dockerECS {
		// Source: createCloudMap in github.com/docker-archive/compose-cli,
		// ecs/cloudformation.go.
		r.w.Namespaces = []design.Namespace{{Name: r.model.name + ".local", HostedZone: true}}
	}
	if r.tool == composeX {
		r.network()
		r.otherResources()
	}
}

// logGroupOf is the group that a container of a task logs to, "" where it names
// none and no tool does.
func (r *composeReader) logGroupOf(u *composeUnit, task string) string {
	switch {
	case u.logs.driver != "awslogs" || u.logs.group != "":
		return u.logs.group
	case r.tool == dockerECS:
		return "/docker-compose/" + r.model.name
	case r.tool == composeX:
		return task
	case r.tool == defang:
		return r.model.name
	}
	return ""
}

func (r *composeReader) logGroup(service, name string, retention fact[float64]) {
	g := design.LogGroup{
		Name: name, Service: service, RetentionDays: retention,
		Ingest: design.NotKnown[float64]("log volume is not in a Compose file"),
	}
	if absent(g.RetentionDays) {
		g.RetentionDays = design.NotKnown[float64]("the log group's retention is not in the Compose file")
	}
	r.w.LogGroups = append(r.w.LogGroups, g)
}

// owner is the service that a resource belongs to, "" for several.
func owner(services []string) string {
	if len(services) == 1 {
		return services[0]
	}
	return ""
}

func (r *composeReader) fileSystem(name string, services []string) {
	fs := design.FileSystem{
		Name: name, Service: owner(services),
		Stored: design.NotKnown[float64]("the size of a volume is not in a Compose file"),
	}
	opts := r.model.volumes[name].get("driver_opts")
	if opts.get("throughput_mode").name("a throughput mode") == "provisioned" {
		fs.ProvisionedMiBps = opts.get("provisioned_throughput").count("a number of MiB/s")
	}
	r.w.FileSystems = append(r.w.FileSystems, fs)
}

// secretStores counts each secret once: for the service that reads it, or for all
// where several do.
func (r *composeReader) secretStores(users map[string][]string) {
	stores := make(map[string]*design.SecretStore)
	for _, name := range slices.Sorted(maps.Keys(users)) {
		service := owner(users[name])
		s := stores[service]
		if s == nil {
			s = &design.SecretStore{Name: cmpOr(service, r.model.name), Service: service}
			stores[service] = s
		}
		store, certain := r.secretStore(name)
		one := design.Know(1.0)
		if !certain {
			one = design.Assume(1.0, "each secret of the file is one of its own, where "+cmpOr(string(r.tool), string(dockerECS))+" puts it")
		}
		if store == parameterStore {
			s.StandardParameters = addAsked(s.StandardParameters, design.Assume(1.0, "a Compose file does not tell standard from advanced parameters"))
		} else {
			s.Secrets = addAsked(s.Secrets, one)
		}
	}
	for _, service := range slices.Sorted(maps.Keys(stores)) {
		r.w.Secrets = append(r.w.Secrets, *stores[service])
	}
}

// network reads the VPC that compose-x creates.
// Source: docs.compose-x.io/syntax/compose_x/vpc.html.
func (r *composeReader) network() {
	at := r.model.root.get("x-vpc")
	vpc := at.get("Create")
	if !vpc.here() {
		vpc = at.get("Properties")
	}
	if !vpc.here() || vpc.node.kind != mappingNode {
		return
	}
	r.w.Network.NAT.Kind = design.NATGateway
	if vpc.get("SingleNat").flag(false) {
		r.w.Network.NAT.Count = design.Know(1.0)
	}
	for _, e := range vpc.get("Endpoints").get("AwsServices").items("a list of endpoints") {
		service := e.get("service").name("an AWS service")
		kind := design.InterfaceEndpoint
		if service == "s3" || service == "dynamodb" {
			kind = design.GatewayEndpoint
		}
		if service != "" {
			r.w.Network.Endpoints = append(r.w.Network.Endpoints, design.Endpoint{Service: service, Kind: kind})
		}
	}
}

// otherResources counts what compose-x creates and this project has no model
// for. A key of that name without such a mapping below is somebody's YAML anchor.
// Source: docs.compose-x.io/modules_syntax.html.
func (r *composeReader) otherResources() {
	kinds := []string{
		"x-rds", "x-docdb", "x-neptune", "x-elasticache", "x-dynamodb", "x-opensearch", "x-s3", "x-sqs", "x-sns", "x-kinesis",
		"x-kinesis_firehose", "x-kms", "x-events", "x-alarms", "x-dashboards", "x-appmesh", "x-aps", "x-codeguru_profiler",
		"x-cognito_userpool", "x-ssm_parameter", "x-route53",
	}
	for _, e := range r.model.root.node.entries {
		if !slices.Contains(kinds, e.key) || e.value.kind != mappingNode {
			continue
		}
		for _, resource := range e.value.entries {
			made := resource.value.get("Properties") != nil || resource.value.get("MacroParameters") != nil
			if made && resource.value.get("Lookup") == nil && resource.value.get("Use") == nil {
				r.unpriced(e.key)
			}
		}
	}
}

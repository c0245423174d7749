package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// composeUnit is one service of a Compose file: one container, which is a task
// by itself unless it is joined with others.
type composeUnit struct {
	name  string
	at    cursor
	image string

	// cpu is in vCPU, hard and soft limits of memory in GB.
	cpu, hard, soft fact[float64]
	gpus            int
	os              fact[design.OS]
	arch            fact[design.Architecture]
	ephemeral       fact[float64] // GiB

	replicas fact[float64]
	scaled   *design.ScaledCount
	mode     string // deploy.mode, "" for replicated, once for what others wait for to end

	providers []design.Provider
	machine   string // the instance type that placement asks for
	// maximum is the deployment's maximumPercent.
	maximum fact[float64]

	// families are the task definitions that the unit belongs to; none means
	// one of its own.
	families []string
	// joins is the unit whose network this one shares.
	joins string

	logs    composeLogs
	secrets []string
	volumes []string
	ports   []composePort
	xray    bool
	// managed is the extension that makes a managed service of the unit.
	managed string
	notes   []string
}

// composeUnits reads every service that runs.
func (r *composeReader) units() []*composeUnit {
	var units []*composeUnit
	awaited := r.awaited()
	for i, at := range r.model.services {
		u := &composeUnit{name: r.model.names[i], at: at}
		switch {
		case at.has("provider"):
			// Source: "provider", docs.docker.com/reference/compose-file/services.
			r.unpriced("provider of a Compose service: " + at.get("provider").get("type").name("a name"))
			continue
		case profiled(at):
			r.unpriced("Compose service in a profile that is off by default")
			continue
		}
		if u.managed = managedBy(at); u.managed != "" {
			r.unpriced(u.managed)
			continue
		}
		r.read(u)
		if _, ends := awaited[u.name]; ends && u.mode == "" && absent(u.replicas) {
			u.mode = once
		}
		units = append(units, u)
	}
	for range r.model.root.get("models").entries("a mapping of models") {
		r.unpriced("model of a Compose file")
	}
	return units
}

// once is the mode of a service that does its work and ends: a migration.
const once = "once"

// awaited are the services that others wait for to end.
// Source: depends_on in docs.docker.com/reference/compose-file/services.
func (r *composeReader) awaited() keySet {
	names := make(keySet)
	for _, at := range r.model.services {
		depends := at.get("depends_on")
		if !depends.here() || depends.node.kind != mappingNode {
			continue
		}
		for _, e := range depends.entries("a mapping of services") {
			if on := e.value.get("condition"); on != nil && on.text == "service_completed_successfully" {
				names.add(e.key)
			}
		}
	}
	return names
}

// profiled reports whether a service waits for its profile to be asked for.
// Source: docs.docker.com/compose/how-tos/profiles.
func profiled(at cursor) bool {
	return len(at.get("profiles").items("a list of profiles")) > 0
}

// managedBy is the Defang extension that turns a service into a managed one:
// RDS, ElastiCache, DocumentDB, S3 and CloudFront run in place of a container.
// Source: docs.defang.io/docs/concepts/managed-storage.
func managedBy(at cursor) string {
	for _, key := range []string{"x-defang-postgres", "x-defang-redis", "x-defang-mongodb", "x-defang-static-files"} {
		if at.has(key) && at.get(key).node.flagOr(true) {
			return key
		}
	}
	return ""
}

// flagOr is false for a value that says so, and true for anything else that may
// stand for "on": a mapping, nothing at all.
func (n *node) flagOr(otherwise bool) bool {
	if n == nil || n.kind != boolNode {
		return otherwise
	}
	return n.text == "true"
}

// read fills in a unit. Environment, commands, labels other than those that the
// tools give a meaning, and the contents of env_file are not looked at.
func (r *composeReader) read(u *composeUnit) {
	at := u.at
	u.image = at.get("image").name("an image's name")
	r.platform(u)
	u.resources(r.tool)
	u.count()
	r.capacity(u)
	u.labels()
	r.logging(u)
	u.secretNames()
	u.mounts()
	u.published()
	u.deployment(r.tool)
	u.xray = at.get("x-xray").node.flagOr(false)
	if mode := at.get("network_mode").name("a network mode"); strings.HasPrefix(mode, "service:") {
		u.joins = strings.TrimPrefix(mode, "service:")
	}
	if at.get("x-scaling").fold("ScheduledActions").here() {
		u.note("x-scaling.ScheduledActions change the number of tasks at times that are not taken into account")
	}
	if at.has("x-defang-llm") {
		u.note("x-defang-llm: what the models of Amazon Bedrock cost is not part of this")
	}
}

func (u *composeUnit) note(text string) {
	if !slices.Contains(u.notes, text) {
		u.notes = append(u.notes, text)
	}
}

// platform reads the operating system and the architecture: platform, or what
// compose-x states for the task.
func (r *composeReader) platform(u *composeUnit) {
	at := u.at.get("platform")
	if text, ok := at.text("a platform, such as linux/arm64"); text != "" && ok {
		parts := strings.Split(strings.ToLower(text), "/")
		switch parts[0] {
		case "linux":
			u.os = design.Know(design.Linux)
		case "windows":
			u.os = design.Know(design.Windows)
		case "amd64", "x86_64", "arm64", "aarch64":
			parts = append([]string{""}, parts...) // Docker takes "arm64" for linux/arm64
		default:
			at.wrong("a platform that ECS runs: linux/amd64, linux/arm64 or windows/amd64")
		}
		if len(parts) > 1 {
			u.arch = architectureOf(at, parts[1])
		}
	}
	ecs := u.at.get("x-ecs")
	if at := ecs.fold("CpuArchitecture"); at.here() {
		u.arch = architectureOf(at, strings.ToLower(at.name("X86_64 or ARM64")))
	}
	if at := ecs.fold("OperatingSystemFamily"); at.here() {
		switch name := strings.ToUpper(at.name("LINUX or WINDOWS_SERVER_…")); {
		case name == "LINUX":
			u.os = design.Know(design.Linux)
		case strings.HasPrefix(name, "WINDOWS_SERVER_"):
			u.os = design.Know(design.Windows)
		default:
			at.wrong("LINUX or WINDOWS_SERVER_…")
		}
	}
	switch isolation := u.at.get("isolation").name("an isolation"); {
	case !u.os.Stated() && (isolation == "process" || isolation == "hyperv"):
		u.os = design.Assume(design.Windows, "isolation: "+isolation+" exists on Windows only")
	case !u.os.Stated() && windowsImage(u.image):
		u.os = design.Assume(design.Windows, "the image "+clip(u.image)+" is for Windows and no platform says otherwise")
	}
}

func architectureOf(at cursor, name string) fact[design.Architecture] {
	switch name {
	case "amd64", "x86_64", "x86-64":
		return design.Know(design.X86)
	case "arm64", "aarch64":
		return design.Know(design.ARM64)
	}
	at.wrong("an architecture that ECS runs: amd64 or arm64")
	return fact[design.Architecture]{}
}

// deployment reads how far a rolling update goes beyond the running tasks.
// Source: computeRollingUpdateLimits in github.com/docker-archive/compose-cli,
// ecs/cloudformation.go.
func (u *composeUnit) deployment(tool composeTool) {
	update := u.at.get("deploy").get("update_config")
	if u.maximum = update.get("x-aws-max_percent").count("a percentage"); !absent(u.maximum) || tool != dockerECS {
		return
	}
	parallel := update.get("parallelism").count("a number of tasks")
	if parallel.Stated() && u.replicas.Stated() && u.replicas.Value > 0 && parallel.Value > 0 {
		u.maximum = design.Know(float64(int((u.replicas.Value + parallel.Value) * 100 / u.replicas.Value)))
	}
}

// labels reads the deploy labels that compose-x gives a meaning.
// Source: docs.compose-x.io/syntax/compose_x/ecs.details/deploy.html.
func (u *composeUnit) labels() {
	labels := u.at.get("deploy").get("labels")
	if !labels.here() {
		return
	}
	label := func(key string) cursor {
		if labels.node.kind != listNode {
			return labels.get(key)
		}
		for i, item := range labels.node.items {
			if value, ok := strings.CutPrefix(item.text, key+"="); ok {
				n := *item
				n.text = value
				return labels.down(index(labels.path, i), &n)
			}
		}
		return labels.down(labels.path, nil)
	}
	seen := make(keySet)
	for family := range strings.SplitSeq(label("ecs.task.family").name("names of task families"), ",") {
		if family = strings.TrimSpace(family); family != "" && seen.add(family) {
			u.families = append(u.families, family)
		}
	}
	if at := label("ecs.ephemeral.storage"); at.here() {
		gib := at.count("a number of GiB, 21 to 200")
		// compose-x: "If below 21, it is ignored, if above 200, set to 200".
		if gib.Stated() && gib.Value > design.FreeEphemeralGiB {
			gib.Value = min(gib.Value, 200)
			u.ephemeral = gib
		}
	}
	if at := label("ecs.compute.platform"); at.here() && len(u.providers) == 0 {
		kind := design.ProviderKind(strings.ToUpper(at.name("EC2, FARGATE or EXTERNAL")))
		if !slices.Contains(launchTypes(), kind) {
			at.wrong("EC2, FARGATE or EXTERNAL")
			return
		}
		u.providers = design.Only(kind).Providers
	}
}

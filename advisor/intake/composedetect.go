package intake

import "strings"

// composeEvidence weighs what speaks for a Compose file and what for a design
// file: both have services. Keys that both know count for neither.
func composeEvidence(root *node) (compose, ours int) {
	if root == nil || root.kind != mappingNode {
		return 0, 0
	}
	for _, e := range root.entries {
		switch e.key {
		case "version", "networks", "volumes", "configs", "include":
			compose++
		case "region", "network", "cluster", "clusters", "load_balancers", "commitments", "variants",
			"alarms", "repositories", "file_systems", "namespaces", "logs":
			ours++
		case "x-cluster", "x-elbv2", "x-vpc":
			compose++
		default:
			if strings.HasPrefix(e.key, "x-aws-") || strings.HasPrefix(e.key, "x-defang-") {
				compose++
			}
		}
	}
	services := root.get("services")
	if services == nil || services.kind != mappingNode {
		return compose, ours
	}
	known := serviceKeys()
	for i, s := range services.entries {
		if i == enoughServices {
			break
		}
		for _, e := range s.value.entries {
			switch side := known[e.key]; {
			case strings.HasPrefix(e.key, "x-"), side == Compose:
				compose++
			case e.key == "image" || e.key == "secrets":
				// Compose has a text and a list where ours has mappings.
				if e.value.kind == mappingNode {
					ours++
				} else {
					compose++
				}
			case side == DesignFile:
				ours++
			}
		}
	}
	return compose, ours
}

// enoughServices is how many services are looked at to tell what a file is.
const enoughServices = 50

// serviceKeys tells whose key a service's key is, where only one of the two kinds
// has it.
// Source: docs.docker.com/reference/compose-file/services.
func serviceKeys() map[string]Kind {
	whose := make(map[string]Kind, 128)
	for _, key := range []string{ // of serviceForm, which takes longer to make than most files to read
		"cluster", "tags", "task", "count", "runs", "capacity", "public_ip", "scheduling_strategy", "distinct_instance", "spot_rework", "ingress", "service_connect",
		"sidecars", "deployment", "traffic", "logs", "storage", "discovery", "alarms",
	} {
		whose[key] = DesignFile
	}
	for _, key := range []string{
		"build", "ports", "expose", "environment", "env_file", "depends_on", "deploy", "command", "entrypoint", "restart",
		"volumes", "networks", "network_mode", "healthcheck", "container_name", "hostname", "links", "external_links", "logging",
		"labels", "platform", "profiles", "extends", "user", "working_dir", "privileged", "cap_add", "cap_drop", "devices", "dns",
		"extra_hosts", "init", "ipc", "pid", "scale", "cpus", "cpu_shares", "mem_limit", "mem_reservation", "gpus", "provider",
		"security_opt", "shm_size", "stdin_open", "stop_grace_period", "stop_signal", "sysctls", "tmpfs", "tty", "ulimits", "configs",
		"read_only", "isolation", "pull_policy", "models", "develop",
	} {
		whose[key] = Compose
	}
	return whose
}

// looksLikeCompose tells the two kinds apart; where the evidence is even it is a
// design file, since a Compose service that states nothing would not start.
func looksLikeCompose(root *node) bool {
	compose, ours := composeEvidence(root)
	return compose > ours
}

// guessed reports whether the document could have been the other of the two
// kinds, so that an error should say how to overrule the guess.
func guessed(in *input) bool {
	compose, ours := composeEvidence(in.root)
	return in.kind == Compose && ours > 0 || in.kind == DesignFile && compose > 0
}

// orOverrule adds how to overrule a guess to the errors of reading by it.
func orOverrule(err error, in *input) error {
	if err == nil || !guessed(in) {
		return err
	}
	other := Compose
	if in.kind == Compose {
		other = DesignFile
	}
	hint := fail(in.name, "this was read as %s; if it is %s, say so with --input-kind %s", in.kind.title(), other.title(), other)
	switch e := err.(type) {
	case *Error:
		return Errors{e, hint}
	case Errors:
		return append(e, hint)
	}
	return err
}

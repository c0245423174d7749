package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// secretRefs are the distinct secrets that a task definition refers to, by
// store. Only their number leaves this package.
type secretRefs map[string]map[string]struct{}

// The stores that a reference names.
const (
	secretsManager = "secretsmanager"
	parameterStore = "ssm"
)

// add counts a reference and returns its store. A Secrets Manager ARN may end
// in a JSON key, a stage and a version: those are parts of one secret.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html.
func (s secretRefs) add(valueFrom string) (store string) {
	store, id := parameterStore, valueFrom
	parts := strings.Split(valueFrom, ":")
	if len(parts) > 2 && parts[0] == "arn" && parts[2] == secretsManager {
		store = secretsManager
		id = strings.Join(parts[:min(len(parts), 7)], ":")
	}
	if s[store] == nil {
		s[store] = make(map[string]struct{})
	}
	s[store][id] = struct{}{}
	return store
}

// store is the bill's view of the references; ok is false where there are none.
func (s secretRefs) store(service string) (design.SecretStore, bool) {
	store := design.SecretStore{Name: service, Service: service}
	if n := len(s[secretsManager]); n > 0 {
		store.Secrets = design.Know(float64(n))
	}
	if n := len(s[parameterStore]); n > 0 {
		store.StandardParameters = design.Assume(float64(n), "a task definition does not tell standard from advanced parameters")
	}
	return store, len(s) > 0
}

// secretRefs counts a container's references by store.
func (r *taskReader) secretRefs(n *node, at string) map[string]int {
	var refs map[string]int
	count := func(store string) {
		if refs == nil {
			refs = make(map[string]int)
		}
		refs[store]++
	}
	r.secretList(n, at, "secrets", count)
	if private, _ := n.fold("repositoryCredentials"); private != nil {
		if ref, _ := private.fold("credentialsParameter"); ref != nil && ref.kind == textNode {
			count(r.result.secrets.add(ref.text))
		}
	}
	return refs
}

// secretList reads a list of {name, valueFrom}. Messages name the place and
// never the value.
func (r *taskReader) secretList(n *node, at, key string, count func(store string)) {
	list, written := n.fold(key)
	if list == nil {
		return
	}
	at = join(at, written)
	if list.kind != listNode {
		r.secretError(at, list, "a list of {\"name\", \"valueFrom\"}")
		return
	}
	for i, item := range list.items {
		from, _ := item.fold("valueFrom")
		if from == nil || !from.scalar() && from.kind != tagNode {
			r.secretError(index(at, i), item, "a mapping with valueFrom")
			continue
		}
		store := r.result.secrets.add(from.text)
		if count != nil {
			count(store)
		}
	}
}

func (r *taskReader) secretError(at string, n *node, want string) {
	r.errs = append(r.errs, &Error{File: r.in.name, Line: int(n.line), Col: int(n.col), Path: at,
		Text: "want " + want + ", got " + n.kind.String()})
}

// volumes reads what is billed by itself: EFS file systems and the EBS volumes
// that ECS creates for each task.
func (r *taskReader) volumes(root *node, at string) {
	list, key := root.fold("volumes")
	if list == nil {
		return
	}
	at = join(at, key)
	if list.kind != listNode {
		r.wrong(at, list, "a list of volumes")
		return
	}
	for i, v := range list.items {
		at := index(at, i)
		if v.kind != mappingNode {
			r.wrong(at, v, "a volume")
			continue
		}
		r.volume(v, at)
	}
}

func (r *taskReader) volume(v *node, at string) {
	name := r.text(v, at, "name")
	t := &r.result.task
	efs, efsKey := v.fold("efsVolumeConfiguration")
	if efs == nil {
		efs, efsKey = v.fold("efsVolumeConfig") // CloudFormation has had both
	}
	launch, _ := v.fold("configuredAtLaunch")
	fsx, _ := v.fold("fsxWindowsFileServerVolumeConfiguration")
	switch {
	case efs != nil && efs.kind != mappingNode:
		r.wrong(join(at, efsKey), efs, "a mapping with fileSystemId")
	case efs != nil:
		t.Volumes = append(t.Volumes, design.TaskVolume{Name: name, Kind: "efs"})
		id := r.text(efs, join(at, efsKey), "fileSystemId")
		if id == "" {
			id = r.text(efs, join(at, efsKey), "filesystemId") // CloudFormation's spelling
		}
		if id == "" {
			id = name
		}
		r.result.fileSystems = append(r.result.fileSystems, id)
	case launch != nil && strings.EqualFold(launch.text, "true"):
		unknown := design.NotKnown[float64]("the volume is configured at launch; its size is not in a task definition")
		t.Volumes = append(t.Volumes, design.TaskVolume{Name: name, Kind: "ebs", Volume: design.Volume{Type: "gp3", GB: unknown}})
	case fsx != nil:
		r.unpriced("FSx for Windows File Server volume")
	}
}

// tags reads [{"key": …, "value": …}], or a mapping.
func (r *taskReader) tags(n *node, at string) map[string]string {
	if n == nil {
		return nil
	}
	tags := make(map[string]string)
	for _, e := range n.entries {
		tags[e.key] = e.value.text
	}
	for i, item := range n.items {
		at := index(join(at, "tags"), i)
		if key := r.text(item, at, "key"); key != "" {
			tags[key] = r.text(item, at, "value")
		}
	}
	if len(tags) == 0 {
		return nil
	}
	return tags
}

// logGroups are the awslogs groups of a service. How much is logged stands in
// no task definition.
func (d *taskDefinition) logGroups(service string) []design.LogGroup {
	var groups []design.LogGroup
	for _, name := range d.groups {
		groups = append(groups, design.LogGroup{
			Name: name, Service: service,
			Ingest:        design.NotKnown[float64]("log volume is not in a task definition"),
			RetentionDays: design.NotKnown[float64]("the retention is the log group's, not the task definition's"),
		})
	}
	return groups
}

// efs are the file systems of a service.
func (d *taskDefinition) efs(service string) []design.FileSystem {
	var systems []design.FileSystem
	for _, id := range d.fileSystems {
		systems = append(systems, design.FileSystem{
			Name: id, Service: service,
			Stored: design.NotKnown[float64]("the size of an EFS file system is not in a task definition"),
		})
	}
	return systems
}

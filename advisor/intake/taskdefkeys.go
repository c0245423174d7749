package intake

import (
	"fmt"
	"slices"
	"strings"
)

// taskDefinitionKeys are the keys of RegisterTaskDefinition and of what
// describe-task-definition adds.
// Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html.
func taskDefinitionKeys() []string {
	return []string{
		"containerDefinitions", "cpu", "memory", "family", "networkMode", "requiresCompatibilities", "volumes",
		"runtimePlatform", "ephemeralStorage", "executionRoleArn", "taskRoleArn", "placementConstraints", "proxyConfiguration",
		"inferenceAccelerators", "ipcMode", "pidMode", "enableFaultInjection", "tags",
		"taskDefinitionArn", "revision", "status", "compatibilities", "requiresAttributes", "registeredAt", "registeredBy",
		"deregisteredAt", "deleteRequestedAt",
	}
}

// misspelt notes keys that are nearly those of a task definition: AWS adds
// keys, so unknown ones are no mistake, but ephemeralStroage is.
func (r *taskReader) misspelt(root *node) {
	keys := taskDefinitionKeys()
	for _, e := range root.entries {
		if slices.ContainsFunc(keys, func(known string) bool { return strings.EqualFold(e.key, known) }) {
			continue // nearly always: a plan has thousands of task definitions
		}
		best, least := "", 3
		for _, known := range keys {
			if d := editDistance(strings.ToLower(e.key), strings.ToLower(known)); d < least {
				best, least = known, d
			}
		}
		if best != "" && len(e.key) > 4 {
			r.note(fmt.Sprintf("the key %s is not read; did you mean %s?", clip(e.key), best))
		}
	}
}

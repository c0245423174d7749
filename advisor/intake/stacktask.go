package intake

// readTask reads a task definition that stands somewhere in a larger document:
// a resource of a plan or a template. The keys may be ECS's or CloudFormation's;
// values that are not known are nodes of kind unknownNode (or YAML tags). Paths
// of errors begin with at.
func readTask(file string, root *node, at string) (*taskDefinition, Errors) {
	r := &taskReader{in: &input{name: file, root: root}, result: &taskDefinition{secrets: make(secretRefs)}}
	if root.kind != mappingNode {
		r.wrong(at, root, "a task definition")
		return nil, r.errs
	}
	r.task(root, at)
	tags, _ := root.fold("tags")
	r.result.tags = r.tags(tags, at)
	if len(r.errs) > 0 {
		return nil, r.errs
	}
	return r.result, nil
}

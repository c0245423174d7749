package intake

import "strings"

// instanceTypes are the EC2 instance types that the placement constraints of a
// task definition name: "attribute:ecs.instance-type == inf1.xlarge" and
// "… in [g4dn.xlarge, g5.xlarge]". Other expressions (patterns, joined terms)
// restrict the choice too, and are noted.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html.
func (r *taskReader) instanceTypes(root *node) []string {
	list, _ := root.fold("placementConstraints")
	if list == nil || list.kind != listNode {
		return nil
	}
	var types []string
	for _, item := range list.items {
		if item.kind != mappingNode {
			continue
		}
		expression, _ := item.fold("expression")
		if expression == nil || expression.kind != textNode || !strings.Contains(expression.text, "ecs.instance-type") {
			continue
		}
		named, ok := namedTypes(expression.text)
		if !ok {
			r.note("the placement constraint " + clip(expression.text) + " is not taken into account")
		}
		types = append(types, named...)
	}
	return types
}

// namedTypes reads the types of a constraint that names them one by one.
func namedTypes(expression string) ([]string, bool) {
	_, rest, _ := strings.Cut(expression, "ecs.instance-type")
	rest = strings.TrimSpace(rest)
	if name, ok := strings.CutPrefix(rest, "=="); ok {
		name = strings.Trim(strings.TrimSpace(name), "'\"")
		if !isTypeName(name) {
			return nil, false
		}
		return []string{name}, true
	}
	inner, ok := strings.CutPrefix(rest, "in")
	inner = strings.TrimSpace(inner)
	if !ok || !strings.HasPrefix(inner, "[") || !strings.HasSuffix(inner, "]") {
		return nil, false
	}
	var types []string
	for name := range strings.SplitSeq(strings.Trim(inner, "[]"), ",") {
		name = strings.Trim(strings.TrimSpace(name), "'\"")
		if !isTypeName(name) {
			return nil, false
		}
		types = append(types, name)
	}
	return types, len(types) > 0
}

// isTypeName reports whether a text looks like m5.large.
func isTypeName(text string) bool {
	family, size, ok := strings.Cut(text, ".")
	return ok && family != "" && size != "" && !strings.ContainsAny(text, " *&|()[]!=~")
}

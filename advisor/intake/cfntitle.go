package intake

import "strings"

// title is the text of a reference: the name or key of the resource that it
// means, else its expression.
func (c *cfnReader) title(n *node) *node {
	text := n.text
	if r := c.set.owner(n); r != nil {
		text = r.title()
	}
	return &node{kind: textNode, text: text, line: n.line, col: n.col}
}

// title is a resource's name where the template says it, else its key.
func (r *cfnResource) title() string {
	if key := nameKey(r.kind); key != "" {
		if name := r.property(key); name != nil && name.kind == textNode && name.text != "" {
			return name.text
		}
	}
	return r.key()
}

// nameKey is the property that names a resource in AWS, of the types whose
// names stand in other resources.
func nameKey(kind string) string {
	switch kind {
	case cfnLogGroup:
		return "LogGroupName"
	case cfnRepository:
		return "RepositoryName"
	case cfnCluster:
		return "ClusterName"
	case cfnService:
		return "ServiceName"
	case cfnSecret, cfnParameter:
		return "Name"
	default:
		return ""
	}
}

// titled replaces the placeholders of resources in an expression by their
// titles: "service/${Cluster}/api" is "service/main/api".
func (c *cfnReader) titled(n *node) string {
	if n == nil || n.kind != unknownNode {
		if n == nil {
			return ""
		}
		return n.text
	}
	text := n.text
	for _, name := range references(n.text) {
		if r := c.set.named(name); r != nil {
			text = strings.ReplaceAll(text, placeholder(name), r.title())
		}
	}
	return text
}

// servicePath is the resource ID by which Application Auto Scaling knows a
// service; expressions of the template stand for what is not known of it.
func (c *cfnReader) servicePath(r *cfnResource) string {
	cluster, name := c.titled(r.property("Cluster")), c.titled(r.property("ServiceName"))
	if cluster == "" {
		cluster = "default"
	}
	if name == "" {
		name = r.key()
	}
	return "service/" + arnName(cluster) + "/" + name
}

// scaledServices finds the services of scalable targets that name theirs by a
// text: one that comes from the same expressions is the same.
func (c *cfnReader) scaledServices() {
	for i := range c.stack.targets {
		if t := &c.stack.targets[i]; len(t.service.keys) == 0 && c.scaled[t.key] != "" {
			if key := c.servicePaths[c.scaled[t.key]]; key != "" {
				t.service = refTo(key)
			}
		}
	}
}

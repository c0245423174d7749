package intake

import "strings"

// title is the text of a reference: the name or key of the resource that it
// means, else its expression.
func (s *cfnSet) title(n *node) *node {
	text := n.text
	if r := s.owner(n); r != nil {
		text = r.title()
	}
	return &node{kind: textNode, text: text, line: n.line, col: n.col}
}

// title is a resource's name where the template says it, else its key.
func (r *cfnResource) title() string {
	if name, ok := r.ownName(); ok {
		return name
	}
	return r.key()
}

// ownName is the name that a resource will have in AWS; ok is false where AWS
// makes one up or the template leaves it open.
func (r *cfnResource) ownName() (name string, ok bool) {
	if key := nameKey(r.kind); key != "" && !r.named {
		r.named = true // names may be made of each other, in a circle
		if name, ok := r.template.set.titled(r.property(key)); ok {
			r.name = name
		}
	}
	return r.name, r.name != ""
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
// titles: "service/${Cluster}/api" is "service/main/api". known says that all
// of them are names and that nothing else is left open.
func (s *cfnSet) titled(n *node) (text string, known bool) {
	switch {
	case n == nil:
		return "", false
	case n.kind != unknownNode:
		return n.text, true
	}
	text, known = n.text, true
	for _, name := range references(n.text) {
		r := s.named(name)
		if r == nil {
			known = false
			continue
		}
		own, ok := r.ownName()
		if known = known && ok; !ok {
			own = r.key()
		}
		text = strings.ReplaceAll(text, placeholder(name), own)
	}
	return text, known && !strings.Contains(text, "${")
}

// servicePath is the resource ID by which Application Auto Scaling knows a
// service; expressions of the template stand for what is not known of it.
func (c *cfnReader) servicePath(r *cfnResource) string {
	cluster, _ := c.set.titled(r.property("Cluster"))
	name, _ := c.set.titled(r.property("ServiceName"))
	if cluster == "" {
		cluster = "default"
	}
	if name == "" {
		name = r.key()
	}
	return "service/" + arnName(withoutColons(cluster)) + "/" + name
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

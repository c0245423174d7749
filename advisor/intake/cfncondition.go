package intake

import "fmt"

// verdict is the answer to a condition: three-valued, since a parameter that
// nobody gave leaves it undecided. The zero verdict is undecided.
type verdict uint8

const (
	undecided verdict = iota
	yes
	no
)

// cfnCondition is one entry of Conditions, decided when first asked for.
type cfnCondition struct {
	node    *node
	asked   bool // deciding or decided
	verdict verdict
	why     string
}

// holds decides a condition by its name.
func (t *cfnTemplate) holds(name string) (verdict, string) {
	c := t.conditions[name]
	if c == nil {
		return undecided, fmt.Sprintf("the template has no condition %q", clip(name))
	}
	if !c.asked {
		// While it is being decided it is undecided: a condition that depends on
		// itself stays so.
		c.asked, c.why = true, fmt.Sprintf("condition %s depends on itself", clip(name))
		v, why := t.decide(c.node)
		if v == undecided {
			why = fmt.Sprintf("condition %s is not known: %s", clip(name), why)
		}
		c.verdict, c.why = v, why
	}
	return c.verdict, c.why
}

// decide evaluates the expression of a condition. Where it stays undecided it says why.
func (t *cfnTemplate) decide(n *node) (verdict, string) {
	t.depth++
	defer func() { t.depth-- }()
	if t.depth > maxCfnDepth || !t.spend() {
		return undecided, "the expression nests too deeply"
	}
	switch name, arg := cfnFunction(n); name {
	case "Condition":
		return t.holds(arg.text)
	case "Fn::Equals":
		return t.equal(arg)
	case "Fn::Not":
		if len(arg.items) != 1 {
			return undecided, "Fn::Not wants a list of one condition"
		}
		switch v, why := t.decide(arg.items[0]); v {
		case yes:
			return no, ""
		case no:
			return yes, ""
		default:
			return undecided, why
		}
	case "Fn::And":
		return t.all(arg, yes)
	case "Fn::Or":
		return t.all(arg, no)
	case "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll":
		return undecided, name + " is read in Rules only"
	}
	v := t.eval(n)
	switch {
	case v == nil:
		return undecided, "AWS::NoValue is no condition"
	case v.kind == boolNode || v.kind == textNode && isBool(v.text):
		if v.text == "true" || v.text == "True" || v.text == "TRUE" {
			return yes, ""
		}
		return no, ""
	case v.kind == unknownNode:
		return undecided, v.reason()
	default:
		return undecided, "want a condition, got " + v.kind.String()
	}
}

// all decides Fn::And (neutral yes) and Fn::Or (neutral no): the first answer
// that is not neutral decides, an undecided one leaves the whole so.
func (t *cfnTemplate) all(list *node, neutral verdict) (verdict, string) {
	result, because := neutral, ""
	for _, item := range list.items {
		v, why := t.decide(item)
		switch {
		case v == undecided:
			result, because = undecided, why
		case v != neutral:
			return v, ""
		}
	}
	if len(list.items) == 0 {
		return undecided, "Fn::And and Fn::Or want a list of conditions"
	}
	return result, because
}

// equal decides Fn::Equals. Two unknown values of the same expression are
// equal, and a parameter without a value is unequal to what it does not allow.
func (t *cfnTemplate) equal(arg *node) (verdict, string) {
	if len(arg.items) != 2 {
		return undecided, "Fn::Equals wants a list of two values"
	}
	a, b := t.eval(arg.items[0]), t.eval(arg.items[1])
	switch {
	case a == nil || b == nil:
		return undecided, "AWS::NoValue has no value to compare"
	case a.kind == unknownNode && b.kind == unknownNode && a.text == b.text:
		return yes, ""
	case a.kind == unknownNode:
		return t.excluded(arg.items[0], b, a.reason())
	case b.kind == unknownNode:
		return t.excluded(arg.items[1], a, b.reason())
	case sameValue(a, b):
		return yes, ""
	default:
		return no, ""
	}
}

// excluded says no where an unknown parameter may not have the value at all.
func (t *cfnTemplate) excluded(source, value *node, why string) (verdict, string) {
	name, arg := cfnFunction(source)
	if name != "Ref" || !value.scalar() && value.kind != boolNode {
		return undecided, why
	}
	allowed := t.root.get("Parameters").get(arg.text).get("AllowedValues")
	if allowed == nil || allowed.kind != listNode || len(allowed.items) == 0 {
		return undecided, why
	}
	for _, item := range allowed.items {
		if item.text == value.text || !item.scalar() && item.kind != boolNode {
			return undecided, why
		}
	}
	return no, ""
}

// sameValue compares evaluated values as CloudFormation does: by their text,
// "true" and true alike.
func sameValue(a, b *node) bool {
	if len(a.items) != len(b.items) || len(a.entries) != len(b.entries) {
		return false
	}
	for i := range a.items {
		if !sameValue(a.items[i], b.items[i]) {
			return false
		}
	}
	for i := range a.entries {
		if a.entries[i].key != b.entries[i].key || !sameValue(a.entries[i].value, b.entries[i].value) {
			return false
		}
	}
	structured := func(n *node) bool { return n.kind == listNode || n.kind == mappingNode }
	return structured(a) == structured(b) && (structured(a) || a.text == b.text)
}

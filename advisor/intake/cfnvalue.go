package intake

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// cfnValue is an evaluated part of a resource, with its place for messages.
type cfnValue struct {
	r  *cfnResource
	n  *node // nil where the template states nothing
	at string
}

// get evaluates a property by its path.
func (r *cfnResource) get(path ...string) cfnValue {
	return cfnValue{r: r, n: r.property(path...), at: r.at + ".Properties." + strings.Join(path, ".")}
}

// get is a part of a value. Of an unknown value every part is unknown.
func (v cfnValue) get(key string) cfnValue {
	part := cfnValue{r: v.r, at: join(v.at, key)}
	switch {
	case v.n == nil:
	case v.n.kind == unknownNode:
		part.n = v.n
	case v.n.kind != mappingNode:
		v.wrong("a mapping with " + key)
	default:
		if part.n = v.n.get(key); part.n != nil && part.n.kind == nullNode {
			part.n = nil
		}
	}
	return part
}

// items are those of a list; one value stands for a list of one, as
// CloudFormation takes it. An unknown list is one unknown item.
func (v cfnValue) items() []cfnValue {
	switch {
	case v.n == nil:
		return nil
	case v.n.kind != listNode:
		return []cfnValue{v}
	}
	list := make([]cfnValue, len(v.n.items))
	for i, n := range v.n.items {
		list[i] = cfnValue{r: v.r, n: n, at: index(v.at, i)}
	}
	return list
}

func (v cfnValue) present() bool { return v.n != nil }

func (v cfnValue) unknown() bool { return v.n != nil && v.n.kind == unknownNode }

// wrong reports a value that CloudFormation would refuse.
func (v cfnValue) wrong(want string) {
	t := v.r.template
	t.set.errs = append(t.set.errs, &Error{File: t.name, Line: int(v.n.line), Col: int(v.n.col), Path: v.at,
		Text: "want " + want + ", got " + v.n.describe()})
}

// number reads an amount of zero or more.
func (v cfnValue) number() fact[float64] {
	switch {
	case v.n == nil:
		return fact[float64]{}
	case v.unknown():
		return design.NotKnown[float64](v.n.reason())
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(v.n.text), 64)
	if !v.n.scalar() || err != nil || math.IsNaN(f) || f < 0 || f > maxQuantity {
		v.wrong("a number, 0 or more")
		return design.NotKnown[float64]("the template has no number here")
	}
	return design.Know(f)
}

// amount reads a size in one of ECS's notations.
func (v cfnValue) amount(parse func(string) (float64, error), want string) fact[float64] {
	switch {
	case v.n == nil:
		return fact[float64]{}
	case v.unknown():
		return design.NotKnown[float64](v.n.reason())
	}
	f, err := parse(v.n.text)
	if !v.n.scalar() || err != nil {
		v.wrong(want)
		return design.NotKnown[float64]("the template has no size here")
	}
	return design.Know(f)
}

// text reads a text.
func (v cfnValue) text() fact[string] {
	switch {
	case v.n == nil:
		return fact[string]{}
	case v.unknown():
		return design.NotKnown[string](v.n.reason())
	case v.n.kind == mappingNode || v.n.kind == listNode:
		v.wrong("a text")
		return design.NotKnown[string]("the template has no text here")
	}
	return design.Know(v.n.text)
}

// word is the text where it is known, else "".
func (v cfnValue) word() string { return v.text().Value }

// nearly is the text with placeholders for what is not known of it; known says
// that there is more in it than a placeholder.
func (v cfnValue) nearly() (text string, known bool) {
	switch {
	case v.n == nil:
		return "", false
	case !v.unknown():
		return v.word(), true
	}
	text = v.n.text
	rest := text
	for {
		before, after, found := strings.Cut(rest, "${")
		if strings.Trim(before, "/:.-_") != "" {
			return text, true
		}
		if !found {
			return text, false
		}
		rest = afterPlaceholder(after)
	}
}

// afterPlaceholder is what follows the end of a placeholder that has begun.
func afterPlaceholder(text string) string {
	depth := 1
	for i := range len(text) {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			depth++
		case text[i] == '}':
			if depth--; depth == 0 {
				return text[i+1:]
			}
		}
	}
	return ""
}

// flag reads true or false; CloudFormation takes them in quotes too.
func (v cfnValue) flag() fact[bool] {
	switch {
	case v.n == nil:
		return fact[bool]{}
	case v.unknown():
		return design.NotKnown[bool](v.n.reason())
	case v.n.kind == boolNode || v.n.kind == textNode && isBool(v.n.text):
		return design.Know(strings.EqualFold(v.n.text, "true"))
	default:
		v.wrong("true or false")
		return design.NotKnown[bool]("the template has no true or false here")
	}
}

// is reads a word that stands for true: ENABLED, spot.
func (v cfnValue) is(word string) fact[bool] {
	t := v.text()
	return fact[bool]{Value: strings.EqualFold(t.Value, word) && t.Stated(), Basis: t.Basis, Note: t.Note}
}

// ref reads a reference to a resource of some types; of any, where none is
// named. What mentions one of them refers to it: "service/${Cluster}/${Api.Name}"
// is Api where a service is asked for.
func (v cfnValue) ref(kinds ...string) ref {
	if v.n == nil {
		return ref{}
	}
	if !v.unknown() {
		return refText(v.word())
	}
	set := v.r.template.set
	candidates := set.mentions(v.n)
	if owner := set.owner(v.n); owner != nil {
		candidates = []*cfnResource{owner}
	}
	var keys []string
	for _, r := range candidates {
		switch {
		case len(kinds) > 0 && !slices.Contains(kinds, r.kind), slices.Contains(keys, r.key()):
		case r.exists == no:
			return refUnknown(r.id + " does not exist: its condition is false")
		default:
			keys = append(keys, r.key())
		}
	}
	if len(keys) > 0 {
		return refTo(keys...)
	}
	if text, known := v.nearly(); known && !strings.Contains(text, "${Fn::") {
		return refText(withoutColons(text))
	}
	return refUnknown(v.n.reason())
}

// withoutColons keeps pseudo parameters that are not known from being taken for
// parts of an ARN: "arn:aws:ecs:eu-west-2:${AWS::AccountId}:cluster/main".
func withoutColons(text string) string { return strings.ReplaceAll(text, "${AWS::", "${") }

// refs reads a list of references.
func (v cfnValue) refs(kinds ...string) []ref {
	var list []ref
	for _, item := range v.items() {
		list = append(list, item.ref(kinds...))
	}
	return list
}

// words are the known texts of a list.
func (v cfnValue) words() []string {
	var list []string
	for _, item := range v.items() {
		if text := item.word(); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// tags reads [{Key, Value}], or a mapping. What is not known of a value stays
// an expression.
func (v cfnValue) tags() map[string]string {
	if v.n == nil || v.unknown() {
		return nil
	}
	tags := make(map[string]string)
	for _, e := range v.n.entries {
		tags[e.key] = e.value.text
	}
	for _, item := range v.n.items {
		key, value := item.get("Key"), item.get("Value")
		if key != nil && key.text != "" && value != nil {
			tags[key.text] = value.text
		}
	}
	if len(tags) == 0 {
		return nil
	}
	return tags
}

// base is what every resource of the stack has. nameKey is the property with
// its name in AWS. An expression for the name is kept as a further name, so
// that a text elsewhere that comes from the same expression is known again.
func (r *cfnResource) base(nameKey string) cloudResource {
	c := cloudResource{key: r.key(), at: r.at, tags: r.get("Tags").tags()}
	if nameKey == "" {
		return c
	}
	name := r.get(nameKey)
	switch text, known := r.template.set.titled(name.n); {
	case !name.present():
	case !name.unknown():
		c.name = name.word()
	case known: // made of the names of other resources
		c.name = text
	default:
		if text, known := name.nearly(); known {
			c.ids = []string{text}
		}
	}
	return c
}

package guardrail

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
)

// look is what one evaluation sees: the facts, and the resource at hand where
// the scope has one.
type look struct {
	facts    *Facts
	resource *Resource
}

// word is a name that expressions can use: a variable, or a field of one.
type word struct {
	name string
	kind *cel.Type
	doc  string
	// get reads it; the error says why there is no value.
	get func(*look) (any, error)
	// money says that it is an amount that unpriced lines are missing from.
	money bool
}

// object is a variable with fields.
type object struct {
	name string
	doc  string
	// scopes are those that have it.
	scopes []Scope
	fields []word
}

// typeName is the object's type in CEL.
func (o *object) typeName() string { return "ecsavvy." + o.name }

// field returns a field by name.
func (o *object) field(name string) (*word, bool) {
	for i := range o.fields {
		if o.fields[i].name == name {
			return &o.fields[i], true
		}
	}
	return nil, false
}

// vocabulary is everything that expressions can name. The type checker, the
// suggestions for misspelt names and the reference page all come from it.
type vocabulary struct {
	objects []object
	// words are variables without fields, by scope; those of Diff are in
	// every scope.
	words   []word
	perItem []word
}

func newVocabulary() *vocabulary {
	every := Scopes()
	return &vocabulary{
		objects: []object{
			{name: "diff", doc: "what the change does to the bill", scopes: every, fields: diffWords()},
			{name: "total", doc: "the bill after the change", scopes: every, fields: []word{
				amountWord("monthly", "USD a month after the change", func(l *look) float64 { return l.facts.Total }),
			}},
			{name: "past", doc: "the bill before the change", scopes: every, fields: []word{
				amountWord("monthly", "USD a month before the change", func(l *look) float64 { return l.facts.Past }),
			}},
			{name: "service", doc: "one service", scopes: []Scope{Service}, fields: append(resourceWords(), designWords()...)},
			{name: "resource", doc: "one resource of any kind", scopes: []Scope{PerResource}, fields: resourceWords()},
		},
		words: []word{
			intWord("unpriced", "lines without a price after the change", func(l *look) int { return l.facts.Unpriced }),
			intWord("unsupported", "resources of types without a price model", func(l *look) int { return l.facts.Unsupported }),
			{name: "incomplete", kind: cel.BoolType, doc: "an input does not hold everything: a plan that ended in an error",
				get: func(l *look) (any, error) { return len(l.facts.Incomplete) > 0, nil }},
		},
		perItem: []word{
			textWord("env", "its tag env or environment in any capitalisation, \"\" without one", func(l *look) string { return l.resource.tag("env", "environment") }),
			textWord("team", "its tag team in any capitalisation, \"\" without one", func(l *look) string { return l.resource.tag("team") }),
			textWord("kind", "what it is: \"service\", \"load balancer\", \"NAT\", …", func(l *look) string { return l.resource.Kind }),
			tagsWord(),
		},
	}
}

func diffWords() []word {
	return []word{
		amountWord("monthly", "USD a month more than before; negative where it falls", func(l *look) float64 { return l.facts.Total - l.facts.Past }),
		{name: "percent", kind: cel.DoubleType, money: true,
			doc: "the change in percent of the bill before; infinite where nothing was paid before and something is now",
			get: func(l *look) (any, error) { return percent(l.facts.Past, l.facts.Total), nil }},
	}
}

// resourceWords are the fields of every resource.
func resourceWords() []word {
	return []word{
		textWord("name", "its name", func(l *look) string { return l.resource.Name }),
		textWord("cluster", "its ECS cluster, \"\" for the default one", func(l *look) string { return l.resource.Cluster }),
		textWord("project", "the input it is in", func(l *look) string { return l.resource.Project }),
		textWord("kind", "what it is: \"service\", \"load balancer\", …", func(l *look) string { return l.resource.Kind }),
		textWord("change", "what happened to it: added, changed, renamed, unchanged", func(l *look) string { return l.resource.Change }),
		tagsWord(),
		amountWord("monthly", "USD a month after the change", func(l *look) float64 { return l.resource.Monthly }),
		amountWord("past", "USD a month before the change", func(l *look) float64 { return l.resource.Past }),
		amountWord("diff", "USD a month more than before", func(l *look) float64 { return l.resource.Monthly - l.resource.Past }),
		amountWord("percent", "the change in percent, as in diff.percent", func(l *look) float64 { return percent(l.resource.Past, l.resource.Monthly) }),
		intWord("unpriced", "its lines without a price", func(l *look) int { return l.resource.Unpriced }),
	}
}

// designWords are the fields that only services have.
func designWords() []word {
	return []word{
		statedWord("capacity", cel.StringType, "its capacity provider (FARGATE, FARGATE_SPOT, EC2, MANAGED_INSTANCES, EXTERNAL); several are joined: FARGATE+FARGATE_SPOT",
			func(d *Design) Value[string] {
				return Value[string]{Of: strings.Join(d.Capacity.Of, "+"), Missing: d.Capacity.Missing}
			}),
		statedWord("capacities", cel.ListType(cel.StringType), "its capacity providers as a list: \"FARGATE\" in service.capacities",
			func(d *Design) Value[[]string] { return d.Capacity }),
		statedWord("arch", cel.StringType, "X86_64 or ARM64", func(d *Design) Value[string] { return d.Arch }),
		statedWord("os", cel.StringType, "LINUX or WINDOWS", func(d *Design) Value[string] { return d.OS }),
		statedWord("vcpu", cel.DoubleType, "vCPU of one task", func(d *Design) Value[float64] { return d.VCPU }),
		statedWord("gb", cel.DoubleType, "GB of memory of one task", func(d *Design) Value[float64] { return d.GB }),
		statedWord("count", cel.DoubleType, "mean number of tasks", func(d *Design) Value[float64] { return d.Count }),
		statedWord("public_ip", cel.BoolType, "each task has a public IPv4 address", func(d *Design) Value[bool] { return d.PublicIP }),
	}
}

func amountWord(name, doc string, get func(*look) float64) word {
	return word{name: name, kind: cel.DoubleType, doc: doc, money: true,
		get: func(l *look) (any, error) { return get(l), nil }}
}

func intWord(name, doc string, get func(*look) int) word {
	return word{name: name, kind: cel.IntType, doc: doc, get: func(l *look) (any, error) { return int64(get(l)), nil }}
}

func textWord(name, doc string, get func(*look) string) word {
	return word{name: name, kind: cel.StringType, doc: doc, get: func(l *look) (any, error) { return get(l), nil }}
}

func tagsWord() word {
	return word{name: "tags", kind: cel.MapType(cel.StringType, cel.StringType), doc: "its tags: tags[\"owner\"], \"owner\" in tags",
		get: func(l *look) (any, error) {
			if l.resource.Tags == nil {
				return map[string]string{}, nil
			}
			return l.resource.Tags, nil
		}}
}

// statedWord is a field that an input may leave open.
func statedWord[T any](name string, kind *cel.Type, doc string, get func(*Design) Value[T]) word {
	return word{name: name, kind: kind, doc: doc, get: func(l *look) (any, error) {
		if l.resource.Design == nil {
			return nil, fmt.Errorf("service.%s is not known: the input does not hold the service's design", name)
		}
		v := get(l.resource.Design)
		if v.Missing != "" {
			return nil, fmt.Errorf("service.%s is not known: %s", name, v.Missing)
		}
		return v.Of, nil
	}}
}

// tag is the value of the first tag that has one of the keys, in any
// capitalisation.
func (r *Resource) tag(keys ...string) string {
	for _, key := range keys {
		if v, ok := r.Tags[key]; ok {
			return v
		}
		// Several spellings of one key: the first in order, not in map order.
		var spellings []string
		for k := range r.Tags {
			if strings.EqualFold(k, key) {
				spellings = append(spellings, k)
			}
		}
		if len(spellings) > 0 {
			return r.Tags[slices.Min(spellings)]
		}
	}
	return ""
}

// percent is a change in percent. Something where nothing was is infinitely
// more, so that no limit in percent lets it pass.
func percent(past, total float64) float64 {
	switch {
	case past > 0:
		return (total - past) / past * 100
	case total > past:
		return math.Inf(1)
	default:
		return 0
	}
}

// in are the variables of a scope: objects and plain words.
func (v *vocabulary) in(scope Scope) (objects []*object, words []*word) {
	for i := range v.objects {
		if slices.Contains(v.objects[i].scopes, scope) {
			objects = append(objects, &v.objects[i])
		}
	}
	for i := range v.words {
		words = append(words, &v.words[i])
	}
	if scope != Diff {
		for i := range v.perItem {
			words = append(words, &v.perItem[i])
		}
	}
	return objects, words
}

// scopeOf is the scope that an expression with these variables needs.
func (v *vocabulary) scopeOf(names []string) Scope {
	scope := Diff
	for _, name := range names {
		if name == string(PerResource) {
			return PerResource
		}
		item := slices.ContainsFunc(v.perItem, func(w word) bool { return w.name == name })
		if name == string(Service) || item {
			scope = Service
		}
	}
	return scope
}

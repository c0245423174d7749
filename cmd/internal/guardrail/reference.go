package guardrail

import (
	"fmt"
	"strings"
)

// Reference is the page of everything that expressions can name, in markdown.
func Reference() string {
	v := newVocabulary()
	var b strings.Builder
	row := func(name, kind, doc string) {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, kind, strings.ReplaceAll(doc, "|", "\\|"))
	}
	head := func(title string) { fmt.Fprintf(&b, "\n%s\n\n| name | is | |\n|---|---|---|\n", title) }
	section := func(title string, scope Scope) {
		head(title)
		objects, _ := v.in(scope)
		for _, o := range objects {
			// What every scope has stands under the whole change only.
			if scope != Diff && len(o.scopes) == len(Scopes()) {
				continue
			}
			for _, f := range o.fields {
				row(o.name+"."+f.name, typeTitle(f.kind.String()), f.doc)
			}
		}
	}
	section("The whole change, in every guardrail:", Diff)
	for _, w := range v.words {
		row(w.name, typeTitle(w.kind.String()), w.doc)
	}
	section("One service after another (`per: service`):", Service)
	section("One resource after another, services among them (`per: resource`):", PerResource)
	head("Short names, in guardrails per service or resource:")
	for _, w := range v.perItem {
		row(w.name, typeTitle(w.kind.String()), w.doc)
	}
	return strings.TrimLeft(b.String(), "\n")
}

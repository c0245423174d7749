package guardrail

import "fmt"

// Rule is a guardrail as it was written.
type Rule struct {
	Name string
	// When is the expression in CEL: true means broken.
	When string
	// Message is for people; "" means that the expression speaks for itself.
	Message string
	// Per is what the rule looks at; "" means: what its expression names.
	Per Scope
	// Place is where the expression begins: "ecsavvy.yaml:7:11".
	Place string
}

// Scope is what a rule looks at.
type Scope string

// Scopes.
const (
	// Diff is the whole change, all projects together.
	Diff Scope = "diff"
	// Service is each service in turn, PerResource each resource, services
	// among them.
	Service     Scope = "service"
	PerResource Scope = "resource"
)

// Scopes lists every scope.
func Scopes() []Scope { return []Scope{Diff, Service, PerResource} }

// Status is what became of a rule.
type Status string

// Statuses.
const (
	Passed Status = "passed"
	Broken Status = "broken"
	// Undecided: the rule could not be evaluated.
	Undecided Status = "could not be evaluated"
)

// Outcome is the result of one rule.
type Outcome struct {
	Name, Message string
	Per           Scope
	Status        Status
	// Findings say what was found: one for the whole change, or one for each
	// resource on which the rule is not passed. A passed rule has none.
	Findings []Finding
	// Checked counts what the rule was evaluated on.
	Checked int
	// Caveat says what a passed rule leaves open: that amounts are lower
	// bounds.
	Caveat string
}

// Finding is why a rule is not passed.
type Finding struct {
	Status Status
	// Resource is what it was found on, "" for the whole change.
	Resource string
	// Text are the values that decided it ("diff.monthly = 412.30"), or why
	// it could not be evaluated.
	Text string
}

// Failing reports whether one of the outcomes has to fail the build.
func Failing(outcomes []Outcome) bool {
	for i := range outcomes {
		if outcomes[i].Status != Passed {
			return true
		}
	}
	return false
}

// settle derives the outcome's status from its findings: what is broken for
// sure outweighs what could not be evaluated.
func (o *Outcome) settle() {
	o.Status = Passed
	for _, f := range o.Findings {
		if f.Status == Broken {
			o.Status = Broken
			return
		}
		o.Status = Undecided
	}
}

// partial is what an amount leaves out, in words; "" if nothing.
func (f *Facts) partial() string {
	switch {
	case f.Unpriced > 0 && f.Unsupported > 0:
		return fmt.Sprintf("%s and %s", count(f.Unpriced, "line without a price"), count(f.Unsupported, "resource without a price model"))
	case f.Unpriced > 0:
		return count(f.Unpriced, "line without a price")
	case f.Unsupported > 0:
		return count(f.Unsupported, "resource without a price model")
	case f.PastPartial:
		return "some of the cost before"
	default:
		return ""
	}
}

// count is a number with a noun, whose first word takes the plural.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	for i := range noun {
		if noun[i] == ' ' {
			return fmt.Sprintf("%d %ss%s", n, noun[:i], noun[i:])
		}
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

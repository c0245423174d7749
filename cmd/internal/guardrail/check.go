package guardrail

import (
	"fmt"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Check evaluates every rule, in order.
func (s *Set) Check(facts *Facts) []Outcome {
	outcomes := make([]Outcome, len(s.rules))
	for i := range s.rules {
		outcomes[i] = s.rules[i].check(facts)
	}
	return outcomes
}

// check evaluates one rule on everything in its scope.
func (c *compiled) check(facts *Facts) Outcome {
	o := Outcome{Name: c.Name, Message: c.Message, Per: c.Per}
	if o.Message == "" {
		o.Message = c.When
	}
	steps := uint64(0)
	for _, resource := range c.subjects(facts) {
		vars := &variables{look: look{facts: facts, resource: resource}, words: c.scope.words, objects: c.scope.objects}
		o.Checked++
		if f, bad := c.evaluate(vars, &steps); bad {
			o.Findings = append(o.Findings, f)
		}
		if steps > maxRuleSteps {
			o.Findings = append(o.Findings, Finding{Status: Undecided,
				Text: fmt.Sprintf("stopped after %d steps on %d resources; simplify the expression", maxRuleSteps, o.Checked)})
			break
		}
	}
	o.settle()
	if o.Status == Passed && c.readsMoney() {
		if left := facts.partial(); left != "" {
			o.Caveat = "passed on what is priced, which leaves out " + left
		}
	}
	return o
}

// subjects are what the rule is evaluated on; nil stands for the whole change.
func (c *compiled) subjects(facts *Facts) []*Resource {
	if c.Per == Diff {
		return []*Resource{nil}
	}
	var all []*Resource
	for i := range facts.Resources {
		if r := &facts.Resources[i]; c.Per == PerResource || r.Kind == kindService {
			all = append(all, r)
		}
	}
	return all
}

// evaluate runs the rule once. What is false is passed, unless it rests on
// amounts of an input that is incomplete.
func (c *compiled) evaluate(vars *variables, steps *uint64) (f Finding, bad bool) {
	if vars.resource != nil {
		f.Resource = vars.resource.title()
	}
	value, details, err := c.program.Eval(vars)
	if details != nil && details.ActualCost() != nil {
		*steps += *details.ActualCost()
	}
	switch broken, known := boolOf(value); {
	case err != nil:
		f.Status, f.Text = Undecided, undecided(err)
	case !known:
		f.Status, f.Text = Undecided, "it is neither true nor false"
	case broken:
		f.Status, f.Text = Broken, c.values(vars)
	case c.readsMoney() && len(vars.facts.Incomplete) > 0:
		f.Status, f.Text = Undecided, "the input is incomplete: "+strings.Join(vars.facts.Incomplete, "; ")
	default:
		return f, false
	}
	return f, true
}

func boolOf(v ref.Val) (value, ok bool) {
	b, ok := v.(types.Bool)
	return bool(b), ok
}

// undecided says in our words why CEL gave up.
func undecided(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "cost limit exceeded"):
		return fmt.Sprintf("stopped after %d steps; simplify the expression", maxSteps)
	case strings.HasPrefix(text, "no such key: "):
		return "there is no " + strings.TrimPrefix(text, "no such key: ") + " among the tags; ask with \"in tags\" first"
	default:
		return text
	}
}

// readsMoney reports whether the rule looks at an amount.
func (c *compiled) readsMoney() bool {
	for _, r := range c.reads {
		if r.word.money {
			return true
		}
	}
	return false
}

// values are what the rule read, for the reader of a broken one.
func (c *compiled) values(vars *variables) string {
	var texts []string
	for _, r := range c.reads {
		value, err := r.word.get(&vars.look)
		if err != nil {
			continue
		}
		if text, ok := valueText(value, r.word); ok {
			texts = append(texts, r.text+" = "+text)
		}
	}
	return strings.Join(texts, ", ")
}

// valueText prints a value; maps are left out, they may be long.
func valueText(value any, w *word) (text string, ok bool) {
	switch v := value.(type) {
	case float64:
		decimals := 2
		if !w.money {
			decimals = -1
		}
		return strconv.FormatFloat(v, 'f', decimals, 64), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return strconv.FormatBool(v), true
	case string:
		return strconv.Quote(v), true
	case []string:
		return strings.Join(v, ", "), true
	default:
		return "", false
	}
}

var _ cel.Activation = (*variables)(nil)

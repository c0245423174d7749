package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/cmd/internal/guardrail"
	"ecsavvy/cmd/internal/render"
)

// limitOptions are the flags that set guardrails.
type limitOptions struct {
	configFile  string
	maxIncrease string
	maxMonthly  string
	expressions []string

	limits guardrail.Limits
}

func (o *limitOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	addConfigFile(cmd, &o.configFile)
	flags.StringVar(&o.maxIncrease, "max-increase", "", "`limit` on the rise of the monthly cost: '$200', '10%', or '$200|10%' for whichever is reached first")
	flags.StringVar(&o.maxMonthly, "max-monthly", "", "limit on the monthly cost after the change in `USD`")
	flags.StringArrayVar(&o.expressions, "guardrail", nil, "CEL `expression` that is true when a guardrail is broken: 'diff.monthly > 200' (repeatable)")
}

// check reads the limits.
func (o *limitOptions) check() error {
	if o.maxIncrease != "" {
		limit, err := guardrail.ParseThreshold(o.maxIncrease)
		if err != nil {
			return as(usage, fmt.Errorf("--max-increase: %w", err))
		}
		o.limits.MaxIncrease = limit
	}
	if o.maxMonthly != "" {
		limit, err := guardrail.ParseMonthly(o.maxMonthly)
		if err != nil {
			return as(usage, fmt.Errorf("--max-monthly: %w", err))
		}
		o.limits.MaxMonthly = &limit
	}
	return nil
}

// compile makes the guardrails of the settings file and of the flags ready, so
// that a mistake in one is known before anything is read.
func (o *limitOptions) compile(s *settings) (*guardrail.Set, error) {
	rules := s.rules()
	for _, e := range o.expressions {
		rules = append(rules, guardrail.Rule{Name: strings.Join(strings.Fields(e), " "), When: e, Place: "--guardrail"})
	}
	set, err := guardrail.Compile(rules)
	return set, as(badInput, err)
}

// checkGuardrails evaluates all of them.
func (o *limitOptions) checkGuardrails(set *guardrail.Set, facts *guardrail.Facts) []guardrail.Outcome {
	return append(o.limits.Check(facts), set.Check(facts)...)
}

// most findings of one guardrail that are printed.
const mostFindings = 10

// guardrailRows are outcomes as documents show them.
func guardrailRows(outcomes []guardrail.Outcome) []render.Guardrail {
	rows := make([]render.Guardrail, len(outcomes))
	for i, o := range outcomes {
		rows[i] = render.Guardrail{Title: o.Name, Text: o.Caveat}
		switch o.Status {
		case guardrail.Broken:
			rows[i].State = render.GuardrailBroken
		case guardrail.Undecided:
			rows[i].State = render.GuardrailUndecided
		}
		if o.Status != guardrail.Passed {
			rows[i].Text = guardrailText(&o)
		}
	}
	return rows
}

// guardrailText says in one line what a guardrail is about and what was found.
func guardrailText(o *guardrail.Outcome) string {
	text := o.Message
	if text == o.Name {
		text = ""
	}
	var found []string
	for i, f := range o.Findings {
		if i == mostFindings {
			found = append(found, fmt.Sprintf("and %d more", len(o.Findings)-mostFindings))
			break
		}
		line := f.Text
		if f.Status == guardrail.Undecided && o.Status == guardrail.Broken {
			line = strings.TrimSpace("could not be evaluated: " + line)
		}
		if f.Resource != "" {
			line = strings.TrimSuffix(f.Resource+": "+line, ": ")
		}
		found = append(found, line)
	}
	switch {
	case len(found) == 0:
		return text
	case text == "":
		return strings.Join(found, "; ")
	default:
		return text + " (" + strings.Join(found, "; ") + ")"
	}
}

// outcomeProblems are the errors of guardrails that are not passed.
func outcomeProblems(outcomes []guardrail.Outcome) []error {
	var problems []error
	for i := range outcomes {
		if o := &outcomes[i]; o.Status != guardrail.Passed {
			state := "is broken"
			if o.Status == guardrail.Undecided {
				state = "could not be evaluated, which counts as broken"
			}
			problems = append(problems, fmt.Errorf("guardrail %q %s: %s", o.Name, state, guardrailText(o)))
		}
	}
	return problems
}

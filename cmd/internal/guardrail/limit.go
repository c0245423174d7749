package guardrail

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Threshold is a change of cost in USD a month, in percent, or both, of which
// the first to be reached counts. The zero Threshold is none.
type Threshold struct {
	USD, Percent *float64
	text         string
}

// ParseThreshold reads "$200", "10%", or both: "$200|10%".
func ParseThreshold(text string) (Threshold, error) {
	t := Threshold{text: text}
	wrong := fmt.Errorf("want USD a month, percent, or both: '$200', '10%%', '$200|10%%', got %q", text)
	for part := range strings.SplitSeq(text, "|") {
		part = strings.TrimSpace(part)
		number, isPercent := strings.CutSuffix(part, "%")
		target := &t.USD
		if isPercent {
			target = &t.Percent
		} else {
			number = strings.TrimPrefix(part, "$")
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(v >= 0) || math.IsInf(v, 0) || *target != nil {
			return Threshold{}, wrong
		}
		*target = &v
	}
	return t, nil
}

// Set reports whether there is a threshold.
func (t Threshold) Set() bool { return t.USD != nil || t.Percent != nil }

// String is the threshold as it was written.
func (t Threshold) String() string { return t.text }

// ReachedBy reports whether a change, up or down, is as large as the
// threshold.
func (t Threshold) ReachedBy(past, total float64) bool {
	change := math.Abs(total - past)
	if t.USD != nil && change >= *t.USD {
		return true
	}
	return t.Percent != nil && change > 0 && math.Abs(percentEitherWay(past, total)) >= *t.Percent
}

// percentEitherWay is percent, with a fall from nothing counted too.
func percentEitherWay(past, total float64) float64 {
	if past <= 0 && total != past {
		return math.Inf(1)
	}
	return percent(past, total)
}

// Limits are guardrails without an expression.
type Limits struct {
	// MaxIncrease is broken by a rise of more than it.
	MaxIncrease Threshold
	// MaxMonthly is broken by a bill of more than it after the change.
	MaxMonthly *float64
}

// ParseMonthly reads an amount in USD a month: "1500" or "$1500".
func ParseMonthly(text string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(text), "$"), 64)
	if err != nil || !(v >= 0) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("want USD a month such as 1500, got %q", text)
	}
	return v, nil
}

// Check looks whether the limits hold.
func (l Limits) Check(facts *Facts) []Outcome {
	var outcomes []Outcome
	if l.MaxIncrease.Set() {
		rise, share := facts.Total-facts.Past, percent(facts.Past, facts.Total)
		// Said as the difference of the amounts that are printed beside it.
		said := math.Round(facts.Total*100)/100 - math.Round(facts.Past*100)/100
		over := l.MaxIncrease.USD != nil && rise > *l.MaxIncrease.USD || l.MaxIncrease.Percent != nil && share > *l.MaxIncrease.Percent
		text := "the bill rises by $" + usd(said)
		if math.IsInf(share, 0) {
			text += " from nothing"
		} else {
			text += ", " + strconv.FormatFloat(share, 'f', 1, 64) + "%"
		}
		outcomes = append(outcomes, limitOutcome("max-increase", "at most "+strings.ReplaceAll(l.MaxIncrease.text, "|", " or ")+" more a month", over, text, facts))
	}
	if l.MaxMonthly != nil {
		text := "the bill is $" + usd(facts.Total) + " a month"
		outcomes = append(outcomes, limitOutcome("max-monthly", "at most $"+usd(*l.MaxMonthly)+" a month", facts.Total > *l.MaxMonthly, text, facts))
	}
	return outcomes
}

// limitOutcome is the outcome of a limit; text says what is, for when it is
// broken.
func limitOutcome(name, message string, over bool, text string, facts *Facts) Outcome {
	o := Outcome{Name: name, Message: message, Per: Diff, Checked: 1}
	switch {
	case over:
		o.Findings = []Finding{{Status: Broken, Text: text}}
	case len(facts.Incomplete) > 0:
		o.Findings = []Finding{{Status: Undecided, Text: "the input is incomplete: " + strings.Join(facts.Incomplete, "; ")}}
	default:
		if left := facts.partial(); left != "" {
			o.Caveat = "passed on what is priced, which leaves out " + left
		}
	}
	o.settle()
	return o
}

// usd is an amount to the cent.
func usd(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

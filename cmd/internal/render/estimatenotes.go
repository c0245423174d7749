package render

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// estimateSections are the notes below the tables: first what the total
// leaves out, then what it rests on.
func estimateSections(projects []Priced, sources *sourceList) []Section {
	sections := []Section{
		{Title: "Unpriced", Alert: true, Items: collect(projects, unpricedItems)},
		{Title: "Not priced: no model for these types", Alert: true, Items: collect(projects, notPricedItems)},
		{Title: "Warnings", Alert: true, Items: collect(projects, func(r estimate.Result) []Item { return items(r.Warnings) })},
		{Title: "Assumptions (lines marked ~ rest on them)", Items: grouped(collect(projects, func(r estimate.Result) []Item { return items(r.Assumptions) }))},
		{Title: "Commitments", Items: collect(projects, commitmentItems)},
		{Title: "Prices that are computed, not published", Items: grouped(collect(projects, func(r estimate.Result) []Item { return items(r.AssumedRates) }))},
		{Title: "Sources of the prices", Items: sources.items()},
	}
	return slices.DeleteFunc(sections, func(s Section) bool { return len(s.Items) == 0 })
}

// collect lists the items of every project; where there are several, a place
// begins with the project's name.
func collect(projects []Priced, of func(estimate.Result) []Item) []Item {
	var all []Item
	for _, p := range projects {
		for _, item := range of(p.Result) {
			if len(projects) > 1 {
				item.Place = strings.TrimSuffix(p.Name+" › "+item.Place, " › ")
			}
			all = append(all, item)
		}
	}
	return all
}

func items(notes []estimate.Note) []Item {
	out := make([]Item, len(notes))
	for i, n := range notes {
		out[i] = Item{Place: n.Path, Text: n.Text}
	}
	return out
}

// namedPlaces is how many places of one note are named.
const namedPlaces = 3

// grouped joins items of one text, so that a thousand services with one
// default do not make a thousand lines.
func grouped(in []Item) []Item {
	at := make(map[string]int, len(in))
	var out []Item
	var places [][]string
	for _, item := range in {
		i, seen := at[item.Text]
		if !seen {
			i = len(out)
			at[item.Text] = i
			out = append(out, item)
			places = append(places, nil)
		}
		if item.Place != "" && !slices.Contains(places[i][:min(namedPlaces, len(places[i]))], item.Place) {
			places[i] = append(places[i], item.Place)
		}
	}
	for i := range out {
		out[i].Place = placeList(places[i])
	}
	return out
}

// placeList names a few places and counts the rest.
func placeList(places []string) string {
	text := ""
	for i, p := range places {
		switch {
		case i == 0:
			text = p
		case i == namedPlaces:
			return text + fmt.Sprintf(" and %d more", len(places)-namedPlaces)
		default:
			text += ", " + p
		}
	}
	return text
}

// unpricedItems are the lines without a cost, with the price of one unit where
// only the quantity is missing.
func unpricedItems(r estimate.Result) []Item {
	var out []Item
	for i := range r.Resources {
		res := &r.Resources[i]
		for j := range res.Lines {
			l := &res.Lines[j]
			if l.Unpriced == "" {
				continue
			}
			text := l.Unpriced
			if l.UnitRate != nil {
				text += "; " + unitRateText(l)
			}
			out = append(out, Item{Place: resourceLabel(res) + ", " + lineLabel(l), Text: text})
		}
	}
	return out
}

// unitRateText is "$0.50 per GB", or the span of a tiered rate.
func unitRateText(l *estimate.Line) string {
	rate := l.UnitRate
	per := " per " + unit(rate.Unit, l.Charge.Usage.SKU.UsageType)
	first := "$" + unitPrice(rate.Tiers[0].USD)
	if last := rate.Tiers[len(rate.Tiers)-1].USD; last != rate.Tiers[0].USD {
		return first + per + ", down to $" + unitPrice(last)
	}
	return first + per
}

func notPricedItems(r estimate.Result) []Item {
	var out []Item
	for _, name := range slices.Sorted(maps.Keys(r.NotPriced)) {
		out = append(out, Item{Place: name, Text: quantity(float64(r.NotPriced[name]))})
	}
	return out
}

func commitmentItems(r estimate.Result) []Item {
	if r.Commitments == nil {
		return nil
	}
	var out []Item
	for _, p := range r.Commitments.Plans {
		text := fmt.Sprintf("%s of %s a month used", money(toCents(p.Used)), money(toCents(p.Committed)))
		if p.Committed > 0 {
			text += fmt.Sprintf(" (%s %%)", quantity(float64(int(p.Used/p.Committed*1000+0.5))/10))
		}
		out = append(out, Item{Place: p.Name, Text: text})
	}
	if r.Commitments.Unused > 0 {
		out = append(out, Item{Text: money(toCents(r.Commitments.Unused)) + " a month is paid for and not used; it is in the total"})
	}
	return out
}

// estimateFooter says whose prices these are and how old.
func estimateFooter(projects []Priced, info EstimateInfo) []string {
	oldest, newest := priceDates(projects)
	text := "Prices: AWS list prices, USD without tax"
	if info.Snapshot != "" {
		text += "; snapshot " + info.Snapshot
	}
	switch {
	case oldest == "":
	case oldest == newest:
		text += ", all used here of " + oldest
	default:
		text += ", the oldest used here of " + oldest
	}
	footer := []string{text + "."}
	for _, p := range projects {
		if paid := PaidText(p.Result.Discounts, p.Result.PrivateRates); paid != "" {
			footer = append(footer, paid)
			break
		}
	}
	if info.AsOf != "" {
		footer = append(footer, "As of "+info.AsOf+".")
	}
	return footer
}

// PaidText says what is paid instead of list prices; "" where nothing is.
func PaidText(discounts []pricing.Discount, ownRates int) string {
	var parts []string
	for _, d := range discounts {
		text := quantity(100*d.Share) + " % off"
		if d.Service != "" {
			text += " " + d.Service
		}
		if d.Source != "" {
			text += " by " + clean(d.Source)
		}
		parts = append(parts, text)
	}
	if ownRates > 0 {
		parts = append(parts, countedNoun(ownRates, "line")+" at own rates")
	}
	if len(parts) == 0 {
		return ""
	}
	return "Paid: " + strings.Join(parts, ", ") + "."
}

// priceDates is the span of the dates of the prices that took part.
func priceDates(projects []Priced) (oldest, newest string) {
	for _, p := range projects {
		if o := p.Result.OldestPrice; o != "" && (oldest == "" || o < oldest) {
			oldest = o
		}
		newest = max(newest, p.Result.NewestPrice)
	}
	return oldest, newest
}

// sourceList numbers sources in the order of their first use.
type sourceList struct {
	numbers map[string]int
	names   []string
}

// cite returns the mark of a source: "[1]".
func (l *sourceList) cite(source string) string {
	n, seen := l.numbers[source]
	if !seen {
		if l.numbers == nil {
			l.numbers = map[string]int{}
		}
		l.names = append(l.names, source)
		n = len(l.names)
		l.numbers[source] = n
	}
	return "[" + strconv.Itoa(n) + "]"
}

// items are the sources with their marks.
func (l *sourceList) items() []Item {
	out := make([]Item, len(l.names))
	for i, name := range l.names {
		out[i] = Item{Place: "[" + strconv.Itoa(i+1) + "]", Text: name}
	}
	return out
}

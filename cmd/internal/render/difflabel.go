package render

import (
	"strings"
	"unicode/utf8"

	"ecsavvy/advisor"
	"ecsavvy/advisor/estimate"
)

// Names longer than this many columns are cut: a name of ten thousand
// characters is a mistake or an attack, and nobody reads it either way.
const (
	longestName = 120
	longestText = 400
)

// bytesPerColumn bounds a cut text in bytes too: characters without a width of
// their own could go on for ever.
const bytesPerColumn = 8

// short makes outside text safe for one line and cuts it.
func short(s string, limit int) string {
	if len(s) <= limit && isPlain(s) {
		return s
	}
	most := bytesPerColumn * limit
	if len(s) <= most {
		return truncate(strings.TrimSpace(clean(s)), limit)
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	cut := truncate(strings.TrimSpace(clean(s[:most])), limit)
	if strings.HasSuffix(cut, "…") {
		return cut
	}
	return truncate(cut, limit-1) + "…"
}

// resourceTitle is a resource's kind and name, with its cluster where another
// one of that kind and name stands beside it.
func resourceTitle(res *estimate.Resource, ambiguous bool) string {
	name := short(res.Name, longestName)
	kind := string(res.Kind)
	switch {
	case res.Kind == advisor.KindCommitments:
		return name
	case name == "":
		return kind
	case says(name, kind):
		return name
	case ambiguous && res.Cluster != "":
		return kind + " " + short(res.Cluster, longestName) + "/" + name
	default:
		return kind + " " + name
	}
}

// says reports whether a name begins or ends with the words of a kind: "NAT
// gateway" needs no "NAT" before it.
func says(name, kind string) bool {
	text, words := " "+strings.ToLower(name)+" ", " "+strings.ToLower(kind)+" "
	return kind != string(estimate.KindService) && (strings.HasPrefix(text, words) || strings.HasSuffix(text, words))
}

// movedFrom says in brackets where a moved resource was, and how it was
// recognised if that was a guess.
func movedFrom(r *advisor.ResourceDiff) string {
	if !r.Moved() {
		return ""
	}
	was := ""
	if r.Before.Name != r.After.Name {
		was = " (was " + short(r.Before.Name, longestName)
	}
	if r.Before.Cluster != r.After.Cluster {
		if was == "" {
			was = " (was"
		}
		was += " in " + clusterName(r.Before.Cluster)
	}
	if r.Match == advisor.ByLikeness {
		was += ": only the name differs"
	}
	return was + ")"
}

func clusterName(name string) string {
	if name == "" {
		return "the default cluster"
	}
	return "cluster " + short(name, longestName)
}

// ambiguous reports whether the resource's neighbours have its kind and name;
// resources are sorted by these.
func ambiguous(resources []resourceView, i int) bool {
	res := resources[i].diff.Resource()
	for _, j := range []int{i - 1, i + 1} {
		if j < 0 || j >= len(resources) {
			continue
		}
		if o := resources[j].diff.Resource(); o.Kind == res.Kind && o.Name == res.Name && o.Cluster != res.Cluster {
			return true
		}
	}
	return false
}

// lineTitle is a line's name with its detail, and what the detail was.
func lineTitle(l *advisor.LineDiff) string {
	line := l.Line()
	name := short(line.Name, longestName)
	detail := short(line.Detail, longestName)
	if l.Before != nil && l.After != nil && l.Before.Detail != l.After.Detail {
		detail = orNone(short(l.Before.Detail, longestName)) + " → " + orNone(detail)
	}
	if detail == "" {
		return name
	}
	return name + " (" + detail + ")"
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// lineQuantity says what of a line changed: quantity, price, free quantity,
// commitments; or what of them there is where the line is new or gone.
func (u diffUnit) lineQuantity(l *advisor.LineDiff) string {
	switch {
	case l.Unpriced() != "" || l.Line().Unpriced != "":
		return ""
	case l.Before == nil || l.After == nil:
		return quantity(l.Line().Charge.Usage.Quantity) + " " + lineUnit(l.Line()) + " at " + linePrice(l.Line())
	}
	var parts []string
	if l.QuantityChanged() {
		parts = append(parts, quantityChange(l))
	}
	if l.Before.Charge.ListUnitPrice != l.After.Charge.ListUnitPrice {
		was, is := linePrice(l.Before), linePrice(l.After)
		text := was + " → " + is + " per " + lineUnit(l.After)
		if !l.PriceChanged() {
			text += " on average over tiers"
		}
		parts = append(parts, text)
	}
	if l.Before.Charge.FreeQuantity != l.After.Charge.FreeQuantity {
		was, is := quantity(l.Before.Charge.FreeQuantity), quantity(l.After.Charge.FreeQuantity)
		parts = append(parts, was+" → "+is+" "+lineUnit(l.After)+" of it free")
	}
	if usd := l.Effect().Commitment; u.round(usd) != 0 {
		parts = append(parts, u.span(usd)+" by discounts and commitments")
	}
	return strings.Join(parts, ", ")
}

// quantityChange is which quantity became which, in which units.
func quantityChange(l *advisor.LineDiff) string {
	was, is := lineUnit(l.Before), lineUnit(l.After)
	if was == is {
		was = ""
	} else {
		was = " " + was
	}
	return quantity(l.Before.Charge.Usage.Quantity) + was + " → " + quantity(l.After.Charge.Usage.Quantity) + " " + is
}

func lineUnit(l *estimate.Line) string {
	return unit(l.Charge.Rate.Unit, l.Charge.Usage.SKU.UsageType)
}

func linePrice(l *estimate.Line) string { return "$" + unitPrice(l.Charge.ListUnitPrice) }

// lineReason says why a line's change cannot be priced and what a unit costs,
// if that is known.
func lineReason(l *advisor.LineDiff) string {
	reason := short(l.Unpriced(), longestText)
	for _, line := range []*estimate.Line{l.After, l.Before} {
		if line != nil && line.Unpriced != "" && line.UnitRate != nil && len(line.UnitRate.Tiers) > 0 {
			return reason + "; " + unitRateText(line)
		}
	}
	return reason
}

package main

import (
	"sort"
	"strings"
)

// attributes is what the attribute column of a price table says.
type attributes struct {
	// identity are the pairs that tell a rate from its siblings, sorted and
	// joined by ';'.
	identity string
	// inferred: the usage type follows AWS's naming but was not seen.
	inferred bool
	// freeEach: the price starts above a quantity that is free to each
	// resource and not to the account.
	freeEach bool
}

// readAttributes takes "key=value" pairs and remarks apart.
//
// Where a value came from (metric, locations, notes) is no part of a rate's
// identity, and may differ between its tiers. Text that is no pair is a remark
// and is dropped, except for the four of EFS that alone tell a read from a
// write; if a dropped remark did tell two rates apart after all, they collide
// and the generator refuses them.
func readAttributes(r row, text string) (attributes, error) {
	var a attributes
	var pairs []string
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		key, value, pair := strings.Cut(part, "=")
		if !pair || !isName(key) {
			operation, ok := remarkOperation(part)
			if !ok {
				continue
			}
			key, value = "operation", operation
		}
		if value == "" {
			return attributes{}, r.refuse("attribute %q has no value", key)
		}
		if seen[key] {
			return attributes{}, r.refuse("attribute %q is given twice", key)
		}
		seen[key] = true
		switch key {
		case "metric", "metric_name", "fromLocation", "toLocation":
		case "floating": // capacity=FARGATE_SPOT says it already
		case "note":
			a.freeEach = strings.HasPrefix(value, "first ") && strings.HasSuffix(value, " free")
		case "usagetype":
			if value != "confirmed" && value != "inferred" {
				return attributes{}, r.refuse("usagetype is %q, want confirmed or inferred", value)
			}
			a.inferred = value == "inferred"
		default:
			// "PrivateLink interface, per AZ ENI": what follows the
			// comma is a remark.
			value, _, _ = strings.Cut(value, ",")
			pairs = append(pairs, key+"="+value)
		}
	}
	sort.Strings(pairs)
	a.identity = strings.Join(pairs, ";")
	return a, nil
}

// remarkOperation is the operation that a remark of EFS means.
func remarkOperation(remark string) (string, bool) {
	switch remark {
	case "elastic throughput read", "IA read":
		return "read", true
	case "elastic throughput write", "IA write":
		return "write", true
	}
	return "", false
}

// isName reports whether s is a key and not the start of a sentence or of a
// conversion ("x1000 = …").
func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' {
			return false
		}
	}
	return s != ""
}

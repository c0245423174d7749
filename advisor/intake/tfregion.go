package intake

import (
	"maps"
	"slices"
	"strings"
)

// region is the region of a resource: its own attribute, which version 6 of the
// provider writes on every resource; else that of its provider. "" is not known.
func (f *tfFile) region(r *tfResource) string {
	for _, members := range []tfMembers{r.next, r.past} {
		if span, ok := f.member(members, "region"); ok && !r.data {
			if n := f.value(span); n != nil && n.kind == textNode && regionName(n.text) {
				return n.text
			}
		}
	}
	return f.providerRegions()[f.providerOf(r)]
}

// providerOf is the key of a resource's provider configuration.
func (f *tfFile) providerOf(r *tfResource) string {
	if c := f.resourceConfigOf(r); c != nil && c.provider != "" {
		return c.provider
	}
	return "aws"
}

// providerRegions are the regions of the provider configurations by key: as the
// configuration says, else as the ARN of any of its resources says, else as the
// data source aws_region says.
func (f *tfFile) providerRegions() map[string]string {
	if f.regions != nil {
		return f.regions
	}
	f.regions = make(map[string]string)
	for _, key := range slices.Sorted(maps.Keys(f.providers)) {
		if region := f.configuredRegion(f.providers[key]); region != "" {
			f.regions[key] = region
		}
	}
	fromData := make(map[string]string)
	for i := range f.resources {
		r := &f.resources[i]
		key := f.providerOf(r)
		if f.regions[key] != "" {
			continue
		}
		if r.data && r.typ == "aws_region" {
			s := f.side(r, false)
			if region := cmpOr(s.get("region").text(), s.get("name").text()); fromData[key] == "" && regionName(region) {
				fromData[key] = region
			}
			continue
		}
		if region := f.arnRegion(r); region != "" {
			f.regions[key] = region
		}
	}
	for key, region := range fromData {
		if f.regions[key] == "" {
			f.regions[key] = region
		}
	}
	return f.regions
}

// configuredRegion is the region that a provider block states: a text, or the
// value of a variable.
func (f *tfFile) configuredRegion(expressions tfSpan) string {
	expression := f.value(expressions).get("region")
	if text := textOf(expression.get("constant_value")); regionName(text) {
		return text
	}
	for _, reference := range referencesIn(expression) {
		name, ok := strings.CutPrefix(reference, "var.")
		if !ok {
			continue
		}
		if text := textOf(f.value(f.variables).get(name).get("value")); regionName(text) {
			return text
		}
	}
	return ""
}

// arnRegion is the region in a resource's ARN, "" where there is none.
func (f *tfFile) arnRegion(r *tfResource) string {
	for _, members := range []tfMembers{r.next, r.past} {
		span, ok := f.member(members, "arn")
		if !ok {
			continue
		}
		parts := strings.SplitN(string(f.scan.data[span.from:span.to]), ":", 5)
		if len(parts) == 5 && strings.Trim(parts[0], `"`) == "arn" && regionName(parts[3]) {
			return parts[3]
		}
	}
	return ""
}

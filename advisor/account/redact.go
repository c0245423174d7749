package account

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// redaction replaces account IDs by stand-ins, the same everywhere. A nil one
// replaces nothing.
type redaction struct {
	// quoted is a JSON text, digits what may be an account ID in it.
	quoted, digits *regexp.Regexp
	ids            map[string]string
}

// newRedaction finds the account IDs: those of the scopes, and in the texts of
// replies those of ARNs and registries and all else of twelve digits that stands
// alone. Stand-ins are numbered in the order of the IDs, so that equal snapshots
// have equal ones.
func newRedaction(accounts []string, replies [][]byte) *redaction {
	r := &redaction{
		quoted: regexp.MustCompile(`"(?:[^"\\]|\\.)*"`),
		digits: regexp.MustCompile(`[0-9]{12,}`),
		ids:    make(map[string]string),
	}
	for _, id := range accounts {
		r.ids[id] = ""
	}
	alone := regexp.MustCompile(`(?:^|[^0-9A-Za-z])([0-9]{12})(?:$|[^0-9A-Za-z])`)
	for _, reply := range replies {
		for _, text := range r.quoted.FindAll(reply, -1) {
			for _, m := range alone.FindAllSubmatch(text, -1) {
				r.ids[string(m[1])] = ""
			}
		}
	}
	for i, id := range slices.Sorted(maps.Keys(r.ids)) {
		r.ids[id] = "account-" + strconv.Itoa(i+1)
	}
	return r
}

// text replaces the account IDs of a text. Longer runs of digits are left alone.
func (r *redaction) text(s string) string {
	if r == nil {
		return s
	}
	if standIn, ok := r.ids[s]; ok {
		return standIn
	}
	return r.digits.ReplaceAllStringFunc(s, func(id string) string {
		if standIn, ok := r.ids[id]; ok {
			return standIn
		}
		return id
	})
}

// reply replaces the account IDs in the texts of a reply; its numbers are bytes
// and counts.
func (r *redaction) reply(b []byte) []byte {
	if r == nil {
		return b
	}
	return r.quoted.ReplaceAllFunc(b, func(text []byte) []byte { return []byte(r.text(string(text))) })
}

func (r *redaction) scope(s Scope) Scope {
	s.Account = r.text(s.Account)
	return s
}

func (r *redaction) resource(of Resource) Resource {
	of.Scope = r.scope(of.Scope)
	of.Cluster, of.Name, of.Container = r.text(of.Cluster), r.text(of.Name), r.text(of.Container)
	return of
}

// manifest replaces the account IDs of a copy.
func (r *redaction) manifest(m Manifest) Manifest {
	m.Scopes, m.Failures = slices.Clone(m.Scopes), slices.Clone(m.Failures)
	for i, s := range m.Scopes {
		m.Scopes[i] = r.scope(s)
	}
	for i, f := range m.Failures {
		m.Failures[i] = Failure{Scope: r.scope(f.Scope), Call: f.Call, Resource: r.text(f.Resource), Why: r.text(f.Why)}
	}
	return m
}

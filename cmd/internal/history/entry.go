package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Entry is one report as it is kept.
type Entry struct {
	// ID is NewID of name and period. Put fills it in where it is empty.
	ID string
	// Name is the report's, from its settings.
	Name string
	// From and To are the period, To outside of it; Made is when the report was
	// made. All are kept in whole seconds of UTC.
	From, To, Made time.Time
	// Data is the report's JSON. White space between its parts is not kept.
	Data []byte
	// Costs and Recommendations keep their order.
	Costs           []CostRow
	Recommendations []RecommendationRow
}

// CostRow is one line of cost.
type CostRow struct {
	Account, Region, Cluster string
	// Service is the name of the service or other resource, Kind what it is
	// ("service", "nat gateway", …), Group the group of the line ("compute").
	Service, Kind, Group string
	Tags                 map[string]string
	// USD is a month's cost, NaN where it is unknown.
	USD float64
}

// Subject is what a recommendation is about.
type Subject struct {
	Account, Region, Cluster string
	Kind, Name               string
	Tags                     map[string]string
}

// Status is what became of a recommendation.
type Status string

// Statuses.
const (
	StatusOpen      Status = "open"
	StatusApplied   Status = "applied"
	StatusWithdrawn Status = "withdrawn" // no longer recommended, and not applied
)

// RecommendationRow is one recommendation as a report predicted it.
type RecommendationRow struct {
	// Key is the same in every report that has this recommendation.
	Key, Lever string
	Subject    Subject
	Title      string
	// Before and After are USD a month, P10, P50 and P90 the quantiles of the
	// saving; NaN where unknown.
	Before, After, P10, P50, P90 float64
	Status                       Status
}

// Lengths within an ID.
const (
	slugLength = 40 // characters of the name
	hashLength = 16 // hexadecimal digits of the name's SHA-256
	idTime     = "20060102T150405Z"
)

// NewID names the report of a period. IDs hold only a-z, 0-9, '-', '.', 'T' and
// 'Z', so they are file names everywhere; those of one name sort by period.
func NewID(name string, from, to time.Time) string {
	return idPrefix(name) + from.UTC().Format(idTime) + "." + to.UTC().Format(idTime)
}

// idPrefix is what the IDs of one name begin with and no others. The readable
// part is for people; the hash tells "A b" from "a-b".
func idPrefix(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	slug := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		default:
			return '-'
		}
	}, name)
	sum := sha256.Sum256([]byte(name))
	return slug[:min(len(slug), slugLength)] + "-" + hex.EncodeToString(sum[:])[:hashLength] + "."
}

// normal is the entry as it is kept, or an error that says why it cannot be.
func (e Entry) normal() (Entry, error) {
	e.Name = strings.ToValidUTF8(e.Name, "\uFFFD")
	e.From, e.To, e.Made = second(e.From), second(e.To), second(e.Made)
	if e.ID == "" {
		e.ID = NewID(e.Name, e.From, e.To)
	}
	e.Costs = slices.Clone(e.Costs)
	for i := range e.Costs {
		e.Costs[i].normalise()
	}
	e.Recommendations = slices.Clone(e.Recommendations)
	for i := range e.Recommendations {
		e.Recommendations[i].normalise()
	}
	if err := e.check(); err != nil {
		return Entry{}, fmt.Errorf("history: keeping report %q: %w", e.Name, err)
	}
	var data bytes.Buffer
	if err := json.Compact(&data, e.Data); err != nil {
		return Entry{}, fmt.Errorf("history: keeping report %q: its data is not JSON: %w", e.Name, err)
	}
	e.Data = bytes.ToValidUTF8(data.Bytes(), []byte("\uFFFD"))
	return e, nil
}

// check refuses what cannot be kept, in an entry whose times and texts are
// normal.
func (e *Entry) check() error {
	switch {
	case e.Name == "":
		return errors.New("want a name, got none")
	case !e.From.Before(e.To):
		return fmt.Errorf("want a period of at least a second, got %s to %s", e.From.Format(time.RFC3339), e.To.Format(time.RFC3339))
	case e.From.Year() < 1 || e.To.Year() > 9999:
		return fmt.Errorf("want a period within the years 1 to 9999, got %d to %d", e.From.Year(), e.To.Year())
	case e.Made.IsZero() || e.Made.Year() < 1 || e.Made.Year() > 9999:
		return fmt.Errorf("want the time at which it was made, got %s", e.Made.Format(time.RFC3339))
	case e.ID != NewID(e.Name, e.From, e.To):
		return fmt.Errorf("want ID %s, got %q", NewID(e.Name, e.From, e.To), e.ID)
	}
	for i := range e.Costs {
		if err := finite("USD", e.Costs[i].USD); err != nil {
			return fmt.Errorf("cost row %d: %w", i, err)
		}
	}
	for i := range e.Recommendations {
		if err := e.Recommendations[i].check(); err != nil {
			return fmt.Errorf("recommendation %d: %w", i, err)
		}
	}
	return nil
}

func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

func (c *CostRow) normalise() {
	for _, s := range []*string{&c.Account, &c.Region, &c.Cluster, &c.Service, &c.Kind, &c.Group} {
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
	c.Tags = validTags(c.Tags)
}

func (r *RecommendationRow) normalise() {
	s := &r.Subject
	for _, s := range []*string{&r.Key, &r.Lever, &s.Account, &s.Region, &s.Cluster, &s.Kind, &s.Name, &r.Title} {
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
	s.Tags = validTags(s.Tags)
}

func (r *RecommendationRow) check() error {
	switch r.Status {
	case StatusOpen, StatusApplied, StatusWithdrawn:
	default:
		return fmt.Errorf("want status %q, %q or %q, got %q", StatusOpen, StatusApplied, StatusWithdrawn, r.Status)
	}
	return errors.Join(finite("before", r.Before), finite("after", r.After),
		finite("P10", r.P10), finite("P50", r.P50), finite("P90", r.P90))
}

// finite allows NaN, which is unknown, but no infinity, which is a bug.
func finite(what string, usd float64) error {
	if math.IsInf(usd, 0) {
		return fmt.Errorf("want a finite amount of %s, got %v", what, usd)
	}
	return nil
}

// validTags copies tags, in valid UTF-8; no tags are nil. Where two keys become
// equal the first in order stays.
func validTags(tags map[string]string) map[string]string {
	var valid map[string]string
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		key := strings.ToValidUTF8(k, "\uFFFD")
		if _, taken := valid[key]; taken {
			continue
		}
		if valid == nil {
			valid = make(map[string]string, len(tags))
		}
		valid[key] = strings.ToValidUTF8(tags[k], "\uFFFD")
	}
	return valid
}

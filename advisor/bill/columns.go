package bill

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

var errTooMany = errors.New("more than a million different lines or 256 MiB of names: give an export of a shorter time or of fewer accounts")

// columnName is a header in one spelling, its letters and digits in lower case:
// "lineItem/UsageType", "line_item_usage_type" and "LINE_ITEM_USAGE_TYPE" are one
// column of different editions of an export.
func columnName(header string) string {
	var b strings.Builder
	for _, r := range header {
		switch {
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r + 'a' - 'A')
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// row gives the cells of one row by the names of their columns.
type row struct {
	columns map[string]int // by columnName
	cells   []string
	// times and tags remember what texts meant: the same few come in row after
	// row.
	times map[string]time.Time
	tags  map[string][2]string
}

// maxRemembered is how many texts a row remembers before it begins anew.
const maxRemembered = 4096

func newRow(columns map[string]int) *row {
	return &row{columns: columns, times: map[string]time.Time{}, tags: map[string][2]string{}}
}

// headerOf finds columns; the first of several of one name counts.
func headerOf(names []string) map[string]int {
	columns := make(map[string]int, len(names))
	for i, name := range names {
		name = columnName(name)
		if _, ok := columns[name]; !ok && name != "" {
			columns[name] = i
		}
	}
	return columns
}

// has reports whether any of the columns is there.
func (r *row) has(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { _, ok := r.columns[n]; return ok })
}

// text is the first of the columns that is not empty. The literal NULL is empty
// too: the FOCUS 1.0 sample data writes it, against its own rules.
func (r *row) text(names ...string) string {
	for _, name := range names {
		if i, ok := r.columns[name]; ok && i < len(r.cells) {
			if v := strings.TrimSpace(r.cells[i]); v != "" && v != "NULL" && v != "null" {
				return v
			}
		}
	}
	return ""
}

// number is the first of the columns that is not empty, NaN if all are.
func (r *row) number(names ...string) (float64, error) {
	v := r.text(names...)
	if v == "" {
		return math.NaN(), nil
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || math.Abs(n) > 1e15 {
		return 0, fmt.Errorf("%s %s: want a decimal number", names[0], quoted(v))
	}
	return n, nil
}

// want is a number that may not be absent.
func (r *row) want(names ...string) (float64, error) {
	n, err := r.number(names...)
	if err == nil && math.IsNaN(n) {
		err = fmt.Errorf("%s is empty: want a decimal number", names[0])
	}
	return n, err
}

// time is the first of the columns that is not empty, zero if all are.
func (r *row) time(names ...string) (time.Time, error) {
	v := r.text(names...)
	if v == "" {
		return time.Time{}, nil
	}
	if at, ok := r.times[v]; ok {
		return at, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04:05 UTC", "2006-01-02"} {
		if at, err := time.Parse(layout, v); err == nil && at.Year() >= 1990 && at.Year() < 2200 {
			if len(r.times) >= maxRemembered {
				clear(r.times)
			}
			r.times[strings.Clone(v)] = at.UTC()
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %s: want a time such as 2026-10-01T00:00:00Z", names[0], quoted(v))
}

// quoted is a cell for an error message.
func quoted(v string) string {
	if len(v) > 60 {
		v = v[:60] + "…"
	}
	return strconv.Quote(v)
}

// The tags that ECS puts on tasks, as columnName spells them.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
const (
	clusterTag = "awsecsclustername"
	serviceTag = "awsecsservicename"
)

// ecs tells the cluster and the service of a row: from a column a tag (legacy
// CUR), from a column of all tags as JSON (FOCUS, CUR 2.0), the cluster also
// from a task's ARN (arn:aws:ecs:region:account:task/cluster/id).
func (r *row) ecs() (cluster, service string) {
	cluster, service = r.text("resourcetags"+clusterTag), r.text("resourcetags"+serviceTag)
	if cluster == "" || service == "" {
		if tags := r.text("tags", "resourcetags"); strings.Contains(tags, "ecs") {
			known, ok := r.tags[tags]
			if !ok {
				if len(r.tags) >= maxRemembered || len(tags) > 4096 {
					clear(r.tags)
				}
				known[0], known[1] = tagsOf(tags)
				r.tags[strings.Clone(tags)] = known
			}
			cluster, service = first(cluster, known[0]), first(service, known[1])
		}
	}
	if cluster == "" {
		if _, task, ok := strings.Cut(r.text("lineitemresourceid", "resourceid"), ":task/"); ok {
			if name, _, ok := strings.Cut(task, "/"); ok {
				cluster = name
			}
		}
	}
	return cluster, service
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// tagsOf reads a column of tags: a JSON object. Keys may carry a prefix
// ("resource/", "user:"), so their ends are compared. What is no JSON is no tag.
func tagsOf(text string) (cluster, service string) {
	var tags map[string]any
	if json.Unmarshal([]byte(text), &tags) != nil {
		return "", ""
	}
	keys := make([]string, 0, len(tags))
	for k := range tags {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		value, ok := tags[k].(string)
		if !ok {
			continue
		}
		switch name := columnName(k); {
		case cluster == "" && strings.HasSuffix(name, clusterTag):
			cluster = value
		case service == "" && strings.HasSuffix(name, serviceTag):
			service = value
		}
	}
	return cluster, service
}

// usageType takes the region's billing prefix off: "EUW2-Fargate-GB-Hours" and
// "EU-BoxUsage:m5.large". Prefixes are EU or three letters and a digit.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
func usageType(name string) string {
	prefix, rest, ok := strings.Cut(name, "-")
	isRegion := len(prefix) == 4 && prefix[3] >= '0' && prefix[3] <= '9' && !strings.ContainsFunc(prefix[:3], func(r rune) bool { return r < 'A' || r > 'Z' })
	if ok && (prefix == "EU" || isRegion) {
		return rest
	}
	return name
}

// Unit is a unit of AWS's price list as FOCUS's unit format spells it: "hours",
// "Hrs" and "hour" are "Hours", "GB-Mo" is "GB-Months", "vCPU-Hours" stays.
// Source: FOCUS 1.2, attribute Unit Format.
func Unit(unit string) string {
	what, per, ok := strings.Cut(unit, "-")
	if !ok {
		what, per = "", unit
	}
	switch strings.ToLower(per) {
	case "hours", "hrs", "hour", "hr":
		per = "Hours"
	case "mo", "month", "months":
		per = "Months"
	case "second", "seconds":
		per = "Seconds"
	case "minutes":
		per = "Minutes"
	case "gigabytes":
		per = "GB"
	case "request":
		per = "Requests"
	default:
		if ok && per == "GB" || per == "" {
			return unit
		}
		if ok { // "Lambda-GB-Second"
			per = Unit(per)
		}
	}
	switch {
	case !ok:
		return per
	case what == "Lambda":
		return per
	case what == "apps":
		what = "Applications"
	}
	return what + "-" + per
}

// region is a region's code; what is global has none.
func region(code string) string {
	if strings.EqualFold(code, "global") || strings.EqualFold(code, "aws-global") {
		return ""
	}
	return code
}

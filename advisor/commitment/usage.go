package commitment

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Usage is hourly usage as a file tells it, before it has prices.
type Usage struct {
	// Form is "plain", "FOCUS" or "CUR".
	Form  string
	Start time.Time
	// Hours is how many there are from Start on.
	Hours int
	Lines []UsageLine
	// rows are the values of an hour each, in the order of the lines' columns.
	rows [][]float64
	// Ignored are usage types, or descriptions where there are none, that no
	// Savings Plan here covers, and how many rows each had, by name.
	Ignored []Ignored
}

// UsageLine is the usage of one kind in one region.
type UsageLine struct {
	// UsageType is AWS's, without the region's billing prefix:
	// "BoxUsage:m5.large", "Fargate-GB-Hours". Region is "eu-west-2".
	UsageType, Region string
	// OS is "Linux" or "Windows"; of Fargate the usage type says it.
	OS string
	// Tenancy is "" or "Dedicated".
	Tenancy string
	// ByCost says that values are USD on demand, because the file has no
	// quantity. Otherwise they are units: instance-, vCPU- or GB-hours.
	ByCost bool
	column int
}

// Values are those of a line in each hour. There are none after Rate.
func (u *Usage) Values(line int) []float64 {
	var values []float64
	for _, row := range u.rows {
		values = append(values, row[u.Lines[line].column])
	}
	return values
}

// NewUsage is usage that was read elsewhere: of each line its values in each hour,
// units or USD as its ByCost says. The lines have as many hours.
func NewUsage(start time.Time, lines []UsageLine, values [][]float64) *Usage {
	u := &Usage{Start: start, Lines: slices.Clone(lines)}
	for i, v := range values {
		u.Hours, u.Lines[i].column = len(v), i
	}
	u.rows = make([][]float64, u.Hours)
	for hour := range u.rows {
		u.rows[hour] = make([]float64, len(lines))
		for i, v := range values {
			u.rows[hour][i] = v[hour]
		}
	}
	return u
}

// Ignored is usage that was read over.
type Ignored struct {
	Name string
	Rows int
}

// ReadOptions say how lenient reading is.
type ReadOptions struct {
	// ZeroGaps takes hours without any row as hours without usage. Otherwise
	// they are an error: an export that lacks an hour looks just like it.
	ZeroGaps bool
}

// Most that a file may span: guards against a mistyped year.
const (
	maxHours = 4 * 366 * 24
	maxCells = 40e6
)

// ReadUsage reads hourly usage from CSV: the plain form (docs/commitment.md), a
// FOCUS export or an AWS Cost and Usage Report. The form is told by the header.
//
// Rows that are no usage (fees, taxes, credits, other services, Spot) are read
// over. A row that cannot be meant is refused by its number: negative usage, a
// time that is not on the hour, a period that is not an hour, a gap. Errors
// start with the name.
func ReadUsage(name string, r io.Reader, o ReadOptions) (*Usage, error) {
	c := csv.NewReader(r)
	c.ReuseRecord, c.FieldsPerRecord, c.LazyQuotes = true, -1, true
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: empty: want a CSV header", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: reading CSV: %w", name, err)
	}
	read, t := &usageReader{file: name, lines: map[lineKey]int{}, ignored: map[string]int{}, hours: map[int64]*hourRead{}}, newTable(name, header)
	form, row, err := t.form()
	if err != nil {
		return nil, err
	}
	for {
		t.cells, err = c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: reading CSV: %w", name, err)
		}
		t.row, _ = c.FieldPos(0)
		if err := row(t, read); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, t.row, err)
		}
	}
	return read.usage(form, o)
}

// table gives cells of a row by the names of their columns.
type table struct {
	file    string
	columns map[string]int
	cells   []string
	row     int // in the file
}

func newTable(file string, header []string) *table {
	t := &table{file: file, columns: map[string]int{}}
	for i, cell := range header {
		name := columnName(cell)
		if _, ok := t.columns[name]; !ok && name != "" {
			t.columns[name] = i
		}
	}
	return t
}

// columnName is a header in one spelling: "lineItem/UsageStartDate" and
// "line_item_usage_start_date" are the same column of two editions of the CUR.
func columnName(cell string) string {
	cell = strings.Trim(cell, "\ufeff \t")
	var b strings.Builder
	lower := false
	for _, r := range cell {
		switch {
		case r == '/' || r == ' ' || r == '-' || r == '_':
			r, lower = '_', false
		case r >= 'A' && r <= 'Z':
			if lower {
				b.WriteByte('_')
			}
			r, lower = r+'a'-'A', false
		default:
			lower = true
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (t *table) has(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { _, ok := t.columns[name]; return !ok })
}

// cell is the first of the columns that is not empty; "NULL" is empty too, as
// the FOCUS sample has it.
func (t *table) cell(names ...string) string {
	for _, name := range names {
		if i, ok := t.columns[name]; ok && i < len(t.cells) {
			if v := strings.TrimSpace(t.cells[i]); v != "" && !strings.EqualFold(v, "null") {
				return v
			}
		}
	}
	return ""
}

// number is a cell as a finite number.
func (t *table) number(name string) (float64, error) {
	v := t.cell(name)
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, fmt.Errorf("%s %q: want a number", name, v)
	}
	return n, nil
}

// usageNumber is a number of 0 or more.
func (t *table) usageNumber(name string) (float64, error) {
	n, err := t.number(name)
	if err == nil && n < 0 {
		return 0, fmt.Errorf("%s %v is negative: want 0 or more", name, n)
	}
	return n, err
}

// hour is a cell as a time on the hour, UTC.
func (t *table) hour(name string) (time.Time, error) {
	at, err := t.time(name)
	if err == nil && !at.Equal(at.Truncate(time.Hour)) {
		return at, fmt.Errorf("%s %q: want a time on the hour", name, t.cell(name))
	}
	return at, err
}

func (t *table) time(name string) (time.Time, error) {
	v := t.cell(name)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if at, err := time.Parse(layout, v); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q: want a time such as 2026-01-31T13:00:00Z", name, v)
}

// form tells the form of the file by its columns.
func (t *table) form() (string, func(*table, *usageReader) error, error) {
	switch {
	case t.has("charge_period_start", "charge_period_end"):
		return "FOCUS", focusRow, t.want("charge_category", "pricing_quantity", "region_id")
	case t.has("line_item_usage_start_date"):
		return "CUR", curRow, t.want("line_item_line_item_type", "line_item_usage_type", "line_item_usage_amount")
	case t.has("hour"):
		if !t.has("quantity") && !t.has("on_demand_cost") {
			return "", nil, fmt.Errorf("%s:1: no column quantity and none on_demand_cost: want one of them", t.file)
		}
		return "plain", plainRow, t.want("usage_type", "region")
	}
	return "", nil, fmt.Errorf("%s:1: header tells no form: want the columns hour, usage_type, region and quantity, or those of a FOCUS export (ChargePeriodStart …) or of an AWS Cost and Usage Report (line_item_usage_start_date …)", t.file)
}

func (t *table) want(names ...string) error {
	for _, name := range names {
		if !t.has(name) {
			return fmt.Errorf("%s:1: no column %s", t.file, name)
		}
	}
	return nil
}

type lineKey struct {
	usageType, region, os, tenancy string
	cost                           bool
}

// usageReader collects rows.
type usageReader struct {
	file    string
	lines   map[lineKey]int
	keys    []lineKey
	ignored map[string]int
	hours   map[int64]*hourRead // by hour since 1970
	cells   float64
	any     bool
	lo, hi  int64
}

// hourRead is an hour: the first row of the file with it, and the lines' values.
// Hour by hour they can become the rows of Hours as they are: a year of 1,000
// lines is 70 MB, which should not be there twice.
type hourRead struct {
	row    int
	values []float64
}

func (r *usageReader) ignore(name string) { r.ignored[name]++ }

// see notes that the file has a row of the hour.
func (r *usageReader) see(at time.Time, row int) (int64, error) {
	hour := at.Unix() / 3600
	if _, ok := r.hours[hour]; !ok {
		r.hours[hour] = &hourRead{row: row}
	}
	if !r.any {
		r.any, r.lo, r.hi = true, hour, hour
	}
	r.lo, r.hi = min(r.lo, hour), max(r.hi, hour)
	if r.hi-r.lo >= maxHours {
		return 0, fmt.Errorf("%s is %d days away from other rows: want at most 4 years", at.Format(time.RFC3339), (r.hi-r.lo)/24)
	}
	return hour, nil
}

// add adds a row's value to its line, in an hour that was seen.
func (r *usageReader) add(hour int64, key lineKey, value float64) error {
	i, ok := r.lines[key]
	if !ok {
		i = len(r.keys)
		r.lines[key] = i
		r.keys = append(r.keys, key)
	}
	h := r.hours[hour]
	if before := len(h.values); i >= before {
		if h.values == nil {
			h.values = make([]float64, 0, len(r.keys))
		}
		h.values = append(h.values, make([]float64, i+1-before)...)
		r.cells += float64(i + 1 - before)
	}
	h.values[i] += value
	if r.cells > maxCells || len(r.keys) > 100_000 {
		return fmt.Errorf("more than %.0f hours × lines: give a shorter period", maxCells)
	}
	return nil
}

// usage is what was read, in the order of the lines' names.
func (r *usageReader) usage(form string, o ReadOptions) (*Usage, error) {
	if len(r.keys) == 0 {
		return nil, fmt.Errorf("%s: no row of EC2 or Fargate usage that a Savings Plan could cover", r.file)
	}
	for hour, last := r.lo, r.lo; hour <= r.hi; hour++ {
		read, ok := r.hours[hour]
		if !ok {
			continue
		}
		if hour > last+1 && !o.ZeroGaps {
			return nil, fmt.Errorf("%s:%d: gap of %d hours before %s, after %s: want every hour", r.file, read.row, hour-last-1,
				time.Unix(hour*3600, 0).UTC().Format(time.RFC3339), time.Unix(last*3600, 0).UTC().Format(time.RFC3339))
		}
		last = hour
	}
	u := &Usage{Form: form, Start: time.Unix(r.lo*3600, 0).UTC(), Hours: int(r.hi - r.lo + 1)}
	if float64(u.Hours)*float64(len(r.keys)) > maxCells {
		return nil, fmt.Errorf("%s: %d hours × %d lines: give a shorter period", r.file, u.Hours, len(r.keys))
	}
	u.rows = make([][]float64, u.Hours)
	for i := range u.rows {
		if read := r.hours[r.lo+int64(i)]; read != nil {
			u.rows[i] = read.values
		}
		if missing := len(r.keys) - len(u.rows[i]); missing > 0 {
			u.rows[i] = append(u.rows[i], make([]float64, missing)...)
		}
	}
	for i, key := range r.keys {
		u.Lines = append(u.Lines, UsageLine{UsageType: key.usageType, Region: key.region, OS: key.os, Tenancy: key.tenancy, ByCost: key.cost, column: i})
	}
	sort.Slice(u.Lines, func(i, j int) bool { return u.Lines[i].ID() < u.Lines[j].ID() })
	for name, rows := range r.ignored {
		u.Ignored = append(u.Ignored, Ignored{name, rows})
	}
	sort.Slice(u.Ignored, func(i, j int) bool { return u.Ignored[i].Name < u.Ignored[j].Name })
	return u, nil
}

// ID names the line.
func (l UsageLine) ID() string {
	id := l.Region + " " + l.UsageType
	for _, part := range []string{l.OS, l.Tenancy} {
		if part != "" {
			id += " " + part
		}
	}
	if l.ByCost {
		id += " by cost"
	}
	return id
}

package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/intake"
)

// sweepSource makes the designs of a sweep from a design file.
type sweepSource struct {
	reader *reader
	source *source
	base   design.Workload
}

// axis is a parameter with how it gets into a design.
type axis struct {
	advisor.Parameter
	// suffix is the unit that values are written with.
	suffix string
	// apply changes the model; nil where the path is of the document.
	apply func(w *design.Workload, value float64) error
}

// axis reads the flags of one parameter and tries the path on the design, so
// that a mistyped one is an error before anything is swept.
func (s *sweepSource) axis(o *axisOptions) (*axis, error) {
	suffix := strings.TrimPrefix(o.flag, "param")
	from, fromUnit, err := splitValue(o.from)
	if err != nil {
		return nil, as(usage, fmt.Errorf("--from%s: %w", suffix, err))
	}
	to, toUnit, err := splitValue(o.to)
	if err != nil {
		return nil, as(usage, fmt.Errorf("--to%s: %w", suffix, err))
	}
	if fromUnit == "" {
		fromUnit = toUnit
	}
	if toUnit == "" {
		toUnit = fromUnit
	}
	switch {
	case fromUnit != toUnit:
		return nil, as(usage, fmt.Errorf("--from%s and --to%s: want one unit, got %q and %q", suffix, suffix, fromUnit, toUnit))
	case from >= to:
		return nil, as(usage, fmt.Errorf("--from%s: want less than --to%s, got %s and %s", suffix, suffix, o.from, o.to))
	}
	steps := o.steps
	if steps == 0 {
		steps = defaultListed
	}
	a := &axis{
		Parameter: advisor.Parameter{Path: o.path, Label: o.label, Unit: o.unitName, From: from, To: to, Steps: steps},
		suffix:    toUnit,
	}
	if a.Unit == "" {
		a.Unit = unitOf(o.path, toUnit)
	}
	if a.apply, err = s.modelled(o.path); err != nil {
		return nil, err
	}
	if a.apply != nil {
		return a, a.inRange(suffix)
	}
	return a, s.probe(a)
}

// inRange refuses values that the parameter never has.
func (a *axis) inRange(suffix string) error {
	greatest := 1.0
	if strings.HasSuffix(a.Path, ".hours_per_week") {
		greatest = design.HoursPerWeek
	}
	for _, flag := range []struct {
		name  string
		value float64
	}{{"--from", a.From}, {"--to", a.To}} {
		if flag.value < 0 || flag.value > greatest {
			return as(usage, fmt.Errorf("%s%s: %s: want 0 to %v, got %v", flag.name, suffix, a.Path, greatest, flag.value))
		}
	}
	return nil
}

// probe sets the parameter on the design: at its ends, and between whole
// values, where a refusal says that only whole values exist.
func (s *sweepSource) probe(a *axis) error {
	try := func(value float64) error {
		_, _, err := readDesign(s.reader, s.source, "", append(s.changes(s.reader.variant), a.change(value)))
		return err
	}
	for _, value := range []float64{a.From, a.To} {
		if err := try(value); err != nil {
			return err
		}
	}
	between := a.From + (a.To-a.From)*0.377
	if between != math.Trunc(between) && try(between) != nil {
		a.Whole = true
	}
	return nil
}

func (a *axis) change(value float64) design.Change {
	return design.Change{Path: a.Path, Value: strconv.FormatFloat(value, 'f', -1, 64) + a.suffix}
}

// changes are those of a variant of the file.
func (s *sweepSource) changes(variant string) []design.Change {
	for _, v := range s.base.Variants {
		if v.Name == variant {
			return append([]design.Change(nil), v.Changes...)
		}
	}
	return nil
}

// modelled are the parameters that no single path of a design file holds.
func (s *sweepSource) modelled(path string) (func(*design.Workload, float64) error, error) {
	name, key, found := cutLast(strings.TrimPrefix(path, "services."))
	if !found || !strings.HasPrefix(path, "services.") || key != "hours_per_week" && key != "spot_share" {
		return nil, nil
	}
	var names []string
	for i := range s.base.Services {
		names = append(names, s.base.Services[i].Name)
	}
	change := setHours
	if key == "spot_share" {
		change = setSpot
	}
	for _, have := range names {
		if have == name {
			return func(w *design.Workload, value float64) error {
				for i := range w.Services {
					if w.Services[i].Name == name {
						return change(&w.Services[i], value)
					}
				}
				return fmt.Errorf("%s: the design has no service %s", path, name)
			}, nil
		}
	}
	return nil, fmt.Errorf("reading %s: %s: no service is named %q%s", s.source.name, path, name, intake.Suggest(name, names))
}

func cutLast(path string) (before, last string, found bool) {
	i := strings.LastIndex(path, ".")
	if i < 0 {
		return path, "", false
	}
	return path[:i], path[i+1:], true
}

// setHours lets a service run some hours of the week, at its peak count.
func setHours(s *design.Service, hours float64) error {
	if hours < 0 || hours > design.HoursPerWeek {
		return fmt.Errorf("services.%s.hours_per_week: want 0 to %d, got %v", s.Name, design.HoursPerWeek, hours)
	}
	peak := s.Count.Mean()
	if s.Count.Week != nil {
		peak = s.Count.Peak()
	}
	if !peak.Stated() {
		return fmt.Errorf("services.%s.hours_per_week: the service states no count", s.Name)
	}
	var week design.WeekSchedule
	for h := range week.Hours {
		week.Hours[h] = peak.Value * math.Min(1, math.Max(0, hours-float64(h)))
	}
	s.Count = design.CountProfile{Week: &week}
	return nil
}

// setSpot puts a share of a service's tasks on Fargate Spot.
func setSpot(s *design.Service, share float64) error {
	if share < 0 || share > 1 {
		return fmt.Errorf("services.%s.spot_share: want 0 to 1, got %v", s.Name, share)
	}
	for _, p := range s.Capacity.Providers {
		if !p.Kind.OnFargate() {
			return fmt.Errorf("services.%s.spot_share: the service is on %s, not on Fargate; sweep its group's spot", s.Name, p.Kind)
		}
	}
	advisor.SetSpotShare(s, share)
	return nil
}

// design is one variant as a function of the parameters.
func (s *sweepSource) design(name string, axes []*axis) advisor.Swept {
	variant := name
	if name == baseName {
		variant = s.reader.variant
	}
	fixed := s.changes(variant)
	return advisor.Swept{Name: name, At: func(x, y float64) (design.Workload, error) {
		values := []float64{x, y}
		changes := append([]design.Change(nil), fixed...)
		for i, a := range axes {
			if a.apply == nil {
				changes = append(changes, a.change(values[i]))
			}
		}
		w, invalid, err := readDesign(s.reader, s.source, variant, changes)
		if err != nil || invalid != nil {
			if err == nil {
				err = invalid
			}
			return w, err
		}
		for i, a := range axes {
			if a.apply != nil {
				if err := a.apply(&w, values[i]); err != nil {
					return w, err
				}
			}
		}
		return w, nil
	}}
}

// splitValue takes a number and its unit apart: "2TB/month". The number is as
// long as it can be; the unit is written behind other numbers, so one that would
// run into them ("1 5") is none.
func splitValue(text string) (value float64, unit string, err error) {
	text = strings.TrimSpace(text)
	bad := fmt.Errorf("want a number, with a unit or without, got %q", text)
	for end := numberRunes(text); end > 0; end-- {
		value, err = strconv.ParseFloat(text[:end], 64)
		if err != nil {
			continue
		}
		unit = strings.TrimSpace(text[end:])
		if math.IsInf(value, 0) || !plainUnit(unit) {
			return 0, "", bad
		}
		return value + 0, unit, nil // −0 is 0
	}
	return 0, "", bad
}

// numberRunes is how many bytes at the front of a text a decimal number may have.
func numberRunes(text string) int {
	end := 0
	for end < len(text) && strings.ContainsRune("0123456789.+-eE", rune(text[end])) {
		end++
	}
	return end
}

// plainUnit reports whether a number stays apart from the unit behind it.
func plainUnit(unit string) bool {
	n := numberRunes("1" + unit)
	for end := n; end > 1; end-- {
		if _, err := strconv.ParseFloat(("1" + unit)[:end], 64); err == nil {
			return false
		}
	}
	return true
}

// unitOf is what a value of a path is counted in where it is written without a
// unit, for axes and sentences. Source: intake/docs/design-file.md, Quantities.
func unitOf(path, written string) string {
	if written != "" {
		return written
	}
	_, key, _ := cutLast(path)
	switch key {
	case "count", "average", "min", "max", "tasks", "replicas":
		return "tasks"
	case "ingest", "processed", "internet_out", "internet_in", "cross_az", "data", "nat_data", "read", "write":
		return "GB a month"
	case "stored", "size", "ephemeral_storage", "image_size":
		return "GB"
	case "new_connections", "requests":
		return "a second"
	case "per_month":
		return "a month"
	case "per_day":
		return "a day"
	case "cpu":
		return "vCPU"
	case "memory":
		return "MiB"
	case "azs":
		return "AZs"
	case "hours_per_week":
		return "hours a week"
	case "spot_share":
		return "of the tasks"
	default:
		return ""
	}
}

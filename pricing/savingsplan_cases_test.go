package pricing

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestSavingsPlanCases runs the readable cases; testdata/savingsplans/README
// says how they are written.
func TestSavingsPlanCases(t *testing.T) {
	files, err := filepath.Glob("testdata/savingsplans/*.txt")
	if err != nil || len(files) < 19 {
		t.Fatalf("found %d cases, want at least 19 (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			c := readCommitmentCase(t, file)
			if c.source == "" || len(c.expectations) == 0 {
				t.Fatalf("%s: want a source and at least one expectation", file)
			}
			applier, err := NewApplier(c.usages, c.commitments)
			if err != nil {
				t.Fatal(err)
			}
			tally := applier.NewTally()
			if err := tally.Add(c.quantities, 1); err != nil {
				t.Fatal(err)
			}
			for _, e := range c.expectations {
				got, err := c.figure(tally, e.figure)
				if err != nil {
					t.Errorf("%s:%d: %v", file, e.line, err)
					continue
				}
				if math.Abs(got-e.want) > e.tolerance {
					t.Errorf("%s:%d: %s is %.6g, want %g", file, e.line, strings.Join(e.figure, " "), got, e.want)
				}
			}
		})
	}
}

type commitmentCase struct {
	source       string
	usages       []EligibleUsage
	quantities   []float64
	commitments  Commitments
	expectations []expectation
}

type expectation struct {
	line      int
	figure    []string
	want      float64
	tolerance float64 // half a unit of the last digit written
}

func readCommitmentCase(t *testing.T, file string) *commitmentCase {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &commitmentCase{}
	for i, line := range strings.Split(string(data), "\n") {
		if rest, ok := strings.CutPrefix(line, "source "); ok {
			c.source = rest // its URL may hold a '#'
			continue
		}
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if err := c.statement(i+1, fields); err != nil {
			t.Fatalf("%s:%d: %v", file, i+1, err)
		}
	}
	return c
}

func (c *commitmentCase) statement(line int, f []string) error {
	if len(f) < 3 {
		return fmt.Errorf("%q: too short", strings.Join(f, " "))
	}
	switch f[0] {
	case "usage":
		return c.usage(f)
	case "plan":
		return c.plan(f)
	case "reservation":
		return c.reservation(f)
	case "expect":
		word := f[len(f)-1]
		want, err := strconv.ParseFloat(word, 64)
		_, decimals, _ := strings.Cut(word, ".")
		c.expectations = append(c.expectations, expectation{
			line: line, figure: f[1 : len(f)-1], want: want,
			tolerance: 0.5*math.Pow10(-len(decimals)) + 1e-9,
		})
		return err
	default:
		return fmt.Errorf("%q: want source, usage, plan, reservation or expect", f[0])
	}
}

// caseOffer is the offer that a case calls "compute-3yr".
func caseOffer(name string) (Offer, bool) {
	o := Offer{Term: "1yr", Payment: "Partial Upfront"}
	if short, ok := strings.CutSuffix(name, "-3yr"); ok {
		name, o.Term = short, "3yr"
	}
	switch name {
	case "compute":
		o.Type = ComputePlan
	case "ec2":
		o.Type = EC2InstancePlan
	default:
		return Offer{}, false
	}
	return o, true
}

func (c *commitmentCase) usage(f []string) error {
	quantity, err := strconv.ParseFloat(f[2], 64)
	if err != nil {
		return err
	}
	u := EligibleUsage{ID: f[1], Kind: UsageKind(f[3]), OS: "Linux", PlanRates: map[Offer]float64{}}
	for _, pair := range f[4:] {
		name, value, _ := strings.Cut(pair, "=")
		if o, ok := caseOffer(name); ok {
			u.PlanRates[o], err = strconv.ParseFloat(value, 64)
		} else if name == "on-demand" {
			u.OnDemandRate, err = strconv.ParseFloat(value, 64)
		} else {
			err = set(name, value, map[string]*string{"type": &u.InstanceType, "region": &u.Region,
				"os": &u.OS, "tenancy": &u.Tenancy, "zone": &u.Zone})
		}
		if err != nil {
			return err
		}
	}
	c.usages, c.quantities = append(c.usages, u), append(c.quantities, quantity)
	return nil
}

func (c *commitmentCase) plan(f []string) error {
	offer, ok := caseOffer(f[2])
	if !ok {
		return fmt.Errorf("plan type %q", f[2])
	}
	p := SavingsPlan{ID: f[1], Offer: offer}
	for _, pair := range f[3:] {
		name, value, _ := strings.Cut(pair, "=")
		var err error
		if name == "commitment" {
			p.Commitment, err = strconv.ParseFloat(value, 64)
		} else {
			err = set(name, value, map[string]*string{"family": &p.Family, "region": &p.Region})
		}
		if err != nil {
			return err
		}
	}
	c.commitments.Plans = append(c.commitments.Plans, p)
	return nil
}

func (c *commitmentCase) reservation(f []string) error {
	count, err := strconv.Atoi(f[2])
	if err != nil {
		return err
	}
	r := Reservation{ID: f[1], Count: count, OS: "Linux"}
	for _, pair := range f[3:] {
		name, value, _ := strings.Cut(pair, "=")
		if name == "rate" {
			r.Rate, err = strconv.ParseFloat(value, 64)
		} else {
			err = set(name, value, map[string]*string{"type": &r.InstanceType, "region": &r.Region,
				"os": &r.OS, "tenancy": &r.Tenancy, "zone": &r.Zone})
		}
		if err != nil {
			return err
		}
	}
	c.commitments.Reservations = append(c.commitments.Reservations, r)
	return nil
}

func set(name, value string, fields map[string]*string) error {
	field, ok := fields[name]
	if !ok {
		return fmt.Errorf("no such name: %q", name)
	}
	*field = value
	return nil
}

// figure is the number that an expectation names.
func (c *commitmentCase) figure(t *Tally, words []string) (float64, error) {
	total := t.Total()
	totals := map[string]float64{
		"list-cost": total.ListCost, "on-demand-cost": total.OnDemandCost,
		"commitment-cost": total.CommitmentCost, "unused-cost": total.UnusedCost,
		"effective-cost": total.EffectiveCost, "cost": total.Cost(),
	}
	switch len(words) {
	case 1:
		if v, ok := totals[words[0]]; ok {
			return v, nil
		}
	case 2:
		return c.figureOf(t, words[0], words[1])
	case 4:
		u := c.usageIndex(words[1])
		if r := c.reservationIndex(words[3]); u >= 0 && r >= 0 && words[0] == "covered" && words[2] == "by" {
			return t.CoveredByReservation(u, r), nil
		}
		if p := c.planIndex(words[3]); u >= 0 && p >= 0 && words[0] == "covered" && words[2] == "by" {
			return t.CoveredByPlan(u, p), nil
		}
	}
	return 0, fmt.Errorf("no such figure: %s", strings.Join(words, " "))
}

func (c *commitmentCase) figureOf(t *Tally, figure, id string) (float64, error) {
	u, r, p := c.usageIndex(id), c.reservationIndex(id), c.planIndex(id)
	switch {
	case u >= 0 && figure == "covered":
		return t.Usages[u].Quantity - t.Usages[u].OnDemandQuantity, nil
	case u >= 0 && figure == "on-demand":
		return t.Usages[u].OnDemandQuantity, nil
	case r >= 0 && figure == "used":
		return t.Reservations[r].Used, nil
	case r >= 0 && figure == "unused":
		return t.Reservations[r].Unused, nil
	case p >= 0 && figure == "used":
		return t.Plans[p].Used, nil
	case p >= 0 && figure == "unused":
		return t.Plans[p].Unused, nil
	}
	return 0, fmt.Errorf("no such figure: %s %s", figure, id)
}

func (c *commitmentCase) usageIndex(id string) int {
	for i, u := range c.usages {
		if u.ID == id {
			return i
		}
	}
	return -1
}

func (c *commitmentCase) reservationIndex(id string) int {
	for i, r := range c.commitments.Reservations {
		if r.ID == id {
			return i
		}
	}
	return -1
}

func (c *commitmentCase) planIndex(id string) int {
	for i, p := range c.commitments.Plans {
		if p.ID == id {
			return i
		}
	}
	return -1
}

package commitment

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"ecsavvy/pricing"
)

// ReadOwned reads what is committed already from CSV, a row each, with the
// columns
//
//	id, type, term, payment, commitment, family, region, start, end
//	id, type, instance_type, os, region, zone, count, rate, start, end
//
// type is Compute, EC2Instance or Reserved; commitment is USD an hour, rate USD
// per instance and hour; start and end may be empty.
//
// A plan of another type, a negative amount, and two rows of one ID whose
// periods overlap are refused by their row.
func ReadOwned(name string, r io.Reader) (Owned, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	var o Owned
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return o, fmt.Errorf("%s: empty: want a CSV header", name)
	}
	if err != nil {
		return o, fmt.Errorf("%s: reading CSV: %w", name, err)
	}
	t := newTable(name, header)
	if err := t.want("id", "type"); err != nil {
		return o, err
	}
	periods := map[string][]ownedPeriod{}
	for {
		t.cells, err = c.Read()
		if errors.Is(err, io.EOF) {
			return o, nil
		}
		if err != nil {
			return o, fmt.Errorf("%s: reading CSV: %w", name, err)
		}
		t.row, _ = c.FieldPos(0)
		if err := t.owned(&o, periods); err != nil {
			return o, fmt.Errorf("%s:%d: %w", name, t.row, err)
		}
	}
}

// ownedPeriod is when a row's commitment holds; zero times are without end.
type ownedPeriod struct {
	start, end time.Time
	row        int
}

func (p ownedPeriod) overlaps(q ownedPeriod) bool {
	return (q.end.IsZero() || p.start.Before(q.end)) && (p.end.IsZero() || q.start.Before(p.end))
}

// owned reads one row.
func (t *table) owned(o *Owned, periods map[string][]ownedPeriod) error {
	id := t.cell("id")
	if id == "" {
		return errors.New("id is empty: want the plan's or reservation's ID")
	}
	p := ownedPeriod{row: t.row}
	var err error
	if t.cell("start") != "" {
		if p.start, err = t.time("start"); err != nil {
			return err
		}
	}
	if t.cell("end") != "" {
		if p.end, err = t.time("end"); err != nil {
			return err
		}
		if !p.end.After(p.start) {
			return fmt.Errorf("end %q is not after start %q", t.cell("end"), t.cell("start"))
		}
	}
	for _, other := range periods[id] {
		if p.overlaps(other) {
			return fmt.Errorf("%s overlaps with itself in row %d: want each commitment once", id, other.row)
		}
	}
	periods[id] = append(periods[id], p)
	if n := len(periods[id]); n > 1 {
		id = fmt.Sprintf("%s (row %d)", id, t.row)
	}
	switch kind := t.cell("type"); kind {
	case string(pricing.ComputePlan), string(pricing.EC2InstancePlan):
		return t.ownedPlan(o, id, p)
	case "Reserved":
		return t.ownedReservation(o, id, p)
	default:
		return fmt.Errorf("type %q: want Compute, EC2Instance or Reserved", kind)
	}
}

func (t *table) ownedPlan(o *Owned, id string, p ownedPeriod) error {
	plan := OwnedPlan{Start: p.start, End: p.end, SavingsPlan: pricing.SavingsPlan{ID: id, Family: t.cell("family"), Region: t.cell("region"),
		Offer: pricing.Offer{Type: pricing.PlanType(t.cell("type")), Term: t.cell("term"), Payment: t.cell("payment")}}}
	if plan.Offer.Type == pricing.ComputePlan {
		plan.Family, plan.Region = "", "" // where it was bought, not what it covers
	} else if plan.Family == "" || plan.Region == "" {
		return errors.New("an EC2Instance plan has a family and a region: want both")
	}
	if term := plan.Offer.Term; term != "1yr" && term != "3yr" {
		return fmt.Errorf("term %q: want 1yr or 3yr", term)
	}
	switch plan.Offer.Payment {
	case "No Upfront", "Partial Upfront", "All Upfront":
	default:
		return fmt.Errorf("payment %q: want No Upfront, Partial Upfront or All Upfront", plan.Offer.Payment)
	}
	var err error
	if plan.Commitment, err = t.usageNumber("commitment"); err != nil {
		return err
	}
	o.Plans = append(o.Plans, plan)
	return nil
}

func (t *table) ownedReservation(o *Owned, id string, p ownedPeriod) error {
	r := OwnedReservation{End: p.end, Start: p.start, Reservation: pricing.Reservation{ID: id, InstanceType: t.cell("instance_type"),
		Region: t.cell("region"), OS: t.cell("os"), Zone: t.cell("zone"), Tenancy: t.cell("tenancy")}}
	if r.InstanceType == "" || r.Region == "" {
		return errors.New("a reservation has an instance_type and a region: want both")
	}
	if r.OS == "" {
		r.OS = "Linux"
	}
	count, err := t.usageNumber("count")
	if err != nil {
		return err
	}
	if count != math.Trunc(count) || count > 1e6 {
		return fmt.Errorf("count %v: want a whole number of instances", count)
	}
	r.Count = int(count)
	if r.Rate, err = t.usageNumber("rate"); err != nil {
		return err
	}
	o.Reservations = append(o.Reservations, r)
	return nil
}

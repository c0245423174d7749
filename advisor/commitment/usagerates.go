package commitment

import (
	"errors"
	"fmt"
	"strings"

	"ecsavvy/pricing"
)

// Unrated is a line that has no on-demand price, and is left out.
type Unrated struct {
	ID  string
	Why string
}

// Rate puts a catalogue's prices to the usage: on demand, and under every offer
// for which there is one. A line without an on-demand price is left out and
// returned with the reason; a rate that was computed stays marked as assumed.
// The hours take the usage's values over, which has none afterwards.
func (u *Usage) Rate(c *pricing.Catalog) (*Hours, []Unrated, error) {
	h := &Hours{Start: u.Start}
	var unrated []Unrated
	var rated []*UsageLine
	for i := range u.Lines {
		l := &u.Lines[i]
		line, err := l.rate(c)
		var missing *pricing.NotFoundError
		var region *pricing.RegionError
		if errors.As(err, &missing) || errors.As(err, &region) {
			unrated = append(unrated, Unrated{ID: l.ID(), Why: strings.TrimPrefix(err.Error(), "pricing: ")})
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("rating %s: %w", l.ID(), err)
		}
		h.Lines, rated = append(h.Lines, line), append(rated, l)
	}
	if len(h.Lines) == 0 {
		return nil, unrated, fmt.Errorf("commitment: none of %d lines of usage has a price: %s", len(u.Lines), unrated[0].Why)
	}
	values := make([]float64, len(rated))
	for _, row := range u.rows {
		for i, l := range rated {
			values[i] = row[l.column]
			if l.ByCost {
				values[i] /= h.Lines[i].OnDemandRate
			}
		}
		copy(row, values)
	}
	h.rows, u.rows = u.rows, nil
	for hour, row := range h.rows {
		h.rows[hour] = row[:len(rated)]
	}
	return h, unrated, nil
}

// rate looks up the prices of a line.
func (l *UsageLine) rate(c *pricing.Catalog) (Line, error) {
	service, attributes := "AmazonECS", []string{}
	line := Line{Assumed: map[pricing.Offer]string{}, EligibleUsage: pricing.EligibleUsage{
		ID: l.ID(), Kind: pricing.KindFargate, Region: l.Region, Tenancy: l.Tenancy, PlanRates: map[pricing.Offer]float64{}}}
	if instance, ok := strings.CutPrefix(l.UsageType, "BoxUsage:"); ok {
		service, attributes = "AmazonEC2", []string{"operatingSystem=" + l.OS}
		line.Kind, line.InstanceType, line.OS = pricing.KindEC2, instance, l.OS
		if l.Tenancy == "Dedicated" {
			// The catalogue has prices of shared tenancy only.
			return line, &pricing.NotFoundError{SKU: pricing.NewSKU(service, "DedicatedUsage:"+instance, l.Region), Snapshot: c.SnapshotDate()}
		}
	}
	onDemand, err := c.Lookup(pricing.NewSKU(service, l.UsageType, l.Region, attributes...))
	if err != nil {
		return line, err
	}
	line.OnDemandRate, line.Private = onDemand.Tiers[0].USD, onDemand.Private
	for _, o := range AllOffers() {
		if _, ok := reachOf(o.Type, line.EligibleUsage); !ok {
			continue
		}
		attributes := []string{"plan=" + string(o.Type), "term=" + o.Term, "payment=" + o.Payment}
		if line.Kind == pricing.KindEC2 {
			attributes = append(attributes, "os="+l.OS)
		}
		rate, err := c.Lookup(pricing.NewSKU("AWSComputeSavingsPlan", l.UsageType, l.Region, attributes...))
		var missing *pricing.NotFoundError
		if errors.As(err, &missing) {
			continue
		}
		if err != nil {
			return line, err
		}
		line.PlanRates[o] = min(rate.Tiers[0].USD, line.OnDemandRate)
		if rate.Assumed != "" {
			line.Assumed[o] = rate.Assumed
		}
	}
	return line, nil
}

// Discount lowers the on-demand and the plans' rates to what an account pays.
func (h *Hours) Discount(terms pricing.Terms) {
	for i := range h.Lines {
		l, service := &h.Lines[i], "AmazonECS"
		if l.Kind == pricing.KindEC2 {
			service = "AmazonEC2"
		}
		l.OnDemandRate = terms.Paid(service, l.OnDemandRate)
		for offer, rate := range l.PlanRates {
			l.PlanRates[offer] = terms.Paid(service, rate)
		}
	}
}

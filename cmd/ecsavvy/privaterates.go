package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// prices is what a command prices with: the catalogue, with the account's own rates
// over it, and what is off all of them.
type prices struct {
	*pricing.Catalog
	terms pricing.Terms
}

// options are those of estimates at these prices.
func (p *prices) options(hours float64) estimate.Options {
	return estimate.Options{HoursPerMonth: hours, Terms: p.terms}
}

// prices are the list prices under the discounts and rates of the settings.
func (s *settings) prices(d *deps) (*prices, error) {
	p := &prices{Catalog: d.catalog()}
	for _, off := range s.Discounts {
		source := s.path
		if off.Source != "" {
			source = off.Source + " in " + s.path
		}
		p.terms.Discounts = append(p.terms.Discounts, pricing.Discount{Service: off.Service, Share: off.Off, Source: source})
	}
	if s.Rates == "" {
		return p, nil
	}
	name := s.Rates
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(s.path), name)
	}
	data, err := d.files.read(name)
	if err != nil {
		return nil, fmt.Errorf("reading the rates of %s: %s: %w", s.path, name, withoutOperation(err))
	}
	p.Catalog, err = p.Catalog.WithPrivateRates(name, bytes.NewReader(data))
	return p, err
}

package pricing

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// privateColumns are those that a file of private rates has to have; attributes
// may come beside them.
func privateColumns() []string {
	return []string{"service", "usage_type", "region", "unit", "usd", "as_of", "source"}
}

// WithPrivateRates reads an account's own rates from CSV and returns the catalogue
// with them in place of the list prices:
//
//	service,usage_type,region,unit,usd,as_of,source,attributes
//	AmazonECS,Fargate-vCPU-Hours:perCPU,eu-west-1,hours,0.0365,2026-10-01,PPA 2026,
//
// Every row is the flat price of one rate that the catalogue has; attributes
// ("operatingSystem=Linux") tell siblings of one usage type apart. A row that
// matches no rate, or several, has another unit, a price below 0 or a second price
// of one rate is refused by its row: a slip would otherwise change nothing, and
// nobody would see it.
func (c *Catalog) WithPrivateRates(name string, r io.Reader) (*Catalog, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: empty: want the columns %s", name, strings.Join(privateColumns(), ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: reading CSV: %w", name, err)
	}
	columns := map[string]int{}
	for i, cell := range header {
		columns[strings.ToLower(strings.Trim(cell, "\ufeff \t"))] = i
	}
	for _, want := range privateColumns() {
		if _, ok := columns[want]; !ok {
			return nil, fmt.Errorf("%s:1: no column %s: want %s", name, want, strings.Join(privateColumns(), ", "))
		}
	}
	var rates []Rate
	rows := map[SKU]int{}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return c.With(rates...), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: reading CSV: %w", name, err)
		}
		row, _ := in.FieldPos(0)
		rate, err := c.privateRate(func(column string) string {
			if i, ok := columns[column]; ok && i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		})
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, row, err)
		}
		if first, seen := rows[rate.SKU]; seen {
			return nil, fmt.Errorf("%s:%d: a second rate of %s, after row %d", name, row, rate.SKU, first)
		}
		rows[rate.SKU] = row
		rate.Source = strings.TrimSpace(fmt.Sprintf("%s:%d %s", name, row, rate.Source))
		rates = append(rates, rate)
	}
}

// privateRate is the rate of one row.
func (c *Catalog) privateRate(cell func(column string) string) (Rate, error) {
	var attributes []string
	if text := cell("attributes"); text != "" {
		attributes = strings.Split(text, ";")
	}
	rate, err := c.Lookup(NewSKU(cell("service"), cell("usage_type"), cell("region"), attributes...))
	if err != nil {
		return rate, errors.New(strings.TrimPrefix(err.Error(), "pricing: "))
	}
	if unit := cell("unit"); !strings.EqualFold(unit, rate.Unit) {
		return rate, fmt.Errorf("unit %q: %s is sold by %q", unit, rate.SKU, rate.Unit)
	}
	usd, err := strconv.ParseFloat(cell("usd"), 64)
	if err != nil || math.IsNaN(usd) || usd < 0 || math.IsInf(usd, 0) {
		return rate, fmt.Errorf("usd %q: want a price of 0 or more", cell("usd"))
	}
	asOf := cell("as_of")
	if _, err := time.Parse(time.DateOnly, asOf); err != nil {
		return rate, fmt.Errorf("as_of %q: want a date such as 2026-10-01", asOf)
	}
	rate.Tiers = []Tier{{To: math.Inf(1), USD: usd}}
	rate.AsOf, rate.Source, rate.Assumed, rate.Open, rate.Private = asOf, cell("source"), "", false, true
	return rate, nil
}

package commitment

import (
	"errors"
	"fmt"
	"time"

	"ecsavvy/pricing"
)

// HoursPerMonth is 365 × 24 / 12: figures "a month" are of that many hours.
const HoursPerMonth = 730

// Line is one line of usage that a commitment may cover.
type Line struct {
	pricing.EligibleUsage
	// Assumed says of the offers whose rate was computed and not published
	// how it was; a result that rests on such a rate repeats it.
	Assumed map[pricing.Offer]string
	// Private says that the on-demand rate is the account's own.
	Private bool
}

// Hours are consecutive hours of usage.
type Hours struct {
	// Start is when the first hour begins, on the hour.
	Start time.Time
	Lines []Line
	// Quantities are units in an hour, hour by hour: those of hour h are
	// Quantities[h×len(Lines)] to [(h+1)×len(Lines)−1]. One slice, so that a
	// year of 1,000 lines is 70 MB and nothing more.
	Quantities []float64
	// rows are the hours one by one instead, as a file was read into them.
	rows [][]float64
}

// Len is the number of hours.
func (h *Hours) Len() int {
	switch {
	case len(h.Lines) == 0:
		return 0
	case h.rows != nil:
		return len(h.rows)
	}
	return len(h.Quantities) / len(h.Lines)
}

// Row are the quantities of an hour, in the order of Lines.
func (h *Hours) Row(hour int) []float64 {
	if h.rows != nil {
		return h.rows[hour]
	}
	return h.Quantities[hour*len(h.Lines) : (hour+1)*len(h.Lines)]
}

// Last returns the last n hours (all of them if there are fewer), sharing
// storage.
func (h *Hours) Last(n int) *Hours {
	skip := max(0, h.Len()-n)
	last := &Hours{Start: h.Start.Add(time.Duration(skip) * time.Hour), Lines: h.Lines}
	if h.rows != nil {
		last.rows = h.rows[skip:]
	} else {
		last.Quantities = h.Quantities[skip*len(h.Lines):]
	}
	return last
}

// usages are the lines as pricing takes them.
func (h *Hours) usages() []pricing.EligibleUsage {
	usages := make([]pricing.EligibleUsage, len(h.Lines))
	for i, l := range h.Lines {
		usages[i] = l.EligibleUsage
	}
	return usages
}

// maxQuantity is more units an hour than there are; sums stay finite below it.
const maxQuantity = 1e12

func (h *Hours) check() error {
	if len(h.Lines) == 0 || len(h.Quantities) == 0 && len(h.rows) == 0 {
		return errors.New("commitment: want at least one hour of one line of usage")
	}
	if len(h.Quantities)%len(h.Lines) != 0 {
		return fmt.Errorf("commitment: %d quantities are not whole hours of %d lines", len(h.Quantities), len(h.Lines))
	}
	for hour := range h.Len() {
		for i, q := range h.Row(hour) {
			if !(q >= 0 && q <= maxQuantity) {
				return fmt.Errorf("commitment: line %q has a quantity of %v in the hour %s: want 0 up to 1e12",
					h.Lines[i].ID, q, h.Start.Add(time.Duration(hour)*time.Hour).Format(time.RFC3339))
			}
		}
	}
	return nil
}

package history

import (
	"context"
	"errors"
	"math"
)

// Point is what a query's rows cost in one report.
type Point struct {
	Report Summary
	// USD is the sum of the rows whose cost is known, a lower bound where
	// Unpriced is not zero; NaN where no cost is known.
	USD float64
	// Rows is how many rows there were, Unpriced how many of them had no cost.
	Rows, Unpriced int
}

// Trend is the cost of a query's rows in every report of its name and time, by
// period; a report without such rows is a point that is NaN. Damaged reports
// have no point and are part of the error, beside which the points hold.
func Trend(ctx context.Context, s Store, q Query) ([]Point, error) {
	reports, err := s.List(ctx, q.Name, q.From, q.To)
	if err != nil && len(reports) == 0 {
		return nil, err
	}
	points := make([]Point, len(reports))
	at := make(map[string]int, len(reports))
	for i := range reports {
		points[i] = Point{Report: reports[i], USD: math.NaN()}
		at[reports[i].ID] = i
	}
	damaged := map[int]bool{}
	for row, rowErr := range s.Costs(ctx, q) {
		i, known := at[row.Report.ID]
		switch {
		case rowErr != nil:
			err = errors.Join(err, rowErr)
			if known {
				damaged[i] = true
			}
		case known: // else: came after List
			points[i].add(row.USD)
		}
	}
	whole := points[:0]
	for i := range points {
		if !damaged[i] {
			whole = append(whole, points[i])
		}
	}
	return whole, err
}

func (p *Point) add(usd float64) {
	p.Rows++
	switch {
	case math.IsNaN(usd):
		p.Unpriced++
	case math.IsNaN(p.USD):
		p.USD = usd
	default:
		p.USD += usd
	}
}

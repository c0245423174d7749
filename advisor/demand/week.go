package demand

import (
	"fmt"
	"math"
	"time"
)

const (
	hoursPerWeek = 168
	week         = hoursPerWeek * time.Hour
)

// Week is a number for each hour of the week, Monday 00:00 UTC first, NaN where
// that hour was never measured.
type Week [hoursPerWeek]float64

// WeekProfile is the quantile p of each hour of the week. A history shorter than
// a week leaves hours that are NaN: whoever sizes by the profile must refuse it.
func WeekProfile(s Series, p float64) (Week, error) {
	var profile Week
	if !(p >= 0 && p <= 1) {
		return profile, fmt.Errorf("week profile: probability %v is not between 0 and 1", p)
	}
	if s.Step <= 0 || s.Step > time.Hour {
		return profile, fmt.Errorf("week profile: steps of %v, want at most 1h0m0s", s.Step)
	}
	// A counting sort by hour of the week: all values in one array.
	var from [hoursPerWeek + 1]int
	for i, v := range s.Values {
		if !math.IsNaN(v) {
			from[hourOfWeek(s, i)+1]++
		}
	}
	for h := range hoursPerWeek {
		from[h+1] += from[h]
	}
	if from[hoursPerWeek] == 0 {
		return profile, fmt.Errorf("week profile: nothing was measured in %d steps", len(s.Values))
	}
	values, next := make([]float64, from[hoursPerWeek]), from
	for i, v := range s.Values {
		if !math.IsNaN(v) {
			h := hourOfWeek(s, i)
			values[next[h]] = v
			next[h]++
		}
	}
	for h := range profile {
		profile[h] = quantileInPlace(values[from[h]:from[h+1]], p)
	}
	return profile, nil
}

// hourOfWeek is the hour in which step i starts, 0 for Monday 00:00 UTC.
func hourOfWeek(s Series, i int) int {
	// 1 January 1970 was a Thursday: the Monday before it is 3 days earlier.
	since := s.Start.Unix()*int64(time.Second) + int64(s.Start.Nanosecond()) + int64(i)*int64(s.Step) + int64(3*day)
	in := since % int64(week)
	if in < 0 {
		in += int64(week)
	}
	return int(in / int64(time.Hour))
}

// SeasonalStrength is the share of the variance of hourly means that the hour of
// the week explains, from 0 (none) to 1 (all): 1 − Var(remainder) ÷ Var(all), as
// Hyndman & Athanasopoulos define it (Forecasting, 3rd ed., section 4.3), here
// with each variance over its degrees of freedom, so that a fortnight of noise
// has 0 and not 1/2. NaN where fewer than 24 hours of the week were seen twice.
func SeasonalStrength(s Series) float64 {
	means, hours := hourlyMeans(s)
	var sum, count Week
	for i, h := range hours {
		if !math.IsNaN(means[i]) {
			sum[h] += means[i]
			count[h]++
		}
	}
	n, groups, total := 0.0, 0.0, 0.0
	for h := range count {
		if count[h] >= 2 {
			groups++
			n += count[h]
			total += sum[h]
		}
	}
	if groups < 24 {
		return math.NaN()
	}
	within, all := 0.0, 0.0
	for i, h := range hours {
		if math.IsNaN(means[i]) || count[h] < 2 {
			continue
		}
		d, e := means[i]-sum[h]/count[h], means[i]-total/n
		within += d * d
		all += e * e
	}
	if all == 0 {
		return 0
	}
	return min(1, max(0, 1-(within/(n-groups))/(all/(n-1))))
}

// hourlyMeans are the means of what was measured in each hour that the series
// touches, NaN for none, and the hours of the week.
func hourlyMeans(s Series) (means []float64, hours []int) {
	if s.Step <= 0 {
		return nil, nil
	}
	for i := 0; i < len(s.Values); {
		h, sum, n := hourOfWeek(s, i), 0.0, 0.0
		for ; i < len(s.Values) && hourOfWeek(s, i) == h; i++ {
			if v := s.Values[i]; !math.IsNaN(v) {
				sum += v
				n++
			}
		}
		means = append(means, sum/n) // 0/0 is NaN: nothing was measured
		hours = append(hours, h)
	}
	return means, hours
}

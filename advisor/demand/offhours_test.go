package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// office is CPU of a service that works from one hour to another (UTC) on
// weekdays, and rests at 2 % otherwise, with noise.
func office(rng *rand.Rand, days, from, to int) Series {
	s := seriesOf(5 * time.Minute)
	for i := range days * 288 {
		hour, weekday := i/12%24, i/288%7 < 5
		v := 0.02 + 0.003*rng.NormFloat64()
		if weekday && hour >= from && hour < to {
			v = 0.4 + 0.1*rng.NormFloat64()
		}
		s.Values = append(s.Values, v)
	}
	return s
}

func TestOffHoursFindsTheSchedule(t *testing.T) {
	tests := []struct {
		name         string
		days         int
		from, to     int
		change       func(rng *rand.Rand, s Series)
		onHours      float64
		saving       float64 // algorithms.md, section 7
		leastOfShare float64
	}{
		{"12x5", 14, 7, 19, nil, 60, 0.643, 1},
		{"11x5", 14, 8, 19, nil, 55, 0.673, 1},
		{"10x5", 14, 8, 18, nil, 50, 0.702, 1},
		{"10x5 in a week", 7, 8, 18, nil, 50, 0.702, 1},
		{"12x5 with gaps", 28, 7, 19, func(rng *rand.Rand, s Series) { punch(rng, s.Values, 0.15) }, 60, 0.643, 1},
		{"a five-minute job every night", 14, 7, 19, func(_ *rand.Rand, s Series) {
			for i := 3 * 12; i < len(s.Values); i += 288 {
				s.Values[i] = 0.9
			}
		}, 60, 0.643, 1},
		{"one night at work", 14, 7, 19, func(_ *rand.Rand, s Series) {
			for i := 2 * 288; i < 2*288+84; i++ {
				s.Values[i] = 0.5
			}
		}, 60, 0.643, 0.95},
		{"a job on Monday nights", 14, 7, 19, func(_ *rand.Rand, s Series) {
			for _, week := range []int{0, 7} {
				for i := week * 288; i < week*288+36; i++ { // 00:00 to 03:00
					s.Values[i] = 0.5
				}
			}
		}, 67, 0.601, 1}, // and 03:00 to 07:00, which is no block of six hours
		{"a pause at noon is too short", 14, 7, 19, func(_ *rand.Rand, s Series) {
			for i := range s.Values {
				if h := i / 12 % 24; h >= 12 && h < 14 {
					s.Values[i] = 0.02
				}
			}
		}, 60, 0.643, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 1))
			s := office(rng, test.days, test.from, test.to)
			if test.change != nil {
				test.change(rng, s)
			}
			q, err := OffHours(s)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "hours on", q.OnHoursPerWeek, test.onHours, 0)
			near(t, "saving", 1-q.OnHoursPerWeek/168, test.saving, 0.001)
			if !(q.Share >= test.leastOfShare) || q.DaysSeen != test.days {
				t.Errorf("a share of %v of %d days", q.Share, q.DaysSeen)
			}
			if !q.OnHours[test.from] || q.OnHours[24+test.from-1] || q.OnHours[5*24+12] {
				t.Errorf("the hours are not those of the schedule: %v", q.OnHours)
			}
		})
	}
}

func TestOffHoursWhereThereAreNone(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	flat, night := office(rng, 14, 0, 0), office(rng, 14, 7, 19)
	for i := range night.Values { // at night a third of the day's work
		if night.Values[i] < 0.1 {
			night.Values[i] = 0.15
		}
	}
	random := seriesOf(5 * time.Minute)
	for range 14 * 24 { // hours at work and at rest by chance
		v := 0.02
		if rng.Float64() < 0.5 {
			v = 0.5
		}
		for range 12 {
			random.Values = append(random.Values, v)
		}
	}
	for name, s := range map[string]Series{"flat": flat, "less at night": night, "random": random} {
		q, err := OffHours(s)
		if err != nil {
			t.Fatal(err)
		}
		if q.OnHoursPerWeek != 168 || !math.IsNaN(q.Share) {
			t.Errorf("%s: on for %v hours a week, want all", name, q.OnHoursPerWeek)
		}
	}
}

func TestOffHoursOfRequests(t *testing.T) {
	s := office(rand.New(rand.NewPCG(1, 1)), 14, 6, 20)
	for i, v := range s.Values {
		if v < 0.1 {
			s.Values[i] = 0
		}
	}
	q, err := OffHours(s, QuietAt(0))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "hours on", q.OnHoursPerWeek, 70, 0)
	for i := 3 * 12; i < len(s.Values); i += 288 { // one request at 03:00 each night
		s.Values[i] = 0.01
	}
	q, _ = OffHours(s, QuietAt(0))
	if !q.OnHours[3] {
		t.Error("an hour with a request every night is off")
	}
	// What is not measured is not zero.
	for i, v := range s.Values {
		if v == 0 {
			s.Values[i] = math.NaN()
		}
	}
	q, err = OffHours(s, QuietAt(0))
	if err == nil && q.OnHoursPerWeek != 168 {
		t.Errorf("hours that were not measured are off: %v on", q.OnHoursPerWeek)
	}
}

func TestOffHoursErrors(t *testing.T) {
	_, err := OffHours(office(rand.New(rand.NewPCG(1, 1)), 3, 8, 18))
	wantError(t, err, "off-hours: needs 7 days measured for half of their hours, has 3")
	_, err = OffHours(Series{Step: time.Minute})
	wantError(t, err, "off-hours: needs 7 days measured for half of their hours, has 0")
	_, err = OffHours(Series{Step: 2 * time.Hour})
	wantError(t, err, "off-hours: steps of 2h0m0s, want at most 1h0m0s")
}

func BenchmarkOffHours(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := seriesOf(time.Minute, process(rng, 20160, 0.97)...)
	for b.Loop() {
		if _, err := OffHours(s); err != nil {
			b.Fatal(err)
		}
	}
}

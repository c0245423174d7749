package demand

import (
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkAllEstimators is everything that one service is asked, on 14 days at
// 60 s with gaps: at most 10 ms.
func BenchmarkAllEstimators(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	m := fleet(rng, 1.5)
	m.Memory = seriesOf(time.Minute, process(rng, 20160, 0.97)...)
	punch(rng, m.Memory.Values, 0.05)
	util := throttled(process(rng, 20160, 0.9), func(z float64) float64 { return 0.6 + 0.22*z })
	util.Step = time.Minute
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		for _, s := range []Series{m.Work, m.Memory} {
			_, err := QuantilesOf(s, []float64{0.5, 0.95, 0.99, 0.995}, 0.9)
			check(err)
		}
		_, err := WeekProfile(m.Work, 0.95)
		check(err)
		SeasonalStrength(m.Work)
		_, err = ReturnLevel(DailyMax(m.Memory), 30, 0.9)
		check(err)
		_, err = Leak(m.Memory, nil)
		check(err)
		_, err = CensoredQuantile(util, 0.95, 0.99, 0.9)
		check(err)
		HotTaskRatio(m)
		_, err = OffHours(m.Work)
		check(err)
		MaxTarget(LoadRamp(m.Work, 0.99), 386)
		check(CoverageOf(m.Work).Judge())
	}
}

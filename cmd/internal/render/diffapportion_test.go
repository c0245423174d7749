package render

import (
	"math/rand/v2"
	"testing"
)

// TestShareKeepsItsPromises holds controlled rounding to what its comment says,
// on random tables of few and many parts, many of them on one side only or
// equal on both.
func TestShareKeepsItsPromises(t *testing.T) {
	g := grains{perUSD: 100, perUnit: 100}
	dice := rand.New(rand.NewPCG(3, 20260929))
	for round := range 200_000 {
		parts := make([]step, dice.IntN(8))
		if round%1000 == 0 {
			parts = make([]step, 500)
		}
		var sum step
		for i := range parts {
			p := step{dice.Int64N(400), dice.Int64N(400)}
			switch dice.IntN(6) {
			case 0:
				p.before = 0
			case 1:
				p.after = 0
			case 2:
				p.before = p.after
			case 3:
				p.before -= p.before % 100
			}
			parts[i], sum = p, sum.add(p)
		}
		total := g.round(sum)
		got := g.share(total, parts)
		var made step
		for i, p := range parts {
			made = made.add(got[i])
			if !roundedTo(got[i].before, p.before, 100) || !roundedTo(got[i].after, p.after, 100) || !roundedTo(got[i].change(), p.change(), 100) {
				t.Fatalf("round %d: %v became %v", round, p, got[i])
			}
		}
		if made != total {
			t.Fatalf("round %d: parts %v make %v of a total %v: %v", round, parts, made, total, got)
		}
	}
}

// roundedTo reports whether units are grains rounded down or up.
func roundedTo(units, grains, per int64) bool {
	return abs(units*per-grains) < per
}

func TestGrainsHoldWhatIsLarge(t *testing.T) {
	for usd, want := range map[float64]int64{0: 0, 0.01: 1, 0.145: 15, 999.99: 99_999, 1e6: 100_000_000, 1e12: 100_000_000_000_000} {
		g := grainsFor(0.01, usd)
		if got := g.round(step{g.of(usd), 0}).before; got != want {
			t.Errorf("%v USD are %d cents, want %d", usd, got, want)
		}
	}
}

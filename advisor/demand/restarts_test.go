package demand

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Restarts that nobody told of are found, and the leak between them with them.
func TestRestartsOfALeak(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 9))
		s := leaky(rng, 14, 0.1, every(144, 14)...)
		punch(rng, s.Values, 0.05)
		at := Restarts(s)
		if len(at) != 2 {
			t.Fatalf("seed %d: restarts %v, want two", seed, at)
		}
		trend, err := Leak(s, at)
		if err != nil || !trend.Leak || math.Abs(trend.PerDay-0.1) > 0.02 {
			t.Fatalf("seed %d: %+v, %v: want a leak of 0.1 a day", seed, trend, err)
		}
	}
}

// What falls daily is the load, and what never falls by a fifth is noise: neither
// becomes a leak by cutting it at its falls.
func TestNoRestarts(t *testing.T) {
	called := 0
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 10))
		still := leaky(rng, 14, 0)
		if at := Restarts(still); len(at) != 0 {
			t.Errorf("seed %d: restarts %v of noise", seed, at)
		}
		nightly := leaky(rng, 14, 0)
		for i := range nightly.Values {
			nightly.Values[i] += float64(i%288) / 288 // a cache that is thrown away at midnight
		}
		if at := Restarts(nightly); at != nil {
			t.Errorf("seed %d: restarts %v of a daily cycle", seed, at)
		}
		deployed := leaky(rng, 14, 0)
		for i := range deployed.Values[4*288:] {
			deployed.Values[4*288+i] -= 0.4 // a release that needs less
		}
		at := Restarts(deployed)
		if len(at) != 1 {
			t.Errorf("seed %d: restarts %v, want one", seed, at)
		}
		if trend, err := Leak(deployed, at); err == nil && trend.Leak {
			called++
		}
	}
	if called > 10 {
		t.Errorf("%d of 200 releases are called a leak, want at most 5 %%", called)
	}
}

package placement

import "math"

// prices solves the linear relaxation of a sack's knapsack,
//
//	max Σ y_i a_i   subject to   Σ_i (w_ik / R_k) a_i ≤ 1,   0 ≤ a_i ≤ u_i ,
//
// by the simplex method with bounded variables: at most four rows, so a step
// is a pass over the items. It returns the duals λ ≥ 0 of the rows and
//
//	Σ_k λ_k + Σ_i u_i max(0, y_i − Σ_k λ_k w_ik / R_k) ,
//
// which is above z(y) for any λ ≥ 0 whatsoever: no step is trusted.
// Source: Chvátal, Linear Programming (1983), chapter 8.
func (s *sack) prices(k *kind) (l lambda, bound float64) {
	s.scale(k)
	b := boundedBasis{}
	for d := range b.member {
		b.member[d] = -1 - d
		b.inverse[d][d] = 1
		b.value[d] = 1
		b.top[d] = math.Inf(1)
	}
	for _, i := range s.order {
		s.full[i] = false
	}
	for range 80 {
		s.nodes++
		l = b.duals()
		enters, gain, at := 0, 1e-10, -1
		for d := range l {
			if l[d] < -1e-10 && -l[d] > gain {
				enters, gain, at = -1-d, -l[d], 0
			}
		}
		for _, i := range s.order {
			if b.has(i) {
				continue
			}
			r := s.y[i] - l.of(&s.size[i])
			if s.full[i] {
				r = -r
			}
			if r *= s.reach[i]; r > gain {
				enters, gain, at = i, r, 0
			}
		}
		if at < 0 || !b.step(s, enters) {
			break
		}
	}
	for d := range l {
		l[d] = math.Max(l[d], 0)
		bound += l[d]
	}
	for _, i := range s.order {
		s.whole[i] = 0
		if s.full[i] {
			s.whole[i] = s.upto[i]
		}
	}
	for r, i := range b.member {
		if i >= 0 {
			s.whole[i] = int(math.Max(b.value[r], 0) + 1e-9)
		}
	}
	for _, i := range s.order {
		bound += float64(s.upto[i]) * math.Max(0, s.y[i]-l.of(&s.size[i]))
	}
	return l, bound * roundUp
}

// scale computes w_ik / R_k, and how far an item alone can go.
func (s *sack) scale(k *kind) {
	var inverse lambda
	for d := range inverse {
		if k.room[d] > 0 {
			inverse[d] = 1 / float64(k.room[d])
		}
	}
	for _, i := range s.order {
		need := &s.m.items[i].need
		for d := range need {
			s.size[i][d] = float64(need[d]) * inverse[d]
		}
		s.reach[i] = float64(s.upto[i])
	}
}

func (l *lambda) of(size *lambda) float64 {
	return l[0]*size[0] + l[1]*size[1] + l[2]*size[2] + l[3]*size[3]
}

// boundedBasis is a basis of the knapsack's rows: items, or the slack of row
// d as −1 − d.
type boundedBasis struct {
	member  [dimensions]int
	price   lambda
	value   lambda
	top     lambda
	inverse [dimensions]lambda
}

func (b *boundedBasis) duals() (l lambda) {
	for r, p := range b.price {
		if p != 0 {
			for d := range l {
				l[d] += p * b.inverse[r][d]
			}
		}
	}
	return l
}

func (b *boundedBasis) has(i int) bool {
	return b.member[0] == i || b.member[1] == i || b.member[2] == i || b.member[3] == i
}

// step brings a variable in, or moves it to its other bound.
func (b *boundedBasis) step(s *sack, enters int) bool {
	var column lambda
	sign, length, price := 1.0, math.Inf(1), 0.0
	if enters < 0 {
		column[-1-enters] = 1
	} else {
		column, length, price = s.size[enters], float64(s.upto[enters]), s.y[enters]
		if s.full[enters] {
			sign = -1
		}
	}
	var direction lambda
	leaves, toTop := -1, false
	for r := range direction {
		direction[r] = sign * b.inverse[r].of(&column)
	}
	for r, d := range direction {
		switch {
		case d > 1e-11 && math.Max(b.value[r], 0)/d < length:
			leaves, toTop, length = r, false, math.Max(b.value[r], 0)/d
		case d < -1e-11 && math.Max(b.top[r]-b.value[r], 0)/-d < length:
			leaves, toTop, length = r, true, math.Max(b.top[r]-b.value[r], 0)/-d
		}
	}
	if math.IsInf(length, 1) {
		return false
	}
	for r := range b.value {
		b.value[r] -= length * direction[r]
	}
	if leaves < 0 {
		s.full[enters] = !s.full[enters]
		return true
	}
	if old := b.member[leaves]; old >= 0 {
		s.full[old] = toTop
	}
	start := 0.0
	if enters >= 0 {
		b.top[leaves] = float64(s.upto[enters])
		if s.full[enters] {
			start = b.top[leaves]
		}
		s.full[enters] = false
	} else {
		b.top[leaves] = math.Inf(1)
	}
	b.member[leaves], b.price[leaves], b.value[leaves] = enters, price, start+sign*length
	pivot := sign * direction[leaves]
	for d := range b.inverse[leaves] {
		b.inverse[leaves][d] /= pivot
	}
	for r := range b.inverse {
		if f := sign * direction[r]; r != leaves && f != 0 {
			for d := range b.inverse[r] {
				b.inverse[r][d] -= f * b.inverse[leaves][d]
			}
		}
	}
	return true
}

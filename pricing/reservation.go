package pricing

import (
	"cmp"
	"slices"
)

// reservedPair is one reservation that may cover one usage.
type reservedPair struct {
	usage, reservation int
	// instances is how many reserved instances one unit of the usage takes:
	// 2 where an m5.large reservation covers an m5.xlarge.
	instances float64
	// rate is USD a unit of the usage while covered.
	rate float64
	// cell is where Tally keeps the pair's covered quantity.
	cell int
}

// reservedPairs lists every reservation × usage that match, in the order in
// which reservations are used up in an hour:
//
//  1. zonal reservations before regional ones,
//  2. the smallest instance size first,
//  3. by usage ID, then reservation ID.
//
// Source for 1 and 2: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html,
// scenario 4 (zonal ones first, so that none stays unused) and scenario 2
// (smallest to largest). 3 is ours and decides who gets the cover, not what is
// left on demand; the Billing User Guide says as much of AWS's own order
// (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/con-bill-blended-rates.html).
// Read 2026-11-20.
func reservedPairs(usages []EligibleUsage, reservations []Reservation) []reservedPair {
	var pairs []reservedPair
	for i, u := range usages {
		for j, r := range reservations {
			if n, ok := r.instancesFor(u); ok {
				pairs = append(pairs, reservedPair{
					usage: i, reservation: j, instances: n, rate: n * r.Rate,
					cell: i*len(reservations) + j,
				})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b reservedPair) int {
		ua, ub := usages[a.usage], usages[b.usage]
		ra, rb := reservations[a.reservation], reservations[b.reservation]
		fa, _ := normalizationFactor(ua.InstanceType)
		fb, _ := normalizationFactor(ub.InstanceType)
		return cmp.Or(
			-cmp.Compare(min(len(ra.Zone), 1), min(len(rb.Zone), 1)),
			cmp.Compare(fa, fb),
			cmp.Compare(ua.ID, ub.ID),
			cmp.Compare(ra.ID, rb.ID),
		)
	})
	return pairs
}

// instancesFor returns how many of the reserved instances one unit of the
// usage takes, or false where the reservation does not reach it.
func (r Reservation) instancesFor(u EligibleUsage) (float64, bool) {
	if u.Kind != KindEC2 || u.Region != r.Region || u.OS != r.OS || orShared(u.Tenancy) != orShared(r.Tenancy) {
		return 0, false
	}
	if r.Zone != "" && r.Zone != u.Zone {
		return 0, false
	}
	if u.InstanceType == r.InstanceType {
		return 1, true
	}
	family := instanceFamily(r.InstanceType)
	if r.Zone != "" || orShared(r.Tenancy) != "Shared" || family != instanceFamily(u.InstanceType) || !sizeFlexible(family, r.OS) {
		return 0, false
	}
	have, known := normalizationFactor(r.InstanceType)
	need, alsoKnown := normalizationFactor(u.InstanceType)
	if !known || !alsoKnown {
		return 0, false
	}
	return need / have, true
}

func orShared(tenancy string) string {
	if tenancy == "" {
		return "Shared"
	}
	return tenancy
}

// applyReservations covers what it can of t.left with reserved instances.
func (t *Tally) applyReservations(hours float64) {
	copy(t.instances, t.applier.counts)
	for i := range t.applier.reserved {
		p := &t.applier.reserved[i]
		left, have := t.left[p.usage], t.instances[p.reservation]
		if left <= 0 || have <= 0 {
			continue
		}
		covered := left
		if taken := left * p.instances; taken <= have {
			t.instances[p.reservation] = have - taken
			t.left[p.usage] = 0
		} else {
			covered = min(have/p.instances, left)
			t.instances[p.reservation] = 0
			t.left[p.usage] = left - covered
		}
		t.byReservation[p.cell] += hours * covered
		t.Usages[p.usage].EffectiveCost += hours * covered * p.rate
	}
	for j, count := range t.applier.counts {
		rate, unused := t.applier.instanceRates[j], t.instances[j]
		r := &t.Reservations[j]
		r.Cost += hours * count * rate
		r.Used += hours * (count - unused) * rate
		r.Unused += hours * unused * rate
	}
}

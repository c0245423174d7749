// Package advisor reasons about estimates: what a change costs, which design
// costs less, what to change. Everything in it is a pure function of values; it
// does no I/O and knows no clock.
//
// # Difference
//
// What a change does to the monthly cost: the estimates before and after,
// paired resource by resource and line by line. Every resource and line of
// either side is in it exactly once.
//
// # Identity
//
// What makes a resource the same one on both sides: its kind, cluster and
// name. A resource that was moved or renamed keeps its identity where the input
// declares it (Terraform's moved blocks) or where nothing but the name differs
// and no other resource could be meant.
//
// # Delta
//
// A cost before and after, and how much of the step between them is known.
//
// # Certainty
//
// A delta is complete, or a bound, or neither. Costs are never negative, so
// what becomes unpriced makes the delta a lower bound ("at least"), what was
// unpriced makes it an upper bound ("at most"), and both together make it
// incomplete. What is unpriced in the same way on both sides cancels.
//
// # Direction
//
// Whether a cost rises, falls or stays, as far as its certainty lets anybody
// say. A delta that is not certain to be negative is never called a decrease.
//
// # Column, Frontier
//
// A column is one design of a comparison; one that is not valid says why. The
// frontier is the designs that no other beats in cost and in risk at once. Risk
// is a sum of points by stated rules (docs/compare.md), no probability.
//
// # Sweep, Break-even
//
// A sweep prices designs over the values of a parameter. A break-even is a value
// at which the cheaper of two designs changes, solved on their difference and
// not read off the grid (docs/sweep.md).
package advisor

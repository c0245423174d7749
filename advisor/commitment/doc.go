// Package commitment finds how much to commit to AWS, in which Savings Plans,
// and with what regret, for hours of usage that are what is left after sizes,
// schedules, architecture and Spot were settled.
//
// # Hours and Line
//
// Hours are measured or forecast hours of usage lines: what each line is
// (pricing.EligibleUsage) and how many units of it each hour had. ReadUsage
// reads them from CSV, Rates puts a catalogue's prices to them.
//
// # Owned
//
// Reservations and Savings Plans that are paid for already, and when they end.
//
// # Option, Purchase and Choice
//
// An option is a plan that could be bought: a Compute Savings Plan or the EC2
// Instance Savings Plan of a family in a region, under one offer. A purchase is
// an option with an amount, in USD an hour after discount. A choice is a set of
// purchases and what the bill is with it.
//
// # Bound and gap
//
// A lower bound is a cost below which no amounts of the considered plans can
// bring the bill, by linear programming duality. The gap is what a choice may
// be above it.
//
// # Forecast, draw, CVaR
//
// A forecast says how usage may change over the months of a term: growth,
// migrations out of reach or to another line, and other days drawn from the
// measured ones. A draw is one such future. CVaR is the mean of the worst
// draws.
//
// # Regret
//
// What it costs to have committed for other hours than those that came, above
// all to have committed before right-sizing.
//
// docs/commitment.md has the formulas, docs/backtest.md a simulated year.
package commitment

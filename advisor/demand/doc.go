// Package demand turns what CloudWatch measured of a service into what the
// service needs: statistics with intervals, and the bill of any other size,
// count or scaling target, by replaying the demand through the autoscaler.
//
// It is pure: series in, numbers out, seeds stated. It knows neither AWS's API
// nor a price.
//
// # Series
//
// Values at a constant step. A missing value is NaN and never zero: CloudWatch
// has no point where nothing ran or nothing was sent.
//
// # Measured
//
// The series of one service in physical units: vCPU and GB in use, over all of
// its tasks and of its hottest one, and the tasks that ran.
//
// # Work
//
// vCPU in use over all tasks. Utilisation is work ÷ (tasks × size): it changes
// with every policy, work does not. That is why advice is made from work, and
// why running the advice on its own outcome changes nothing.
//
// # Effective points
//
// The number of independent values that would tell as much as the correlated ones
// that were measured. Intervals rest on it. A quantile is bounded where they are
// enough for the largest value to exceed it.
//
// # Day block
//
// 24 h from the start of a series: what a resample draws, in one piece, for a day
// of the same kind (weekday or weekend).
//
// # Return level
//
// What the daily maximum of memory exceeds once in a horizon on average. The OOM
// floor is the least memory after kills, whatever the level says.
//
// # Leak
//
// Memory that grows between restarts and is given back by them. No size is enough.
//
// # Censored
//
// CPU at its limit: demand is at least this, and not seen.
//
// # Quiet and off-hours
//
// An hour is quiet where the service rested; an hour of the week is off where it
// is quiet often enough, in a block long enough, to switch the service off.
//
// # Ramp
//
// How fast load rises, a share per second. It bounds the utilisation to aim at.
package demand

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
package demand

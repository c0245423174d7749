// Package live reads running AWS accounts: what there is, and how busy it was.
//
// # Subject
//
// A resource to measure, with what decides which metrics CloudWatch has of it.
//
// # Depth
//
// How many metrics are read of a resource. Each metric requested has a price.
//
// # Window
//
// The measured time, in whole hours, at one period.
//
// # Reading plan
//
// The GetMetricData calls that read a window of all subjects, and their cost,
// known before the first call.
//
// # Budget
//
// The rate at which CloudWatch lets an account and region ask for points.
package live

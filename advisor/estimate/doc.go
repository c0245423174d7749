// Package estimate prices a design for one month.
//
// # Metering
//
// What a design consumes, in AWS's own units: vCPU-hours, GB-hours,
// instance-hours, capacity-unit-hours, GB. The meter knows how ECS works and no
// prices; one file for each thing that is billed, with its formula and source.
//
// # Rating
//
// What those units cost (package pricing), over all usages of the workload
// together, since tiers and free allowances are filled by all of them.
//
// # Resource, Line
//
// The result is a tree: a resource is one thing on the bill (a service, a load
// balancer, a NAT gateway), a line one usage of it. A line has a cost or says
// why it is unpriced. Lines add up to their resource and resources to the
// total.
//
// # Lower bound
//
// A total in which something is unpriced is a lower bound and is never shown
// as the whole.
//
// # Range
//
// The totals at the least and the most tasks that the design allows, where a
// scaled count states no average.
package estimate

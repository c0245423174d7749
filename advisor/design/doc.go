// Package design is the model of an ECS workload before anyone prices it:
// what runs, how large, how many, where, and behind what network.
//
// # Workload
//
// The services of one region with their clusters, load balancers, network and
// shared resources (logs, images, secrets, file systems, alarms). Every reader
// (task definition, design file, Terraform plan, …) ends in a Workload, and
// equal workloads are equal values after Normalize.
//
// # Service
//
// A task × a count profile × a capacity strategy, with its ingress, sidecars,
// deployments and traffic.
//
// # Task
//
// One running copy of a task definition: vCPU, GB, architecture, operating
// system, ephemeral storage, containers. On Fargate its size is one of the
// Ladder; Validate refuses others and names the nearest valid ones.
//
// # Count profile
//
// How many tasks run and when: fixed; scaled between a minimum and a maximum
// with an average; by hour of the week, scale to zero included; or one-shot
// runs × their billed seconds.
//
// # Capacity strategy
//
// The launch types or capacity providers of a service with base and weight:
// FARGATE, FARGATE_SPOT, EC2, MANAGED_INSTANCES, EXTERNAL.
//
// # Known, Assumed, Unknown
//
// Every quantity is a Fact: a value and its Basis. Assumed values are listed
// with their default wherever results are printed; unknown ones are unpriced.
// The zero Fact is unknown: absent is never zero.
//
// # Units
//
// CPU is in vCPU (1,024 CPU units), memory and storage in GB of 2^30 bytes as
// AWS bills them, traffic in GB a month, rates per second. The names of fields
// and parsers say which.
package design

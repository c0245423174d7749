// Command ecsavvy tells what an Amazon ECS workload costs.
//
// # Command
//
// One file a command: an options struct that owns its flags, newXCmd that
// builds the cobra command, and xRun that does the work. newXCmd takes a runF
// so that tests can look at the options that flags make.
//
// # Deps
//
// What a command takes from outside the process: streams, environment, files,
// the price catalogue. Everything costly in it is a function, so that a
// command pays only for what it asks.
//
// # Reader
//
// What turns arguments into workloads. Its files are the system's or those of a
// git revision, which it cannot tell apart.
//
// # Pair
//
// A project before and after a change: two inputs, both sides of a plan, or a
// saved estimate and an input.
//
// # Settings
//
// ecsavvy.yaml where it is no design: guardrails, and defaults of flags. It is
// looked for beside the inputs and in the root of their repository.
//
// # Exit code
//
// Every error belongs to a class, and one switch turns classes into exit codes
// (exitcode.go). They are the same for all commands and listed in --help.
package main

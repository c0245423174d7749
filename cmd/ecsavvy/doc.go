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
// # Exit code
//
// Every error belongs to a class, and one switch turns classes into exit codes
// (exitcode.go). They are the same for all commands and listed in --help.
package main

package main

import "errors"

// class is the kind of an error, as far as a caller has to tell them apart.
type class int

// Error classes. The zero class is any other failure.
const (
	failed class = iota
	// usage: the command line is wrong.
	usage
	// badInput: an input is wrong or cannot be read.
	badInput
	// limitBroken: a guardrail that the user set was broken.
	limitBroken
	// incomplete: --strict, and something is unpriced or unknown.
	incomplete
	// refused: AWS refused or answered in part.
	refused
)

// classified is an error with its class.
type classified struct {
	class class
	err   error
}

func (c *classified) Error() string { return c.err.Error() }
func (c *classified) Unwrap() error { return c.err }

// as puts an error into a class, unless it has one already.
func as(c class, err error) error {
	if err == nil {
		return nil
	}
	if _, has := errors.AsType[*classified](err); has {
		return err
	}
	return &classified{class: c, err: err}
}

// classOf is the class of an error.
func classOf(err error) class {
	if c, ok := errors.AsType[*classified](err); ok {
		return c.class
	}
	return failed
}

// exitCode is the process's exit code for an error.
func exitCode(err error) int {
	if err == nil {
		return 0
	}
	switch classOf(err) {
	case usage, badInput:
		return 2
	case limitBroken:
		return 3
	case incomplete:
		return 4
	case refused:
		return 5
	default:
		return 1
	}
}

// name is the class in JSON errors.
func (c class) name() string {
	switch c {
	case usage:
		return "usage"
	case badInput:
		return "input"
	case limitBroken:
		return "guardrail"
	case incomplete:
		return "incomplete"
	case refused:
		return "aws"
	default:
		return "failed"
	}
}

// exitCodeHelp is the part of --help that lists the exit codes.
const exitCodeHelp = `Exit codes:
  0  done
  1  failed
  2  wrong usage or input
  3  a guardrail was broken
  4  --strict, and something is unpriced or unknown
  5  AWS refused, or only a part of it answered`

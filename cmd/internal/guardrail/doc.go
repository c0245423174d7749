// Package guardrail checks what a change costs against limits that a team
// wrote down, so that a pull request that breaks one fails its build.
//
// It stands apart from the commands because a limit that does not hold what it
// promises is worse than none: what it looks at is a plain struct (Facts), so
// every case of it can be tested without an estimate, and nothing else of the
// program knows that the expressions are CEL.
//
// # Rule
//
// An expression in CEL (https://cel.dev) that is true when the guardrail is
// broken, with a message for people. Expressions are typed: a misspelt name
// or a comparison of text with a number is an error before anything is priced.
//
// # Scope
//
// What a rule looks at: the whole change (Diff), or one service or resource
// after another (Service, Resource). It follows from the names that the
// expression uses.
//
// # Limit
//
// The form without an expression: --max-increase '$200|10%', --max-monthly.
// It needs no CEL.
//
// # Outcome
//
// What became of a rule: Passed, Broken, or Undecided. A rule that cannot be
// evaluated (it needs a size that the input does not state, it runs too long,
// the input is incomplete) is undecided, and counts as broken: a guardrail is
// never passed in silence.
//
// # Missing
//
// A value that nobody stated. Reading one makes an expression undecided,
// unless the rest decides it: false && missing is false. has(service.vcpu)
// asks whether there is one.
package guardrail

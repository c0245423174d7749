// Package history keeps every finished report, so that later reports can say
// how costs went, whether a budget holds, and whether last month's advice came
// true.
//
// # Entry
//
// One report as it is kept: the report's own JSON, which this package does not
// read, and beside it what questions are asked about: cost rows and
// recommendation rows.
//
// # Period
//
// What a report is about, from From up to and without To, in whole seconds of
// UTC. A name and a period make an entry's ID: the same report made again
// replaces the first one, whole or not at all.
//
// # Revision
//
// How often a period was reported: 1 for the first time. Only the newest
// revision is read.
//
// # Store
//
// Where entries are kept: one SQLite file, or objects in a directory or in an
// S3 bucket. All three pass the same tests. Open chooses by a URL.
//
// # Objects
//
// The three operations that a place for objects must have: get, list, and put
// if nothing is there. An object is never overwritten.
//
// # Damage
//
// An entry whose bytes are not those that were written. Every entry has a
// SHA-256, so damage is an error that names the file and never a wrong figure;
// it hides no other entry, and nothing is written to a damaged file.
package history

// Package account is what was read from running AWS accounts: resources and
// measured series, in one snapshot file that is all that advice needs.
//
// # Snapshot
//
// A zip archive: manifest.json (format version, window, regions, what failed),
// the replies of AWS's describe calls by account and region, and one entry of
// series for each measured resource. Advice from a running account is made by
// writing a snapshot and reading it, so that it equals advice from the file byte
// for byte.
//
// # Reply
//
// What AWS answered to a describe call, in the shape that the AWS CLI prints,
// reduced to an allow-list of fields: environment values, secrets, commands and
// whatever else no price depends on are never written.
//
// # Metric
//
// One statistic of one CloudWatch metric of one resource, as CloudWatch names
// them, and its series. Its units are CloudWatch's: Measured turns them into
// those of the demand.
package account

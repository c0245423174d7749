// Package deliver hands a finished report to where people read it.
//
//   - Package: one report of one period: files, a title, a short summary, and
//     the whole as Markdown.
//   - Destination: where it goes, by one text: a path, "-" (standard output),
//     s3://, sns:, slack:, teams:, mailto: (Amazon SES) or smtp://.
//   - Reference: where a secret stands (env:NAME, ssm:/path,
//     secretsmanager:name#key). A destination holds references only, so it can
//     be printed, logged and kept; the secret itself is asked for when it is
//     sent, and taken out of every error.
//   - Receipt: what became of one destination.
//   - Ledger: which periods went to which destination, so that a second run of
//     the same period sends no second message.
//
// What is stored (files, S3) comes first, then messages, which point to what
// is stored. A dry run prepares the same bytes as a real one, and sends none.
// Delivery is at least once: where a server's answer is lost, the report may
// have arrived, and the next run of the period sends it again.
package deliver

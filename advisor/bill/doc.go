// Package bill reads what AWS really billed, and reconciles an estimate with it.
//
// # Export
//
// A file that AWS or a FinOps tool wrote: FOCUS 1.0 to 1.2, or an AWS Cost and
// Usage Report (legacy or 2.0) with or without split cost allocation data, as
// CSV, gzipped CSV or Parquet. An export may come in several files; Reader adds
// them up. Columns are found by name, in any case, order and spelling
// ("lineItem/UsageType", "line_item_usage_type"); columns not known are not
// read. Rows are added up as they pass, so a file may be larger than memory.
//
// # Line
//
// All charges of one billing period, account, region, AWS service, ECS cluster
// and service, usage type, category and unit.
//
// # Cost
//
// Three amounts of one charge that are never mixed: List at public rates,
// Billed as invoiced, Effective with what was paid up front spread over the use
// (AWS's "amortised"). They are USD; an amount that a file does not tell is NaN.
//
// # Allocated
//
// What a task on an instance has cost is not billed: AWS splits the instance's
// cost over its tasks. Such a row adds to its service and takes the same from
// the instances, so that the bill's total stays what was billed.
//
// # Reconciliation
//
// The estimate of a month, scaled to the hours of the bill, beside the bill's
// effective cost: by ECS service and usage type, with every difference given a
// reason. Reasons add up to the difference.
package bill

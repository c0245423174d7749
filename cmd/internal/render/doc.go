// Package render turns results into text.
//
// # Document
//
// What is to be printed, without a format: tables of rows with a level in the
// tree, sections of notes, a footer. Every result has one function that makes
// its Document (Estimate, Prices), and every format one writer for all
// Documents, so that a new result prints in every format and a new format
// prints every result.
//
// # Row
//
// One line of a table: a project, a resource, a line item. Its level says how
// deep it stands in the tree.
//
// # Records
//
// The same result for spreadsheets: one flat record a line item, in columns
// named as in FOCUS. Records hold exact figures and are never rounded.
//
// # Data
//
// The same result for programs: a versioned JSON object. An estimate is JSON
// of Infracost's format 0.2, with what that format has no place for in an
// object "ecsavvy" at each level. Amounts are decimal strings.
//
// # Printed money
//
// Only this package rounds. A total is the exact sum rounded to cents; cents
// are apportioned from the total down, so that the printed lines add up to
// their printed subtotals and these to the printed total.
//
// # Outside text
//
// Names, paths and notes come from files that somebody else wrote. A Document
// holds them as they are; each writer makes them harmless for its format.
package render

// Package intake reads what a team already has and turns it into a
// design.Workload: bytes in, a model out. It opens no file and no socket; what
// a design file refers to is fetched through Options.ReadFile.
//
// # Kind
//
// What an input is: a task definition or a design file, and those that are
// recognised so that the error can say what was handed in. Detect tells by
// content, never by the name alone.
//
// # Task definition
//
// ECS's own JSON in every shape in the wild: bare, as the reply of
// describe-task-definition, as a list of container definitions, with the
// capitalised keys of CloudFormation, or the same as YAML. It becomes a workload
// of one service. Keys that no price depends on are ignored; environment values,
// secrets' values, labels and commands are never kept and never printed.
//
// # Design file
//
// This project's own YAML (docs/design-file.md): services with their counts,
// network, shared resources, commitments and variants. Every key stands in a
// table from which the reader, the suggestions for mistyped keys, the JSON
// Schema (DesignFileSchema) and the reference page all come.
//
// # Compose file
//
// A Compose project as one of the ECS tools would deploy it (docs/compose.md). A
// unit is one service of the file, a task one or more units that are joined.
//
// # Description
//
// Saved replies of AWS's describe calls (docs/describe.md), joined into what ran
// when they were saved.
//
// # Template
//
// A CloudFormation template, evaluated as far as it can be without an account
// (docs/cloudformation.md). What only a deployment tells stays an expression
// with a reason. Several templates of one deployment are read by ReadStacks.
//
// # Plan
//
// A Terraform or OpenTofu plan: the workloads of each region before and after,
// what was moved, and why it may be incomplete (docs/terraform.md).
//
// # Stack
//
// The AWS resources of one region of infrastructure code: what the readers of
// plans and templates fill alike, and what is joined into a workload.
//
// # Reference
//
// A design file's "task: taskdef.json": a path relative to the design file.
//
// # Variant
//
// The same document with values set by path ("services.api.task.arch"). It is
// applied to the document, not to the model, so it passes the same checks.
//
// # Error
//
// File, place (line:column of YAML, the path of JSON), what was found, what is
// allowed. A reader reports every mistake that it can find at once.
package intake

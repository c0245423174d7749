package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"ecsavvy/advisor/intake"
	"ecsavvy/cmd/internal/render"
)

// reportError prints an error once, in the format that the command was asked
// for.
func reportError(w io.Writer, err error, command, format string) {
	messages := errorMessages(err)
	if format == string(render.FormatJSON) {
		out, marshalErr := json.Marshal(map[string]any{"error": map[string]any{
			"class": classOf(err).name(), "exit_code": exitCode(err), "messages": messages,
		}})
		if marshalErr == nil {
			fmt.Fprintf(w, "%s\n", out)
			return
		}
	}
	for _, m := range messages {
		fmt.Fprintf(w, "ecsavvy: %s\n", render.Printable(m))
	}
	if classOf(err) == usage {
		fmt.Fprintf(w, "see '%s --help'\n", command)
	}
}

// errorMessages are the mistakes that an error holds, each in one line.
func errorMessages(err error) []string {
	if list, ok := errors.AsType[intake.Errors](err); ok {
		messages := make([]string, len(list))
		for i, e := range list {
			messages[i] = "reading " + e.Error()
		}
		return messages
	}
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok && isList(joined, joined.Unwrap()) {
		var messages []string
		for _, e := range joined.Unwrap() {
			messages = append(messages, errorMessages(e)...)
		}
		return messages
	}
	if e, ok := errors.AsType[*intake.Error](err); ok {
		return []string{"reading " + e.Error()}
	}
	return []string{withoutPackages(err.Error())}
}

// isList reports whether an error is several (errors.Join) and not one that wraps
// several, whose own text says more than theirs.
func isList(err error, parts []error) bool {
	return err.Error() == errors.Join(parts...).Error()
}

// withoutPackages takes out the package prefixes of error texts, which tell a
// user nothing: "pricing x.json: pricing: no prices …".
func withoutPackages(text string) string {
	for _, name := range []string{"pricing", "estimate", "history", "report"} {
		text = strings.TrimPrefix(text, name+": ")
		text = strings.ReplaceAll(text, ": "+name+": ", ": ")
	}
	return text
}

package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Error is one thing that is wrong with an input.
type Error struct {
	File string
	// Line and Col begin at 1; 0 where the input has no lines worth naming
	// (JSON is addressed by Path).
	Line, Col int
	// Path is the place in the document: "containerDefinitions[1].memory".
	Path string
	// Text says what was found and what is allowed.
	Text string
	// Err is the cause where it came from outside: Options.ReadFile's error.
	Err error
}

// Unwrap returns the cause, nil where the input itself is wrong.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Col)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(": ")
	}
	b.WriteString(e.Text)
	return b.String()
}

// Errors are all mistakes found in an input, in the order of the text.
type Errors []*Error

// maxErrors bounds how many mistakes one message lists.
const maxErrors = 10

func (list Errors) Error() string {
	var b strings.Builder
	for i, e := range list {
		if i == maxErrors {
			fmt.Fprintf(&b, "\nand %d more", len(list)-maxErrors)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Error())
	}
	return b.String()
}

// Unwrap lets errors.As find each Error.
func (list Errors) Unwrap() []error {
	errs := make([]error, len(list))
	for i, e := range list {
		errs[i] = e
	}
	return errs
}

// orNil returns the list as an error, sorted by place, or nil if it is empty.
func (list Errors) orNil() error {
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// fail returns an Error that names the file only.
func fail(file, format string, args ...any) *Error {
	return &Error{File: file, Text: fmt.Sprintf(format, args...)}
}

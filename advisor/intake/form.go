package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// form reads what stands at one place of a design file into a T, and says by
// its shape what may stand there.
type form[T any] struct {
	shape *shape
	read  func(r *reading, n *node, into *T)
}

// key is one key of a mapping: its form and where in a T its value goes.
type key[T any] struct {
	word
	read func(r *reading, n *node, into *T)
}

// field makes a key from a form and the place of its value.
func field[T, F any](name, doc string, f form[F], at func(*T) *F) key[T] {
	return key[T]{
		word: word{name: name, doc: doc, value: f.shape},
		read: func(r *reading, n *node, into *T) { f.read(r, n, at(into)) },
	}
}

// must marks a key as required.
func must[T any](k key[T]) key[T] {
	k.required = true
	return k
}

// mapping reads fixed keys. Unknown ones are errors with a suggestion.
func mapping[T any](title, doc, example string, keys ...key[T]) form[T] {
	s := &shape{want: "a mapping", title: title, doc: doc, example: example}
	for _, k := range keys {
		s.keys = append(s.keys, k.word)
	}
	index := make(map[string]int, len(keys))
	for i, k := range keys {
		index[k.name] = i
	}
	s.want = "a mapping with " + strings.Join(s.keyNames(), ", ")
	return form[T]{s, func(r *reading, n *node, into *T) {
		if n.kind == nullNode {
			n = &node{kind: mappingNode, line: n.line, col: n.col}
		}
		if n.kind != mappingNode {
			r.wrong(n, s.want)
			return
		}
		var seen uint64
		for _, e := range n.entries {
			i, ok := index[e.key]
			if !ok {
				if !s.extensions || !strings.HasPrefix(e.key, "x-") {
					r.unknownKey(e, s)
				}
				continue
			}
			seen |= 1 << i
			r.push(e)
			keys[i].read(r, e.value, into)
			r.pop()
		}
		for i := range keys {
			if keys[i].required && seen&(1<<i) == 0 {
				r.errorf(n, "the key %s is missing: %s", keys[i].name, keys[i].value.brief())
			}
		}
	}}
}

// named is a value of a mapping by name, with its place.
type named[T any] struct {
	name  string
	at    place
	value T
}

// byName reads a mapping whose keys are names that the file's author chose.
func byName[T any](what string, each form[T]) form[[]named[T]] {
	s := &shape{want: "a mapping of " + what + " names", each: each.shape, names: what}
	return form[[]named[T]]{s, func(r *reading, n *node, into *[]named[T]) {
		if n.kind != mappingNode && n.kind != nullNode {
			r.wrong(n, s.want)
			return
		}
		*into = make([]named[T], len(n.entries))
		for i, e := range n.entries {
			if !r.more(n) {
				return
			}
			r.push(e)
			v := &(*into)[i]
			v.name, v.at = e.key, r.here()
			if e.key == "" {
				r.errorf(e.value, "a %s needs a name", what)
			}
			each.read(r, e.value, &v.value)
			r.pop()
		}
	}}
}

// listOf reads a list. Where the list is not, one value will do if single.
func listOf[T any](item form[T], single bool) form[[]T] {
	s := &shape{want: "a list", items: item.shape}
	if single {
		s = &shape{want: item.shape.wanted() + ", or a list of such", any: []*shape{item.shape, s}}
	}
	return form[[]T]{s, func(r *reading, n *node, into *[]T) {
		items := n.items
		if n.kind != listNode {
			if !single {
				r.wrong(n, s.want)
				return
			}
			*into = make([]T, 1)
			item.read(r, n, &(*into)[0])
			return
		}
		*into = make([]T, len(items))
		for i, n := range items {
			if !r.more(n) {
				return
			}
			r.pushIndex(i)
			item.read(r, n, &(*into)[i])
			r.pop()
		}
	}}
}

// either reads the first form whose class the value has.
func either[T any](forms ...form[T]) form[T] {
	s := &shape{}
	for _, f := range forms {
		s.any = append(s.any, f.shape)
	}
	return form[T]{s, func(r *reading, n *node, into *T) {
		c := classOf(n)
		for _, f := range forms {
			if f.shape.accepts(c) || n.kind == nullNode && f.shape.accepts(mappingClass) {
				f.read(r, n, into)
				return
			}
		}
		r.wrong(n, s.wanted())
	}}
}

// optional reads into a new value, so that nil tells what is absent.
func optional[T any](f form[T]) form[*T] {
	return form[*T]{f.shape, func(r *reading, n *node, into **T) {
		*into = new(T)
		f.read(r, n, *into)
	}}
}

// as reads with a form and converts what was read.
func as[T, F any](f form[F], convert func(F) T) form[T] {
	return form[T]{f.shape, func(r *reading, n *node, into *T) {
		var v F
		before := len(r.errs)
		f.read(r, n, &v)
		if len(r.errs) == before {
			*into = convert(v)
		}
	}}
}

// known turns what was read into a known fact.
func known[T any](f form[T]) form[design.Fact[T]] { return as(f, design.Know[T]) }

// number reads a quantity.
func number(q quantity) form[float64] {
	s := &shape{want: q.want, types: []string{"number", "string"}, examples: q.examples}
	return form[float64]{s, func(r *reading, n *node, into *float64) {
		if !n.scalar() {
			r.wrong(n, s.want)
			return
		}
		v, err := q.parse(n.text, r.month)
		switch {
		case errors.Is(err, errQuantity):
			r.wrong(n, s.want)
		case err != nil:
			r.errorf(n, "want %s, got %s: %v", s.want, r.found(n), err)
		default:
			*into = v
		}
	}}
}

// amount reads a quantity as a known fact.
func amount(q quantity) form[design.Fact[float64]] { return known(number(q)) }

// text reads a text that is not empty.
func text(want string, examples ...string) form[string] {
	s := &shape{want: want, types: []string{"string"}, examples: examples}
	return form[string]{s, func(r *reading, n *node, into *string) {
		if !n.scalar() || strings.TrimSpace(n.text) == "" {
			r.wrong(n, s.want)
			return
		}
		*into = n.text
	}}
}

// boolean reads true or false.
func boolean() form[bool] {
	s := &shape{want: "true or false", types: []string{"boolean"}}
	return form[bool]{s, func(r *reading, n *node, into *bool) {
		if n.kind != boolNode {
			r.wrong(n, s.want)
			return
		}
		*into = n.text == "true"
	}}
}

// choice is one word of an enumeration and what it means.
type choice[T any] struct {
	word  string
	value T
}

// oneOf reads one of a few words, in any capitalisation.
func oneOf[T any](choices ...choice[T]) form[T] {
	s := &shape{types: []string{"string"}}
	for _, c := range choices {
		s.words = append(s.words, c.word)
	}
	s.want = "one of " + strings.Join(s.words, ", ")
	return form[T]{s, func(r *reading, n *node, into *T) {
		if !n.scalar() {
			r.wrong(n, s.want)
			return
		}
		i := slices.IndexFunc(choices, func(c choice[T]) bool { return strings.EqualFold(c.word, n.text) })
		if i < 0 {
			r.errorf(n, "want %s, got %s%s", s.want, n.describe(), nearest(n.text, s.words))
			return
		}
		*into = choices[i].value
	}}
}

// nearest suggests a word only where one is near: the list stands in the
// message already.
func nearest(word string, allowed []string) string {
	if s := suggest(word, allowed); strings.Contains(s, "did you mean") {
		return s
	}
	return ""
}

// discreetly reads with values kept out of messages.
func discreetly[T any](f form[T]) form[T] {
	return form[T]{f.shape, func(r *reading, n *node, into *T) {
		before := r.discreet
		r.discreet = true
		f.read(r, n, into)
		r.discreet = before
	}}
}

// promoting says which key a scalar stands for, for the paths of variants.
func promoting[T any](key string, f form[T]) form[T] {
	s := *f.shape
	s.promote = key
	return form[T]{&s, f.read}
}

// place is where a value stands, for what is only found wrong later.
type place struct {
	line, col int32
	path      string
}

// reading is the state of reading one design file.
type reading struct {
	file  string
	opts  Options
	month float64 // hours
	// path leads to the value being read.
	path []string
	at   place
	errs Errors
	// context precedes the text of every error: "variant spot: ".
	context string
	// visited counts values, which aliases can make many of.
	visited   int
	exhausted bool
	// discreet keeps values out of messages: below "secrets".
	discreet   bool
	references map[string]*reference
}

// more reports whether reading may go on.
func (r *reading) more(n *node) bool {
	if r.visited > maxVisited && !r.exhausted {
		r.exhausted = true
		r.errorf(n, "with its aliases the document comes to more than %d values", maxVisited)
	}
	return r.visited <= maxVisited
}

// maxVisited bounds how many values a document may come to once its aliases
// are followed.
const maxVisited = 1_000_000

func (r *reading) push(e entry) {
	r.path = append(r.path, e.key)
	r.at.line, r.at.col = e.line, e.col
	r.visited++
}

func (r *reading) pushIndex(i int) {
	r.path = append(r.path, fmt.Sprintf("[%d]", i))
	r.visited++
}

func (r *reading) pop() { r.path = r.path[:len(r.path)-1] }

// here is the place of the key pushed last.
func (r *reading) here() place {
	return place{line: r.at.line, col: r.at.col, path: r.pathText()}
}

func (r *reading) pathText() string {
	var b strings.Builder
	for i, step := range r.path {
		if i > 0 && !strings.HasPrefix(step, "[") {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

func (r *reading) report(line, col int32, path, format string, args ...any) {
	r.errs = append(r.errs, &Error{File: r.file, Line: int(line), Col: int(col), Path: path, Text: r.context + fmt.Sprintf(format, args...)})
}

// errorf reports a mistake at a value.
func (r *reading) errorf(n *node, format string, args ...any) {
	r.report(n.line, n.col, r.pathText(), format, args...)
}

// errorAt reports a mistake at a place noted before.
func (r *reading) errorAt(at place, format string, args ...any) {
	r.report(at.line, at.col, at.path, format, args...)
}

// wrong reports a value that is not what the place wants.
func (r *reading) wrong(n *node, want string) {
	r.errorf(n, "want %s, got %s", want, r.found(n))
}

// found says what stands at a place.
func (r *reading) found(n *node) string {
	if r.discreet {
		return n.kind.String()
	}
	return n.describe()
}

// unknownKey reports a key that the table does not have.
func (r *reading) unknownKey(e entry, s *shape) {
	r.report(e.line, e.col, r.pathText(), "unknown key %q%s", clip(e.key), suggest(e.key, s.keyNames()))
}

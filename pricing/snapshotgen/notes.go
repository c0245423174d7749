package main

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// notes are long texts that many rows share (sources, formulas), under short
// ids. An id depends on its own text only, so that a new source does not
// rename the others.
type notes struct {
	ids   map[string]string // by text
	texts map[string]string // by id
}

func newNotes() *notes { return &notes{ids: map[string]string{}, texts: map[string]string{}} }

// id returns the id of a text.
func (n *notes) id(text string) string {
	if id, ok := n.ids[text]; ok {
		return id
	}
	id := fmt.Sprintf("%s-%.2x", slug(text), sha256.Sum256([]byte(text)))
	n.ids[text], n.texts[id] = id, text
	return id
}

// name gives a text of the generator's own an id of its own.
func (n *notes) name(id, text string) string {
	n.ids[text], n.texts[id] = id, text
	return id
}

// slug shortens a text to what a reader recognises: for a file in a repository
// their names, else the first words.
func slug(text string) string {
	head, _, _ := strings.Cut(text, " (")
	head, _, _ = strings.Cut(head, ";")
	if repo, file, ok := strings.Cut(head, ":"); ok && strings.Contains(repo, "@") {
		repo, _, _ = strings.Cut(repo, "@")
		repo = repo[strings.LastIndexByte(repo, '/')+1:]
		file = file[strings.LastIndexByte(file, '/')+1:]
		file, _, _ = strings.Cut(file, ".")
		head = repo + "-" + file
	}
	var b strings.Builder
	for _, c := range strings.ToLower(head) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	short := b.String()
	return strings.Trim(short[:min(len(short), maxSlug)], "-.")
}

// maxSlug bounds the readable part of an id, in bytes.
const maxSlug = 28

// file writes the id → text table.
func (n *notes) file(form string) []byte {
	f := newTSVFile(form, nil, "id", "text")
	for _, id := range sortedKeys(n.texts) {
		f.row(id, n.texts[id])
	}
	return f.Bytes()
}

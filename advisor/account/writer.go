package account

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// Spool is where compressed series wait until they are written in order: an
// os.File, of which only the writer knows.
type Spool interface {
	io.Writer
	io.ReaderAt
}

// WriterOptions is how a snapshot is written.
type WriterOptions struct {
	// Spool takes the series while an account is read; nil keeps them in memory, at
	// little more than a byte a point.
	Spool Spool
	// Redact replaces account IDs by stand-ins, "account-1".
	Redact bool
}

// Writer writes a snapshot. Its methods are safe for concurrent use; the file does
// not depend on the order of their calls. Nothing is in the file before Close.
type Writer struct {
	to      io.Writer
	opts    WriterOptions
	allow   map[string]*fields
	deflate sync.Pool

	mu      sync.Mutex
	err     error
	closed  bool
	replies []storedReply
	series  []storedSeries
	spool   Spool
	spooled int64
}

type storedReply struct {
	scope Scope
	call  string
	json  []byte
}

// storedSeries is one entry of series in the spool.
type storedSeries struct {
	resource         Resource
	metrics          string
	crc              uint32
	at, packed, size int64
}

// NewWriter starts a snapshot.
func NewWriter(w io.Writer, opts WriterOptions) *Writer {
	s := &Writer{to: w, opts: opts, allow: make(map[string]*fields), spool: opts.Spool}
	for call, list := range Allowed() {
		s.allow[call] = parseFields(list)
	}
	if s.spool == nil {
		s.spool = &memory{}
	}
	return s
}

// memory is a spool without a file.
type memory struct{ b []byte }

func (m *memory) Write(p []byte) (int, error) {
	m.b = append(m.b, p...)
	return len(p), nil
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) { return copy(p, m.b[off:]), nil }

// AddReplies keeps one reply of a call ("ecs:DescribeServices") to a scope, as JSON
// in the shape of the AWS CLI, reduced to what Allowed lists for the call.
func (w *Writer) AddReplies(scope Scope, call string, reply []byte) error {
	list := w.allow[call]
	if list == nil {
		return fmt.Errorf("snapshot: no list says what may be kept of a reply of %s", call)
	}
	kept, err := allowed(list, reply)
	if err != nil {
		return fmt.Errorf("snapshot: %s in %s: %w", call, scope.Region, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.replies = append(w.replies, storedReply{scope, call, kept})
	return nil
}

// AddSeries keeps series of a resource, each rounded to its Resolution. A resource
// may be added to, but each of its metrics is whole and comes once for each step.
func (w *Writer) AddSeries(of Resource, all []Measurement) error {
	if len(all) == 0 {
		return nil
	}
	all = slices.Clone(all)
	slices.SortFunc(all, Measurement.compare)
	plain, err := appendSeries(nil, all)
	if err != nil {
		return fmt.Errorf("snapshot: %s %s: %w", of.Kind, of.Name, err)
	}
	if len(plain) > maxSeriesEntry {
		return fmt.Errorf("snapshot: %s %s: series of %d bytes at once, more than %d", of.Kind, of.Name, len(plain), maxSeriesEntry)
	}
	var packed bytes.Buffer
	w.pack(&packed, plain)
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = fmt.Sprintf("%s/%s/%s/%d", m.Metric.Namespace, m.Metric.Name, m.Metric.Statistic, m.Series.Step/time.Second)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	if _, err := w.spool.Write(packed.Bytes()); err != nil {
		w.err = fmt.Errorf("snapshot: spooling series: %w", err)
		return w.err
	}
	w.series = append(w.series, storedSeries{
		resource: of, metrics: strings.Join(names, "\n"), crc: crc32.ChecksumIEEE(plain),
		at: w.spooled, packed: int64(packed.Len()), size: int64(len(plain)),
	})
	w.spooled += int64(packed.Len())
	return nil
}

// pack deflates. A level of 6 is within 1 % of the best on series.
func (w *Writer) pack(to *bytes.Buffer, plain []byte) {
	d, ok := w.deflate.Get().(*flate.Writer)
	if !ok {
		d, _ = flate.NewWriter(to, 6) // fails for unknown levels only
	}
	d.Reset(to)
	_, _ = d.Write(plain) // a buffer takes everything
	_ = d.Close()
	w.deflate.Put(d)
}

// Close writes the file: its manifest, which gets the version and is sorted, and
// everything that was added.
func (w *Writer) Close(m Manifest) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || w.err != nil {
		return cmpErr(w.err, fmt.Errorf("snapshot: closed twice"))
	}
	w.closed = true
	var r *redaction
	if w.opts.Redact {
		r = w.redaction(m)
	}
	m = r.manifest(m)
	m.Version = FormatVersion
	slices.SortFunc(m.Scopes, Scope.compare)
	m.Scopes = slices.Compact(m.Scopes)
	slices.SortFunc(m.Failures, Failure.compare)
	m.Failures = slices.Compact(m.Failures)
	z := zip.NewWriter(w.to)
	if err := entryJSON(z, manifestName, m); err != nil {
		return err
	}
	if err := w.writeReplies(z, r); err != nil {
		return err
	}
	if err := w.writeSeries(z, r); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	return nil
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// redaction finds the accounts of everything that was added.
func (w *Writer) redaction(m Manifest) *redaction {
	var accounts []string
	for _, s := range m.Scopes {
		accounts = append(accounts, s.Account)
	}
	for _, f := range m.Failures {
		accounts = append(accounts, f.Account)
	}
	for i := range w.series {
		accounts = append(accounts, w.series[i].resource.Account)
	}
	replies := make([][]byte, len(w.replies))
	for i := range w.replies {
		accounts = append(accounts, w.replies[i].scope.Account)
		replies[i] = w.replies[i].json
	}
	accounts = slices.DeleteFunc(accounts, func(id string) bool { return id == "" })
	return newRedaction(accounts, replies)
}

// writeReplies writes the replies by scope and call, in the order of their bytes.
func (w *Writer) writeReplies(z *zip.Writer, r *redaction) error {
	for i := range w.replies {
		w.replies[i].scope = r.scope(w.replies[i].scope)
		w.replies[i].json = r.reply(w.replies[i].json)
	}
	compare := func(a, b storedReply) int {
		return firstDifference(a.scope.compare(b.scope), compareText(a.call, b.call), bytes.Compare(a.json, b.json))
	}
	slices.SortFunc(w.replies, compare)
	w.replies = slices.CompactFunc(w.replies, func(a, b storedReply) bool { return compare(a, b) == 0 })
	n := 0
	for i, reply := range w.replies {
		if i > 0 && (reply.scope != w.replies[i-1].scope || reply.call != w.replies[i-1].call) {
			n = 0
		}
		n++
		name := fmt.Sprintf("%s%s/%s/%s-%05d.json", repliesFolder, reply.scope.Account, reply.scope.Region, callFile(reply.call), n)
		if err := entry(z, name, reply.json); err != nil {
			return err
		}
	}
	return nil
}

// callFile is a call as the AWS CLI writes it: ecs-describe-services.
func callFile(call string) string {
	service, operation, _ := strings.Cut(call, ":")
	var b strings.Builder
	b.WriteString(service)
	for _, c := range operation {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('-')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

// indexed is a resource in the list of series.
type indexed struct {
	Resource
	// Entries are the numbers of its entries.
	Entries []int `json:"entries"`
}

// writeSeries copies the spooled series in the order of their resources, and then
// the list of them.
func (w *Writer) writeSeries(z *zip.Writer, r *redaction) error {
	for i := range w.series {
		w.series[i].resource = r.resource(w.series[i].resource)
	}
	slices.SortFunc(w.series, func(a, b storedSeries) int {
		return firstDifference(a.resource.compare(b.resource), compareText(a.metrics, b.metrics))
	})
	var index []indexed
	for i, s := range w.series {
		if len(index) == 0 || index[len(index)-1].Resource != s.resource {
			index = append(index, indexed{Resource: s.resource})
		} else if w.series[i-1].metrics == s.metrics {
			return fmt.Errorf("snapshot: %s %s has the same series twice: %s", s.resource.Kind, s.resource.Name, strings.ReplaceAll(s.metrics, "\n", ", "))
		}
		last := &index[len(index)-1]
		last.Entries = append(last.Entries, i)
		to, err := z.CreateRaw(&zip.FileHeader{
			Name: seriesName(i), Method: zip.Deflate, CRC32: s.crc,
			CompressedSize64: uint64(s.packed), UncompressedSize64: uint64(s.size),
		})
		if err == nil {
			_, err = io.Copy(to, io.NewSectionReader(w.spool, s.at, s.packed))
		}
		if err != nil {
			return fmt.Errorf("snapshot: %w", err)
		}
	}
	return entryJSON(z, indexName, index)
}

func seriesName(i int) string { return fmt.Sprintf("%s%07d", seriesFolder, i) }

// entryJSON writes one value as one entry.
func entryJSON(z *zip.Writer, name string, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("snapshot: %s: %w", name, err)
	}
	return entry(z, name, b)
}

// entry writes one entry. It has no time: equal input gives equal bytes.
func entry(z *zip.Writer, name string, b []byte) error {
	to, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err == nil {
		_, err = to.Write(b)
	}
	if err != nil {
		return fmt.Errorf("snapshot: %s: %w", name, err)
	}
	return nil
}

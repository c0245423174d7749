package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// fileVersion is the version of the JSON files. A reader refuses newer ones.
const fileVersion = 1

// sealed is a file: an entry with the SHA-256 of its bytes.
type sealed struct {
	Version int             `json:"ecsavvy_history"`
	SHA256  string          `json:"sha256"`
	Entry   json.RawMessage `json:"entry"`
}

// usd is an amount or, as NaN, unknown; unknown is null in JSON.
type usd float64

// MarshalJSON implements json.Marshaler.
func (u usd) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(u)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(u))
}

// UnmarshalJSON implements json.Unmarshaler.
func (u *usd) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*u = usd(math.NaN())
		return nil
	}
	return json.Unmarshal(data, (*float64)(u))
}

type entryJSON struct {
	ID              string               `json:"id"`
	Name            string               `json:"name"`
	From            time.Time            `json:"from"`
	To              time.Time            `json:"to"`
	Made            time.Time            `json:"made"`
	Costs           []costJSON           `json:"costs"`
	Recommendations []recommendationJSON `json:"recommendations"`
	Report          json.RawMessage      `json:"report"`
}

type costJSON struct {
	Account string            `json:"account,omitempty"`
	Region  string            `json:"region,omitempty"`
	Cluster string            `json:"cluster,omitempty"`
	Service string            `json:"service,omitempty"`
	Kind    string            `json:"kind,omitempty"`
	Group   string            `json:"group,omitempty"`
	Tags    map[string]string `json:"tags,omitempty"`
	USD     usd               `json:"usd"`
}

type recommendationJSON struct {
	Key     string            `json:"key"`
	Lever   string            `json:"lever"`
	Account string            `json:"account,omitempty"`
	Region  string            `json:"region,omitempty"`
	Cluster string            `json:"cluster,omitempty"`
	Kind    string            `json:"kind,omitempty"`
	Subject string            `json:"subject,omitempty"`
	Tags    map[string]string `json:"tags,omitempty"`
	Title   string            `json:"title"`
	Before  usd               `json:"before_usd"`
	After   usd               `json:"after_usd"`
	P10     usd               `json:"saving_p10_usd"`
	P50     usd               `json:"saving_p50_usd"`
	P90     usd               `json:"saving_p90_usd"`
	Status  Status            `json:"status"`
}

// encodeEntry is a normal entry's JSON, in one line. Equal entries have equal
// bytes.
func encodeEntry(e Entry) ([]byte, error) {
	out := entryJSON{
		ID: e.ID, Name: e.Name, From: e.From, To: e.To, Made: e.Made, Report: e.Data,
		Costs:           make([]costJSON, len(e.Costs)),
		Recommendations: make([]recommendationJSON, len(e.Recommendations)),
	}
	for i, c := range e.Costs {
		out.Costs[i] = costJSON{c.Account, c.Region, c.Cluster, c.Service, c.Kind, c.Group, c.Tags, usd(c.USD)}
	}
	for i, r := range e.Recommendations {
		s := r.Subject
		out.Recommendations[i] = recommendationJSON{r.Key, r.Lever, s.Account, s.Region, s.Cluster, s.Kind, s.Name, s.Tags,
			r.Title, usd(r.Before), usd(r.After), usd(r.P10), usd(r.P50), usd(r.P90), r.Status}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // which would change the report's bytes
	if err := enc.Encode(out); err != nil {
		return nil, fmt.Errorf("history: writing report %q as JSON: %w", e.Name, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// seal is the file of an entry's JSON.
func seal(entry []byte) []byte {
	sum := sha256.Sum256(entry)
	head := sealHead(hex.EncodeToString(sum[:]))
	file := make([]byte, 0, len(head)+len(entry)+2)
	file = append(file, head...)
	file = append(file, entry...)
	return append(file, '}', '\n')
}

// unseal reads a file. Errors wrap ErrDamaged, ErrForeign or ErrNewer and do
// not name the file.
func unseal(file []byte) (Entry, error) {
	s, err := split(file)
	if err != nil {
		return Entry{}, fmt.Errorf("%w: is no whole JSON document of %d bytes: %w", ErrDamaged, len(file), err)
	}
	switch {
	case s.Version == 0:
		return Entry{}, fmt.Errorf(`%w: has no "ecsavvy_history"`, ErrForeign)
	case s.Version > fileVersion:
		return Entry{}, fmt.Errorf("%w: is version %d, this ecsavvy reads up to %d: use a newer ecsavvy", ErrNewer, s.Version, fileVersion)
	case s.Version < 0:
		return Entry{}, fmt.Errorf(`%w: "ecsavvy_history" is %d, want 1 to %d`, ErrDamaged, s.Version, fileVersion)
	}
	sum := sha256.Sum256(s.Entry)
	if got := hex.EncodeToString(sum[:]); got != s.SHA256 {
		return Entry{}, fmt.Errorf("%w: was changed after it was written: SHA-256 is %s, want %q", ErrDamaged, got, s.SHA256)
	}
	e, err := decodeEntry(s.Entry)
	if err != nil {
		return Entry{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return e, nil
}

// split takes a file apart. One as seal writes it needs no JSON reader: whether
// its entry is whole its SHA-256 says, and reading it twice is most of the time
// that a trend over a directory takes.
func split(file []byte) (sealed, error) {
	s := sealed{Version: fileVersion}
	entry, whole := bytes.CutSuffix(file, []byte("}\n"))
	if n := len(sealHead("")) + 2*sha256.Size; whole && len(entry) > n {
		s.SHA256 = string(entry[n-2*sha256.Size-len(sealHeadEnd) : n-len(sealHeadEnd)])
		if sealHead(s.SHA256) == string(entry[:n]) {
			s.Entry = entry[n:]
			return s, nil
		}
	}
	s = sealed{}
	err := json.Unmarshal(file, &s)
	return s, err
}

// sealHeadEnd is what stands between a file's SHA-256 and its entry.
const sealHeadEnd = `","entry":`

// sealHead is the beginning of a file.
func sealHead(sum string) string {
	return fmt.Sprintf(`{"ecsavvy_history":%d,"sha256":"`, fileVersion) + sum + sealHeadEnd
}

// decodeEntry reads what encodeEntry wrote.
func decodeEntry(data []byte) (Entry, error) {
	var in entryJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return Entry{}, err
	}
	e := Entry{ID: in.ID, Name: in.Name, From: second(in.From), To: second(in.To), Made: second(in.Made), Data: in.Report}
	if len(e.Data) == 0 {
		return Entry{}, errors.New("has no report")
	}
	if len(in.Costs) > 0 {
		e.Costs = make([]CostRow, len(in.Costs))
	}
	for i, c := range in.Costs {
		e.Costs[i] = CostRow{c.Account, c.Region, c.Cluster, c.Service, c.Kind, c.Group, c.Tags, float64(c.USD)}
	}
	if len(in.Recommendations) > 0 {
		e.Recommendations = make([]RecommendationRow, len(in.Recommendations))
	}
	for i, r := range in.Recommendations {
		e.Recommendations[i] = RecommendationRow{r.Key, r.Lever, Subject{r.Account, r.Region, r.Cluster, r.Kind, r.Subject, r.Tags},
			r.Title, float64(r.Before), float64(r.After), float64(r.P10), float64(r.P50), float64(r.P90), r.Status}
	}
	return e, e.check() // JSON's texts are valid, its numbers finite
}

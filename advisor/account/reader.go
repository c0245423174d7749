package account

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
)

// The entries of a snapshot.
const (
	manifestName  = "manifest.json"
	indexName     = "series.json"
	repliesFolder = "replies/"
	seriesFolder  = "series/"
)

// Limits, so that a hostile file cannot fill the memory. Ten thousand services are
// some 40 MB of replies, in pages of far below 1 MB; one resource's series for 15
// months are some 10 MB.
const (
	maxReply       = 32 << 20
	maxReplies     = 512 << 20
	maxSeriesEntry = 64 << 20
	maxList        = 256 << 20
)

// Snapshot is an open snapshot file.
type Snapshot struct {
	manifest Manifest
	replies  map[Scope]map[string]*zip.File
	series   map[Resource][]*zip.File
	// resources are sorted.
	resources []Resource
}

// Open reads what a snapshot holds, without its series. Files of a newer format,
// that are cut off, or that no writer of ours made are refused.
func Open(r io.ReaderAt, size int64) (*Snapshot, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("snapshot: this is no whole snapshot file: %w", err)
	}
	s := &Snapshot{replies: make(map[Scope]map[string]*zip.File), series: make(map[Resource][]*zip.File)}
	others, err := s.sort(z.File)
	if err != nil {
		return nil, err
	}
	if others[manifestName] == nil {
		return nil, fmt.Errorf("snapshot: no %s in the file: it is no snapshot", manifestName)
	}
	if err := s.readManifest(others[manifestName]); err != nil {
		return nil, err
	}
	return s, s.readIndex(others)
}

// sort finds the replies among the entries, and returns the others by name.
func (s *Snapshot) sort(files []*zip.File) (map[string]*zip.File, error) {
	reply := regexp.MustCompile(`^replies/([0-9A-Za-z-]{1,64})/([a-z0-9-]{1,64})/([a-z0-9-]{1,100}\.json)$`)
	serie := regexp.MustCompile(`^series/[0-9]{7,9}$`)
	others := make(map[string]*zip.File)
	total := uint64(0)
	for _, f := range files {
		m := reply.FindStringSubmatch(f.Name)
		switch {
		case m != nil:
			scope := Scope{Account: m[1], Region: m[2]}
			if s.replies[scope] == nil {
				s.replies[scope] = make(map[string]*zip.File)
			}
			if s.replies[scope][m[3]] != nil {
				return nil, fmt.Errorf("snapshot: %s is there twice", f.Name)
			}
			if total += f.UncompressedSize64; f.UncompressedSize64 > maxReply || total > maxReplies {
				return nil, fmt.Errorf("snapshot: %s: replies of %d MB, more than %d MB", f.Name, total>>20, maxReplies>>20)
			}
			s.replies[scope][m[3]] = f
		case f.Name == manifestName, f.Name == indexName, serie.MatchString(f.Name):
			if others[f.Name] != nil {
				return nil, fmt.Errorf("snapshot: %s is there twice", f.Name)
			}
			others[f.Name] = f
		default:
			return nil, fmt.Errorf("snapshot: an entry named %.80q, which no snapshot has", f.Name)
		}
	}
	return others, nil
}

// readManifest reads the version before all else: newer formats may differ in the
// rest.
func (s *Snapshot) readManifest(f *zip.File) error {
	b, err := readEntry(f, maxReply)
	if err != nil {
		return err
	}
	var version struct{ Version int }
	if err := json.Unmarshal(b, &version); err != nil {
		return fmt.Errorf("snapshot: %s: %w", f.Name, err)
	}
	if version.Version < 1 || version.Version > FormatVersion {
		return fmt.Errorf("snapshot: it has format %d; this ecsavvy reads 1 to %d", version.Version, FormatVersion)
	}
	if err := json.Unmarshal(b, &s.manifest); err != nil {
		return fmt.Errorf("snapshot: %s: %w", f.Name, err)
	}
	return nil
}

// readIndex finds the series of each resource.
func (s *Snapshot) readIndex(others map[string]*zip.File) error {
	if others[indexName] == nil {
		return fmt.Errorf("snapshot: no %s in the file: it is cut off", indexName)
	}
	var index []indexed
	if err := readJSON(others[indexName], maxList, &index); err != nil {
		return err
	}
	for _, of := range index {
		if _, twice := s.series[of.Resource]; twice {
			return fmt.Errorf("snapshot: %s: %s %s is there twice", indexName, of.Kind, of.Name)
		}
		var files []*zip.File
		for _, i := range of.Entries {
			f := others[seriesName(i)]
			if f == nil {
				return fmt.Errorf("snapshot: %s names series %d, which are not in the file, or for a second time", indexName, i)
			}
			delete(others, seriesName(i))
			files = append(files, f)
		}
		s.series[of.Resource] = files
		s.resources = append(s.resources, of.Resource)
	}
	slices.SortFunc(s.resources, Resource.compare)
	return nil
}

// Manifest is what the snapshot says of itself.
func (s *Snapshot) Manifest() Manifest { return s.manifest }

// Scopes are the accounts and regions that were asked for, sorted, Global not
// among them.
func (s *Snapshot) Scopes() []Scope { return slices.Clone(s.manifest.Scopes) }

// Replies are the replies of a scope by file name (ecs-describe-services-00001.json),
// in the shape of the AWS CLI: what intake.ReadDescriptions takes.
func (s *Snapshot) Replies(scope Scope) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, name := range slices.Sorted(maps.Keys(s.replies[scope])) {
		b, err := readEntry(s.replies[scope][name], maxReply)
		if err != nil {
			return nil, err
		}
		files[name] = b
	}
	return files, nil
}

// Resources are what was measured in a scope, sorted.
func (s *Snapshot) Resources(scope Scope) []Resource {
	var all []Resource
	for _, r := range s.resources {
		if r.Scope == scope {
			all = append(all, r)
		}
	}
	return all
}

// Series are the measurements of a resource, sorted by metric and step; none where
// it was not measured.
func (s *Snapshot) Series(of Resource) ([]Measurement, error) {
	var all []Measurement
	for _, f := range s.series[of] {
		b, err := readEntry(f, maxSeriesEntry)
		if err != nil {
			return nil, err
		}
		part, err := readSeries(b)
		if err != nil {
			return nil, fmt.Errorf("snapshot: %s, of %s %s: %w", f.Name, of.Kind, of.Name, err)
		}
		all = append(all, part...)
	}
	slices.SortFunc(all, Measurement.compare)
	return all, nil
}

func readJSON(f *zip.File, most uint64, value any) error {
	b, err := readEntry(f, most)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, value); err != nil {
		return fmt.Errorf("snapshot: %s: %w", f.Name, err)
	}
	return nil
}

// readEntry reads an entry of a bounded size, and compares its checksum. The size
// that it claims is not believed: memory grows with what is there.
func readEntry(f *zip.File, most uint64) ([]byte, error) {
	if f.UncompressedSize64 > most {
		return nil, fmt.Errorf("snapshot: %s says that it has %d bytes, more than %d", f.Name, f.UncompressedSize64, most)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("snapshot: %s: %w", f.Name, err)
	}
	defer in.Close()
	var b bytes.Buffer
	b.Grow(int(min(f.UncompressedSize64, 1100*f.CompressedSize64+64)) + bytes.MinRead) // deflate packs at most 1,032 to 1
	_, err = b.ReadFrom(io.LimitReader(in, int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("snapshot: %s is corrupt: %w", f.Name, err)
	}
	if uint64(b.Len()) > most {
		return nil, fmt.Errorf("snapshot: %s has more than %d bytes", f.Name, most)
	}
	return b.Bytes(), nil
}

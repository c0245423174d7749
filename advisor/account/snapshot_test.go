package account

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"testing"
	"time"
)

const own = "111122223333"

func ireland() Scope { return Scope{Account: own, Region: "eu-west-1"} }

func service(name string) Resource {
	return Resource{Scope: ireland(), Kind: "service", Cluster: "shop", Name: name}
}

// write makes a snapshot.
func write(t testing.TB, opts WriterOptions, fill func(*Writer)) []byte {
	t.Helper()
	var file bytes.Buffer
	w := NewWriter(&file, opts)
	if fill != nil {
		fill(w)
	}
	if err := w.Close(Manifest{
		From: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 15, 0, 0, 0, 0, time.UTC), Period: time.Minute,
		Scopes: []Scope{ireland()},
	}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func open(t testing.TB, b []byte) *Snapshot {
	t.Helper()
	s, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What was written is read.
func TestSnapshot(t *testing.T) {
	s := open(t, write(t, WriterOptions{}, func(w *Writer) {
		for _, reply := range []string{
			`{"services": [{"serviceName": "b", "events": [1], "desiredCount": 2}], "failures": []}`,
			`{"services": [{"serviceName": "a"}]}`,
		} {
			if err := w.AddReplies(ireland(), "ecs:DescribeServices", []byte(reply)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.AddSeries(service("b"), []Measurement{measurement("MemoryUtilization", "Average", 1, 2), measurement("CPUUtilization", "Maximum", 3)}); err != nil {
			t.Fatal(err)
		}
		if err := w.AddSeries(service("b"), []Measurement{measurement("CPUUtilization", "Average", 5, math.NaN())}); err != nil {
			t.Fatal(err)
		}
		if err := w.AddSeries(service("a"), []Measurement{measurement("CPUUtilization", "Average", 7)}); err != nil {
			t.Fatal(err)
		}
	}))
	if m := s.Manifest(); m.Version != FormatVersion || m.Period != time.Minute || m.Partial() || len(s.Scopes()) != 1 {
		t.Errorf("%+v", m)
	}
	replies, err := s.Replies(ireland())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%s", replies), `map[ecs-describe-services-00001.json:{"failures":[],"services":[{"desiredCount":2,"serviceName":"b"}]} ecs-describe-services-00002.json:{"services":[{"serviceName":"a"}]}]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	resources := s.Resources(ireland())
	if len(resources) != 2 || resources[0].Name != "a" || resources[1].Name != "b" || s.Resources(Scope{}) != nil {
		t.Errorf("%v", resources)
	}
	all, err := s.Series(service("b"))
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, m := range all {
		got += fmt.Sprint(m.Metric.Name, " ", m.Metric.Statistic, m.Series.Values, m.Series.Start.Format(" 2006-01-02 "), m.Series.Step, "; ")
	}
	if want := "CPUUtilization Average[5 NaN] 2026-11-01 1m0s; CPUUtilization Maximum[3] 2026-11-01 1m0s; MemoryUtilization Average[1 2] 2026-11-01 1m0s; "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if none, err := s.Series(service("c")); none != nil || err != nil {
		t.Errorf("%v, %v", none, err)
	}
}

// The order in which concurrent readers write does not show in the file, nor whether
// series waited in memory or in a file.
func TestSnapshotDoesNotDependOnOrder(t *testing.T) {
	fill := func(w *Writer) {
		var wait sync.WaitGroup
		for i := range 50 {
			wait.Go(func() {
				name := fmt.Sprintf("svc-%d", i)
				_ = w.AddReplies(ireland(), "ecs:DescribeServices", fmt.Appendf(nil, `{"services": [{"serviceName": %q}]}`, name))
				_ = w.AddSeries(service(name), []Measurement{measurement("CPUUtilization", "Average", diurnal(uint64(i), 0.1)[:100]...)})
			})
		}
		wait.Wait()
	}
	first := write(t, WriterOptions{}, fill)
	for range 3 {
		if !bytes.Equal(write(t, WriterOptions{Spool: &memory{}}, fill), first) {
			t.Fatal("the same content gives other bytes")
		}
	}
}

// What cannot be written is refused.
func TestWriterRefuses(t *testing.T) {
	w := NewWriter(io.Discard, WriterOptions{})
	for _, row := range []struct{ call, reply, want string }{
		{"ecs:DescribeDaemons", "{}", "snapshot: no list says what may be kept of a reply of ecs:DescribeDaemons"},
		{"ecs:DescribeServices", "[]", "snapshot: ecs:DescribeServices in eu-west-1: the reply is no JSON mapping: json: cannot unmarshal array into Go value of type map[string]interface {}"},
		{"ecs:DescribeServices", "{} {}", "snapshot: ecs:DescribeServices in eu-west-1: the reply goes on after its end"},
	} {
		if err := w.AddReplies(ireland(), row.call, []byte(row.reply)); err == nil || err.Error() != row.want {
			t.Errorf("got  %v\nwant %s", err, row.want)
		}
	}
	for range 2 {
		if err := w.AddSeries(service("a"), []Measurement{measurement("CPUUtilization", "Average", 1)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(Manifest{}); err == nil || !strings.Contains(err.Error(), "service a has the same series twice: AWS/ECS/CPUUtilization/Average/60") {
		t.Error(err)
	}
	full := NewWriter(io.Discard, WriterOptions{Spool: fullDisk{}})
	if err := full.AddSeries(service("a"), []Measurement{measurement("CPUUtilization", "Average", 1)}); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Error(err)
	}
	if err := full.Close(Manifest{}); err == nil {
		t.Error("a snapshot without its series is closed as if whole")
	}
}

// fullDisk is a spool that takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error)         { return 0, errors.New("no space left on device") }
func (fullDisk) ReadAt([]byte, int64) (int, error) { return 0, io.EOF }

// zipOf makes an archive of any entries.
func zipOf(t testing.TB, entries ...[2]string) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, e := range entries {
		if err := entry(z, e[0], []byte(e[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// Files that are no whole snapshots are refused in words.
func TestOpenRefuses(t *testing.T) {
	manifest := [2]string{manifestName, `{"version": 1}`}
	index := [2]string{indexName, `[]`}
	twice := [2]string{indexName, `[{"account": "1", "kind": "service", "name": "a", "entries": [0]}, {"account": "1", "kind": "service", "name": "b", "entries": [0]}]`}
	whole := write(t, WriterOptions{}, func(w *Writer) {
		_ = w.AddSeries(service("a"), []Measurement{measurement("CPUUtilization", "Average", 1)})
	})
	for name, row := range map[string]struct {
		file []byte
		want string
	}{
		"no archive":       {[]byte("hello"), "snapshot: this is no whole snapshot file: zip: not a valid zip file"},
		"empty":            {nil, "snapshot: this is no whole snapshot file: zip: not a valid zip file"},
		"cut off":          {whole[:len(whole)-30], "snapshot: this is no whole snapshot file: zip: not a valid zip file"},
		"another archive":  {zipOf(t, [2]string{"word/document.xml", ""}), `snapshot: an entry named "word/document.xml", which no snapshot has`},
		"no manifest":      {zipOf(t, index), "snapshot: no manifest.json in the file: it is no snapshot"},
		"no index":         {zipOf(t, manifest), "snapshot: no series.json in the file: it is cut off"},
		"newer":            {zipOf(t, [2]string{manifestName, `{"version": 2, "scopes": "all"}`}, index), "snapshot: it has format 2; this ecsavvy reads 1 to 1"},
		"no version":       {zipOf(t, [2]string{manifestName, `{}`}, index), "snapshot: it has format 0; this ecsavvy reads 1 to 1"},
		"a way out":        {zipOf(t, manifest, index, [2]string{"replies/1/eu-west-1/../../../etc.json", ""}), `snapshot: an entry named "replies/1/eu-west-1/../../../etc.json", which no snapshot has`},
		"an absolute name": {zipOf(t, manifest, index, [2]string{"/etc/passwd", ""}), `snapshot: an entry named "/etc/passwd", which no snapshot has`},
		"an entry twice":   {zipOf(t, manifest, manifest, index), "snapshot: manifest.json is there twice"},
		"missing series":   {zipOf(t, manifest, [2]string{indexName, `[{"account": "1", "kind": "service", "name": "a", "entries": [3]}]`}), "snapshot: series.json names series 3, which are not in the file, or for a second time"},
		"series for two":   {zipOf(t, manifest, twice, [2]string{seriesName(0), ""}), "snapshot: series.json names series 0, which are not in the file, or for a second time"},
		"broken manifest":  {zipOf(t, [2]string{manifestName, `{`}, index), "snapshot: manifest.json: unexpected end of JSON input"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Open(bytes.NewReader(row.file), int64(len(row.file))); err == nil || err.Error() != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
}

// A byte that changed in an entry is found by its checksum, and bombs are not unpacked.
func TestCorruptEntries(t *testing.T) {
	whole := write(t, WriterOptions{}, func(w *Writer) {
		_ = w.AddSeries(service("a"), []Measurement{measurement("CPUUtilization", "Average", diurnal(1, 0.1)...)})
	})
	at := bytes.Index(whole, []byte(seriesName(0))) + len(seriesName(0)) + 1000
	whole[at] ^= 0xff
	s := open(t, whole)
	if _, err := s.Series(service("a")); err == nil || !strings.Contains(err.Error(), "snapshot: series/0000000 is corrupt") {
		t.Error(err)
	}
	bomb := zipOf(t, [2]string{manifestName, `{"version": 1}`}, [2]string{indexName, "[" + strings.Repeat(" ", 40<<20) + "]"},
		[2]string{repliesFolder + "1/eu-west-1/a.json", strings.Repeat(" ", 40<<20)})
	if _, err := Open(bytes.NewReader(bomb), int64(len(bomb))); err == nil || !strings.Contains(err.Error(), "replies/1/eu-west-1/a.json: replies of 40 MB, more than") {
		t.Error(err)
	}
}

// Account IDs are replaced everywhere, the same by the same; numbers stay.
func TestRedact(t *testing.T) {
	const other = "999988887777"
	file := write(t, WriterOptions{Redact: true}, func(w *Writer) {
		if err := w.AddReplies(ireland(), "ecs:DescribeServices", []byte(`{"services": [{
			"serviceArn": "arn:aws:ecs:eu-west-1:111122223333:service/shop/api", "serviceName": "api-111122223333x",
			"taskDefinition": "arn:aws:ecs:eu-west-1:999988887777:task-definition/api:1", "desiredCount": 111122223333}]}`)); err != nil {
			t.Fatal(err)
		}
		if err := w.AddReplies(ireland(), "ecs:DescribeTaskDefinition", []byte(`{"taskDefinition": {"family": "1111222233334444",
			"containerDefinitions": [{"image": "999988887777.dkr.ecr.eu-west-1.amazonaws.com/api:1"}]}}`)); err != nil {
			t.Fatal(err)
		}
		of := service("api")
		of.Kind, of.Name = "log-group", "/logs/"+own
		if err := w.AddSeries(of, []Measurement{measurement("IncomingBytes", "Sum", 111122223333)}); err != nil {
			t.Fatal(err)
		}
	})
	s := open(t, file)
	scope := s.Scopes()[0]
	if scope.Account != "account-1" || s.Resources(scope)[0].Name != "/logs/account-1" {
		t.Errorf("%v, %v", scope, s.Resources(scope))
	}
	replies, err := s.Replies(scope)
	if err != nil {
		t.Fatal(err)
	}
	got := string(replies["ecs-describe-services-00001.json"]) + string(replies["ecs-describe-task-definition-00001.json"])
	for _, want := range []string{
		`"arn:aws:ecs:eu-west-1:account-1:service/shop/api"`, `"api-account-1x"`, `"arn:aws:ecs:eu-west-1:account-2:task-definition/api:1"`,
		`"desiredCount":111122223333`, `"family":"1111222233334444"`, `"account-2.dkr.ecr.eu-west-1.amazonaws.com/api:1"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(got, `"desiredCount":111122223333`, ""), "1111222233334444", ""), own) || strings.Contains(got, other) {
		t.Errorf("an account ID is left: %s", got)
	}
}

// FuzzOpen reads any bytes as a snapshot, all of it.
func FuzzOpen(f *testing.F) {
	f.Add(write(f, WriterOptions{}, func(w *Writer) {
		_ = w.AddReplies(ireland(), "ecs:DescribeServices", []byte(`{"services": []}`))
		_ = w.AddSeries(service("a"), []Measurement{measurement("CPUUtilization", "Average", 1, 2)})
	}))
	f.Add(zipOf(f, [2]string{manifestName, `{"version": 1}`}, [2]string{indexName, `[{"entries": [0]}]`}, [2]string{seriesName(0), "\x01"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, scope := range s.Scopes() {
			_, _ = s.Replies(scope)
			for _, of := range s.Resources(scope) {
				_, _ = s.Measured(of, Size{1, 2})
			}
		}
	})
}

// FuzzAllowed reduces any reply: what is left reduces to itself.
func FuzzAllowed(f *testing.F) {
	f.Add([]byte(`{"taskDefinition": {"family": "a", "containerDefinitions": [{"secrets": [{"valueFrom": "hunter2"}]}]}}`))
	list := parseFields(Allowed()["ecs:DescribeTaskDefinition"])
	f.Fuzz(func(t *testing.T, b []byte) {
		once, err := allowed(list, b)
		if err != nil {
			return
		}
		if !json.Valid(once) {
			t.Fatalf("no JSON: %s", once)
		}
		twice, err := allowed(list, once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%s, then %s, %v", once, twice, err)
		}
	})
}

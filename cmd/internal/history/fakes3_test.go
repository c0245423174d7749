package history

import (
	"context"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// fakeS3 answers like one S3 bucket named "bucket": GET, conditional PUT,
// ListObjectsV2 by pages.
type fakeS3 struct {
	server *httptest.Server
	page   int // keys a page

	mu      sync.Mutex
	objects map[string][]byte
	puts    []string // If-None-Match of every PUT
	// answer may answer a request first; then it returns true.
	answer func(w http.ResponseWriter, r *http.Request) bool
}

func newFakeS3(t *testing.T) *fakeS3 {
	f := &fakeS3{objects: map[string][]byte{}, page: 3}
	f.server = httptest.NewServer(f)
	t.Cleanup(f.server.Close)
	return f
}

func (f *fakeS3) client() *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: &f.server.URL, UsePathStyle: true, Region: "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		Retryer:     retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 2, time.Millisecond }),
	})
}

func s3Error(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	io.WriteString(w, "<Error><Code>"+code+"</Code><Message>of the fake</Message></Error>")
}

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.answer != nil && f.answer(w, r) {
		return
	}
	key, ok := strings.CutPrefix(r.URL.Path, "/bucket")
	key = strings.TrimPrefix(key, "/")
	switch {
	case !ok:
		s3Error(w, http.StatusNotFound, "NoSuchBucket")
	case r.Method == http.MethodGet && key == "":
		f.list(w, r)
	case r.Method == http.MethodGet:
		data, ok := f.objects[key]
		if !ok {
			s3Error(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Write(data)
	case r.Method == http.MethodPut:
		f.puts = append(f.puts, r.Header.Get("If-None-Match"))
		if _, taken := f.objects[key]; taken && r.Header.Get("If-None-Match") == "*" {
			s3Error(w, http.StatusPreconditionFailed, "PreconditionFailed")
			return
		}
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		f.objects[key] = data
	default:
		s3Error(w, http.StatusNotImplemented, "NotImplemented")
	}
}

func (f *fakeS3) list(w http.ResponseWriter, r *http.Request) {
	type content struct{ Key string }
	var result struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []content
	}
	start, _ := strconv.Atoi(r.URL.Query().Get("continuation-token"))
	n := 0
	for _, key := range slices.Sorted(maps.Keys(f.objects)) {
		if !strings.HasPrefix(key, r.URL.Query().Get("prefix")) {
			continue
		}
		switch n++; {
		case n <= start:
		case len(result.Contents) == f.page:
			result.IsTruncated, result.NextContinuationToken = true, strconv.Itoa(start+f.page)
		default:
			result.Contents = append(result.Contents, content{key})
		}
	}
	w.Header().Set("Content-Type", "application/xml")
	xml.NewEncoder(w).Encode(result)
}

func TestS3LostAnswer(t *testing.T) {
	f := newFakeS3(t)
	lost := false
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut || lost {
			return false
		}
		lost = true
		data, _ := io.ReadAll(r.Body)
		f.objects[strings.TrimPrefix(r.URL.Path, "/bucket/")] = data // written, but the answer says try again
		s3Error(w, http.StatusInternalServerError, "InternalError")
		return true
	}
	s := NewObjects(S3(f.client(), "bucket", ""))
	if err := s.Put(t.Context(), entryOf("weekly", 0, 3, 0)); err != nil {
		t.Fatal(err)
	}
	if len(f.objects) != 1 {
		t.Errorf("%d objects, want the one that was written first", len(f.objects))
	}
}

func TestS3Answers(t *testing.T) {
	tests := map[string]struct {
		method  string
		status  int
		code    string
		times   int
		wantErr string
	}{
		"a put under way is tried again": {http.MethodPut, 409, "ConditionalRequestConflict", 2, ""},
		"a put that stays under way": {http.MethodPut, 409, "ConditionalRequestConflict", 1000,
			"history: in use: writing s3://bucket/a/weekly-"},
		"no permission to write":          {http.MethodPut, 403, "AccessDenied", 1000, "history: writing s3://bucket/a/weekly-"},
		"no permission to list":           {http.MethodGet, 403, "AccessDenied", 1000, "history: listing s3://bucket/a/weekly-"},
		"no bucket":                       {http.MethodGet, 404, "NoSuchBucket", 1000, "history: listing s3://bucket/a/weekly-"},
		"a store without conditional put": {http.MethodPut, 501, "NotImplemented", 1000, "history: writing s3://bucket/a/weekly-"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFakeS3(t)
			f.answer = func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != test.method || test.times == 0 {
					return false
				}
				test.times--
				s3Error(w, test.status, test.code)
				return true
			}
			client := f.client()
			s := NewObjects(S3(onceOnly{client}, "bucket", "a"))
			err := s.Put(t.Context(), entryOf("weekly", 0, 3, 0))
			if test.wantErr == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), test.wantErr) || !strings.Contains(err.Error(), test.code) {
				t.Errorf("error %v, want %q … %q", err, test.wantErr, test.code)
			}
		})
	}
}

func TestS3WritesAreConditional(t *testing.T) {
	f := newFakeS3(t)
	s := NewObjects(S3(f.client(), "bucket", "a"))
	for version := range 3 {
		if err := s.Put(t.Context(), entryOf("weekly", 0, 3, version)); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(f.puts, []string{"*", "*", "*"}) {
		t.Errorf("If-None-Match %q, want * of three puts", f.puts)
	}
	for _, key := range slices.Sorted(maps.Keys(f.objects)) {
		if !strings.HasPrefix(key, "a/weekly-") || !strings.HasSuffix(key, ".json") {
			t.Errorf("key %q", key)
		}
	}
	if _, err := S3(f.client(), "bucket", "a").Get(t.Context(), "nothing"); err == nil || !strings.Contains(err.Error(), "s3://bucket/a/nothing") {
		t.Errorf("error %v of an object that is not there", err)
	}
}

// onceOnly is a client that does not wait between tries.
type onceOnly struct{ *s3.Client }

func (c onceOnly) PutObject(ctx context.Context, in *s3.PutObjectInput, o ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	return c.Client.PutObject(ctx, in, append(o, func(o *s3.Options) { o.Retryer = aws.NopRetryer{} })...)
}

package deliver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// place is a bucket, a prefix that ends in a slash or is empty, and how to
// write there.
type place struct {
	bucket, prefix, region string
	sse, kmsKey            string
}

// s3Channel puts every file at PREFIX/NAME/PERIOD/FILE.
type s3Channel struct{ place }

const wantS3 = "want s3://BUCKET[/PREFIX][?region=…&sse=AES256|aws:kms&kms-key=…]"

func parseS3(rest string) (channel, error) {
	p, err := parsePlace(rest)
	return s3Channel{p}, err
}

func parsePlace(rest string) (place, error) {
	path, options, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "?")
	set, err := settings(options, "region", "sse", "kms-key")
	if err != nil {
		return place{}, err
	}
	bucket, prefix, _ := strings.Cut(path, "/")
	p := place{bucket: bucket, prefix: strings.Trim(prefix, "/"), region: set["region"], sse: set["sse"], kmsKey: set["kms-key"]}
	if p.prefix != "" {
		p.prefix += "/"
	}
	switch {
	case !strings.HasPrefix(rest, "//") || !PlainName(bucket) || len(bucket) < 3:
		return place{}, errors.New(wantS3)
	case p.sse != "" && p.sse != "AES256" && p.sse != "aws:kms" || p.kmsKey != "" && p.sse != "aws:kms":
		return place{}, fmt.Errorf("the encryption %q with key %q: %s", p.sse, p.kmsKey, wantS3)
	}
	return p, nil
}

func (c s3Channel) prepare(s *session, p Package, _ string) (parcel, error) {
	var lines []string
	for _, f := range p.Files {
		lines = append(lines, fmt.Sprintf("s3://%s/%s, %d bytes, %s", c.bucket, c.key(p, f), len(f.Data), f.MediaType))
	}
	where := fmt.Sprintf("s3://%s/%s", c.bucket, c.key(p, p.Files[0]))
	return parcel{lines: lines, where: where, send: func(ctx context.Context) ([]string, error) {
		cfg, err := s.aws(ctx, c.region)
		if err != nil {
			return nil, err
		}
		client, kept := s3.NewFromConfig(cfg), 0
		for _, f := range p.Files {
			old, err := c.put(ctx, s, client, c.key(p, f), f, s.again)
			if err != nil {
				return nil, fmt.Errorf("writing s3://%s/%s: %w", c.bucket, c.key(p, f), err)
			}
			if old {
				kept++
			}
		}
		if kept > 0 {
			return []string{fmt.Sprintf("%d of %d files were there from an earlier run of this period and stay as they are", kept, len(p.Files))}, nil
		}
		return nil, nil
	}}, nil
}

func (c place) key(p Package, f File) string {
	return c.prefix + p.Name + "/" + p.Period + "/" + f.Name
}

// put writes one object, and leaves one that is there as it is unless replace
// is set: If-None-Match makes that one step, without a right to read.
// Source: docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html.
func (c place) put(ctx context.Context, s *session, client *s3.Client, key string, f File, replace bool) (kept bool, err error) {
	in := &s3.PutObjectInput{
		Bucket: &c.bucket, Key: &key, Body: bytes.NewReader(f.Data), ContentType: &f.MediaType,
		ServerSideEncryption: types.ServerSideEncryption(c.sse),
	}
	if c.kmsKey != "" {
		in.SSEKMSKeyId = &c.kmsKey
	}
	if !replace {
		in.IfNoneMatch = aws.String("*")
	}
	err = s.retry(ctx, func() error {
		in.Body = bytes.NewReader(f.Data)
		_, err := client.PutObject(ctx, in)
		if status(err) == http.StatusConflict { // another run writes the same key
			return &passing{err: err}
		}
		return err
	})
	if status(err) == http.StatusPreconditionFailed {
		return true, nil
	}
	return false, err
}

// status is the HTTP status of an error of the SDK, 0 for none.
func status(err error) int {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}

// s3Ledger keeps one empty object for each delivery.
type s3Ledger struct {
	place
	session *session
}

// NewS3Ledger is a ledger for runs without a disk: s3://bucket/prefix, as a
// destination. It needs s3:PutObject and s3:GetObject on the prefix, and
// s3:ListBucket, without which S3 does not tell a missing object from a
// forbidden one.
func NewS3Ledger(sys System, at string) (Ledger, error) {
	rest, ok := strings.CutPrefix(at, "s3:")
	if !ok {
		return nil, errors.New("the ledger: " + wantS3)
	}
	p, err := parsePlace(rest)
	if err != nil {
		return nil, fmt.Errorf("the ledger: %w", err)
	}
	return &s3Ledger{place: p, session: &session{System: sys}}, nil
}

// ledgerKey is the object of a delivery; a destination may have characters
// that a key should not.
func (l *s3Ledger) ledgerKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return l.prefix + "delivered/" + hex.EncodeToString(sum[:])
}

func (l *s3Ledger) Delivered(ctx context.Context, key string) (bool, error) {
	cfg, err := l.session.aws(ctx, l.region)
	if err != nil {
		return false, err
	}
	_, err = s3.NewFromConfig(cfg).HeadObject(ctx, &s3.HeadObjectInput{Bucket: &l.bucket, Key: aws.String(l.ledgerKey(key))})
	switch status(err) {
	case http.StatusNotFound:
		return false, nil
	case http.StatusForbidden:
		return false, fmt.Errorf("s3://%s is refused: the ledger needs s3:GetObject and s3:ListBucket: %w", l.bucket, err)
	}
	return err == nil, err
}

func (l *s3Ledger) Mark(ctx context.Context, key string) error {
	cfg, err := l.session.aws(ctx, l.region)
	if err != nil {
		return err
	}
	f := File{MediaType: "text/plain; charset=utf-8", Data: []byte(key + "\n")}
	_, err = l.put(ctx, l.session, s3.NewFromConfig(cfg), l.ledgerKey(key), f, false)
	return err
}

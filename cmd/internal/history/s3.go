package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// S3API is what is used of the S3 client. It needs the permissions
// s3:ListBucket on the bucket, and s3:GetObject and s3:PutObject on the prefix.
type S3API interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	s3.ListObjectsV2APIClient
}

// S3 is objects of a bucket whose keys begin with a prefix; a prefix that is
// not empty gets a slash.
//
// Writes are conditional (If-None-Match: *): of two writers of a key S3 lets
// one succeed and answers the other 412, or 409 while the first is under way.
// Source: docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html,
// read 2026-11-21. Listing is consistent: what was put is in the next list
// (docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel).
func S3(client S3API, bucket, prefix string) Objects {
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	return bucketObjects{client, bucket, prefix}
}

type bucketObjects struct {
	client         S3API
	bucket, prefix string
}

// maxConflicts is how often a 409 is answered by another try.
const maxConflicts = 5

func (b bucketObjects) Locate(key string) string {
	return "s3://" + b.bucket + "/" + b.prefix + key
}

func (b bucketObjects) Get(ctx context.Context, key string) ([]byte, error) {
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.bucket, Key: aws.String(b.prefix + key)})
	if missing := (*types.NoSuchKey)(nil); errors.As(err, &missing) {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, b.Locate(key))
	}
	if err != nil {
		return nil, fmt.Errorf("history: reading %s: %w", b.Locate(key), err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(io.LimitReader(out.Body, maxObject+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("history: reading %s: %w", b.Locate(key), err)
	case len(data) > maxObject:
		return nil, fmt.Errorf("%w: %s has more than %d bytes", ErrDamaged, b.Locate(key), maxObject)
	}
	return data, nil
}

func (b bucketObjects) PutIfAbsent(ctx context.Context, key string, data []byte) (bool, error) {
	var err error
	for range maxConflicts {
		_, err = b.client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &b.bucket, Key: aws.String(b.prefix + key),
			Body:        bytes.NewReader(data),
			ContentType: aws.String("application/json"),
			IfNoneMatch: aws.String("*"),
		})
		code := ""
		if api := smithy.APIError(nil); errors.As(err, &api) {
			code = api.ErrorCode()
		}
		switch {
		case err == nil:
			return true, nil
		case code == "PreconditionFailed":
			return false, nil
		case code != "ConditionalRequestConflict":
			return false, fmt.Errorf("history: writing %s: %w", b.Locate(key), err)
		}
	}
	return false, fmt.Errorf("%w: writing %s: %w", ErrLocked, b.Locate(key), err)
}

func (b bucketObjects) List(ctx context.Context, prefix string) ([]string, error) {
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.bucket, Prefix: aws.String(b.prefix + prefix)})
	var keys []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("history: listing %s: %w", b.Locate(prefix), err)
		}
		for _, object := range page.Contents {
			keys = append(keys, strings.TrimPrefix(aws.ToString(object.Key), b.prefix))
		}
	}
	return keys, nil
}

package history

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Open opens the history that a URL names:
//
//	history.db, sqlite:history.db        one SQLite file
//	dir:reports                          a directory of JSON files
//	s3://bucket/prefix                   the same as objects of a bucket
//	s3://bucket/prefix?region=eu-west-1  of a bucket in another region
//
// Credentials and region for S3 are those that the AWS tools use. What is not
// there is made, except for a bucket and for the directory of a SQLite file.
func Open(ctx context.Context, where string) (Store, error) {
	scheme, rest, found := strings.Cut(where, ":")
	switch {
	case where == "":
		return nil, wrongURL(where)
	case !found, len(scheme) == 1, strings.ContainsAny(scheme, `/\.`): // a path: a drive is one letter
		return SQLite(ctx, where)
	case scheme == "sqlite" && rest != "":
		return SQLite(ctx, rest)
	case scheme == "dir" && rest != "":
		objects, err := Directory(rest)
		if err != nil {
			return nil, err
		}
		return NewObjects(objects), nil
	case scheme == "s3":
		return openS3(ctx, where)
	default:
		return nil, wrongURL(where)
	}
}

// Check refuses what Open could not make sense of, without opening anything.
func Check(where string) error {
	scheme, rest, found := strings.Cut(where, ":")
	switch {
	case where == "":
		return wrongURL(where)
	case !found, len(scheme) == 1, strings.ContainsAny(scheme, `/\.`), (scheme == "sqlite" || scheme == "dir") && rest != "":
		return nil
	case scheme == "s3":
		_, _, err := parseS3(where)
		return err
	}
	return wrongURL(where)
}

func wrongURL(where string) error {
	return fmt.Errorf("history: want FILE.db, sqlite:FILE, dir:DIRECTORY or s3://BUCKET/PREFIX, got %q", where)
}

func openS3(ctx context.Context, where string) (Store, error) {
	u, region, err := parseS3(where)
	if err != nil {
		return nil, err
	}
	aws, err := config.LoadDefaultConfig(ctx, func(o *config.LoadOptions) error {
		if region != "" {
			o.Region = region
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("history: opening %s: %w", where, err)
	}
	return NewObjects(S3(s3.NewFromConfig(aws), u.Host, u.Path)), nil
}

// parseS3 reads s3://bucket/prefix?region=eu-west-1.
func parseS3(where string) (u *url.URL, region string, err error) {
	u, err = url.Parse(where)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, "", wrongURL(where)
	}
	parameters, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, "", wrongURL(where)
	}
	region = parameters.Get("region")
	parameters.Del("region")
	if len(parameters) > 0 {
		return nil, "", fmt.Errorf("history: %s: want no parameter but region, got %q", where, parameters.Encode())
	}
	return u, region, nil
}

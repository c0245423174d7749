package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// snsChannel publishes to a topic.
type snsChannel struct{ topic, region string }

// Limits of a message and of its subject, which is one line of ASCII.
// Source: docs.aws.amazon.com/sns/latest/api/API_Publish.html.
const (
	snsMessage = 256 * 1024
	snsSubject = 99
)

func parseSNS(text string) (channel, error) {
	topic, err := arn.Parse(text)
	if err != nil || topic.Service != "sns" || topic.Region == "" || !PlainName(topic.Resource) {
		return nil, errors.New("want sns:arn:aws:sns:REGION:ACCOUNT:TOPIC")
	}
	return snsChannel{topic: text, region: topic.Region}, nil
}

func (c snsChannel) prepare(s *session, p Package, where string) (parcel, error) {
	head := line(p.Title) + "\n\n" + strings.TrimSpace(plain(p.Summary)) + "\n\n"
	if where != "" {
		head += pointer(where) + "\n\n"
	}
	text, ok := fit(plain(p.Markdown), pointer(where), func(markdown string) bool { return len(head)+len(markdown) <= snsMessage })
	if !ok {
		return parcel{}, fmt.Errorf("the summary of %d characters does not fit into a message of SNS", utf8.RuneCountInString(p.Summary))
	}
	in := &sns.PublishInput{TopicArn: &c.topic, Message: aws.String(head + text), Subject: aws.String(asciiSubject(line(p.Title)))}
	if strings.HasSuffix(c.topic, ".fifo") {
		// A FIFO topic drops a second message of one period by itself, for 5 minutes.
		sum := sha256.Sum256([]byte(p.Name + "/" + p.Period))
		in.MessageGroupId = aws.String("ecsavvy")
		if !s.again {
			in.MessageDeduplicationId = aws.String(hex.EncodeToString(sum[:]))
		} else {
			in.MessageDeduplicationId = aws.String(hex.EncodeToString(sum[:16]) + s.Now().UTC().Format("20060102T150405"))
		}
	}
	lines := append([]string{fmt.Sprintf("message of %d bytes, subject %q", len(head)+len(text), *in.Subject)}, shortened(text, p.Markdown)...)
	return parcel{lines: lines, send: func(ctx context.Context) ([]string, error) {
		cfg, err := s.aws(ctx, c.region)
		if err != nil {
			return nil, err
		}
		_, err = sns.NewFromConfig(cfg).Publish(ctx, in)
		return nil, err
	}}, nil
}

// asciiSubject is a subject as SNS takes it.
func asciiSubject(title string) string {
	title = strings.Map(func(r rune) rune {
		switch {
		case r == '–' || r == '—':
			return '-'
		case r == '…':
			return '.'
		case r >= utf8.RuneSelf:
			return '?'
		}
		return r
	}, title)
	if len(title) > snsSubject {
		title = title[:snsSubject-3] + "..."
	}
	if title == "" {
		return "ecsavvy"
	}
	return title
}

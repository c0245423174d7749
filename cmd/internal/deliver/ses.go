package deliver

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// sesChannel sends a mail through Amazon SES.
type sesChannel struct {
	envelope
	region string
}

// sesMessage is how long a message may be, with its attachments as they are
// sent. Source: docs.aws.amazon.com/ses/latest/dg/quotas.html ("40 MB").
const sesMessage = 40_000_000

func parseMail(rest string) (channel, error) {
	to, options, _ := strings.Cut(rest, "?")
	set, err := settings(options, "from", "region")
	if err != nil {
		return nil, err
	}
	if set["from"] == "" {
		return nil, errNoSender
	}
	if to, err = url.PathUnescape(to); err != nil {
		return nil, err
	}
	e, err := newEnvelope(set["from"], to)
	return sesChannel{envelope: e, region: set["region"]}, err
}

func (c sesChannel) prepare(s *session, p Package, where string) (parcel, error) {
	raw, lines, err := c.message(p, where, s.Now(), sesMessage)
	if err != nil {
		return parcel{}, err
	}
	return parcel{lines: lines, send: func(ctx context.Context) ([]string, error) {
		cfg, err := s.aws(ctx, c.region)
		if err != nil {
			return nil, err
		}
		from := c.from.String()
		_, err = sesv2.NewFromConfig(cfg).SendEmail(ctx, &sesv2.SendEmailInput{
			FromEmailAddress: &from, Destination: &types.Destination{ToAddresses: c.addresses()},
			Content: &types.EmailContent{Raw: &types.RawMessage{Data: raw}},
		})
		return nil, err
	}}, nil
}

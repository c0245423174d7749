package live

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
)

// Protocols of CloudWatch. AWS speaks both; of the emulators, moto speaks the
// Query protocol only (https://github.com/getmoto/moto/issues/9195).
const (
	ProtocolCBOR  = "cbor"
	ProtocolQuery = "query"
)

// MetricsAPI is what is called of CloudWatch.
type MetricsAPI interface {
	GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

// CloudWatch is a client in one of the protocols, CBOR where it is "".
func CloudWatch(cfg aws.Config, protocol string) (*cloudwatch.Client, error) {
	switch protocol {
	case "", ProtocolCBOR:
		return cloudwatch.NewFromConfig(cfg), nil
	case ProtocolQuery:
		return cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) {
			o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801)
		}), nil
	}
	return nil, fmt.Errorf("live: a CloudWatch protocol %q: want %q or %q", protocol, ProtocolCBOR, ProtocolQuery)
}

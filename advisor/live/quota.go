package live

import (
	"context"
	"strings"
	"sync"

	"golang.org/x/time/rate"
)

// Quota is how often AWS lets an account and region make the calls of a bucket.
type Quota struct {
	Burst     int
	PerSecond float64
}

// quotaOf is the bucket of a call and its quota. What AWS does not publish is kept
// to 10 calls a second.
//
// Sources:
//   - ecs: docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
//   - ec2: docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html, whose
//     unfiltered and unpaged describe calls have 50 and 10
//   - logs: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html,
//     DescribeLogGroups 10 a second
//   - ecr: docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html,
//     BatchGetImage 2,000 a second; of the others none is published
func quotaOf(call string) (bucket string, q Quota) {
	service, operation, _ := strings.Cut(call, ":")
	switch operation {
	case "DescribeClusters", "ListClusters":
		return "ecs cluster read", Quota{50, 20}
	case "DescribeCapacityProviders":
		return "ecs capacity provider read", Quota{50, 20}
	case "DescribeTaskDefinition":
		return "ecs task definition read", Quota{50, 20}
	case "DescribeServices", "ListServices":
		return "ecs service read", Quota{100, 20}
	case "DescribeTasks", "ListTasks", "DescribeContainerInstances", "ListContainerInstances":
		return "ecs cluster resource read", Quota{100, 20}
	case "BatchGetImage":
		return call, Quota{100, 100}
	}
	if service == "ec2" {
		return call, Quota{50, 10}
	}
	return service, Quota{10, 10}
}

// pace keeps the calls to one account and region within their quotas.
type pace struct {
	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	// of overrides the quotas.
	of func(call string) Quota
}

// wait waits for the turn of a call.
func (p *pace) wait(ctx context.Context, call string) error {
	bucket, q := quotaOf(call)
	if p.of != nil {
		q = p.of(call)
	}
	p.mu.Lock()
	l := p.buckets[bucket]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(q.PerSecond), q.Burst)
		p.buckets[bucket] = l
	}
	p.mu.Unlock()
	return l.Wait(ctx)
}

func newPace(of func(call string) Quota) *pace {
	return &pace{buckets: make(map[string]*rate.Limiter), of: of}
}

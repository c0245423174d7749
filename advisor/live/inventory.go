package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"ecsavvy/advisor/account"
)

// InventoryOptions is how an inventory is taken. The zero value is the usual way.
type InventoryOptions struct {
	// Clusters are the names or ARNs of those to read; none is all.
	Clusters []string
	// InFlight is how many calls are made at once to an account and region, 16 where 0.
	InFlight int
	// Repositories is of how many ECR repositories the images are read, 1,000 where
	// 0, none where negative: they take three calls each. Those beyond are a failure.
	Repositories int
	// Quotas overrides AWS's documented quotas, by call ("ecs:DescribeServices").
	Quotas   func(call string) Quota
	Patience Patience
}

// Found is what an inventory found in one account and region.
type Found struct {
	account.Scope
	// Subjects are what can be measured, sorted by kind, cluster and name.
	Subjects []Subject
	// Clusters are the names of those that were read, sorted; Missing those of the
	// options that are not there.
	Clusters, Missing []string
}

// clients are the services of one region.
type clients struct {
	ecs                    *ecs.Client
	applicationautoscaling *applicationautoscaling.Client
	autoscaling            *autoscaling.Client
	elasticloadbalancing   *elasticloadbalancingv2.Client
	ec2                    *ec2.Client
	logs                   *cloudwatchlogs.Client
	ecr                    *ecr.Client
}

// inventory collects what one region of one account has. What its parts find is
// guarded by mu.
type inventory struct {
	*asker
	clients
	opts InventoryOptions

	mu    sync.Mutex
	found Found
	// services, by ARN, lead to all else.
	services map[string]*ecsService
	// insights of each cluster, by name.
	insights map[string]Insights
	// definitions are the ARNs of task definitions, logGroups, images, subnets,
	// targetGroups, providers and instances what they and the services name. The
	// values of logGroups and images are unused.
	definitions, logGroups, images, subnets, targetGroups, providers, instances map[string]bool
	// containers are the names of containers by task family, families the clusters
	// that run a family, with whether any of its tasks there are of no service.
	containers map[string][]string
	families   map[string]map[string]bool
	vpcs       map[string]bool
}

// ecsService is what the inventory itself needs of a service.
type ecsService struct{ cluster, name string }

// Inventory reads what runs in one region of one account into a snapshot, by
// describe calls only. Calls go in batches, at once, and within AWS's quotas; a call
// that fails is in the failures, sorted, and the rest goes on. The error is the
// context's, or says that not even the clusters can be listed.
func Inventory(ctx context.Context, cfg aws.Config, scope account.Scope, opts InventoryOptions, w *account.Writer) (Found, []account.Failure, error) {
	cfg = patient(cfg, opts.Patience)
	cfg.Region = scope.Region
	if opts.InFlight == 0 {
		opts.InFlight = 16
	}
	if opts.Repositories == 0 {
		opts.Repositories = 1000
	}
	v := &inventory{
		asker: newAsker(scope, opts, w),
		clients: clients{
			ecs: ecs.NewFromConfig(cfg), applicationautoscaling: applicationautoscaling.NewFromConfig(cfg),
			autoscaling: autoscaling.NewFromConfig(cfg), elasticloadbalancing: elasticloadbalancingv2.NewFromConfig(cfg),
			ec2: ec2.NewFromConfig(cfg), logs: cloudwatchlogs.NewFromConfig(cfg), ecr: ecr.NewFromConfig(cfg),
		},
		opts: opts, found: Found{Scope: scope}, services: make(map[string]*ecsService), insights: make(map[string]Insights),
		containers: make(map[string][]string), families: make(map[string]map[string]bool),
	}
	for _, set := range []*map[string]bool{&v.definitions, &v.logGroups, &v.images, &v.subnets, &v.targetGroups, &v.providers, &v.instances, &v.vpcs} {
		*set = make(map[string]bool)
	}
	// Each step needs what the one before it found.
	v.readClusters(ctx)
	if len(v.found.Clusters) > 0 {
		together(
			func() { v.readDefinitions(ctx) },
			func() { v.readCapacity(ctx) },
			func() { v.readScaling(ctx) },
			func() { v.readBalancers(ctx) },
		)
		together(
			func() { v.readNetwork(ctx) },
			func() { v.readLogGroups(ctx) },
			func() { v.readImages(ctx) },
		)
	}
	v.measurable()
	slices.SortFunc(v.failures, compareFailures)
	return v.found, v.failures, ctx.Err()
}

func newAsker(scope account.Scope, opts InventoryOptions, w *account.Writer) *asker {
	return &asker{
		scope: scope, w: w, pace: newPace(opts.Quotas), slots: make(chan struct{}, max(1, opts.InFlight)), refused: make(map[string]bool),
	}
}

func compareFailures(a, b account.Failure) int {
	for _, c := range []int{strings.Compare(a.Account, b.Account), strings.Compare(a.Region, b.Region), strings.Compare(a.Call, b.Call),
		strings.Compare(a.Resource, b.Resource), strings.Compare(a.Why, b.Why)} {
		if c != 0 {
			return c
		}
	}
	return 0
}

// together runs functions at once, and waits for all of them.
func together(all ...func()) {
	var wait sync.WaitGroup
	for _, f := range all {
		wait.Go(f)
	}
	wait.Wait()
}

// forEach runs a function of each item at once; how many calls are made at once the
// asker decides.
func forEach[T any](items []T, f func(T)) {
	var wait sync.WaitGroup
	for _, item := range items {
		wait.Go(func() { f(item) })
	}
	wait.Wait()
}

// add puts names into a set.
func (v *inventory) add(set map[string]bool, names ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, name := range names {
		if name != "" {
			set[name] = true
		}
	}
}

// runs notes that a cluster runs a task definition, alone or for a service.
func (v *inventory) runs(cluster, definition string, alone bool) {
	if definition == "" {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.definitions[definition] = true
	name := family(definition)
	if v.families[name] == nil {
		v.families[name] = make(map[string]bool)
	}
	v.families[name][cluster] = v.families[name][cluster] || alone
}

// sorted are the members of a set.
func sorted(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// chunks are lists of at most n.
func chunks(names []string, n int) [][]string { return slices.Collect(slices.Chunk(names, n)) }

// lastPart is what follows the last slash: the name in an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// family is the family of a task definition's ARN.
func family(definition string) string {
	name, _, _ := strings.Cut(lastPart(definition), ":")
	return name
}

// measurable lists what CloudWatch may have metrics of.
func (v *inventory) measurable() {
	add := func(kind, cluster, name, container string) {
		v.found.Subjects = append(v.found.Subjects, Subject{
			Resource: account.Resource{Scope: v.scope, Kind: kind, Cluster: cluster, Name: name, Container: container},
			Insights: v.insights[cluster],
		})
	}
	for _, s := range v.services {
		add("service", s.cluster, s.name, "")
	}
	for name, clusters := range v.families {
		for cluster, alone := range clusters {
			if alone {
				add("task-family", cluster, name, "")
			}
			if v.insights[cluster] == InsightsEnhanced {
				for _, container := range v.containers[name] {
					add("container", cluster, name, container)
				}
			}
		}
	}
	for name := range v.logGroups {
		add("log-group", "", name, "")
	}
	slices.SortFunc(v.found.Subjects, func(a, b Subject) int {
		for _, c := range []int{strings.Compare(a.Kind, b.Kind), strings.Compare(a.Cluster, b.Cluster), strings.Compare(a.Name, b.Name)} {
			if c != 0 {
				return c
			}
		}
		return strings.Compare(a.Container, b.Container)
	})
	slices.Sort(v.found.Clusters)
	slices.Sort(v.found.Missing)
}

// MissingClusters is the error of clusters that none of the scopes has; nil where
// each was found somewhere.
func MissingClusters(all []Found) error {
	var have, regions []string
	missing := make(map[string]int)
	for _, f := range all {
		have = append(have, f.Clusters...)
		regions = append(regions, f.Region)
		for _, name := range f.Missing {
			missing[name]++
		}
	}
	slices.Sort(have)
	slices.Sort(regions)
	there := "there are none"
	if have = slices.Compact(have); len(have) > 0 {
		there = "there are " + strings.Join(have[:min(len(have), 20)], ", ")
	}
	var errs []error
	for _, name := range sorted(keysOf(missing)) {
		if missing[name] == len(all) {
			errs = append(errs, fmt.Errorf("no cluster %s in %s; %s", name, strings.Join(slices.Compact(regions), ", "), there))
		}
	}
	return errors.Join(errs...)
}

func keysOf(counts map[string]int) map[string]bool {
	set := make(map[string]bool, len(counts))
	for name := range counts {
		set[name] = true
	}
	return set
}

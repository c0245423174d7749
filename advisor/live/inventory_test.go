package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/intake"
	"ecsavvy/fixtures/loopback"
)

const (
	ownID   = "111122223333"
	otherID = "444455556666"
	ireland = "eu-west-1"
)

// unpaced makes calls as fast as the server answers.
func unpaced(string) Quota { return Quota{Burst: 1 << 20, PerSecond: 1e9} }

// hurried gives up without pauses that a test would wait for.
func hurried() InventoryOptions {
	return InventoryOptions{Quotas: unpaced, Patience: Patience{Longest: time.Millisecond, Timeout: 5 * time.Second}}
}

// startAccounts runs a server with accounts, and returns a configuration that leads to
// the first of them.
func startAccounts(t *testing.T, accounts ...loopback.AccountOptions) (*loopback.Server, aws.Config) {
	t.Helper()
	s := loopback.New()
	t.Cleanup(s.Close)
	var all []*loopback.Account
	for _, o := range accounts {
		all = append(all, loopback.NewAccount(o))
	}
	s.Attach(all...)
	return s, aws.Config{
		Region: ireland, BaseEndpoint: aws.String(s.URL),
		Credentials: credentials.NewStaticCredentialsProvider(loopback.AccessKey(accounts[0].ID), "secret", ""),
	}
}

// takeInventory reads one region into a snapshot.
func takeInventory(t *testing.T, cfg aws.Config, opts InventoryOptions) (*account.Snapshot, Found, []account.Failure) {
	t.Helper()
	var file bytes.Buffer
	w := account.NewWriter(&file, account.WriterOptions{})
	scope := account.Scope{Account: ownID, Region: ireland}
	found, failures, err := Inventory(context.Background(), cfg, scope, opts, w)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(account.Manifest{Scopes: []account.Scope{scope}, Failures: failures}); err != nil {
		t.Fatal(err)
	}
	s, err := account.Open(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return s, found, failures
}

// callCounts are the calls by operation.
func callCounts(s *loopback.Server) map[string]int {
	counts := make(map[string]int)
	for call, n := range s.Calls() {
		counts[call.Service+":"+call.Operation] += n
	}
	return counts
}

// A thousand services take as many calls as AWS's batches allow, and their replies
// read as the workload that runs.
func TestInventoryOfThousandServices(t *testing.T) {
	server, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Services: 1000, Clusters: 2, Instances: 150, StandaloneTasks: 3, Killed: true})
	snapshot, found, failures := takeInventory(t, cfg, hurried())
	if len(failures) > 0 {
		t.Fatal(failures)
	}
	want := map[string]int{
		"ecs:ListClusters": 1, "ecs:DescribeClusters": 1,
		"ecs:ListServices": 10, "ecs:DescribeServices": 100, // 10 a call
		"ecs:DescribeTaskDefinition": 1001, // there is no call for several
		// Two clusters, of 1,003 and 1,503 running tasks, and a killed one each.
		"ecs:ListTasks": 11 + 16 + 2, "ecs:DescribeTasks": 11 + 16 + 2,
		"ecs:ListContainerInstances": 2 * 2, "ecs:DescribeContainerInstances": 2 * 2, "ecs:DescribeCapacityProviders": 1,
		"autoscaling:DescribeAutoScalingGroups": 1, "ec2:DescribeInstances": 1, "ec2:DescribeVolumes": 2,
		"application-autoscaling:DescribeScalableTargets": 7, "application-autoscaling:DescribeScalingPolicies": 34, "application-autoscaling:DescribeScheduledActions": 1,
		"elasticloadbalancing:DescribeTargetGroups": 2, "elasticloadbalancing:DescribeLoadBalancers": 1, "elasticloadbalancing:DescribeListeners": 50,
		"ec2:DescribeSubnets": 1, "ec2:DescribeNatGateways": 1, "ec2:DescribeVpcEndpoints": 1, "ec2:DescribeRouteTables": 1, "ec2:DescribeAddresses": 1,
		"logs:DescribeLogGroups":   21,
		"ecr:DescribeRepositories": 1, "ecr:DescribeImages": 20, "ecr:GetLifecyclePolicy": 20, "ecr:BatchGetImage": 20,
	}
	got := callCounts(server)
	for call, n := range want {
		if got[call] != n {
			t.Errorf("%s was called %d times, want %d", call, got[call], n)
		}
		delete(got, call)
	}
	if len(got) > 0 {
		t.Errorf("calls that nobody expects: %v", got)
	}
	kinds := make(map[string]int)
	for _, s := range found.Subjects {
		kinds[s.Kind]++
	}
	if fmt.Sprint(kinds) != "map[load-balancer:50 log-group:1003 nat-gateway:1 service:1000 task-family:2 vpc-endpoint:1]" {
		t.Errorf("subjects: %v", kinds)
	}
	replies, err := snapshot.Replies(snapshot.Scopes()[0])
	if err != nil {
		t.Fatal(err)
	}
	w, err := intake.ReadDescriptions(replies, intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range w.Services {
		if !w.Services[i].Task.CPU.Stated() {
			t.Fatalf("%s has no size", w.Services[i].Name)
		}
	}
	if len(w.Services) != 1002 || w.Region.Value != ireland {
		t.Errorf("%d services in %v, want 1,000 and one of standalone tasks in each cluster", len(w.Services), w.Region)
	}
	if len(w.LoadBalancers) != 50 {
		t.Errorf("%d load balancers, want the 50 that services use", len(w.LoadBalancers))
	}
}

// Whatever the account's calls answer, nothing secret is in the file.
func TestInventoryKeepsNoSecrets(t *testing.T) {
	_, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Services: 5, StandaloneTasks: 1, Killed: true})
	snapshot, _, _ := takeInventory(t, cfg, hurried())
	replies, err := snapshot.Replies(snapshot.Scopes()[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, reply := range replies {
		if bytes.Contains(reply, []byte("hunter2")) {
			t.Errorf("%s has a secret: %s", name, reply)
		}
	}
	if !bytes.Contains(replies["ecs-describe-tasks-00002.json"], []byte("OutOfMemoryError")) && !bytes.Contains(replies["ecs-describe-tasks-00001.json"], []byte("OutOfMemoryError")) {
		t.Error("the killed task is not in the file")
	}
}

// Twice the same account gives the same bytes, in whatever order AWS answers.
func TestInventoryIsDeterministic(t *testing.T) {
	_, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Services: 200, Clusters: 3, Instances: 2, StandaloneTasks: 1})
	var files [2][]byte
	for i := range files {
		var file bytes.Buffer
		w := account.NewWriter(&file, account.WriterOptions{})
		scope := account.Scope{Account: ownID, Region: ireland}
		_, failures, err := Inventory(context.Background(), cfg, scope, hurried(), w)
		if err != nil || len(failures) > 0 {
			t.Fatal(err, failures)
		}
		if err := w.Close(account.Manifest{Scopes: []account.Scope{scope}}); err != nil {
			t.Fatal(err)
		}
		files[i] = file.Bytes()
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two readings of one account differ")
	}
}

// What AWS denies is said once, and the rest is read.
func TestInventoryDenied(t *testing.T) {
	for denied, want := range map[string]struct{ call, missing string }{
		"ecs:DescribeTaskDefinition":                      {"ecs:DescribeTaskDefinition", "ecs-describe-task-definition-00001.json"},
		"application-autoscaling:DescribeScalableTargets": {"application-autoscaling:DescribeScalableTargets", "application-autoscaling-describe-scalable-targets-00001.json"},
		"ec2:DescribeSubnets":                             {"ec2:DescribeSubnets", "ec2-describe-subnets-00001.json"},
		"elasticloadbalancing:DescribeTargetGroups":       {"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing-describe-target-groups-00001.json"},
		"logs:DescribeLogGroups":                          {"logs:DescribeLogGroups", "logs-describe-log-groups-00001.json"},
		"ecr:DescribeRepositories":                        {"ecr:DescribeRepositories", "ecr-describe-repositories-00001.json"},
	} {
		t.Run(denied, func(t *testing.T) {
			server, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Services: 30})
			server.Misbehave(loopback.Faults{DenyOperations: []string{denied}})
			snapshot, found, failures := takeInventory(t, cfg, hurried())
			if len(failures) != 1 || failures[0].Call != want.call || !strings.Contains(failures[0].Why, "not authorized") {
				t.Fatalf("%+v", failures)
			}
			if strings.Contains(failures[0].Why, "123456789012") {
				t.Errorf("an account ID: %s", failures[0].Why)
			}
			if !snapshot.Manifest().Partial() {
				t.Error("the snapshot does not say that it is partial")
			}
			replies, _ := snapshot.Replies(snapshot.Scopes()[0])
			if replies[want.missing] != nil || replies["ecs-describe-services-00003.json"] == nil || len(found.Subjects) < 30 {
				t.Errorf("%d subjects; %d replies", len(found.Subjects), len(replies))
			}
		})
	}
}

// Throttling, 5xx and broken replies are outlived; a server that never answers ends in
// failures, not in waiting.
func TestInventoryFaults(t *testing.T) {
	for name, faults := range map[string]loopback.Faults{
		"throttled": {ThrottleShare: 0.5}, "5xx": {ServerErrorShare: 0.1}, "truncated": {TruncateShare: 0.1},
		"a clock that is an hour slow": {ClockSkew: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			server, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Services: 40})
			server.Misbehave(faults)
			snapshot, _, failures := takeInventory(t, cfg, hurried())
			if len(failures) > 0 {
				t.Fatalf("%+v", failures)
			}
			replies, _ := snapshot.Replies(snapshot.Scopes()[0])
			if w, err := intake.ReadDescriptions(replies, intake.Options{}); err != nil || len(w.Services) != 40 {
				t.Errorf("%d services, %v", len(w.Services), err)
			}
		})
	}
	t.Run("no answer", func(t *testing.T) {
		server, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Services: 40})
		server.Misbehave(loopback.Faults{HangShare: 1})
		opts := hurried()
		opts.Patience = Patience{Failed: 2, Longest: time.Millisecond, Timeout: 20 * time.Millisecond}
		_, found, failures := takeInventory(t, cfg, opts)
		if len(failures) != 1 || failures[0].Call != "ecs:ListClusters" || failures[0].Why != "no reply within 20ms" || len(found.Subjects) > 0 {
			t.Errorf("%+v", failures)
		}
	})
}

// Images of more repositories than asked for are missing by name, not silently.
func TestRepositoriesBeyond(t *testing.T) {
	server, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Services: 30})
	opts := hurried()
	opts.Repositories = 5
	_, _, failures := takeInventory(t, cfg, opts)
	if len(failures) != 1 || failures[0].Why != "images of 5 repositories were read, and not of 15 more" || callCounts(server)["ecr:DescribeImages"] != 5 {
		t.Errorf("%+v", failures)
	}
}

// A host that does not exist is not asked again.
func TestNoSuchHost(t *testing.T) {
	r := newPatientRetryer(Patience{}.usual())
	if r.IsErrorRetryable(fmt.Errorf("send: %w", &net.DNSError{Name: "sts.eu-nowhere-1.amazonaws.com", IsNotFound: true})) {
		t.Error("retried")
	}
	if r.IsErrorRetryable(fmt.Errorf("send: %w", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)})) {
		t.Error("a refused connection is retried")
	}
	if got := why(fmt.Errorf("send: %w", &net.DNSError{Name: "sts.eu-nowhere-1.amazonaws.com", IsNotFound: true})); got != "no host sts.eu-nowhere-1.amazonaws.com" {
		t.Error(got)
	}
}

// A cluster that is nowhere is named, with those that there are.
func TestMissingCluster(t *testing.T) {
	_, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Services: 4, Clusters: 2})
	opts := hurried()
	opts.Clusters = []string{"cluster-001", "shop"}
	_, found, failures := takeInventory(t, cfg, opts)
	if len(failures) > 0 || !slices.Equal(found.Clusters, []string{"cluster-001"}) || !slices.Equal(found.Missing, []string{"shop"}) {
		t.Fatalf("%+v, %+v", found, failures)
	}
	other := Found{Scope: account.Scope{Region: "eu-west-2"}, Clusters: []string{"shop"}, Missing: []string{"cluster-001"}}
	if err := MissingClusters([]Found{found, other}); err != nil {
		t.Error(err)
	}
	err := MissingClusters([]Found{found})
	if want := "no cluster shop in eu-west-1; there are cluster-001"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// Roles and organizations lead to accounts; a role that cannot be assumed is a failure
// of its account alone.
func TestTargets(t *testing.T) {
	_, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Regions: []string{ireland, "us-east-1"}, Services: 3, Members: []string{otherID, "777788889999"}},
		loopback.AccountOptions{ID: otherID, Services: 2})
	load := func(context.Context, string) (aws.Config, error) { return cfg, nil }
	list := func(targets []Target) string {
		var all []string
		for _, t := range targets {
			all = append(all, t.Account+"/"+t.Region)
		}
		return strings.Join(all, " ")
	}
	for name, row := range map[string]struct {
		reach         Reach
		want, wantErr string
		failures      int
	}{
		"this account":    {reach: Reach{}, want: ownID + "/eu-west-1"},
		"two regions":     {reach: Reach{Regions: []string{"us-east-1", ireland}}, want: ownID + "/eu-west-1 " + ownID + "/us-east-1"},
		"a role":          {reach: Reach{Roles: []string{"arn:aws:iam::" + otherID + ":role/reader"}}, want: otherID + "/eu-west-1"},
		"an organization": {reach: Reach{OrganizationRole: "reader"}, want: ownID + "/eu-west-1 " + otherID + "/eu-west-1", failures: 1},
		"no such region":  {reach: Reach{Regions: []string{"eu-nowhere-1"}}, wantErr: `no region "eu-nowhere-1" in AWS; want one such as eu-west-1`},
		"no role at all": {reach: Reach{Roles: []string{"arn:aws:iam::777788889999:role/reader"}},
			wantErr: "none of the accounts can be read: AccessDenied: User: (ARN) is not authorized to perform: sts:AssumeRole on resource: (ARN)"},
	} {
		t.Run(name, func(t *testing.T) {
			row.reach.Load, row.reach.Patience = load, hurried().Patience
			targets, failures, err := Targets(context.Background(), row.reach)
			if row.wantErr != "" {
				if err == nil || err.Error() != row.wantErr {
					t.Errorf("got  %v\nwant %s", err, row.wantErr)
				}
				return
			}
			if err != nil || list(targets) != row.want || len(failures) != row.failures {
				t.Fatalf("%s, %+v, %v", list(targets), failures, err)
			}
			if row.failures > 0 && (failures[0].Account != "777788889999" || failures[0].Call != "sts:AssumeRole" || failures[0].Resource != "reader") {
				t.Errorf("%+v", failures)
			}
		})
	}
}

// Without credentials one line says what was tried.
func TestNoCredentials(t *testing.T) {
	load := func(context.Context, string) (aws.Config, error) {
		return aws.Config{Region: ireland, Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("no EC2 IMDS role found")
		})}, nil
	}
	_, _, err := Targets(context.Background(), Reach{Load: load, Profiles: []string{"prod"}})
	want := "no AWS credentials: tried AWS_ACCESS_KEY_ID, profile prod in ~/.aws/config and ~/.aws/credentials, web identity, the container's role and the instance's role (no EC2 IMDS role found)"
	var none *NoCredentials
	if !errors.As(err, &none) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// All accounts and regions go into one file, with the Savings Plans of each account.
func TestInventories(t *testing.T) {
	_, cfg := startAccounts(t, loopback.AccountOptions{ID: ownID, Regions: []string{ireland, "us-east-1"}, Services: 3, Members: []string{otherID}},
		loopback.AccountOptions{ID: otherID, Regions: []string{ireland, "us-east-1"}, Services: 2})
	targets, _, err := Targets(context.Background(), Reach{
		OrganizationRole: "reader", Regions: []string{ireland, "us-east-1"},
		Load: func(context.Context, string) (aws.Config, error) { return cfg, nil }, Patience: hurried().Patience,
	})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	w := account.NewWriter(&file, account.WriterOptions{Redact: true})
	found, failures, err := Inventories(context.Background(), targets, hurried(), w)
	if err != nil || len(failures) > 0 || len(found) != 4 {
		t.Fatal(len(found), failures, err)
	}
	m := account.Manifest{}
	for _, t := range targets {
		m.Scopes = append(m.Scopes, t.Scope)
	}
	if err := w.Close(m); err != nil {
		t.Fatal(err)
	}
	snapshot, err := account.Open(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{3, 3, 2, 2} {
		scope := snapshot.Scopes()[i]
		replies, err := snapshot.Replies(scope)
		if err != nil {
			t.Fatal(err)
		}
		workload, err := intake.ReadDescriptions(replies, intake.Options{})
		if err != nil || len(workload.Services) != want {
			t.Errorf("%v: %d services, want %d; %v", scope, len(workload.Services), want, err)
		}
		plans, err := snapshot.Replies(account.Scope{Account: scope.Account, Region: account.Global})
		if err != nil || len(plans) != 1 {
			t.Errorf("%v: %d replies on Savings Plans, %v", scope, len(plans), err)
		}
		for name, reply := range replies {
			if bytes.Contains(reply, []byte(ownID)) || bytes.Contains(reply, []byte(otherID)) {
				t.Errorf("%s has an account ID", name)
			}
		}
	}
}

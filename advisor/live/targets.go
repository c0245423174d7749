package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	organizationtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"ecsavvy/advisor/account"
)

// Reach is which accounts and regions are read. The zero value is the account and
// the region of the environment.
type Reach struct {
	// Profiles are those of ~/.aws/config, one account each.
	Profiles []string
	// Roles are the ARNs of roles to assume, one account each. The account that
	// assumes them is then not read itself.
	Roles []string
	// OrganizationRole is the name of a role that is assumed in every active account
	// of the organization; the account that lists them is read as it is.
	OrganizationRole string
	// ExternalID is handed over with roles.
	ExternalID string
	// Regions are read in every account; none is the region of the profile.
	Regions []string
	// Patience is how long calls are tried.
	Patience Patience
	// Load reads the configuration of a profile, "" for none: the SDK's own where nil.
	Load func(ctx context.Context, profile string) (aws.Config, error)
}

// Target is one region of one account, with a configuration that leads there.
type Target struct {
	account.Scope
	Config aws.Config
}

// NoCredentials is the error of an account for which nothing has credentials.
type NoCredentials struct {
	Profile string
	Err     error
}

func (e *NoCredentials) Error() string {
	profile := "the default profile"
	if e.Profile != "" {
		profile = "profile " + e.Profile
	}
	return "no AWS credentials: tried AWS_ACCESS_KEY_ID, " + profile + " in ~/.aws/config and ~/.aws/credentials, web identity, the container's role and the instance's role (" +
		why(e.Err) + ")"
}

func (e *NoCredentials) Unwrap() error { return e.Err }

// Targets finds the accounts and regions to read, sorted. An account whose role
// cannot be assumed is a failure, and the others go on; a profile without
// credentials and a region that does not exist are errors.
func Targets(ctx context.Context, reach Reach) ([]Target, []account.Failure, error) {
	if reach.Load == nil {
		reach.Load = loadProfile
	}
	profiles := reach.Profiles
	if len(profiles) == 0 {
		profiles = []string{""}
	}
	var all []Target
	var failures []account.Failure
	for _, profile := range profiles {
		targets, failed, err := reach.profile(ctx, profile)
		if err != nil {
			return nil, nil, err
		}
		all, failures = append(all, targets...), append(failures, failed...)
	}
	if len(all) == 0 {
		return nil, failures, fmt.Errorf("none of the accounts can be read: %s", failures[0].Why)
	}
	slices.SortFunc(all, func(a, b Target) int {
		if c := strings.Compare(a.Account, b.Account); c != 0 {
			return c
		}
		return strings.Compare(a.Region, b.Region)
	})
	all = slices.CompactFunc(all, func(a, b Target) bool { return a.Scope == b.Scope })
	slices.SortFunc(failures, compareFailures)
	return all, failures, nil
}

func loadProfile(ctx context.Context, profile string) (aws.Config, error) {
	// What goes wrong is in what is returned; the SDK's own remarks on it would stand
	// between the lines of a report.
	return config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(profile), config.WithLogger(logging.Nop{}))
}

// profile finds the targets of one profile.
func (reach Reach) profile(ctx context.Context, profile string) ([]Target, []account.Failure, error) {
	cfg, err := reach.Load(ctx, profile)
	if err != nil {
		return nil, nil, fmt.Errorf("reading profile %q: %w", profile, err)
	}
	cfg = patient(cfg, reach.Patience)
	regions := reach.Regions
	if len(regions) == 0 && cfg.Region != "" {
		regions = []string{cfg.Region}
	}
	if len(regions) == 0 {
		return nil, nil, errors.New("no region: none is asked for, and neither AWS_REGION nor the profile names one")
	}
	if cfg.Region == "" {
		cfg.Region = regions[0]
	}
	if cfg.Credentials == nil {
		return nil, nil, &NoCredentials{Profile: profile, Err: errors.New("the SDK found no provider")}
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return nil, nil, &NoCredentials{Profile: profile, Err: err}
	}
	id, arn, err := identify(ctx, cfg)
	if err != nil {
		return nil, nil, fmt.Errorf("asking AWS in %s whose credentials these are: %s", cfg.Region, why(err))
	}
	if err := checkRegions(ctx, cfg, regions); err != nil {
		return nil, nil, err
	}
	roles, err := reach.roles(ctx, cfg, id, arn)
	if err != nil {
		return nil, nil, err
	}
	var configs []aws.Config
	var ids []string
	if len(reach.Roles) == 0 {
		configs, ids = append(configs, cfg), append(ids, id)
	}
	assumed, failures := reach.assume(ctx, cfg, roles)
	for _, t := range assumed {
		configs, ids = append(configs, t.Config), append(ids, t.Account)
	}
	var targets []Target
	for i, cfg := range configs {
		for _, region := range regions {
			cfg := cfg.Copy()
			cfg.Region = region
			targets = append(targets, Target{Scope: account.Scope{Account: ids[i], Region: region}, Config: cfg})
		}
	}
	return targets, failures, nil
}

// identify asks whose the credentials are: "sts:GetCallerIdentity" needs no permission.
func identify(ctx context.Context, cfg aws.Config) (id, arn string, err error) {
	ctx = withCall(ctx, &attempts{call: "sts:GetCallerIdentity"})
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", "", err
	}
	return aws.ToString(out.Account), aws.ToString(out.Arn), nil
}

// checkRegions names regions that do not exist or are not switched on. Where the
// account may not list its regions, nothing is checked: the calls will fail.
func checkRegions(ctx context.Context, cfg aws.Config, regions []string) error {
	out, err := ec2.NewFromConfig(cfg).DescribeRegions(ctx, &ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)})
	if err != nil || len(out.Regions) == 0 {
		return nil
	}
	status := make(map[string]string)
	for _, r := range out.Regions {
		status[aws.ToString(r.RegionName)] = aws.ToString(r.OptInStatus)
	}
	for _, region := range regions {
		switch s, ok := status[region]; {
		case !ok:
			return fmt.Errorf("no region %q in AWS; want one such as %s", region, cfg.Region)
		case s == "not-opted-in":
			return fmt.Errorf("region %s is not switched on in the account", region)
		}
	}
	return nil
}

// roles are the ARNs of the roles to assume.
func (reach Reach) roles(ctx context.Context, cfg aws.Config, own, arn string) ([]string, error) {
	roles := slices.Clone(reach.Roles)
	if reach.OrganizationRole == "" {
		return roles, nil
	}
	partition := "aws"
	if parts := strings.Split(arn, ":"); len(parts) > 1 {
		partition = parts[1]
	}
	client := organizations.NewFromConfig(cfg)
	for in := (&organizations.ListAccountsInput{}); ; {
		out, err := client.ListAccounts(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("listing the accounts of the organization: %s", why(err))
		}
		for _, a := range out.Accounts {
			active := a.State == organizationtypes.AccountStateActive || a.State == "" && a.Status == organizationtypes.AccountStatusActive
			if id := aws.ToString(a.Id); active && id != own {
				roles = append(roles, fmt.Sprintf("arn:%s:iam::%s:role/%s", partition, id, strings.TrimPrefix(reach.OrganizationRole, "/")))
			}
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return roles, nil
		}
	}
}

// assume assumes the roles, 8 at once. The session's name is in the account's
// CloudTrail.
func (reach Reach) assume(ctx context.Context, cfg aws.Config, roles []string) ([]Target, []account.Failure) {
	var mu sync.Mutex
	var targets []Target
	var failures []account.Failure
	slots := make(chan struct{}, 8)
	forEach(roles, func(role string) {
		slots <- struct{}{}
		defer func() { <-slots }()
		assumed := cfg.Copy()
		assumed.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), role, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName = "ecsavvy"
			if reach.ExternalID != "" {
				o.ExternalID = aws.String(reach.ExternalID)
			}
		}))
		id, _, err := identify(ctx, assumed)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			of := strings.Split(role+":::::", ":")[4]
			failures = append(failures, account.Failure{
				Scope: account.Scope{Account: of, Region: cfg.Region}, Call: "sts:AssumeRole", Resource: lastPart(role), Why: roleWhy(err),
			})
			return
		}
		targets = append(targets, Target{Scope: account.Scope{Account: id, Region: cfg.Region}, Config: assumed})
	})
	return targets, failures
}

// roleWhy is the answer to AssumeRole, which the SDK wraps in that of the call that
// needed the role.
func roleWhy(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return why(api)
	}
	return why(err)
}

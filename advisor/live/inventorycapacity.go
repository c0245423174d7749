package live

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// How much EC2 and EC2 Auto Scaling take in one call: 200 values of a filter
// (docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html), 100 groups
// (API_DescribeAutoScalingGroups, with MaxRecords), 1,000 in a page.
const (
	filterValues    = 200
	groupsPerCall   = 100
	ec2PerPage      = 1000
	ec2InstanceIDs  = 500
	scalingPerPage  = 50
	policiesPerPage = 10
)

// readCapacity reads the capacity providers, their Auto Scaling groups, and the
// instances that tasks run on.
func (v *inventory) readCapacity(ctx context.Context) {
	groups := make(map[string]bool)
	forEach(chunks(sorted(v.providers), providersPerCall), func(names []string) {
		pages(ctx, v.asker, "ecs:DescribeCapacityProviders", "", v.ecs.DescribeCapacityProviders,
			&ecs.DescribeCapacityProvidersInput{CapacityProviders: names, Include: []types.CapacityProviderField{types.CapacityProviderFieldTags}},
			func(in *ecs.DescribeCapacityProvidersInput, out *ecs.DescribeCapacityProvidersOutput) *string {
				in.NextToken = out.NextToken
				return out.NextToken
			}, func(out *ecs.DescribeCapacityProvidersOutput) {
				for _, p := range out.CapacityProviders {
					if g := p.AutoScalingGroupProvider; g != nil {
						v.add(groups, lastPart(aws.ToString(g.AutoScalingGroupArn)))
					}
				}
				v.keep(v.scope, "ecs:DescribeCapacityProviders", lowerShape(out))
			})
	})
	together(
		func() { v.readGroups(ctx, sorted(groups)) },
		func() { v.readInstances(ctx) },
	)
}

func (v *inventory) readGroups(ctx context.Context, names []string) {
	forEach(chunks(names, groupsPerCall), func(names []string) {
		pages(ctx, v.asker, "autoscaling:DescribeAutoScalingGroups", "", v.autoscaling.DescribeAutoScalingGroups,
			&autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: names, MaxRecords: aws.Int32(groupsPerCall)},
			func(in *autoscaling.DescribeAutoScalingGroupsInput, out *autoscaling.DescribeAutoScalingGroupsOutput) *string {
				in.NextToken = out.NextToken
				return out.NextToken
			}, func(out *autoscaling.DescribeAutoScalingGroupsOutput) {
				for _, g := range out.AutoScalingGroups {
					v.add(v.subnets, strings.Split(aws.ToString(g.VPCZoneIdentifier), ",")...)
				}
				v.keep(v.scope, "autoscaling:DescribeAutoScalingGroups", upperShape(out))
			})
	})
}

func (v *inventory) readInstances(ctx context.Context) {
	forEach(chunks(sorted(v.instances), ec2InstanceIDs), func(ids []string) {
		pages(ctx, v.asker, "ec2:DescribeInstances", "", v.ec2.DescribeInstances, &ec2.DescribeInstancesInput{InstanceIds: ids},
			func(in *ec2.DescribeInstancesInput, out *ec2.DescribeInstancesOutput) *string {
				in.NextToken = out.NextToken
				return out.NextToken
			}, func(out *ec2.DescribeInstancesOutput) {
				for _, r := range out.Reservations {
					for _, i := range r.Instances {
						v.add(v.subnets, aws.ToString(i.SubnetId))
						v.add(v.vpcs, aws.ToString(i.VpcId))
					}
				}
				v.keep(v.scope, "ec2:DescribeInstances", upperShape(out))
			})
	})
	forEach(chunks(sorted(v.instances), filterValues), func(ids []string) {
		pages(ctx, v.asker, "ec2:DescribeVolumes", "", v.ec2.DescribeVolumes,
			&ec2.DescribeVolumesInput{Filters: filter("attachment.instance-id", ids), MaxResults: aws.Int32(ec2PerPage)},
			func(in *ec2.DescribeVolumesInput, out *ec2.DescribeVolumesOutput) *string {
				in.NextToken = out.NextToken
				return out.NextToken
			}, func(out *ec2.DescribeVolumesOutput) { v.keep(v.scope, "ec2:DescribeVolumes", upperShape(out)) })
	})
}

// filter is a filter of EC2.
func filter(name string, values []string) []ec2types.Filter {
	return []ec2types.Filter{{Name: aws.String(name), Values: values}}
}

// readScaling reads how services are scaled: all of the region at once, which is
// fewer calls than by service.
func (v *inventory) readScaling(ctx context.Context) {
	together(
		func() {
			pages(ctx, v.asker, "application-autoscaling:DescribeScalableTargets", "", v.applicationautoscaling.DescribeScalableTargets,
				&applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: scaling.ServiceNamespaceEcs, MaxResults: aws.Int32(scalingPerPage)},
				func(in *applicationautoscaling.DescribeScalableTargetsInput, out *applicationautoscaling.DescribeScalableTargetsOutput) *string {
					in.NextToken = out.NextToken
					return out.NextToken
				}, func(out *applicationautoscaling.DescribeScalableTargetsOutput) {
					v.keep(v.scope, "application-autoscaling:DescribeScalableTargets", upperShape(out))
				})
		},
		func() {
			pages(ctx, v.asker, "application-autoscaling:DescribeScalingPolicies", "", v.applicationautoscaling.DescribeScalingPolicies,
				&applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: scaling.ServiceNamespaceEcs, MaxResults: aws.Int32(policiesPerPage)},
				func(in *applicationautoscaling.DescribeScalingPoliciesInput, out *applicationautoscaling.DescribeScalingPoliciesOutput) *string {
					in.NextToken = out.NextToken
					return out.NextToken
				}, func(out *applicationautoscaling.DescribeScalingPoliciesOutput) {
					v.keep(v.scope, "application-autoscaling:DescribeScalingPolicies", upperShape(out))
				})
		},
		func() {
			pages(ctx, v.asker, "application-autoscaling:DescribeScheduledActions", "", v.applicationautoscaling.DescribeScheduledActions,
				&applicationautoscaling.DescribeScheduledActionsInput{ServiceNamespace: scaling.ServiceNamespaceEcs, MaxResults: aws.Int32(scalingPerPage)},
				func(in *applicationautoscaling.DescribeScheduledActionsInput, out *applicationautoscaling.DescribeScheduledActionsOutput) *string {
					in.NextToken = out.NextToken
					return out.NextToken
				}, func(out *applicationautoscaling.DescribeScheduledActionsOutput) {
					v.keep(v.scope, "application-autoscaling:DescribeScheduledActions", upperShape(out))
				})
		},
	)
}

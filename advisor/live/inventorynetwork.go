package live

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"ecsavvy/advisor/account"
)

// elbPerPage is the largest page of Elastic Load Balancing.
// Source: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html.
const elbPerPage = 400

// readBalancers reads the target groups of the services, and the load balancers that
// lead to them; of others nothing is kept. Listeners have no call for several.
func (v *inventory) readBalancers(ctx context.Context) {
	if len(v.targetGroups) == 0 {
		return
	}
	used := make(map[string]bool)
	pages(ctx, v.asker, "elasticloadbalancing:DescribeTargetGroups", "", v.elasticloadbalancing.DescribeTargetGroups,
		&elasticloadbalancingv2.DescribeTargetGroupsInput{PageSize: aws.Int32(elbPerPage)},
		func(in *elasticloadbalancingv2.DescribeTargetGroupsInput, out *elasticloadbalancingv2.DescribeTargetGroupsOutput) *string {
			in.Marker = out.NextMarker
			return out.NextMarker
		}, func(out *elasticloadbalancingv2.DescribeTargetGroupsOutput) {
			out.TargetGroups = slices.DeleteFunc(out.TargetGroups, func(g elb.TargetGroup) bool {
				return !v.targetGroups[aws.ToString(g.TargetGroupArn)]
			})
			for _, g := range out.TargetGroups {
				v.add(used, g.LoadBalancerArns...)
			}
			v.keep(v.scope, "elasticloadbalancing:DescribeTargetGroups", upperShape(out))
		})
	if len(used) == 0 {
		return
	}
	together(
		func() {
			pages(ctx, v.asker, "elasticloadbalancing:DescribeLoadBalancers", "", v.elasticloadbalancing.DescribeLoadBalancers,
				&elasticloadbalancingv2.DescribeLoadBalancersInput{PageSize: aws.Int32(elbPerPage)},
				func(in *elasticloadbalancingv2.DescribeLoadBalancersInput, out *elasticloadbalancingv2.DescribeLoadBalancersOutput) *string {
					in.Marker = out.NextMarker
					return out.NextMarker
				}, func(out *elasticloadbalancingv2.DescribeLoadBalancersOutput) { v.balancers(out, used) })
		},
		func() {
			forEach(sorted(used), func(arn string) {
				pages(ctx, v.asker, "elasticloadbalancing:DescribeListeners", arnPart(arn), v.elasticloadbalancing.DescribeListeners,
					&elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: aws.String(arn), PageSize: aws.Int32(elbPerPage)},
					func(in *elasticloadbalancingv2.DescribeListenersInput, out *elasticloadbalancingv2.DescribeListenersOutput) *string {
						in.Marker = out.NextMarker
						return out.NextMarker
					}, func(out *elasticloadbalancingv2.DescribeListenersOutput) {
						v.keep(v.scope, "elasticloadbalancing:DescribeListeners", upperShape(out))
					})
			})
		},
	)
}

// balancers keeps the load balancers that are used.
func (v *inventory) balancers(out *elasticloadbalancingv2.DescribeLoadBalancersOutput, used map[string]bool) {
	out.LoadBalancers = slices.DeleteFunc(out.LoadBalancers, func(b elb.LoadBalancer) bool { return !used[aws.ToString(b.LoadBalancerArn)] })
	for _, b := range out.LoadBalancers {
		v.add(v.vpcs, aws.ToString(b.VpcId))
		if b.Type == elb.LoadBalancerTypeEnumApplication {
			v.subject(Subject{Resource: account.Resource{Scope: v.scope, Kind: "load-balancer", Name: arnPart(aws.ToString(b.LoadBalancerArn))}})
		}
	}
	v.keep(v.scope, "elasticloadbalancing:DescribeLoadBalancers", upperShape(out))
}

// arnPart is the dimension of a load balancer in CloudWatch: app/web/50dc6c495c0c9188.
func arnPart(arn string) string {
	_, name, ok := strings.Cut(arn, ":loadbalancer/")
	if !ok {
		return lastPart(arn)
	}
	return name
}

func (v *inventory) subject(s Subject) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.found.Subjects = append(v.found.Subjects, s)
}

// readNetwork reads the subnets that tasks and instances run in, and what leads out
// of their VPCs.
func (v *inventory) readNetwork(ctx context.Context) {
	forEach(chunks(sorted(v.subnets), filterValues), func(ids []string) {
		pages(ctx, v.asker, "ec2:DescribeSubnets", "", v.ec2.DescribeSubnets, &ec2.DescribeSubnetsInput{Filters: filter("subnet-id", ids)},
			func(in *ec2.DescribeSubnetsInput, out *ec2.DescribeSubnetsOutput) *string {
				in.NextToken = out.NextToken
				return out.NextToken
			}, func(out *ec2.DescribeSubnetsOutput) {
				for _, s := range out.Subnets {
					v.add(v.vpcs, aws.ToString(s.VpcId))
				}
				v.keep(v.scope, "ec2:DescribeSubnets", upperShape(out))
			})
	})
	forEach(chunks(sorted(v.vpcs), filterValues), func(vpcs []string) {
		together(
			func() { v.readNATGateways(ctx, vpcs) },
			func() { v.readEndpoints(ctx, vpcs) },
			func() {
				pages(ctx, v.asker, "ec2:DescribeRouteTables", "", v.ec2.DescribeRouteTables,
					&ec2.DescribeRouteTablesInput{Filters: filter("vpc-id", vpcs), MaxResults: aws.Int32(100)},
					func(in *ec2.DescribeRouteTablesInput, out *ec2.DescribeRouteTablesOutput) *string {
						in.NextToken = out.NextToken
						return out.NextToken
					}, func(out *ec2.DescribeRouteTablesOutput) {
						v.keep(v.scope, "ec2:DescribeRouteTables", upperShape(out))
					})
			},
		)
	})
	if len(v.vpcs) > 0 {
		if out, ok := ask(ctx, v.asker, "ec2:DescribeAddresses", "", v.ec2.DescribeAddresses, &ec2.DescribeAddressesInput{}); ok {
			v.keep(v.scope, "ec2:DescribeAddresses", upperShape(out))
		}
	}
}

func (v *inventory) readNATGateways(ctx context.Context, vpcs []string) {
	pages(ctx, v.asker, "ec2:DescribeNatGateways", "", v.ec2.DescribeNatGateways,
		&ec2.DescribeNatGatewaysInput{Filter: filter("vpc-id", vpcs), MaxResults: aws.Int32(ec2PerPage)},
		func(in *ec2.DescribeNatGatewaysInput, out *ec2.DescribeNatGatewaysOutput) *string {
			in.NextToken = out.NextToken
			return out.NextToken
		}, func(out *ec2.DescribeNatGatewaysOutput) {
			for _, n := range out.NatGateways {
				if n.State != "deleted" && n.State != "failed" {
					v.subject(Subject{Resource: account.Resource{Scope: v.scope, Kind: "nat-gateway", Name: aws.ToString(n.NatGatewayId)}})
				}
			}
			v.keep(v.scope, "ec2:DescribeNatGateways", upperShape(out))
		})
}

func (v *inventory) readEndpoints(ctx context.Context, vpcs []string) {
	pages(ctx, v.asker, "ec2:DescribeVpcEndpoints", "", v.ec2.DescribeVpcEndpoints,
		&ec2.DescribeVpcEndpointsInput{Filters: filter("vpc-id", vpcs), MaxResults: aws.Int32(ec2PerPage)},
		func(in *ec2.DescribeVpcEndpointsInput, out *ec2.DescribeVpcEndpointsOutput) *string {
			in.NextToken = out.NextToken
			return out.NextToken
		}, func(out *ec2.DescribeVpcEndpointsOutput) {
			for _, e := range out.VpcEndpoints {
				if e.VpcEndpointType == "Interface" {
					v.subject(Subject{
						Resource: account.Resource{Scope: v.scope, Kind: "vpc-endpoint", Name: aws.ToString(e.VpcEndpointId)},
						Endpoint: Endpoint{Type: string(e.VpcEndpointType), Service: aws.ToString(e.ServiceName), VPC: aws.ToString(e.VpcId)},
					})
				}
			}
			v.keep(v.scope, "ec2:DescribeVpcEndpoints", upperShape(out))
		})
}

package live

import (
	"encoding/json"
	"slices"
	"strings"
)

// Actions are the IAM actions of the calls that reading an account makes, sorted.
// All of them only read. sts:GetCallerIdentity needs no permission; sts:AssumeRole
// and organizations:ListAccounts are needed for more than one account only.
// A test holds the list to the calls in the code.
func Actions() []string {
	return []string{
		"application-autoscaling:DescribeScalableTargets",
		"application-autoscaling:DescribeScalingPolicies",
		"application-autoscaling:DescribeScheduledActions",
		"autoscaling:DescribeAutoScalingGroups",
		"cloudwatch:GetMetricData",
		"ec2:DescribeAddresses",
		"ec2:DescribeInstances",
		"ec2:DescribeNatGateways",
		"ec2:DescribeRegions",
		"ec2:DescribeRouteTables",
		"ec2:DescribeSubnets",
		"ec2:DescribeVolumes",
		"ec2:DescribeVpcEndpoints",
		"ecr:BatchGetImage",
		"ecr:DescribeImages",
		"ecr:DescribeRepositories",
		"ecr:GetLifecyclePolicy",
		"ecs:DescribeCapacityProviders",
		"ecs:DescribeClusters",
		"ecs:DescribeContainerInstances",
		"ecs:DescribeServices",
		"ecs:DescribeTaskDefinition",
		"ecs:DescribeTasks",
		"ecs:ListClusters",
		"ecs:ListContainerInstances",
		"ecs:ListServices",
		"ecs:ListTasks",
		"elasticloadbalancing:DescribeListeners",
		"elasticloadbalancing:DescribeLoadBalancers",
		"elasticloadbalancing:DescribeTargetGroups",
		"logs:DescribeLogGroups",
		"organizations:ListAccounts",
		"savingsplans:DescribeSavingsPlans",
		"sts:AssumeRole",
		"sts:GetCallerIdentity",
	}
}

// Policy is the IAM policy that allows reading: one statement for an account, one
// for assuming roles in others.
func Policy() []byte {
	type statement struct {
		Sid      string
		Effect   string
		Action   []string
		Resource string
	}
	several := func(action string) bool {
		return action == "sts:AssumeRole" || strings.HasPrefix(action, "organizations:")
	}
	var one, more []string
	for _, action := range Actions() {
		if several(action) {
			more = append(more, action)
		} else {
			one = append(one, action)
		}
	}
	slices.Sort(one)
	b, err := json.MarshalIndent(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{
		{"ReadOneAccount", "Allow", one, "*"},
		{"ReadSeveralAccounts", "Allow", more, "*"},
	}}, "", "  ")
	if err != nil {
		return nil // strings only
	}
	return append(b, '\n')
}

package intake

import "fmt"

// replyKind is a part of a reply that is understood.
type replyKind struct {
	key, call string
	read      func(*describer, cursor)
	// mark is a key that tells the part from others of the same name; of a
	// part that is one mapping.
	mark string
	// holds is a key that every item of a list has, where the name of the list
	// does not tell.
	holds string
	// priced says that the part has something to price by itself.
	priced bool
}

// matches reports whether a value is such a part.
func (k *replyKind) matches(n *node) bool {
	if k.mark != "" {
		return n.kind == mappingNode && n.get(k.mark) != nil
	}
	if k.holds != "" && n.kind == listNode {
		for _, item := range n.items {
			if item.get(k.holds) == nil {
				return false
			}
		}
	}
	return n.kind == listNode
}

// callerIdentity reports whether a reply is that of sts get-caller-identity, which
// a snapshot of an account has among the others.
func callerIdentity(root *node) bool {
	for i := range root.entries {
		switch root.entries[i].key {
		case "Account", "UserId", "Arn", "ResponseMetadata":
		default:
			return false
		}
	}
	return root.get("Account") != nil
}

func replyKinds() []replyKind {
	return []replyKind{
		{key: "services", call: "ecs describe-services", read: (*describer).service, priced: true},
		{key: "service", call: "ecs update-service", read: (*describer).service, mark: "serviceName", priced: true},
		{key: "taskSets", call: "ecs describe-task-sets", read: (*describer).taskSet, priced: true},
		{key: "tasks", call: "ecs describe-tasks", read: (*describer).task, priced: true},
		{key: "containerInstances", call: "ecs describe-container-instances", read: (*describer).containerInstance, priced: true},
		{key: "clusters", call: "ecs describe-clusters", read: (*describer).cluster},
		{key: "cluster", call: "ecs put-cluster-capacity-providers", read: (*describer).cluster, mark: "clusterName"},
		{key: "capacityProviders", call: "ecs describe-capacity-providers", read: (*describer).capacityProvider},
		{key: "capacityProvider", call: "ecs create-capacity-provider", read: (*describer).capacityProvider, mark: "name"},
		{key: "ScalableTargets", call: "application-autoscaling describe-scalable-targets", read: (*describer).scalableTarget},
		{key: "ScheduledActions", call: "application-autoscaling describe-scheduled-actions", read: (*describer).scheduledAction},
		{key: "ScalingPolicies", call: "application-autoscaling describe-scaling-policies", read: (*describer).scalingPolicy},
		{key: "LoadBalancers", call: "elbv2 describe-load-balancers", read: (*describer).balancer, priced: true},
		{key: "TargetGroups", call: "elbv2 describe-target-groups", read: (*describer).targetGroup},
		{key: "Listeners", call: "elbv2 describe-listeners", read: (*describer).listener},
		{key: "Rules", call: "elbv2 describe-rules", read: (*describer).rule},
		{key: "settings", call: "ecs list-account-settings", read: (*describer).setting},
		{key: "NatGateways", call: "ec2 describe-nat-gateways", read: (*describer).natGateway},
		{key: "VpcEndpoints", call: "ec2 describe-vpc-endpoints", read: (*describer).endpoint},
		{key: "Addresses", call: "ec2 describe-addresses", read: (*describer).address},
		{key: "Subnets", call: "ec2 describe-subnets", read: (*describer).subnet},
		{key: "RouteTables", call: "ec2 describe-route-tables", read: (*describer).routeTable},
		{key: "Reservations", call: "ec2 describe-instances", read: (*describer).instances},
		{key: "Volumes", call: "ec2 describe-volumes", read: (*describer).volume},
		{key: "AutoScalingGroups", call: "autoscaling describe-auto-scaling-groups", read: (*describer).autoScalingGroup},
		{key: "logGroups", call: "logs describe-log-groups", read: (*describer).logGroup},
		{key: "repositories", call: "ecr describe-repositories", read: (*describer).repository},
		{key: "imageDetails", call: "ecr describe-images", read: (*describer).image},
		{key: "images", call: "ecr batch-get-image", read: (*describer).ignored, holds: "imageId"},
		{key: "FileSystems", call: "efs describe-file-systems", read: (*describer).fileSystem},
		{key: "Namespaces", call: "servicediscovery list-namespaces", read: (*describer).namespace},
		{key: "SecretList", call: "secretsmanager list-secrets", read: (*describer).secret},
		{key: "MetricAlarms", call: "cloudwatch describe-alarms", read: (*describer).alarm},
		{key: "CompositeAlarms", call: "cloudwatch describe-alarms", read: (*describer).compositeAlarm},
		{key: "savingsPlans", call: "savingsplans describe-savings-plans", read: (*describer).savingsPlan},
		{key: "SavingsPlans", call: "savingsplans describe-savings-plans", read: (*describer).savingsPlan},
		{key: "ReservedInstances", call: "ec2 describe-reserved-instances", read: (*describer).reservedInstances},
	}
}

// isReply reports whether a document is a reply of an AWS call, or a list of such.
func isReply(root *node) bool {
	root = unwrapRecorded(root)
	if root.kind == listNode {
		if isPriceFilter(root) {
			return true
		}
		replies := 0
		for _, item := range root.items {
			if item.kind == mappingNode && isReply(item) {
				replies++
			} else if def, _ := unwrapRecorded(item).fold("taskDefinition"); def == nil {
				return false
			}
		}
		return replies > 0
	}
	if root.get("lifecyclePolicyText") != nil || callerIdentity(root) {
		return true
	}
	for _, k := range replyKinds() {
		if part := root.get(k.key); part != nil && k.matches(part) {
			return true
		}
	}
	_, ok := otherReply(root)
	return ok
}

// wantedReplies are what an estimate needs of a running service.
const wantedReplies = "aws ecs describe-services and aws ecs describe-task-definition"

// isPriceFilter reports whether a list is the argument of a price query.
func isPriceFilter(root *node) bool {
	return root.kind == listNode && len(root.items) > 0 && root.items[0].get("Field") != nil && root.items[0].get("Type") != nil
}

// otherReply says what a reply is that has no part to price, and what to hand in
// instead.
func otherReply(root *node) (what string, ok bool) {
	lists := map[string][2]string{
		"serviceArns":           {"list-services", "describe-services"},
		"clusterArns":           {"list-clusters", "describe-services"},
		"taskArns":              {"list-tasks", "describe-tasks"},
		"taskDefinitionArns":    {"list-task-definitions", "describe-task-definition"},
		"containerInstanceArns": {"list-container-instances", "describe-container-instances"},
		"families":              {"list-task-definition-families", "describe-task-definition"},
	}
	others := map[string]string{
		"Metrics":           "cloudwatch list-metrics",
		"MetricDataResults": "cloudwatch get-metric-data", "Datapoints": "cloudwatch get-metric-statistics",
		"Vpcs": "ec2 describe-vpcs", "LoadBalancerDescriptions": "elb describe-load-balancers",
		"instanceRecommendations": "compute-optimizer get-ec2-instance-recommendations", "Services": "pricing describe-services",
		"ecsServiceRecommendations": "compute-optimizer get-ecs-service-recommendations",
		"AttributeValues":           "pricing get-attribute-values", "PriceList": "pricing get-products",
	}
	for _, e := range root.entries {
		if e.value.kind != listNode {
			continue
		}
		if calls, found := lists[e.key]; found {
			return fmt.Sprintf("this is a list of ARNs, the reply of aws ecs %s; hand in the reply of aws ecs %s for what it names", calls[0], calls[1]), true
		}
		if call, found := others[e.key]; found {
			return fmt.Sprintf("this is a reply of aws %s, which holds no ECS service, task or load balancer to price; "+
				"hand in the replies of "+wantedReplies, call), true
		}
	}
	return "", false
}

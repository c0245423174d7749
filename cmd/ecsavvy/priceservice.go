package main

import (
	"fmt"
	"strings"

	"ecsavvy/pricing"
)

// priceService is a service as people call it, and the SKUs that it means.
type priceService struct {
	name, about string
	selects     func(*pricing.SKU) bool
	// byType says that its prices are those of instance types.
	byType bool
}

// usageTypes selects the SKUs of a service code by how their usage types
// begin; none means all of them.
func usageTypes(service string, prefixes ...string) func(*pricing.SKU) bool {
	return func(s *pricing.SKU) bool {
		if s.Service != service || len(prefixes) == 0 {
			return s.Service == service
		}
		for _, p := range prefixes {
			if strings.HasPrefix(s.UsageType, p) {
				return true
			}
		}
		return false
	}
}

// balancer selects the SKUs of one kind of load balancer.
func balancer(operation string) func(*pricing.SKU) bool {
	return func(s *pricing.SKU) bool {
		return s.Service == "AWSELB" && strings.Contains(";"+s.Attributes+";", ";operation="+operation+";")
	}
}

// priceServices are the services by the names that people use.
func priceServices() []priceService {
	const ec2, ecs, vpc, cloudWatch = "AmazonEC2", "AmazonECS", "AmazonVPC", "AmazonCloudWatch"
	return []priceService{
		{name: "fargate", about: "vCPU, GB and storage of Fargate tasks", selects: usageTypes(ecs, "Fargate-")},
		{name: "fargate-spot", about: "the same on Fargate Spot", selects: usageTypes(ecs, "SpotUsage-Fargate-")},
		{name: "ec2", about: "instances; with --type all ways to buy one", selects: func(s *pricing.SKU) bool { return s.Service != ecs }, byType: true},
		{name: "managed-instances", about: "fee of ECS Managed Instances", selects: usageTypes(ecs), byType: true},
		{name: "anywhere", about: "ECS Anywhere", selects: usageTypes(ecs, "ECS-Anywhere")},
		{name: "savings-plans", about: "Compute Savings Plans rates of Fargate", selects: usageTypes("AWSComputeSavingsPlan")},
		{name: "eks", about: "EKS clusters and Fargate on EKS", selects: usageTypes("AmazonEKS")},
		{name: "apprunner", about: "App Runner", selects: usageTypes("AWSAppRunner")},
		{name: "alb", about: "Application Load Balancer", selects: balancer("LoadBalancing:Application")},
		{name: "nlb", about: "Network Load Balancer", selects: balancer("LoadBalancing:Network")},
		{name: "gwlb", about: "Gateway Load Balancer", selects: balancer("LoadBalancing:Gateway")},
		{name: "clb", about: "Classic Load Balancer", selects: balancer("LoadBalancing")},
		{name: "nat", about: "NAT gateways", selects: usageTypes(ec2, "NatGateway", "RegionalNatGateway")},
		{name: "endpoints", about: "VPC endpoints", selects: usageTypes(vpc, "VpcEndpoint")},
		{name: "ipv4", about: "public IPv4 addresses", selects: usageTypes(vpc, "PublicIPv4")},
		{name: "transfer", about: "data transfer: internet, between AZs and regions", selects: usageTypes("AWSDataTransfer")},
		{name: "ebs", about: "EBS volumes and snapshots", selects: usageTypes(ec2, "EBS:")},
		{name: "efs", about: "EFS file systems", selects: usageTypes("AmazonEFS")},
		{name: "ecr", about: "container images", selects: usageTypes("AmazonECR")},
		{name: "logs", about: "CloudWatch Logs", selects: usageTypes(cloudWatch, "DataProcessing", "TimedStorage", "VendedLog", "DataScanned", "LiveTail", "S3-Egress")},
		{name: "cloudwatch", about: "all of CloudWatch: logs, metrics, alarms, Insights", selects: usageTypes(cloudWatch)},
		{name: "secrets", about: "Secrets Manager", selects: usageTypes("AWSSecretsManager")},
		{name: "parameters", about: "Systems Manager Parameter Store", selects: usageTypes("AWSSystemsManager", "PS-")},
		{name: "cloudmap", about: "Cloud Map", selects: usageTypes("AWSCloudMap")},
		{name: "route53", about: "Route 53 (region global)", selects: usageTypes("AmazonRoute53")},
	}
}

func serviceNames() []string {
	var names []string
	for _, s := range priceServices() {
		names = append(names, s.name)
	}
	return names
}

// serviceHelp lists the services for --help.
func serviceHelp() string {
	var b strings.Builder
	for _, s := range priceServices() {
		fmt.Fprintf(&b, "  %-18s %s\n", s.name, s.about)
	}
	return b.String()
}

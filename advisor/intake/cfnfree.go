package intake

// cfnFree says why a type of CloudFormation resource has no price of its own:
// tfFree's table in CloudFormation's names. Types that are metered by use
// (queues, topics, functions) are in neither: they are counted as not priced.
// Source: the pricing page of each service, read in September 2026.
func cfnFree(typ string) (reason string, ok bool) { return freeIn(cfnFreeTypes(), typ) }

func cfnFreeTypes() []freeGroup {
	return []freeGroup{
		{"identity and permissions are free", []string{"AWS::IAM::*", "AWS::ECR::RegistryPolicy", "AWS::SecretsManager::ResourcePolicy", "AWS::Lambda::Permission",
			"AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy", "AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy", "AWS::Events::EventBusPolicy",
			"AWS::EFS::AccessPoint", "AWS::KMS::Alias", "AWS::EC2::KeyPair", "AWS::Logs::ResourcePolicy", "AWS::RAM::*"}},
		{"networks are free; what runs in them is not", []string{"AWS::EC2::VPC", "AWS::EC2::VPCCidrBlock", "AWS::EC2::VPCDHCPOptionsAssociation", "AWS::EC2::DHCPOptions",
			"AWS::EC2::VPCGatewayAttachment", "AWS::EC2::VPCPeeringConnection", "AWS::EC2::SubnetCidrBlock", "AWS::EC2::SubnetNetworkAclAssociation", "AWS::EC2::SubnetRouteTableAssociation",
			"AWS::EC2::RouteTable", "AWS::EC2::GatewayRouteTableAssociation", "AWS::EC2::InternetGateway", "AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry",
			"AWS::EC2::NetworkInterfaceAttachment", "AWS::EC2::PrefixList", "AWS::EC2::CustomerGateway", "AWS::EC2::VPNGateway", "AWS::EC2::VPNGatewayRoutePropagation"}},
		{"security groups are free", []string{"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupVpcAssociation"}},
		{"parts of a load balancer; it is billed as a whole", []string{"AWS::ElasticLoadBalancingV2::ListenerCertificate", "AWS::ElasticLoadBalancingV2::TrustStore"}},
		{"public certificates are free", []string{"AWS::CertificateManager::Certificate"}},
		{"ECS itself is free; its tasks and instances are not", []string{"AWS::ECS::PrimaryTaskSet"}},
		{"scaling is free; its alarms and what it starts are not", []string{"AWS::ApplicationAutoScaling::*", "AWS::AutoScaling::LifecycleHook", "AWS::AutoScaling::ScalingPolicy",
			"AWS::AutoScaling::ScheduledAction", "AWS::EC2::PlacementGroup"}},
		{"parts of what is billed as a whole", []string{"AWS::ECR::PullThroughCacheRule", "AWS::ECR::RepositoryCreationTemplate", "AWS::SecretsManager::RotationSchedule",
			"AWS::SecretsManager::SecretTargetAttachment", "AWS::EFS::MountTarget", "AWS::EC2::VolumeAttachment", "AWS::ServiceDiscovery::Instance", "AWS::Logs::LogStream", "AWS::Logs::SubscriptionFilter",
			"AWS::Logs::QueryDefinition", "AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup", "AWS::Lambda::Alias", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping",
			"AWS::Lambda::LayerVersion", "AWS::Lambda::Version", "AWS::SNS::Subscription", "AWS::RDS::DBSubnetGroup", "AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup",
			"AWS::RDS::OptionGroup", "AWS::ElastiCache::SubnetGroup", "AWS::ElastiCache::ParameterGroup", "AWS::ApiGateway::Account", "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Method",
			"AWS::ApiGateway::Resource", "AWS::ApiGateway::Authorizer", "AWS::ApiGateway::BasePathMapping", "AWS::EKS::AccessEntry", "AWS::EKS::Addon", "AWS::EKS::IdentityProviderConfig",
			"AWS::EKS::PodIdentityAssociation", "AWS::CodeDeploy::*"}},
		{"rules and schedules are free at the rate of cron jobs", []string{"AWS::Scheduler::ScheduleGroup"}},
		{"service-linked settings are free", []string{"AWS::SSM::Document", "AWS::SSM::Association", "AWS::ResourceGroups::*", "AWS::ServiceCatalogAppRegistry::*", "AWS::WAFv2::WebACLAssociation"}},
		{"these exist in templates only", []string{"AWS::CDK::Metadata", "AWS::CloudFormation::Macro", "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"}},
	}
}

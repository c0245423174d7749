package intake

import "strings"

// freeGroup is types of resources that are free for one reason. A type that
// ends in * is the beginning of several.
type freeGroup struct {
	reason string
	types  []string
}

// freeIn finds a type in a table of free ones; ok is false of types that have
// a price, or that nobody here has looked at.
func freeIn(groups []freeGroup, typ string) (reason string, ok bool) {
	for _, f := range groups {
		for _, name := range f.types {
			if typ == name || strings.HasSuffix(name, "*") && strings.HasPrefix(typ, name[:len(name)-1]) {
				return f.reason, true
			}
		}
	}
	return "", false
}

// tfFree says why a type of Terraform resource has no price of its own;
// cfnFree is the same table in CloudFormation's names.
// Source: the pricing page of each service, read in September 2026.
func tfFree(typ string) (reason string, ok bool) { return freeIn(tfFreeTypes(), typ) }

func tfFreeTypes() []freeGroup {
	return []freeGroup{
		{"identity and permissions are free", []string{"aws_iam_*", "aws_ecr_repository_policy", "aws_ecr_registry_policy", "aws_secretsmanager_secret_policy",
			"aws_efs_file_system_policy", "aws_efs_access_point", "aws_lambda_permission", "aws_s3_bucket_policy", "aws_s3_bucket_public_access_block", "aws_s3_bucket_acl",
			"aws_s3_bucket_ownership_controls", "aws_sqs_queue_policy", "aws_sns_topic_policy", "aws_kms_alias", "aws_kms_grant", "aws_key_pair", "aws_cloudwatch_log_resource_policy"}},
		{"networks are free; what runs in them is not", []string{"aws_vpc", "aws_default_vpc", "aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association",
			"aws_vpc_dhcp_options*", "aws_default_vpc_dhcp_options", "aws_subnet", "aws_default_subnet", "aws_route", "aws_route_table*", "aws_default_route_table", "aws_main_route_table_association",
			"aws_internet_gateway*", "aws_egress_only_internet_gateway", "aws_network_acl*", "aws_default_network_acl", "aws_network_interface*", "aws_vpc_peering_connection*",
			"aws_vpc_endpoint_policy", "aws_vpc_endpoint_route_table_association", "aws_vpc_endpoint_subnet_association", "aws_vpc_endpoint_security_group_association", "aws_eip_association",
			"aws_ec2_managed_prefix_list*", "aws_customer_gateway", "aws_vpn_gateway*", "aws_ec2_tag"}},
		{"security groups are free", []string{"aws_security_group*", "aws_default_security_group", "aws_vpc_security_group_*"}},
		{"parts of a load balancer; it is billed as a whole", []string{"aws_lb_listener*", "aws_alb_listener*", "aws_lb_target_group*", "aws_alb_target_group*", "aws_lb_ssl_negotiation_policy", "aws_elb_attachment", "aws_app_cookie_stickiness_policy",
			"aws_lb_cookie_stickiness_policy", "aws_load_balancer_*", "aws_proxy_protocol_policy"}},
		{"public certificates are free", []string{"aws_acm_certificate", "aws_acm_certificate_validation"}},
		{"ECS itself is free; its tasks and instances are not", []string{"aws_ecs_*"}},
		{"scaling is free; its alarms and what it starts are not", []string{"aws_appautoscaling_*", "aws_autoscaling_*", "aws_launch_template", "aws_launch_configuration", "aws_placement_group", "aws_spot_datafeed_subscription"}},
		{"parts of what is billed as a whole", []string{"aws_ecr_lifecycle_policy", "aws_ecr_pull_through_cache_rule", "aws_ecr_repository_creation_template", "aws_secretsmanager_secret_version", "aws_secretsmanager_secret_rotation", "aws_efs_mount_target",
			"aws_efs_backup_policy", "aws_volume_attachment", "aws_service_discovery_*", "aws_cloudwatch_log_stream", "aws_route53_record", "aws_instance_state", "aws_s3_bucket_versioning",
			"aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_notification", "aws_s3_bucket_cors_configuration", "aws_s3_bucket_logging",
			"aws_s3_bucket_website_configuration", "aws_lambda_alias", "aws_lambda_layer_version", "aws_lambda_event_source_mapping", "aws_sns_topic_subscription", "aws_db_subnet_group", "aws_db_parameter_group",
			"aws_db_option_group", "aws_rds_cluster_parameter_group", "aws_elasticache_subnet_group", "aws_elasticache_parameter_group", "aws_api_gateway_account", "aws_api_gateway_base_path_mapping",
			"aws_api_gateway_deployment", "aws_api_gateway_integration*", "aws_api_gateway_method*", "aws_api_gateway_resource", "aws_api_gateway_authorizer", "aws_api_gateway_domain_name", "aws_eks_access_*",
			"aws_eks_addon", "aws_eks_identity_provider_config", "aws_eks_pod_identity_association", "aws_codedeploy_app", "aws_codedeploy_deployment_group", "aws_codedeploy_deployment_config"}},
		{"rules and schedules are free at the rate of cron jobs", []string{"aws_cloudwatch_event_*", "aws_scheduler_schedule*"}},
		{"service-linked settings are free", []string{"aws_ssm_document", "aws_ssm_association", "aws_resourcegroups_*", "aws_servicecatalogappregistry_*", "aws_wafv2_web_acl_association"}},
		{"these exist in Terraform only", []string{"null_resource", "terraform_data", "random_*", "time_*", "tls_*", "local_*", "template_*", "archive_*", "null_data_source", "external", "http"}},
	}
}

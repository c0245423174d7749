package account

// Allowed is what is kept of the replies of AWS's calls, by call: prices, sizes,
// counts, names and tags. Environment values, commands, labels, options of log
// drivers other than awslogs, user data and policies are not in it.
// Names are those of the AWS CLI's output.
func Allowed() map[string]string {
	const (
		tags      = ` tags(key value)`
		upperTags = ` Tags(Key Value)`
		strategy  = ` capacityProviderStrategy(capacityProvider weight base)`
		network   = ` networkConfiguration(awsvpcConfiguration(subnets assignPublicIp))`
		volumes   = ` volumeConfigurations(name managedEBSVolume(volumeType sizeInGiB iops throughput))`
		balancers = ` loadBalancers(targetGroupArn loadBalancerName containerName containerPort)`
		taskSet   = `id taskSetArn serviceArn clusterArn status taskDefinition computedDesiredCount pendingCount runningCount
			launchType platformVersion platformFamily scale(value unit)` + strategy + network + balancers + tags
		failures = ` failures(arn reason)`
		schedule = `ScheduledActionName ServiceNamespace ResourceId ScalableDimension Schedule Timezone StartTime EndTime
			ScalableTargetAction(MinCapacity MaxCapacity)`
	)
	return map[string]string{
		"sts:GetCallerIdentity": `Account`,
		"ecs:DescribeClusters": `clusters(clusterArn clusterName status settings(name value) statistics(name value)
			capacityProviders defaultCapacityProviderStrategy(capacityProvider weight base)
			registeredContainerInstancesCount runningTasksCount activeServicesCount` + tags + `)` + failures,
		"ecs:DescribeServices": `services(serviceArn serviceName clusterArn status desiredCount runningCount pendingCount launchType
			platformVersion platformFamily taskDefinition schedulingStrategy placementConstraints(type expression) placementStrategy(type field) createdAt healthCheckGracePeriodSeconds enableExecuteCommand
			deploymentController(type) deploymentConfiguration(maximumPercent minimumHealthyPercent strategy)
			deployments(id status taskDefinition desiredCount runningCount launchType platformVersion createdAt updatedAt` + strategy + network + volumes + `)
			taskSets(` + taskSet + `)
			serviceConnectConfiguration(enabled namespace) serviceRegistries(registryArn)` + strategy + network + balancers + tags + `)` + failures,
		"ecs:DescribeTaskSets":       `taskSets(` + taskSet + `)` + failures,
		"ecs:DescribeTaskDefinition": taskDefinitionFields() + tags,
		"ecs:DescribeTasks": `tasks(taskArn clusterArn taskDefinitionArn group startedBy lastStatus desiredStatus launchType capacityProviderName
			platformVersion platformFamily containerInstanceArn cpu memory ephemeralStorage(sizeInGiB) attributes(name value) availabilityZone
			createdAt pullStartedAt startedAt stoppedAt stopCode stoppedReason
			containers(name image imageDigest cpu memory memoryReservation lastStatus reason exitCode)` + tags + `)` + failures,
		"ecs:DescribeCapacityProviders": `capacityProviders(capacityProviderArn name status type cluster
			autoScalingGroupProvider(autoScalingGroupArn managedScaling(status targetCapacity minimumScalingStepSize maximumScalingStepSize))
			managedInstancesProvider(instanceLaunchTemplate(capacityOptionType storageConfiguration(storageSizeGiB)
				instanceRequirements(allowedInstanceTypes cpuManufacturers burstablePerformance vCpuCount(min max) memoryMiB(min max))))` + tags + `)` + failures,
		"ecs:DescribeContainerInstances": `containerInstances(containerInstanceArn ec2InstanceId capacityProviderName status runningTasksCount pendingTasksCount
			agentConnected registeredResources(name type integerValue) remainingResources(name type integerValue)
			attributes(name value)` + tags + `)` + failures,
		"application-autoscaling:DescribeScalableTargets": `ScalableTargets(ServiceNamespace ResourceId ScalableDimension MinCapacity MaxCapacity
			ScalableTargetARN SuspendedState(DynamicScalingInSuspended DynamicScalingOutSuspended ScheduledScalingSuspended))`,
		"application-autoscaling:DescribeScalingPolicies": `ScalingPolicies(PolicyName PolicyType ServiceNamespace ResourceId ScalableDimension
			TargetTrackingScalingPolicyConfiguration(TargetValue ScaleInCooldown ScaleOutCooldown DisableScaleIn
				PredefinedMetricSpecification(PredefinedMetricType ResourceLabel)
				CustomizedMetricSpecification(MetricName Namespace Statistic Unit Dimensions(Name Value)))
			StepScalingPolicyConfiguration(AdjustmentType Cooldown MetricAggregationType MinAdjustmentMagnitude
				StepAdjustments(MetricIntervalLowerBound MetricIntervalUpperBound ScalingAdjustment))
			PredictiveScalingPolicyConfiguration(Mode) Alarms(AlarmName))`,
		"application-autoscaling:DescribeScheduledActions": `ScheduledActions(` + schedule + `)`,
		"autoscaling:DescribeAutoScalingGroups": `AutoScalingGroups(AutoScalingGroupName AutoScalingGroupARN MinSize MaxSize DesiredCapacity AvailabilityZones VPCZoneIdentifier
			LaunchTemplate(LaunchTemplateId LaunchTemplateName Version) LaunchConfigurationName
			MixedInstancesPolicy(LaunchTemplate(Overrides(InstanceType WeightedCapacity))
				InstancesDistribution(OnDemandBaseCapacity OnDemandPercentageAboveBaseCapacity SpotAllocationStrategy))
			Instances(InstanceId InstanceType AvailabilityZone LifecycleState)` + upperTags + `)`,
		"elasticloadbalancing:DescribeLoadBalancers": `LoadBalancers(LoadBalancerArn LoadBalancerName Type Scheme VpcId CreatedTime IpAddressType
			AvailabilityZones(ZoneName SubnetId))`,
		"elasticloadbalancing:DescribeTargetGroups": `TargetGroups(TargetGroupArn TargetGroupName Protocol Port TargetType VpcId LoadBalancerArns)`,
		"elasticloadbalancing:DescribeListeners": `Listeners(ListenerArn LoadBalancerArn Protocol Port
			DefaultActions(Type TargetGroupArn ForwardConfig(TargetGroups(TargetGroupArn Weight))))`,
		"ec2:DescribeNatGateways": `NatGateways(NatGatewayId VpcId SubnetId State ConnectivityType AvailabilityMode CreateTime
			NatGatewayAddresses(AllocationId PublicIp AvailabilityZone)` + upperTags + `)`,
		"ec2:DescribeVpcEndpoints": `VpcEndpoints(VpcEndpointId VpcEndpointType VpcId ServiceName State SubnetIds NetworkInterfaceIds RouteTableIds` + upperTags + `)`,
		"ec2:DescribeAddresses":    `Addresses(AllocationId AssociationId InstanceId NetworkInterfaceId NetworkInterfaceOwnerId Domain PublicIp` + upperTags + `)`,
		"ec2:DescribeInstances": `Reservations(Instances(InstanceId InstanceType Architecture InstanceLifecycle Platform PlatformDetails State(Name)
			Placement(AvailabilityZone Tenancy) SubnetId VpcId EbsOptimized LaunchTime PublicIpAddress Monitoring(State)
			SourceDestCheck RootDeviceName BlockDeviceMappings(DeviceName Ebs(VolumeId)) NetworkInterfaces(NetworkInterfaceId)` + upperTags + `))`,
		"ec2:DescribeVolumes":      `Volumes(VolumeId VolumeType Size Iops Throughput State Attachments(InstanceId Device)` + upperTags + `)`,
		"ec2:DescribeSubnets":      `Subnets(SubnetId SubnetArn VpcId AvailabilityZone AvailabilityZoneId MapPublicIpOnLaunch)`,
		"ec2:DescribeRouteTables":  `RouteTables(RouteTableId VpcId Associations(Main SubnetId) Routes(DestinationCidrBlock DestinationPrefixListId GatewayId NatGatewayId InstanceId NetworkInterfaceId TransitGatewayId State))`,
		"logs:DescribeLogGroups":   `logGroups(logGroupName arn logGroupArn retentionInDays storedBytes logGroupClass creationTime)`,
		"ecr:DescribeRepositories": `repositories(repositoryArn repositoryName registryId createdAt)`,
		"ecr:DescribeImages":       `imageDetails(registryId repositoryName imageDigest imageTags imageSizeInBytes imageManifestMediaType imagePushedAt lastRecordedPullTime)`,
		"ecr:GetLifecyclePolicy":   `registryId repositoryName lifecyclePolicyText`,
		"ecr:BatchGetImage":        `images(registryId repositoryName imageId(imageDigest imageTag) imageManifest)`,
		"savingsplans:DescribeSavingsPlans": `savingsPlans(savingsPlanId savingsPlanArn savingsPlanType state start end termDurationInSeconds paymentOption
			commitment currency upfrontPaymentAmount recurringPaymentAmount region ec2InstanceFamily productTypes)`,
	}
}

// taskDefinitionFields is what is kept of a task definition. Of secrets it is
// where they are kept: their reading is billed.
func taskDefinitionFields() string {
	return `taskDefinition(taskDefinitionArn family revision status cpu memory networkMode requiresCompatibilities compatibilities
		runtimePlatform(cpuArchitecture operatingSystemFamily) ephemeralStorage(sizeInGiB) placementConstraints(type expression)
		inferenceAccelerators(deviceName deviceType) pidMode ipcMode registeredAt
		volumes(name configuredAtLaunch efsVolumeConfiguration(fileSystemId) fsxWindowsFileServerVolumeConfiguration(fileSystemId))
		containerDefinitions(name image essential cpu memory memoryReservation startTimeout stopTimeout
			portMappings(containerPort hostPort protocol) resourceRequirements(type value) restartPolicy(enabled)
			dependsOn(containerName condition) linuxParameters(sharedMemorySize devices(hostPath))
			logConfiguration(logDriver options(awslogs-group awslogs-region awslogs-stream-prefix mode max-buffer-size) secretOptions(valueFrom:ref))
			secrets(valueFrom:ref) repositoryCredentials(credentialsParameter:ref) firelensConfiguration(type)))`
}

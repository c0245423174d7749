package intake

// Types that references are looked up by.
const (
	cfnService      = "AWS::ECS::Service"
	cfnTaskDef      = "AWS::ECS::TaskDefinition"
	cfnCluster      = "AWS::ECS::Cluster"
	cfnProvider     = "AWS::ECS::CapacityProvider"
	cfnTarget       = "AWS::ApplicationAutoScaling::ScalableTarget"
	cfnTargetGroup  = "AWS::ElasticLoadBalancingV2::TargetGroup"
	cfnListener     = "AWS::ElasticLoadBalancingV2::Listener"
	cfnBalancer     = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	cfnClassic      = "AWS::ElasticLoadBalancing::LoadBalancer"
	cfnSubnet       = "AWS::EC2::Subnet"
	cfnElasticIP    = "AWS::EC2::EIP"
	cfnInstance     = "AWS::EC2::Instance"
	cfnInterface    = "AWS::EC2::NetworkInterface"
	cfnTemplateEC2  = "AWS::EC2::LaunchTemplate"
	cfnLaunchConfig = "AWS::AutoScaling::LaunchConfiguration"
	cfnAutoGroup    = "AWS::AutoScaling::AutoScalingGroup"
	cfnLogGroup     = "AWS::Logs::LogGroup"
	cfnRepository   = "AWS::ECR::Repository"
	cfnSecret       = "AWS::SecretsManager::Secret"
	cfnParameter    = "AWS::SSM::Parameter"
	cfnFileSystem   = "AWS::EFS::FileSystem"
	cfnDiscovery    = "AWS::ServiceDiscovery::Service"
)

// cfnKinds are the types that a workload is made of.
func cfnKinds() map[string]cfnKind {
	return map[string]cfnKind{
		cfnService:      {read: (*cfnReader).service},
		cfnTaskDef:      {read: (*cfnReader).taskDefinition},
		cfnCluster:      {read: (*cfnReader).cluster},
		cfnProvider:     {read: (*cfnReader).capacityProvider},
		cfnTarget:       {read: (*cfnReader).scalableTarget},
		cfnTargetGroup:  {read: (*cfnReader).targetGroup},
		cfnListener:     {read: (*cfnReader).listener},
		cfnBalancer:     {read: (*cfnReader).balancer, paid: true},
		cfnClassic:      {read: (*cfnReader).classicBalancer, paid: true},
		cfnSubnet:       {read: (*cfnReader).subnet},
		cfnElasticIP:    {read: (*cfnReader).elasticIP, paid: true},
		cfnInstance:     {read: (*cfnReader).instance, paid: true},
		cfnInterface:    {read: (*cfnReader).networkInterface},
		cfnTemplateEC2:  {read: (*cfnReader).launchTemplate},
		cfnLaunchConfig: {read: (*cfnReader).launchConfiguration},
		cfnAutoGroup:    {read: (*cfnReader).autoScalingGroup, paid: true},
		cfnLogGroup:     {read: (*cfnReader).logGroup, paid: true},
		cfnRepository:   {read: (*cfnReader).repository, paid: true},
		cfnSecret:       {read: (*cfnReader).secret, paid: true},
		cfnParameter:    {read: (*cfnReader).parameter, paid: true},
		cfnFileSystem:   {read: (*cfnReader).fileSystem, paid: true},
		cfnDiscovery:    {read: (*cfnReader).discovery},

		"AWS::ECS::TaskSet":                             {read: (*cfnReader).taskSet},
		"AWS::ECS::ExpressGatewayService":               {read: (*cfnReader).express},
		"AWS::ECS::ClusterCapacityProviderAssociations": {read: (*cfnReader).association},
		"AWS::ApplicationAutoScaling::ScalingPolicy":    {read: (*cfnReader).scalingPolicy},
		"AWS::ElasticLoadBalancingV2::ListenerRule":     {read: (*cfnReader).listenerRule},
		"AWS::EC2::NatGateway":                          {read: (*cfnReader).natGateway, paid: true},
		"AWS::EC2::EIPAssociation":                      {read: (*cfnReader).addressAssociation},
		"AWS::EC2::VPCEndpoint":                         {read: (*cfnReader).endpoint, paid: true},
		"AWS::EC2::Route":                               {read: (*cfnReader).route},
		"AWS::ServiceDiscovery::HttpNamespace":          {read: (*cfnReader).namespace},
		"AWS::ServiceDiscovery::PrivateDnsNamespace":    {read: (*cfnReader).namespace, paid: true},
		"AWS::ServiceDiscovery::PublicDnsNamespace":     {read: (*cfnReader).namespace, paid: true},
		"AWS::CloudWatch::Alarm":                        {read: (*cfnReader).alarm, paid: true},
		"AWS::CloudWatch::CompositeAlarm":               {read: (*cfnReader).alarm, paid: true},
		"AWS::Events::Rule":                             {read: (*cfnReader).eventRule},
		"AWS::Scheduler::Schedule":                      {read: (*cfnReader).schedule},
		"AWS::CloudFormation::Stack":                    {read: (*cfnReader).nestedStack, paid: true},
	}
}

// nestedStack reads a nested stack, or counts it where its template is not at
// hand.
func (c *cfnReader) nestedStack(r *cfnResource) {
	if nested := r.template.nested[r.id]; nested != nil {
		c.template(nested)
		return
	}
	c.stack.unpriced(r.kind)
}

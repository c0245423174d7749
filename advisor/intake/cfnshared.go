package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// logGroup reads AWS::Logs::LogGroup.
func (c *cfnReader) logGroup(r *cfnResource) {
	g := logGroup{cloudResource: r.base("LogGroupName"), retention: r.get("RetentionInDays").number()}
	if strings.EqualFold(r.get("LogGroupClass").word(), string(design.LogInfrequentAccess)) {
		g.class = design.LogInfrequentAccess
	}
	c.stack.logGroups = append(c.stack.logGroups, g)
}

// repository reads AWS::ECR::Repository.
func (c *cfnReader) repository(r *cfnResource) {
	policy := r.get("LifecyclePolicy", "LifecyclePolicyText")
	if policy.n != nil && policy.n.kind == mappingNode { // a mapping where JSON in a text is asked for
		policy.n = r.template.jsonString(policy.n, policy.n)
	}
	c.stack.repositories = append(c.stack.repositories, ecrRepository{cloudResource: r.base("RepositoryName"), policy: policy.text()})
}

// secret reads AWS::SecretsManager::Secret; its value is not looked at.
func (c *cfnReader) secret(r *cfnResource) {
	s := secret{cloudResource: r.base("Name")}
	s.ids = append(s.ids, secretARN(r))
	c.stack.secrets = append(c.stack.secrets, s)
}

// secretARN stands for the ARN that a secret will have.
func secretARN(r *cfnResource) string { return "arn:aws:secretsmanager:::secret:" + r.key() }

// parameter reads AWS::SSM::Parameter; its value is not looked at.
func (c *cfnReader) parameter(r *cfnResource) {
	c.stack.parameters = append(c.stack.parameters, parameter{cloudResource: r.base("Name"), tier: r.get("Tier").text()})
}

// fileSystem reads AWS::EFS::FileSystem.
func (c *cfnReader) fileSystem(r *cfnResource) {
	fs := efsSystem{
		cloudResource: r.base(""),
		oneZone:       r.get("AvailabilityZoneName").present(),
		mode:          r.get("ThroughputMode").word(),
		provisioned:   r.get("ProvisionedThroughputInMibps").number(),
	}
	fs.tags = r.get("FileSystemTags").tags()
	fs.name = fs.tags["Name"]
	c.stack.fileSystems = append(c.stack.fileSystems, fs)
}

// namespace reads the three kinds of Cloud Map namespace.
func (c *cfnReader) namespace(r *cfnResource) {
	c.stack.namespaces = append(c.stack.namespaces, namespace{
		cloudResource: r.base("Name"), dns: r.kind != "AWS::ServiceDiscovery::HttpNamespace",
	})
}

// discovery reads AWS::ServiceDiscovery::Service.
func (c *cfnReader) discovery(r *cfnResource) {
	namespace := r.get("NamespaceId")
	if !namespace.present() {
		namespace = r.get("DnsConfig", "NamespaceId")
	}
	c.stack.discovery = append(c.stack.discovery, discoveryService{cloudResource: r.base("Name"), namespace: namespace.ref()})
}

// alarm reads AWS::CloudWatch::Alarm and CompositeAlarm.
func (c *cfnReader) alarm(r *cfnResource) {
	a := metricAlarm{
		cloudResource: r.base("AlarmName"),
		composite:     r.kind == "AWS::CloudWatch::CompositeAlarm",
		period:        r.get("Period").number(),
	}
	dimensions := r.get("Dimensions").items()
	for _, metric := range r.get("Metrics").items() {
		if stat := metric.get("MetricStat"); stat.present() && !stat.unknown() {
			a.metrics++
			dimensions = append(dimensions, stat.get("Metric").get("Dimensions").items()...)
			if period := stat.get("Period").number(); absent(a.period) {
				a.period = period
			}
		}
	}
	for _, d := range dimensions {
		switch d.get("Name").word() {
		case "ClusterName":
			a.cluster = d.get("Value").ref(cfnCluster)
		case "ServiceName":
			a.service = d.get("Value").ref(cfnService)
		}
	}
	c.stack.alarms = append(c.stack.alarms, a)
}

package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// instance reads AWS::EC2::Instance.
func (c *cfnReader) instance(r *cfnResource) {
	launch := c.launch(r, nil)
	launch.sourceCheck = r.get("SourceDestCheck").flag()
	launch.tenancy = r.get("Tenancy").word()
	c.stack.instances = append(c.stack.instances, ec2Instance{
		cloudResource: r.base(""),
		launch:        launch,
		template:      r.get("LaunchTemplate").launchTemplate(),
		subnet:        r.get("SubnetId").ref(cfnSubnet),
	})
}

// launchTemplate reads AWS::EC2::LaunchTemplate.
func (c *cfnReader) launchTemplate(r *cfnResource) {
	launch := c.launch(r, []string{"LaunchTemplateData"})
	data := func(path ...string) cfnValue { return r.get(append([]string{"LaunchTemplateData"}, path...)...) }
	launch.spot = data("InstanceMarketOptions", "MarketType").is("spot")
	launch.tenancy = data("Placement", "Tenancy").word()
	if requirements := data("InstanceRequirements"); requirements.present() {
		launch.requirements = requirements.requirements()
	}
	c.stack.templates = append(c.stack.templates, launchTemplate{cloudResource: r.base("LaunchTemplateName"), launch: launch})
}

// launchConfiguration reads AWS::AutoScaling::LaunchConfiguration.
func (c *cfnReader) launchConfiguration(r *cfnResource) {
	launch := c.launch(r, nil)
	launch.publicIP = r.get("AssociatePublicIpAddress").flag()
	launch.tenancy = r.get("PlacementTenancy").word()
	if price := r.get("SpotPrice"); price.present() {
		launch.spot = design.Know(true)
	}
	c.stack.templates = append(c.stack.templates, launchTemplate{cloudResource: r.base("LaunchConfigurationName"), launch: launch})
}

// launch reads what an instance, a launch template (under a path of its own)
// and a launch configuration have in common.
func (c *cfnReader) launch(r *cfnResource, under []string) launchSettings {
	get := func(path ...string) cfnValue { return r.get(append(append([]string{}, under...), path...)...) }
	l := launchSettings{
		instanceType: get("InstanceType").text(),
		image:        c.imageID(r, get("ImageId"), under),
		unlimited:    get("CreditSpecification", "CPUCredits").is("unlimited"),
		userData:     c.userData(r, under),
	}
	if credits := get("CreditSpecification", "CpuCredits"); credits.present() { // launch templates spell it so
		l.unlimited = credits.is("unlimited")
	}
	if strings.Contains(strings.ToLower(l.image), "windows") {
		l.os = design.Know(design.Windows)
	} else if strings.HasPrefix(l.image, "/aws/service/ecs/optimized-ami/") || strings.HasPrefix(l.image, "/aws/service/bottlerocket/") {
		l.os = design.Know(design.Linux)
	}
	for _, item := range get("NetworkInterfaces").items() {
		if public := item.get("AssociatePublicIpAddress"); public.present() {
			l.publicIP = public.flag()
		}
	}
	for _, item := range get("BlockDeviceMappings").items() {
		ebs := item.get("Ebs")
		if !ebs.present() {
			continue // an instance store, or a device that is left out
		}
		volume := design.Volume{
			Type: ebs.get("VolumeType").word(), GB: ebs.get("VolumeSize").number(),
			IOPS: ebs.get("Iops").number(), Throughput: ebs.get("Throughput").number(),
		}
		if device := item.get("DeviceName").word(); l.root == nil && rootDevice(device) {
			l.root = &volume
		} else {
			l.data = append(l.data, volume)
		}
	}
	return l
}

// rootDevice reports whether a device name is one that AMIs use for the root
// volume: /dev/xvda and /dev/sda1.
// Source: docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html.
func rootDevice(name string) bool {
	return name == "/dev/xvda" || name == "/dev/sda1" || name == "/dev/sda"
}

// imageID is the AMI as far as it tells something: its ID, or the public
// parameter that it is read from.
func (c *cfnReader) imageID(r *cfnResource, image cfnValue, under []string) string {
	if !image.present() {
		return ""
	}
	if !image.unknown() {
		return image.word()
	}
	raw := r.node.get("Properties")
	for _, key := range append(append([]string{}, under...), "ImageId") {
		raw = raw.get(key)
	}
	if raw == nil {
		return ""
	}
	path := ""
	if name, arg := cfnFunction(raw); name == "Ref" {
		t := r.template
		if decl := t.root.get("Parameters").get(arg.text); decl != nil {
			value := t.given(arg.text)
			if value == nil {
				value = decl.get("Default")
			}
			if value != nil && value.kind == textNode {
				path = value.text
			}
		}
	} else if rest, ok := strings.CutPrefix(raw.text, "{{resolve:ssm:"); ok {
		path = strings.TrimSuffix(rest, "}}")
	}
	if strings.HasPrefix(path, "/aws/service/") {
		return path
	}
	return ""
}

// userData is the line of the start script that names the cluster; the rest of
// the script is not kept.
func (c *cfnReader) userData(r *cfnResource, under []string) string {
	raw := r.node.get("Properties")
	for _, key := range append(append([]string{}, under...), "UserData") {
		if raw = r.template.step(raw); raw == nil || raw.kind == unknownNode {
			return ""
		}
		raw = raw.get(key)
	}
	name, arg := cfnFunction(raw)
	if name != "Fn::Base64" {
		return ""
	}
	script := r.template.eval(arg)
	if script == nil {
		return ""
	}
	for line := range strings.Lines(script.text) {
		if _, rest, found := strings.Cut(line, "ECS_CLUSTER="); found {
			return "ECS_CLUSTER=" + c.clusterIn(rest)
		}
	}
	return ""
}

// clusterIn is the first word of what follows ECS_CLUSTER=: a name, or the key
// of a cluster of this reading.
func (c *cfnReader) clusterIn(text string) string {
	if inner, ok := strings.CutPrefix(text, "${"); ok {
		if name, _, closed := strings.Cut(inner, "}"); closed {
			if r := c.set.named(name); r != nil && r.kind == cfnCluster {
				return r.key()
			}
		}
	}
	end := strings.IndexAny(text, " \t\r\n>;&|'\"")
	if end < 0 {
		end = len(text)
	}
	return text[:end]
}

// launchTemplate reads which launch template is meant.
func (v cfnValue) launchTemplate() ref {
	id := v.get("LaunchTemplateId")
	if !id.present() {
		id = v.get("LaunchTemplateName")
	}
	return id.ref(cfnTemplateEC2)
}

// autoScalingGroup reads AWS::AutoScaling::AutoScalingGroup.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html.
func (c *cfnReader) autoScalingGroup(r *cfnResource) {
	g := autoScalingGroup{
		cloudResource: r.base("AutoScalingGroupName"),
		min:           r.get("MinSize").number(),
		desired:       r.get("DesiredCapacity").number(),
		max:           r.get("MaxSize").number(),
		subnets:       r.get("VPCZoneIdentifier").refs(cfnSubnet),
	}
	g.zones = r.get("AvailabilityZones").zones()
	policy := r.get("MixedInstancesPolicy")
	switch {
	case policy.present():
		template := policy.get("LaunchTemplate")
		g.template = template.get("LaunchTemplateSpecification").launchTemplate()
		distribution := policy.get("InstancesDistribution")
		g.mixed = &mixedInstances{
			onDemandBase:    distribution.get("OnDemandBaseCapacity").number(),
			onDemandPercent: distribution.get("OnDemandPercentageAboveBaseCapacity").number(),
		}
		for _, override := range template.get("Overrides").items() {
			if kind := override.get("InstanceType").word(); kind != "" {
				g.mixed.types = append(g.mixed.types, kind)
			}
			if requirements := override.get("InstanceRequirements"); requirements.present() {
				g.mixed.requirements = requirements.requirements()
			}
		}
	case r.get("LaunchTemplate").present():
		g.template = r.get("LaunchTemplate").launchTemplate()
	default:
		g.template = r.get("LaunchConfigurationName").ref(cfnLaunchConfig)
	}
	c.stack.autoGroups = append(c.stack.autoGroups, g)
}

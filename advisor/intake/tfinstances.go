package intake

import (
	"encoding/base64"
	"strings"

	"ecsavvy/advisor/design"
)

// fillInstances takes over EC2 instances and what launches them.
func (f *tfFill) fillInstances(s *tfSide) (ok bool) {
	st := f.stack
	switch s.r.typ {
	case "aws_instance":
		in := ec2Instance{cloudResource: s.resource(""), launch: f.instanceSettings(s), subnet: s.get("subnet_id").ref("aws_subnet", "aws_default_subnet")}
		in.template = s.launchTemplate("launch_template")
		st.instances = append(st.instances, in)
	case "aws_launch_configuration":
		t := launchTemplate{cloudResource: s.resource("name"), launch: f.instanceSettings(s)}
		t.launch.spot = design.Know(s.get("spot_price").text() != "")
		st.templates = append(st.templates, t)
	case "aws_launch_template":
		st.templates = append(st.templates, launchTemplate{cloudResource: s.resource("name"), launch: f.templateSettings(s)})
	case "aws_autoscaling_group":
		st.autoGroups = append(st.autoGroups, f.autoScalingGroup(s))
	default:
		return false
	}
	return true
}

// launchTemplate is the launch template that a block names.
func (s *tfSide) launchTemplate(block string) ref {
	v := s.block(block)
	if v.none() {
		return ref{}
	}
	return templateRef(v)
}

// templateRef is the launch template that a block means, by ID or by name.
func templateRef(v tfValue) ref {
	for _, key := range []string{"id", "launch_template_id", "name", "launch_template_name"} {
		if r := v.get(key).ref("aws_launch_template"); !r.absent() && (r.text != "" || len(r.keys) > 0) {
			return r
		}
	}
	return refUnknown(afterApply)
}

// instanceSettings are those of an instance or a launch configuration.
func (f *tfFill) instanceSettings(s *tfSide) launchSettings {
	l := launchSettings{
		instanceType: s.get("instance_type").fact(),
		image:        s.get("ami").text() + s.get("image_id").text(),
		publicIP:     s.get("associate_public_ip_address").truth(),
		sourceCheck:  s.get("source_dest_check").truth(),
		tenancy:      s.get("tenancy").text() + s.get("placement_tenancy").text(),
		userData:     s.script("user_data") + s.script("user_data_base64"),
		unlimited:    unlimitedCredits(s.block("credit_specification")),
		spot:         design.Know(s.block("instance_market_options").get("market_type").text() == "spot"),
	}
	for _, v := range s.get("root_block_device").items() {
		volume := v.volume("volume_type", "volume_size")
		l.root = &volume
	}
	for _, v := range s.get("ebs_block_device").items() {
		l.data = append(l.data, v.volume("volume_type", "volume_size"))
	}
	f.image(&l)
	return l
}

func unlimitedCredits(block tfValue) fact[bool] {
	credits := block.get("cpu_credits").fact()
	return fact[bool]{Value: credits.Value == "unlimited", Basis: credits.Basis, Note: credits.Note}
}

// templateSettings are those of a launch template.
func (f *tfFill) templateSettings(s *tfSide) launchSettings {
	l := launchSettings{
		instanceType: s.get("instance_type").fact(),
		image:        s.get("image_id").text(),
		tenancy:      s.block("placement").get("tenancy").text(),
		userData:     s.script("user_data"),
		unlimited:    unlimitedCredits(s.block("credit_specification")),
		spot:         design.Know(s.block("instance_market_options").get("market_type").text() == "spot"),
	}
	for _, n := range s.block("network_interfaces").items() {
		if public := n.get("associate_public_ip_address").truth(); !absent(public) {
			l.publicIP = public
		}
	}
	if r := s.block("instance_requirements"); !r.none() {
		requirements := r.requirements()
		l.requirements = &requirements
	}
	for _, m := range s.block("block_device_mappings").items() {
		ebs := m.get("ebs")
		if ebs.none() {
			continue
		}
		volume := ebs.volume("volume_type", "volume_size")
		switch device := m.get("device_name").text(); {
		case l.root == nil && (device == "/dev/xvda" || device == "/dev/sda1"):
			l.root = &volume
		default:
			l.data = append(l.data, volume)
		}
	}
	f.image(&l)
	return l
}

// script is a start script, decoded from base64 where it is.
func (s *tfSide) script(attribute string) string {
	text := s.get(attribute).text()
	if decoded, err := base64.StdEncoding.DecodeString(text); err == nil && len(decoded) > 0 {
		return string(decoded)
	}
	return text
}

// volume is an EBS volume. Without a type it is what the AMI or EC2 makes it.
func (v tfValue) volume(typeIn, sizeIn string) design.Volume {
	volume := design.Volume{
		Type: strings.ToLower(v.get(typeIn).text()), GB: v.get(sizeIn).number(),
		IOPS: v.get("iops").number(), Throughput: v.get("throughput").number(),
	}
	if !volume.GB.Stated() && volume.GB.Note == "" {
		volume.GB.Note = "the size of the volume is the image's"
	}
	// The provider writes 0 for what is not set.
	if volume.IOPS.Value == 0 {
		volume.IOPS = fact[float64]{Note: volume.IOPS.Note}
	}
	if volume.Throughput.Value == 0 {
		volume.Throughput = fact[float64]{Note: volume.Throughput.Note}
	}
	return volume
}

func (f *tfFill) autoScalingGroup(s *tfSide) autoScalingGroup {
	a := autoScalingGroup{
		cloudResource: s.resource("name"),
		min:           s.get("min_size").number(), desired: s.get("desired_capacity").number(), max: s.get("max_size").number(),
		subnets: s.get("vpc_zone_identifier").refs("aws_subnet", "aws_default_subnet"),
		zones:   s.get("availability_zones").texts(),
	}
	for _, tag := range s.block("tag").items() { // a group's tags are blocks
		if key := tag.get("key").text(); key != "" && !s.sensitive("tag") {
			if a.tags == nil {
				a.tags = make(map[string]string)
			}
			a.tags[key] = tag.get("value").text()
		}
	}
	a.template = s.launchTemplate("launch_template")
	if a.template.absent() {
		a.template = s.get("launch_configuration").ref("aws_launch_configuration")
	}
	policy := s.block("mixed_instances_policy")
	if policy.none() {
		return a
	}
	template := policy.get("launch_template")
	a.template = templateRef(template.get("launch_template_specification"))
	a.mixed = &mixedInstances{
		onDemandBase:    policy.get("instances_distribution").get("on_demand_base_capacity").number(),
		onDemandPercent: policy.get("instances_distribution").get("on_demand_percentage_above_base_capacity").number(),
	}
	for _, o := range template.get("override").items() {
		if t := o.get("instance_type").text(); t != "" {
			a.mixed.types = append(a.mixed.types, t)
		}
		if r := o.get("instance_requirements"); !r.none() && a.mixed.requirements == nil {
			requirements := r.requirements()
			a.mixed.requirements = &requirements
		}
	}
	return a
}

package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// seenInstance is a running EC2 instance.
type seenInstance struct {
	kind       string
	spot       bool
	windows    bool
	public     bool
	vpc        string
	rootDevice string
	tenancy    string
	// interfaces are its network interfaces, which routes may name.
	interfaces []string
	// forwards says that the source/destination check is off.
	forwards bool
	at       string
}

// attachedVolume is an EBS volume with the device that it is attached as.
type attachedVolume struct {
	device string
	volume design.Volume
}

// instances reads the instances of a reservation of describe-instances. Those
// that do not run cost nothing but their volumes.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html.
func (d *describer) instances(at cursor) {
	for _, i := range at.get("Instances").items("a list of instances") {
		state := i.get("State").get("Name").name("a state")
		id := i.get("InstanceId").name("an ID")
		if state != "" && state != "running" && state != "pending" || id == "" {
			continue
		}
		placement := i.get("Placement")
		in := &seenInstance{
			kind: i.get("InstanceType").name("an instance type"), vpc: i.get("VpcId").name("an ID"), at: i.path,
			spot:     i.get("InstanceLifecycle").name("a lifecycle") == "spot",
			windows:  strings.EqualFold(i.get("Platform").name("a platform"), "windows"),
			public:   i.get("PublicIpAddress").name("an address") != "",
			forwards: !i.get("SourceDestCheck").flag(true), rootDevice: i.get("RootDeviceName").name("a device"),
			tenancy: placement.get("Tenancy").name("a tenancy"),
		}
		for _, n := range i.get("NetworkInterfaces").items("a list of network interfaces") {
			in.interfaces = append(in.interfaces, n.get("NetworkInterfaceId").name("an ID"))
			in.forwards = in.forwards || !n.get("SourceDestCheck").flag(true)
		}
		for _, tag := range i.get("Tags").items("a list of tags") {
			if strings.HasPrefix(tag.get("Key").name("a tag's key"), "kubernetes.io/cluster/") {
				in.forwards = false // some of Kubernetes' networks switch the check off too
			}
		}
		d.account.instances[id] = in
	}
}

// volume reads an EBS volume that is attached to an instance.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html.
func (d *describer) volume(at cursor) {
	v := design.Volume{Type: at.get("VolumeType").name("a volume type"), GB: at.get("Size").count("a number of GiB")}
	// Of other types AWS reports what comes with the size.
	if v.Type == "gp3" || strings.HasPrefix(v.Type, "io") {
		v.IOPS = at.get("Iops").count("a number of IOPS")
	}
	if v.Type == "gp3" {
		v.Throughput = at.get("Throughput").count("a number of MiB/s")
	}
	if !d.first("volume", at.get("VolumeId").name("an ID")) {
		return
	}
	for _, a := range at.get("Attachments").items("a list of attachments") {
		if id := a.get("InstanceId").name("an ID"); id != "" {
			d.account.volumes[id] = append(d.account.volumes[id], attachedVolume{a.get("Device").name("a device"), v})
		}
	}
}

// forwardingInstances makes NAT instances of those that forward the traffic of
// others: without the source/destination check and, where route tables were
// saved, with a default route to them.
func (d *describer) forwardingInstances() {
	ours := make(map[string]bool)
	for _, m := range d.account.members {
		ours[m.instance] = true
	}
	for _, id := range sortedKeys(d.account.instances) {
		in := d.account.instances[id]
		_, grouped := d.account.autoOf[id]
		switch {
		case ours[id]:
		case in.forwards && (!d.account.routes || d.account.routed[id] || slices.ContainsFunc(in.interfaces, func(n string) bool { return d.account.routed[n] })):
			l := d.launchOf([]string{id})
			l.sourceCheck = design.Know(false)
			d.stack.instances = append(d.stack.instances, ec2Instance{cloudResource: cloudResource{key: id, at: in.at}, launch: l})
		case !grouped:
			d.stack.unpriced("EC2 instance outside ECS")
		}
	}
}

// launchOf is what instances have in common: type, purchase option, volumes.
func (d *describer) launchOf(ids []string) launchSettings {
	var l launchSettings
	var root, data []design.Volume
	spot, known := 0, 0
	for _, id := range ids {
		in := d.account.instances[id]
		if in == nil {
			continue
		}
		known++
		l.tenancy = cmpOr(l.tenancy, in.tenancy)
		l.publicIP = design.Know(l.publicIP.Value || in.public)
		if absent(l.instanceType) && in.kind != "" {
			l.instanceType = design.Know(in.kind)
		}
		l.os = design.Know(design.Linux)
		if in.windows {
			l.os = design.Know(design.Windows)
		}
		if in.spot {
			spot++
		}
		var more []design.Volume
		for _, v := range d.account.volumes[id] {
			if v.device == in.rootDevice {
				root = append(root, v.volume)
			} else {
				more = append(more, v.volume)
			}
		}
		if len(more) > 0 {
			data = append(data, *sumVolumes(more))
		}
	}
	l.spot = design.Know(known > 0 && spot == known)
	l.root = meanVolume(root)
	if v := meanVolume(data); v != nil {
		l.data = []design.Volume{*v}
	}
	return l
}

// meanVolume is the volume of one instance of many; nil of none.
func meanVolume(list []design.Volume) *design.Volume {
	if len(list) == 0 {
		return nil
	}
	mean := list[0]
	equal := true
	sum := fact[float64]{}
	for _, v := range list {
		equal = equal && v == mean
		sum = addFacts(sum, v.GB)
	}
	if !equal && sum.Stated() {
		mean.GB = design.Assume(sum.Value/float64(len(list)), "the mean over the instances, whose volumes differ")
	}
	return &mean
}

// spotShareOf is the share of Spot among instances, unknown where none of them
// was described.
func (d *describer) spotShareOf(ids []string) fact[float64] {
	spot, known := 0.0, 0.0
	for _, id := range ids {
		if in := d.account.instances[id]; in != nil {
			known++
			if in.spot {
				spot++
			}
		}
	}
	if known == 0 {
		return fact[float64]{}
	}
	return design.Know(spot / known)
}

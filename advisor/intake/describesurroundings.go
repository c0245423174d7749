package intake

import (
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// seenAccount is what stands around the services and tasks of an account, until
// it is known which of it they use.
type seenAccount struct {
	// said are the resources that were read, by call and identity.
	said map[[2]string]bool
	// instances are EC2 instances by ID, volumes their EBS volumes.
	instances map[string]*seenInstance
	volumes   map[string][]attachedVolume
	// members are container instances.
	members []seenMember
	// autoGroups are EC2 Auto Scaling groups by name; autoOf finds an
	// instance's.
	autoGroups map[string]*seenAutoGroup
	autoOf     map[string]string
	addresses  []seenAddress
	// vpcOf is the VPC of a subnet, a NAT gateway, an endpoint, a load balancer.
	vpcOf map[string]string
	// routed are the instances and network interfaces that default routes lead
	// to; routes says that there were route tables at all.
	routed map[string]bool
	routes bool
	// ruled are the load balancers whose listeners' rules were listed.
	ruled map[string]bool
	// images are the images by repository, imageGB each by repository:tag and
	// repository@digest.
	images  map[string]*seenImages
	imageGB map[string]float64
	// policies are the ECR lifecycle policies by repository.
	policies    map[string]string
	commitments design.Commitments
}

func newSeenAccount() seenAccount {
	return seenAccount{
		said:      make(map[[2]string]bool),
		instances: make(map[string]*seenInstance), volumes: make(map[string][]attachedVolume),
		autoGroups: make(map[string]*seenAutoGroup), autoOf: make(map[string]string),
		vpcOf: make(map[string]string), routed: make(map[string]bool), ruled: make(map[string]bool),
		images: make(map[string]*seenImages), imageGB: make(map[string]float64), policies: make(map[string]string),
	}
}

// first reports whether a resource is met for the first time: pages of a listing
// may overlap, and a reply may have been saved twice. Without an identity each is
// taken for another.
func (d *describer) first(kind, id string) bool {
	key := [2]string{kind, id}
	if id != "" && d.account.said[key] {
		return false
	}
	d.account.said[key] = true
	return true
}

// surroundings takes over what the services and tasks use. An account also has
// what other software uses: that is counted as not priced, by kind.
func (d *describer) surroundings() {
	d.forwardingInstances()
	d.runningInstances()
	d.ofUsedVPCs()
	d.publicAddresses()
	d.filledRepositories()
	d.usedShared()
}

// ofUsedVPCs leaves out NAT gateways, endpoints and idle load balancers of VPCs
// in which nothing here runs. Where a VPC is not known, it may be one of them.
func (d *describer) ofUsedVPCs() {
	used := make(map[string]bool)
	use := func(subnets []ref) {
		for _, s := range subnets {
			used[d.account.vpcOf[s.text]] = true
		}
	}
	for i := range d.stack.services {
		use(d.stack.services[i].subnets)
	}
	for i := range d.stack.autoGroups {
		use(d.stack.autoGroups[i].subnets)
	}
	for _, m := range d.account.members {
		if in := d.account.instances[m.instance]; in != nil {
			used[in.vpc] = true
		}
	}
	behind := make(map[string]bool) // load balancers in front of services
	byGroup := make(map[string][]ref)
	for i := range d.stack.targetGroups {
		byGroup[d.stack.targetGroups[i].key] = d.stack.targetGroups[i].balancers
	}
	for i := range d.stack.services {
		for _, g := range d.stack.services[i].targetGroups {
			for _, b := range byGroup[g.text] {
				behind[b.text] = true
				used[d.account.vpcOf[b.text]] = true
			}
		}
	}
	delete(used, "")
	elsewhere := func(key, what string) bool {
		vpc := d.account.vpcOf[key]
		if vpc == "" || len(used) == 0 || used[vpc] || behind[key] {
			return false
		}
		d.stack.unpriced(what + " of a VPC in which no task here runs")
		return true
	}
	d.stack.nats = slices.DeleteFunc(d.stack.nats, func(g natGateway) bool { return elsewhere(g.key, "NAT gateway") })
	d.stack.endpoints = slices.DeleteFunc(d.stack.endpoints, func(e vpcEndpoint) bool { return elsewhere(e.key, "VPC endpoint") })
	d.stack.balancers = slices.DeleteFunc(d.stack.balancers, func(b elasticBalancer) bool { return elsewhere(b.key, "load balancer") })
}

// usedShared leaves out the log groups, file systems and secrets that no task
// definition names. Repositories stay: they hold images of containers.
func (d *describer) usedShared() {
	groups, systems, secrets := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for i := range d.stack.taskDefs {
		def := d.stack.taskDefs[i].def
		for _, g := range def.groups {
			groups[g] = true
		}
		for _, id := range def.fileSystems {
			systems[id] = true
		}
		for id := range def.secrets[secretsManager] {
			name := arnName(id)
			secrets[name] = true
			if dash := strings.LastIndexByte(name, '-'); dash > 0 && len(name)-dash == 7 { // six random characters
				secrets[name[:dash]] = true
			}
		}
	}
	unused := func(used bool, what string) bool {
		if !used {
			d.stack.unpriced(what)
		}
		return !used
	}
	d.stack.logGroups = slices.DeleteFunc(d.stack.logGroups, func(g logGroup) bool {
		// ECS and Container Insights write to groups of their own, and services
		// that were deleted leave theirs behind.
		ecs := strings.HasPrefix(g.name, "/aws/ecs/") || strings.HasPrefix(g.name, "/ecs/")
		return unused(groups[g.name] || ecs, "log group that no task here writes to")
	})
	d.stack.fileSystems = slices.DeleteFunc(d.stack.fileSystems, func(f efsSystem) bool {
		return unused(systems[f.key], "EFS file system that no task here mounts")
	})
	d.stack.secrets = slices.DeleteFunc(d.stack.secrets, func(s secret) bool {
		return unused(secrets[s.name], "secret that no task here reads")
	})
}

// surroundingsSeen lays over the workload what the model of a stack has no place
// for: sizes of images, instances of Managed Instances, commitments.
func (d *describer) surroundingsSeen(w *design.Workload) {
	for i := range w.Services {
		s := &w.Services[i]
		if s.Count.Runs != nil {
			d.runLength(s)
		}
		for k := range s.Task.Containers {
			c := &s.Task.Containers[k]
			if gb, ok := d.account.imageGB[imageKey(c.Image)]; ok {
				c.ImageSize = design.Know(gb)
			}
		}
	}
	for i := range w.LoadBalancers {
		// Rules count where describe-rules was saved too.
		if lb := &w.LoadBalancers[i]; !d.account.ruled["loadbalancer/"+lb.ID] {
			lb.Traffic.Rules = design.Fact[float64]{}
		}
	}
	families := d.managedSeen(w)
	w.Commitments.SavingsPlans = d.account.commitments.SavingsPlans
	for _, r := range d.account.commitments.Reservations {
		if family, _, _ := strings.Cut(r.InstanceType, "."); !families[family] {
			if w.NotPriced == nil {
				w.NotPriced = make(map[string]int)
			}
			w.NotPriced["Reserved Instance of a family that no instance here has"] += int(r.Count)
			continue
		}
		w.Commitments.Reservations = append(w.Commitments.Reservations, r)
	}
}

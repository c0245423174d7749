package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// natGateway reads AWS::EC2::NatGateway.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-natgateway.html.
func (c *cfnReader) natGateway(r *cfnResource) {
	n := natGateway{
		cloudResource: r.base(""),
		private:       strings.EqualFold(r.get("ConnectivityType").word(), "private"),
		regional:      strings.EqualFold(r.get("AvailabilityMode").word(), "regional"),
		subnet:        r.get("SubnetId").ref(cfnSubnet),
	}
	if eip := r.get("AllocationId"); eip.present() {
		n.eips = append(n.eips, eip.ref(cfnElasticIP))
	}
	n.eips = append(n.eips, r.get("SecondaryAllocationIds").refs(cfnElasticIP)...)
	zones := r.get("AvailabilityZoneAddresses").items()
	for _, zone := range zones {
		n.eips = append(n.eips, zone.get("AllocationIds").refs(cfnElasticIP)...)
	}
	if len(zones) > 0 {
		n.zones = design.Know(float64(len(zones)))
	}
	c.stack.nats = append(c.stack.nats, n)
}

// cfnAssociation holds an Elastic IP to an instance or a network interface.
type cfnAssociation struct{ eip, holder ref }

// elasticIP reads AWS::EC2::EIP.
func (c *cfnReader) elasticIP(r *cfnResource) {
	ip := elasticIP{cloudResource: r.base("")}
	if holder := r.get("InstanceId"); holder.present() {
		ip.holders = append(ip.holders, holder.ref(cfnInstance))
	}
	// An address of a pool of the account's own is not charged; "amazon" is
	// AWS's pool.
	pool := r.get("PublicIpv4Pool").word()
	ip.free = pool != "" && !strings.EqualFold(pool, "amazon")
	c.stack.eips = append(c.stack.eips, ip)
}

// addressAssociation reads AWS::EC2::EIPAssociation.
func (c *cfnReader) addressAssociation(r *cfnResource) {
	eip := r.get("AllocationId")
	if !eip.present() {
		eip = r.get("EIP")
	}
	for _, holder := range []cfnValue{r.get("InstanceId"), r.get("NetworkInterfaceId")} {
		if holder.present() {
			c.associations = append(c.associations, cfnAssociation{eip.ref(cfnElasticIP), holder.ref(cfnInstance, cfnInterface)})
		}
	}
}

// associate tells Elastic IPs what holds them.
func (c *cfnReader) associate() {
	byKey := make(map[string]*elasticIP, len(c.stack.eips))
	for i := range c.stack.eips {
		byKey[c.stack.eips[i].key] = &c.stack.eips[i]
	}
	for _, a := range c.associations {
		for _, key := range a.eip.keys {
			if ip := byKey[key]; ip != nil {
				ip.holders = append(ip.holders, a.holder)
			}
		}
	}
}

// endpoint reads AWS::EC2::VPCEndpoint.
func (c *cfnReader) endpoint(r *cfnResource) {
	service := r.get("ServiceName")
	e := vpcEndpoint{
		cloudResource: r.base(""),
		service:       service.text(),
		kind:          r.get("VpcEndpointType").word(),
		subnets:       r.get("SubnetIds").refs(cfnSubnet),
	}
	// com.amazonaws.${AWS::Region}.ecr.api names the service all the same.
	if text, known := service.nearly(); known && !e.service.Stated() {
		e.service = design.Know(strings.ReplaceAll(text, "${AWS::Region}", "region"))
	}
	c.stack.endpoints = append(c.stack.endpoints, e)
}

// zones are the Availability Zones of a list. One that is known by its number
// only (Fn::Select of Fn::GetAZs) is told apart by it; how many zones an
// unknown list has nobody knows.
func (v cfnValue) zones() []string {
	var zones []string
	for _, zone := range v.items() {
		if !zone.unknown() || strings.HasPrefix(zone.n.text, "${Fn::Select ") {
			zones = append(zones, zone.n.text)
		}
	}
	return zones
}

// subnet reads AWS::EC2::Subnet. Zones are told apart as in zones.
func (c *cfnReader) subnet(r *cfnResource) {
	zone := r.get("AvailabilityZone")
	if !zone.present() {
		zone = r.get("AvailabilityZoneId")
	}
	s := subnet{cloudResource: r.base(""), zone: zone.text()}
	if zone.unknown() && strings.HasPrefix(zone.n.text, "${Fn::Select ") {
		s.zone = design.Know(zone.n.text)
	}
	c.stack.subnets = append(c.stack.subnets, s)
}

// route reads AWS::EC2::Route; only one to an instance or an interface matters.
func (c *cfnReader) route(r *cfnResource) {
	route := vpcRoute{
		cloudResource:    cloudResource{key: r.key(), at: r.at},
		instance:         r.get("InstanceId").ref(cfnInstance),
		networkInterface: r.get("NetworkInterfaceId").ref(cfnInterface),
	}
	if !route.instance.absent() || !route.networkInterface.absent() {
		c.stack.routes = append(c.stack.routes, route)
	}
}

// networkInterface reads AWS::EC2::NetworkInterface.
func (c *cfnReader) networkInterface(r *cfnResource) {
	check := r.get("SourceDestCheck").flag()
	c.stack.interfaces = append(c.stack.interfaces, networkInterface{
		cloudResource: r.base(""), forwards: check.Stated() && !check.Value,
	})
}

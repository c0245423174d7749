package advisor

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// nat weighs the ways out of private subnets by what was measured to pass: NAT
// instances, one gateway for all AZs, a regional one, public addresses, endpoints.
// docs/nat.md.
func nat(s *site, f *findings) error {
	n := &s.workload.Network.NAT
	if n.Kind == design.NoNAT {
		return nil
	}
	if err := s.gatewayEndpoints(f); err != nil {
		return err
	}
	if n.Kind != design.NATGateway && n.Kind != design.RegionalGateway {
		return nil
	}
	if !n.Data.Stated() || !n.Count.Stated() {
		f.abstain(LeverNAT, s.natSubject(), "needs the bytes of every NAT gateway: AWS/NATGateway was not read of all")
		return nil
	}
	for _, option := range []func(*findings) error{s.natInstance, s.oneGateway, s.regionalGateway, s.publicAddresses, s.logsEndpoint} {
		if err := option(f); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) natSubject() Subject { return s.subject("NAT", "", "gateways", nil) }

// natEvidence says what passed.
func (s *site) natEvidence(next string) Evidence {
	n := &s.workload.Network.NAT
	bound := fmt.Sprintf("%.4g GB a month through %.0f gateways, both directions", n.Data.Value, n.Count.Value)
	if n.PeakMbps.Stated() {
		bound += fmt.Sprintf("; P95 %.3g Mbit/s and peak %.3g Mbit/s at the busiest", s.busiest(natP95Mbps), n.PeakMbps.Value)
	}
	return Evidence{Source: "AWS/NATGateway", Bound: bound, Next: next}
}

// busiest is the largest value of the workload's gateways, NaN where none has it.
func (s *site) busiest(what string) float64 {
	top := math.NaN()
	for _, id := range s.workload.Network.NAT.IDs {
		if v, ok := s.flows[resourceKey{"nat-gateway", "", id}][what]; ok && !(v <= top) {
			top = v
		}
	}
	return top
}

// fromGateway changes the NAT of a workload that still has the gateways.
func fromGateway(change func(*design.Workload) error) func(*design.Workload) error {
	return func(w *design.Workload) error {
		if k := w.Network.NAT.Kind; k != design.NATGateway && k != design.RegionalGateway {
			return errors.New("it has no NAT gateway any more")
		}
		return change(w)
	}
}

// natTypes are the types of fck-nat's table of sizes, the smallest first.
// Source: github.com/AndrewGuenther/fck-nat, docs/choosing_an_instance_size.md.
func natTypes() []string {
	return []string{"t4g.nano", "t4g.micro", "t4g.small", "c6gn.medium", "c7gn.medium", "c7gn.large"}
}

const (
	// natRoom is how much more than the P95 of the measured rate an instance has
	// to sustain. A choice: two weeks are not a year.
	natRoom = 2
	// natMostMbps is what an instance of fewer than 32 vCPU sends to the internet
	// at most. Source: docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-network-bandwidth.html.
	natMostMbps = 5000
)

// natInstance replaces each gateway with an instance whose lasting bandwidth holds
// twice the P95 of what passed the busiest one.
func (s *site) natInstance(f *findings) error {
	p95, peak := s.busiest(natP95Mbps), s.workload.Network.NAT.PeakMbps
	if math.IsNaN(p95) || !peak.Stated() {
		f.abstain(LeverNAT, s.natSubject(), "whether an instance carries it: needs PeakBytesPerSecond of its gateways, read with depth standard")
		return nil
	}
	kind, sustained := "", 0.0
	for _, name := range natTypes() {
		t, err := s.cat.InstanceType(name)
		if err == nil && t.BandwidthMbps >= natRoom*p95 && peak.Value <= natMostMbps {
			kind, sustained = name, t.BandwidthMbps
			break
		}
	}
	if kind == "" {
		return nil // no instance of the table carries it
	}
	r := Recommendation{
		Lever: LeverNAT, Subject: s.natSubject(), Title: "NAT gateways → NAT instances, " + kind,
		Risk: RiskHigh, RiskReasons: []string{
			"a NAT instance is a single point of failure in its AZ: while an Auto Scaling group replaces it there is no way out, and open connections are reset",
			"it is yours to patch",
		},
		Effort: EffortMigration,
		Reasons: []string{
			fmt.Sprintf("a gateway costs by the hour and by the GB, an instance by the hour alone; %s sustains %.0f Mbit/s, %.3g Mbit/s is the P95 of what passes the busiest gateway", kind, sustained, p95),
		},
		Patches: []Patch{
			{FormTerraform, fmt.Sprintf("module \"fck_nat\" {\n  source        = \"RaJiska/fck-nat/aws\"\n  ha_mode       = true\n  instance_type = %s\n  # one for each AZ: name, vpc_id, subnet_id, update_route_tables, route_tables_ids\n}", hcl(kind))},
			{FormCLI, fmt.Sprintf("aws ec2 replace-route --region %s --route-table-id \"$PRIVATE_ROUTE_TABLE\" --destination-cidr-block 0.0.0.0/0 --network-interface-id \"$NAT_INSTANCE_ENI\"", shell(s.scope.Region))},
		},
		Change: fromGateway(func(w *design.Workload) error {
			n := w.Network.NAT
			w.Network.NAT = design.NAT{Kind: design.NATInstance, InstanceType: kind, Count: n.Count, Data: n.Data, PeakMbps: n.PeakMbps}
			return nil
		}),
		Evidence: s.natEvidence("the next smaller type sustains less than twice the P95"),
	}
	if kind == natTypes()[0] {
		r.Evidence.Next = "no smaller type exists"
	}
	if peak.Value > sustained {
		r.RiskReasons = append(r.RiskReasons, fmt.Sprintf("peaks of %.3g Mbit/s are above what it sustains: they live on credits", peak.Value))
	}
	return s.offer(r, f)
}

// oneGateway keeps the gateway through which most passes: what the other AZs send
// crosses AZs from then on, at a cent a GB on each side.
func (s *site) oneGateway(f *findings) error {
	n := &s.workload.Network.NAT
	if n.Kind != design.NATGateway || n.Count.Value < 2 || len(n.IDs) != int(n.Count.Value) {
		return nil
	}
	crossing := n.Data.Value - s.busiest(natGB)
	keep := ""
	for _, id := range n.IDs {
		if keep == "" && s.flows[resourceKey{"nat-gateway", "", id}][natGB] == s.busiest(natGB) {
			keep = id
		}
	}
	return s.offer(Recommendation{
		Lever: LeverNAT, Subject: s.natSubject(), Title: fmt.Sprintf("one NAT gateway instead of %.0f", n.Count.Value),
		Risk: RiskHigh, RiskReasons: []string{"when the AZ of " + keep + " fails, no private subnet has a way out; take it for what is not production"},
		Effort:  EffortMigration,
		Reasons: []string{fmt.Sprintf("%.4g GB a month would cross AZs, at the rate of both directions, which the saving counts", crossing), "it holds where the gateways are those of one VPC"},
		Patches: []Patch{
			{FormTerraform, "# module vpc: single_nat_gateway = true"},
			{FormCLI, fmt.Sprintf("aws ec2 replace-route --region %s --route-table-id \"$PRIVATE_ROUTE_TABLE\" --destination-cidr-block 0.0.0.0/0 --nat-gateway-id %s", shell(s.scope.Region), shell(keep))},
		},
		Change: fromGateway(func(w *design.Workload) error {
			if w.Network.NAT.Count.Value < 2 {
				return errGone
			}
			w.Network.NAT.Count = design.Know(1.0)
			t := &w.Network.Traffic
			if t.CrossAZ.Stated() {
				t.CrossAZ = design.Plus(t.CrossAZ, design.Know(crossing))
			} else {
				t.CrossAZ = design.Know(crossing)
			}
			return nil
		}),
		Evidence: s.natEvidence("a NAT instance"),
	}, f)
}

// regionalGateway is one resource for all AZs, billed for each AZ it spans: it
// saves only where there are more gateways than AZs.
func (s *site) regionalGateway(f *findings) error {
	n, azs := &s.workload.Network.NAT, s.workload.Network.AZs
	if n.Kind != design.NATGateway || !azs.Stated() || n.Count.Value <= azs.Value {
		return nil
	}
	return s.offer(Recommendation{
		Lever: LeverNAT, Subject: s.natSubject(), Title: fmt.Sprintf("a regional NAT gateway over %.0f AZs instead of %.0f gateways", azs.Value, n.Count.Value),
		Risk: RiskMedium, RiskReasons: []string{"its addresses are new: whoever has the old ones on a list has to be told", "in an AZ that is new to it, traffic crosses AZs for its first quarter of an hour"},
		Effort:  EffortMigration,
		Reasons: []string{"it is billed for each AZ in which something runs, at the price of a gateway", "it holds where the gateways are those of one VPC"},
		Patches: []Patch{
			{FormTerraform, "resource \"aws_nat_gateway\" \"regional\" {\n  availability_mode = \"regional\"\n  vpc_id            = var.vpc_id\n}"},
			{FormCLI, fmt.Sprintf("aws ec2 create-nat-gateway --region %s --availability-mode regional --vpc-id \"$VPC\"", shell(s.scope.Region))},
		},
		Change: fromGateway(func(w *design.Workload) error {
			w.Network.NAT.Kind, w.Network.NAT.Count = design.RegionalGateway, azs
			return nil
		}),
		Evidence: s.natEvidence("one zonal gateway"),
	}, f)
}

// publicAddresses gives each Fargate task a public address instead of the NAT:
// cheaper below some ten tasks an AZ.
func (s *site) publicAddresses(f *findings) error {
	return s.offer(Recommendation{
		Lever: LeverNAT, Subject: s.natSubject(), Title: "public IPv4 addresses for tasks instead of NAT",
		Risk: RiskHigh, RiskReasons: []string{"tasks are then reachable from the internet but for their security groups: no rule may let anything in that is not meant to"},
		Effort: EffortMigration,
		Reasons: []string{
			"an address costs $0.005 an hour, a gateway $0.045 and its own address: addresses are cheaper below ten tasks for each gateway, GB apart",
			"addresses change with every task: partners who list them cannot",
		},
		Patches: []Patch{
			{FormTerraform, "network_configuration {\n  subnets          = var.public_subnets\n  assign_public_ip = true\n}"},
			{FormCLI, fmt.Sprintf("aws ecs update-service --region %s --cluster \"$CLUSTER\" --service \"$SERVICE\" --network-configuration 'awsvpcConfiguration={subnets=[%s],securityGroups=[%s],assignPublicIp=ENABLED}'", shell(s.scope.Region), "SUBNETS", "GROUPS")},
		},
		Change:   fromGateway(toPublicIPs),
		Evidence: s.natEvidence("IPv6 with an egress-only gateway, which is free, where everybody else speaks it"),
	}, f)
}

// hasEndpoint reports whether a network has an endpoint of a service.
func hasEndpoint(n *design.Network, service string) bool {
	return slices.ContainsFunc(n.Endpoints, func(e design.Endpoint) bool { return e.Service == service })
}

// gatewayEndpoints are those of S3 and DynamoDB: they are free, so that they are
// recommended whatever passes. What is known to pass are the layers of ECR images
// that tasks pull at their starts; the rest nobody measures.
func (s *site) gatewayEndpoints(f *findings) error {
	for _, service := range []string{"s3", "dynamodb"} {
		if hasEndpoint(&s.workload.Network, service) {
			continue
		}
		known := 0.0
		if service == "s3" {
			known = s.pulledGB()
		}
		r := Recommendation{
			Lever: LeverNAT, Subject: s.subject("VPC endpoint", "", service, nil), Title: "add a gateway endpoint of " + service + ", which is free",
			Risk: RiskLow, RiskReasons: []string{"open connections to " + service + " break once, when the route changes"},
			Effort:  EffortSetting,
			Reasons: []string{fmt.Sprintf("every GB to %s that passes the NAT is paid for; %.4g GB a month of it are known (image layers), how much more is not measured", service, known)},
			Patches: []Patch{
				{FormTerraform, fmt.Sprintf("resource \"aws_vpc_endpoint\" %q {\n  vpc_id            = var.vpc_id\n  service_name      = %s\n  vpc_endpoint_type = \"Gateway\"\n  route_table_ids   = var.private_route_tables\n}", service, hcl("com.amazonaws."+s.scope.Region+"."+service))},
				{FormCLI, fmt.Sprintf("aws ec2 create-vpc-endpoint --region %s --vpc-id \"$VPC\" --vpc-endpoint-type Gateway --service-name %s --route-table-ids $PRIVATE_ROUTE_TABLES", shell(s.scope.Region), shell("com.amazonaws."+s.scope.Region+"."+service))},
			},
			Change: func(w *design.Workload) error {
				n := &w.Network
				if hasEndpoint(n, service) {
					return errGone
				}
				n.Endpoints = append(slices.Clone(n.Endpoints), design.Endpoint{Service: service, Kind: design.GatewayEndpoint})
				if n.NAT.Data.Stated() {
					n.NAT.Data = design.Know(max(0, n.NAT.Data.Value-known))
				}
				return nil
			},
			Evidence: Evidence{Source: "AWS/ECS", Bound: fmt.Sprintf("%.4g GB a month of image layers at task starts", known)},
		}
		r, _, err := s.recommend(r)
		if err != nil {
			return err
		}
		if r.Saving.P10 > -cent {
			f.recommend(r)
		}
	}
	return nil
}

// pulledGB is what the starts of tasks pull from ECR through the NAT, GB a month:
// starts that were seen (rises of the count) × the size of the images.
func (s *site) pulledGB() float64 {
	gb := 0.0
	for i := range s.workload.Services {
		svc := &s.workload.Services[i]
		starts := s.facts[i].Starts
		if svc.AssignPublicIP.Value || !(starts > 0) || !onFargate(svc) {
			continue // an instance keeps its images
		}
		for _, k := range svc.Task.Containers {
			if strings.Contains(k.Image, ".dkr.ecr."+s.scope.Region+".") && k.ImageSize.Stated() {
				gb += starts * k.ImageSize.Value
			}
		}
	}
	return gb
}

// logsEndpoint takes what log groups ingest off the NAT. An interface endpoint
// costs its hours in each AZ and its GB, so that it takes
//
//	hours × 0.01 / (0.045 − 0.01) = 208.57 GB a month for each AZ
//
// to pay for itself (730 h, us-east-1), while the NAT stays.
func (s *site) logsEndpoint(f *findings) error {
	if hasEndpoint(&s.workload.Network, "logs") {
		return nil
	}
	gb := 0.0
	for _, g := range s.workload.LogGroups {
		gb += g.Ingest.Value
	}
	gb = min(gb, s.workload.Network.NAT.Data.Value)
	if slices.ContainsFunc(s.workload.Services, func(svc design.Service) bool { return svc.AssignPublicIP.Value }) {
		return nil // whose logs pass the NAT is not known
	}
	return s.offer(Recommendation{
		Lever: LeverNAT, Subject: s.subject("VPC endpoint", "", "logs", nil), Title: "add an interface endpoint of logs",
		Risk: RiskLow, RiskReasons: []string{"its security group has to let the tasks in on 443, else they log nothing"},
		Effort:  EffortSetting,
		Reasons: []string{fmt.Sprintf("%.4g GB a month of logs pass the NAT at its rate; the endpoint has a lower one, and costs its hours in each AZ", gb)},
		Patches: []Patch{
			{FormTerraform, fmt.Sprintf("resource \"aws_vpc_endpoint\" \"logs\" {\n  vpc_id              = var.vpc_id\n  service_name        = %s\n  vpc_endpoint_type   = \"Interface\"\n  private_dns_enabled = true\n  subnet_ids          = var.private_subnets\n}", hcl("com.amazonaws."+s.scope.Region+".logs"))},
			{FormCLI, fmt.Sprintf("aws ec2 create-vpc-endpoint --region %s --vpc-id \"$VPC\" --vpc-endpoint-type Interface --service-name %s --subnet-ids $PRIVATE_SUBNETS --private-dns-enabled", shell(s.scope.Region), shell("com.amazonaws."+s.scope.Region+".logs"))},
		},
		Change: fromGateway(func(w *design.Workload) error {
			n := &w.Network
			if hasEndpoint(n, "logs") {
				return errGone
			}
			n.Endpoints = append(slices.Clone(n.Endpoints), design.Endpoint{Service: "logs", Kind: design.InterfaceEndpoint, Data: design.Know(gb)})
			n.NAT.Data = design.Know(max(0, n.NAT.Data.Value-gb))
			return nil
		}),
		Evidence: Evidence{Source: "AWS/Logs", Bound: fmt.Sprintf("%.4g GB a month ingested", gb), Next: "other endpoints: what passes to them is not measured"},
	}, f)
}

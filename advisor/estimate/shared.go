package estimate

import (
	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

// repository meters an ECR repository: GB-months at rest. Under a lifecycle
// rule that is the images it keeps; layers that images share are stored once,
// so this is the most it can be.
// Source: aws.amazon.com/ecr/pricing.
func (m *meter) repository(p *design.Repository, r resource, path string) {
	stored, why := p.Stored, num(p.Stored.Value)+" GB"
	if !stored.Stated() {
		kept := p.KeepImages
		if !kept.Stated() && p.KeepDays.Stated() {
			kept = design.Times(design.Scale(p.KeepDays, 1/daysPerMonth), p.PushesPerMonth)
		}
		if kept.Stated() && p.ImageGB.Stated() {
			m.assume(path, "images kept share no layers: the most that the lifecycle rule can leave")
		}
		stored = design.Times(take(m, path, p.ImageGB), take(m, path, kept))
		why = num(kept.Value) + " images × " + num(p.ImageGB.Value) + " GB"
	}
	if !stored.Stated() {
		stored.Note = "neither the stored size nor image size and lifecycle rule are stated"
	}
	r.use(Images, "ECR storage", "", m.sku("AmazonECR", "TimedStorage-ByteHrs"), stored, why)
}

// secrets meters Secrets Manager and Parameter Store. ECS reads each distinct
// secret once for every task it starts; standard parameters are free, and so
// are their reads at standard throughput.
// Source: aws.amazon.com/secrets-manager/pricing, aws.amazon.com/systems-manager/pricing;
// the reads at start: amazon-ecs-agent, agent/taskresource/asmsecret.
func (m *meter) secrets(s *design.SecretStore, starts quantity, r resource, path string) {
	if n := take(m, path+".secrets_manager", s.Secrets); n.Stated() && n.Value > 0 {
		r.use(Secrets, "Secrets Manager secrets", "", m.sku("AWSSecretsManager", "AWSSecretsManager-Secrets"), n, num(n.Value)+" secrets")
		calls := design.Times(n, starts)
		why := num(n.Value) + " secrets × " + num(starts.Value) + " task starts"
		if s.Reads.Stated() {
			calls = addStated(calls, take(m, path+".reads", s.Reads))
			why += " + " + num(s.Reads.Value) + " reads"
		}
		if !starts.Stated() {
			m.assume(path, "reads at task starts are not counted: how often tasks start is not stated")
		}
		if calls.Stated() {
			r.use(Secrets, "Secrets Manager API calls", "", m.sku("AWSSecretsManager", "AWSSecretsManagerAPIRequest"), calls, why)
		}
	}
	if n := take(m, path+".advanced_parameters", s.AdvancedParameters); n.Stated() && n.Value > 0 {
		r.use(Secrets, "Parameter Store advanced parameters", "", m.sku("AWSSystemsManager", "PS-Advanced-Param-Tier1"),
			design.Scale(n, m.hours), num(n.Value)+" × "+num(m.hours)+" h")
	}
	take(m, path+".parameters", s.StandardParameters)
}

// fileSystem meters EFS: GB-months by class, elastic throughput and requests to
// infrequent access by GB, provisioned throughput above what storage includes.
// Source: aws.amazon.com/efs/pricing.
func (m *meter) fileSystem(f *design.FileSystem, r resource, path string) {
	standard := "TimedStorage-ByteHrs"
	detail := "standard"
	if f.OneZone {
		standard, detail = "TimedStorage-Z-ByteHrs", "One Zone"
	}
	elastic := f.ReadGB.Stated() || f.WriteGB.Stated()
	infrequent := "IATimedStorage-ByteHrs"
	switch {
	case f.OneZone:
		infrequent = "IATimedStorage-Z-ByteHrs"
	case elastic:
		infrequent = "IATimedStorage-ET-ByteHrs"
	}
	line := func(name, detail string, sku pricing.SKU, q quantity, unit string) {
		if q.Stated() {
			q = take(m, path, q)
			r.use(Storage, name, detail, sku, q, num(q.Value)+" "+unit)
		}
	}
	stored := f.Stored
	if !stored.Stated() && stored.Note == "" {
		stored.Note = "the size of the file system is not stated"
	}
	r.use(Storage, "EFS storage", detail, m.sku("AmazonEFS", standard), take(m, path, stored), num(stored.Value)+" GB")
	line("EFS storage", "infrequent access", m.sku("AmazonEFS", infrequent), f.InfrequentGB, "GB")
	line("EFS storage", "archive", m.sku("AmazonEFS", "ArchiveTimedStorage-ET-ByteHrs"), f.ArchiveGB, "GB")
	line("EFS elastic throughput", "read", m.sku("AmazonEFS", "ETDataAccess-Bytes", "operation=read"), f.ReadGB, "GB")
	line("EFS elastic throughput", "write", m.sku("AmazonEFS", "ETDataAccess-Bytes", "operation=write"), f.WriteGB, "GB")
	line("EFS infrequent access requests", "read", m.sku("AmazonEFS", "IADataAccess-Bytes", "operation=read"), f.InfrequentReadGB, "GB")
	line("EFS infrequent access requests", "write", m.sku("AmazonEFS", "IADataAccess-Bytes", "operation=write"), f.InfrequentWriteGB, "GB")
	if f.ProvisionedMiBps.Stated() {
		billed := above(take(m, path, f.ProvisionedMiBps), stored.Value/gbPerIncludedMiBps)
		if !stored.Stated() {
			m.assume(path, "the throughput that the stored data includes is not taken off: its size is not stated")
		}
		r.use(Storage, "EFS provisioned throughput", "above what the stored data includes", m.sku("AmazonEFS", "ProvisionedTP-MiBpsHrs"), billed,
			num(f.ProvisionedMiBps.Value)+" MiB/s − "+num(stored.Value)+" GB / 20")
	}
}

// gbPerIncludedMiBps: every 20 GB in the standard class include 1 MiB/s of
// provisioned throughput. Source: aws.amazon.com/efs/pricing, "Provisioned
// Throughput mode".
const gbPerIncludedMiBps = 20

// namespace meters Cloud Map. Instances that ECS service discovery registers
// are free; calls of DiscoverInstances are not, and a DNS namespace has a
// hosted zone.
// Source: aws.amazon.com/cloud-map/pricing.
func (m *meter) namespace(n *design.Namespace, r resource, path string) {
	if n.Instances.Stated() {
		q := take(m, path+".instances", n.Instances)
		r.use(Discovery, "Cloud Map registered resources", "", m.sku("AWSCloudMap", "CloudMapResource-Mo"), q, num(q.Value)+" resources")
	}
	if n.Queries.Stated() {
		q := take(m, path+".queries", n.Queries)
		r.use(Discovery, "Cloud Map API calls", "", m.sku("AWSCloudMap", "CloudMapAPI-Calls"), q, num(q.Value)+" calls")
	}
	if n.HostedZone {
		r.use(Discovery, "Route 53 hosted zone", "", pricing.NewSKU("AmazonRoute53", "HostedZone", pricing.Global), design.Know(1.0), "1 zone")
	}
}

// controlPlane meters the EKS control plane; that of ECS is free.
// Source: aws.amazon.com/eks/pricing.
func (m *meter) controlPlane(c *design.Cluster, r resource) {
	if c.Orchestrator != design.EKS {
		return
	}
	hours := design.Know(m.hours)
	r.use(Control, "EKS cluster hours", "", m.sku("AmazonEKS", "AmazonEKS-Hours:perCluster"), hours, num(m.hours)+" h")
	if c.ExtendedSupport {
		r.use(Control, "EKS extended support", "", m.sku("AmazonEKS", "AmazonEKS-Hours:extendedSupport"), hours, num(m.hours)+" h")
	}
}

package estimate

import (
	"cmp"

	"ecsavvy/advisor/design"
	"ecsavvy/pricing"
)

const ecs = "AmazonECS"

// fargateSKUs are the SKUs of a Fargate task's parts.
type fargateSKUs struct {
	vcpu, gb pricing.SKU
	// license is the Windows licence by vCPU-hour; empty on Linux.
	license pricing.SKU
	label   string // "Fargate", "Fargate Spot", with architecture or OS
}

// fargateSKUs picks the SKUs by capacity, architecture and operating system.
// Usage types as in the AmazonECS price list; EKS sells x86 on-demand Fargate
// under its own service code.
func (m *meter) fargateSKUs(kind design.ProviderKind, os design.OS, arch design.Architecture, orchestrator design.Orchestrator) fargateSKUs {
	if os == design.Windows {
		return fargateSKUs{
			vcpu:    m.sku(ecs, "Fargate-Windows-vCPU-Hours:perCPU"),
			gb:      m.sku(ecs, "Fargate-Windows-GB-Hours"),
			license: m.sku(ecs, "Fargate-Windows-OS-Hours:perCPU"),
			label:   "Fargate Windows",
		}
	}
	service := ecs
	if orchestrator == design.EKS {
		service = "AmazonEKS"
	}
	prefix, label := "Fargate-", "Fargate"
	if kind == design.FargateSpot {
		prefix, label = "SpotUsage-Fargate-", "Fargate Spot"
	}
	if arch == design.ARM64 {
		prefix, label = prefix+"ARM-", label+" ARM"
	}
	return fargateSKUs{
		vcpu:  m.sku(service, prefix+"vCPU-Hours:perCPU"),
		gb:    m.sku(service, prefix+"GB-Hours"),
		label: label,
	}
}

// fargate meters a service's tasks on one Fargate provider:
//
//	vCPU-hours = task-hours × vCPU        GB-hours = task-hours × GB
//	storage GB-hours = task-hours × max(0, GiB − 20)
//
// Source: aws.amazon.com/fargate/pricing.
func (m *meter) fargate(r resource, s *design.Service, t taskHours, size taskSize) {
	path := "services." + s.Name
	t.hours = platformKnown(s, t.hours)
	sku := m.fargateSKUs(t.provider.Kind, s.Task.OS.Value, s.Task.Architecture.Value, m.orchestrator(s))
	hours := t.hours
	if t.provider.Kind == design.FargateSpot && s.Rework.Stated() {
		rework := take(m, path+".spot_rework", s.Rework)
		hours = design.Times(hours, design.Fact[float64]{Value: 1 + rework.Value, Basis: rework.Basis})
		t.why += " × " + num(1+rework.Value) + " for rework"
	}
	m.fargateSize(r, sku, hours, t, size.declared, "")
	if size.grown() {
		extra := size.extra()
		m.fargateSize(r, sku, hours, t, extra, "for "+size.sidecars)
	}
	if e := s.Task.EphemeralStorage; e.Stated() && e.Value > design.FreeEphemeralGiB {
		e = take(m, path+".task.ephemeral_storage", e)
		e.Value -= design.FreeEphemeralGiB
		r.use(Compute, sku.label+" ephemeral storage", "above 20 GB free", m.sku(ecs, "Fargate-EphemeralStorage-GB-Hours"),
			design.Times(hours, e), t.why+" × "+num(e.Value)+" GB")
	}
}

// platformKnown returns the hours, unknown where the operating system or the
// architecture is: which rate applies cannot be told then.
func platformKnown(s *design.Service, hours quantity) quantity {
	switch {
	case !s.Task.OS.Stated():
		return design.NotKnown[float64](cmp.Or(s.Task.OS.Note, "the operating system is not known"))
	case !s.Task.Architecture.Stated():
		return design.NotKnown[float64](cmp.Or(s.Task.Architecture.Note, "the CPU architecture is not known"))
	default:
		return hours
	}
}

// fargateSize meters the vCPU and GB of one size.
func (m *meter) fargateSize(r resource, sku fargateSKUs, hours quantity, t taskHours, size facts, detail string) {
	if !(size.vcpu.Stated() && size.vcpu.Value == 0) {
		m.eligibleUse(r, Compute, sku.label+" vCPU", detail, sku.vcpu, design.Times(hours, size.vcpu), t.why+" × "+num(size.vcpu.Value)+" vCPU", t.shape)
	}
	if !(size.gb.Stated() && size.gb.Value == 0) {
		m.eligibleUse(r, Compute, sku.label+" GB", detail, sku.gb, design.Times(hours, size.gb), t.why+" × "+num(size.gb.Value)+" GB", t.shape)
	}
	if sku.license.UsageType != "" {
		r.use(Compute, sku.label+" OS licence", detail, sku.license, design.Times(hours, size.vcpu), t.why+" × "+num(size.vcpu.Value)+" vCPU")
	}
}

// facts is a size with its basis.
type facts struct{ vcpu, gb quantity }

// taskSize is what a task is billed for: what its definition declares, and
// what its sidecars make of it.
type taskSize struct {
	declared  facts
	effective facts
	sidecars  string // their names
}

func (t taskSize) grown() bool {
	return t.sidecars != "" && (t.effective.vcpu.Value > t.declared.vcpu.Value || t.effective.gb.Value > t.declared.gb.Value)
}

// extra is what the sidecars add. Its basis is theirs.
func (t taskSize) extra() facts {
	return facts{
		vcpu: quantity{Value: t.effective.vcpu.Value - t.declared.vcpu.Value, Basis: t.effective.vcpu.Basis, Note: t.effective.vcpu.Note},
		gb:   quantity{Value: t.effective.gb.Value - t.declared.gb.Value, Basis: t.effective.gb.Basis, Note: t.effective.gb.Note},
	}
}

// size adds a service's sidecars to its task. On Fargate the sum goes through
// the ladder: 0.05 vCPU more can cost a whole step.
func (m *meter) size(s *design.Service, fargate bool) taskSize {
	path := "services." + s.Name
	cpu, memory := s.Task.Sizes()
	size := taskSize{declared: facts{cpu, memory}}
	size.effective = size.declared
	added := sidecars(s)
	if fargate && m.orchestrator(s) == design.EKS {
		added = append(added[:len(added):len(added)], podReserve())
	}
	for _, c := range added {
		if size.sidecars != "" {
			size.sidecars += " and "
		}
		size.sidecars += c.Name
		size.effective.vcpu = design.Plus(size.effective.vcpu, take(m, path+".sidecars."+c.Name, c.CPU))
		size.effective.gb = design.Plus(size.effective.gb, take(m, path+".sidecars."+c.Name, c.Memory))
	}
	if !fargate || size.sidecars == "" || !size.effective.vcpu.Stated() || !size.effective.gb.Stated() {
		return size
	}
	if fit, ok := design.FitLadder(size.effective.vcpu.Value, size.effective.gb.Value, s.Task.OS.Value); ok {
		size.effective.vcpu.Value, size.effective.gb.Value = fit.VCPU, fit.GB
	} else {
		size.effective.vcpu = design.NotKnown[float64]("no Fargate size holds the task with " + size.sidecars)
		size.effective.gb = size.effective.vcpu
		m.warn(path+".task", "no Fargate size holds the task with "+size.sidecars)
	}
	return size
}

// podReserve is what EKS adds to each pod on Fargate before it takes the next
// size: 256 MB for the kubelet, kube-proxy and containerd.
// Source: docs.aws.amazon.com/eks/latest/userguide/fargate-pod-configuration.html.
func podReserve() design.Sidecar {
	return design.Sidecar{Name: "the kubelet", CPU: design.Know(0.0), Memory: design.Know(0.25)}
}

// sidecars lists what is added to each task: the service's own sidecars and a
// tunnel that runs beside the application.
func sidecars(s *design.Service) []design.Sidecar {
	out := s.Sidecars
	for _, in := range s.Ingress {
		if t := in.Tunnel; t != nil && t.Sidecar {
			out = append(out[:len(out):len(out)], design.Sidecar{Name: "cloudflared", CPU: t.CPU, Memory: t.Memory})
		}
	}
	return out
}

// orchestrator is that of the service's cluster.
func (m *meter) orchestrator(s *design.Service) design.Orchestrator {
	for i := range m.w.Clusters {
		if m.w.Clusters[i].Name == s.Cluster {
			return m.w.Clusters[i].Orchestrator
		}
	}
	return design.ECS
}

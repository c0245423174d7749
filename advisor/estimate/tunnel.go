package estimate

import (
	"cmp"

	"ecsavvy/advisor/design"
)

// tunnels meters the dedicated tasks of a Cloudflare Tunnel, once for all
// services that share it. The tunnel itself is free of AWS charges; what it
// sends is internet egress like any other.
func (m *meter) tunnels() {
	metered := map[string]bool{}
	for i := range m.w.Services {
		s := &m.w.Services[i]
		for _, in := range s.Ingress {
			t := in.Tunnel
			if t == nil || t.Sidecar {
				continue
			}
			name := cmp.Or(t.Name, s.Name)
			if !metered[name] {
				metered[name] = true
				m.tunnel(name, "services."+s.Name+".ingress.tunnel", t)
			}
		}
	}
}

// tunnel meters the dedicated tasks of one tunnel.
func (m *meter) tunnel(name, path string, t *design.Tunnel) {
	r := m.open(KindTunnel, name)
	replicas := take(m, path+".replicas", t.Replicas)
	cpu, memory := take(m, path+".cpu", t.CPU), take(m, path+".memory", t.Memory)
	size := facts{cpu, memory}
	r.data().Summary = counted(replicas.Value, "cloudflared task")
	if cpu.Stated() && memory.Stated() {
		if fit, ok := design.FitLadder(cpu.Value, memory.Value, design.Linux); ok {
			size.vcpu.Value, size.gb.Value = fit.VCPU, fit.GB
			r.data().Summary += " × " + fit.String()
		} else {
			size.vcpu = design.NotKnown[float64]("no Fargate size holds " + num(cpu.Value) + " vCPU and " + num(memory.Value) + " GB")
			size.gb = size.vcpu
		}
	}
	hours := design.Scale(replicas, m.hours)
	run := taskHours{hours: hours, why: num(replicas.Value) + " tasks × " + num(m.hours) + " h"}
	sku := m.fargateSKUs(design.Fargate, design.Linux, t.Architecture.Value, design.ECS)
	m.fargateSize(r, sku, hours, run, size, "cloudflared")
}

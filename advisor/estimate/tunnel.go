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
	size, basis := m.tunnelSize(path, t)
	r.data().Summary = num(replicas.Value) + " cloudflared tasks × " + size.String()
	hours := design.Scale(replicas, m.hours)
	run := taskHours{hours: hours, why: num(replicas.Value) + " tasks × " + num(m.hours) + " h"}
	sku := m.fargateSKUs(design.Fargate, design.Linux, t.Architecture.Value, design.ECS)
	m.fargateSize(r, sku, hours, run, facts{quantity{Value: size.VCPU, Basis: basis}, quantity{Value: size.GB, Basis: basis}}, "cloudflared")
}

// tunnelSize is the Fargate size of one dedicated cloudflared task.
func (m *meter) tunnelSize(path string, t *design.Tunnel) (design.Size, design.Basis) {
	cpu, memory := take(m, path+".cpu", t.CPU), take(m, path+".memory", t.Memory)
	size, ok := design.FitLadder(cpu.Value, memory.Value, design.Linux)
	if !ok {
		return design.Size{}, design.Unknown
	}
	return size, design.Weakest(cpu.Basis, memory.Basis)
}

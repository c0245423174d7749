package estimate

import (
	"strings"

	"ecsavvy/advisor/design"
)

// owned meters the logs, images, secrets, file systems, alarms and namespaces
// that belong to one service, as lines of that service. Of the lists it looks
// only at the service's own entries, which an index built once gives.
func (m *meter) owned(r resource, service string, starts quantity) {
	path := "services." + service
	for _, i := range m.owners.logs[service] {
		m.logGroup(&m.w.LogGroups[i], r)
	}
	for _, i := range m.owners.repositories[service] {
		m.repository(&m.w.Repositories[i], r, path+".image")
	}
	for _, i := range m.owners.secrets[service] {
		m.secrets(&m.w.Secrets[i], starts, r, path+".secrets")
	}
	for _, i := range m.owners.files[service] {
		m.fileSystem(&m.w.FileSystems[i], r, path+".storage.efs")
	}
	for _, i := range m.owners.alarms[service] {
		m.alarms(&m.w.Alarms[i], r, path+".alarms")
	}
	for _, i := range m.owners.namespaces[service] {
		m.namespace(&m.w.Namespaces[i], r, path+".discovery")
	}
}

// owners are the indices of each service's own resources; those of "" are
// shared.
type owners struct {
	logs, repositories, secrets, files, alarms, namespaces map[string][]int
}

func ownersOf(w *design.Workload) owners {
	return owners{
		logs:         indexBy(w.LogGroups, func(g design.LogGroup) string { return g.Service }),
		repositories: indexBy(w.Repositories, func(r design.Repository) string { return r.Service }),
		secrets:      indexBy(w.Secrets, func(s design.SecretStore) string { return s.Service }),
		files:        indexBy(w.FileSystems, func(f design.FileSystem) string { return f.Service }),
		alarms:       indexBy(w.Alarms, func(a design.Alarms) string { return a.Service }),
		namespaces:   indexBy(w.Namespaces, func(n design.Namespace) string { return n.Service }),
	}
}

func indexBy[T any](items []T, owner func(T) string) map[string][]int {
	index := map[string][]int{}
	for i, item := range items {
		index[owner(item)] = append(index[owner(item)], i)
	}
	return index
}

// shared meters what belongs to no service, a resource each.
func (m *meter) shared() {
	for i := range m.w.Clusters {
		c := &m.w.Clusters[i]
		name := c.Name
		if name == "" {
			name = "default"
		}
		r := m.open(KindCluster, name)
		r.data().Tags = c.Tags
		m.controlPlane(c, r)
		m.insights(c, r)
		m.dropIfEmpty(r)
	}
	for _, i := range m.owners.logs[""] {
		m.logGroup(&m.w.LogGroups[i], m.open(KindLogGroup, m.w.LogGroups[i].Name))
	}
	for _, i := range m.owners.repositories[""] {
		m.repository(&m.w.Repositories[i], m.open(KindRepository, m.w.Repositories[i].Name), "repositories."+m.w.Repositories[i].Name)
	}
	for _, i := range m.owners.secrets[""] {
		r := m.open(KindSecrets, m.w.Secrets[i].Name)
		m.secrets(&m.w.Secrets[i], design.NotKnown[float64]("shared secrets: reads at task starts are not attributed"), r, "secrets."+m.w.Secrets[i].Name)
		m.dropIfEmpty(r)
	}
	for _, i := range m.owners.files[""] {
		m.fileSystem(&m.w.FileSystems[i], m.open(KindFileSystem, m.w.FileSystems[i].Name), "file_systems."+m.w.FileSystems[i].Name)
	}
	for _, i := range m.owners.alarms[""] {
		r := m.open(KindAlarms, m.w.Alarms[i].Name)
		m.alarms(&m.w.Alarms[i], r, "alarms."+m.w.Alarms[i].Name)
		m.dropIfEmpty(r)
	}
	for _, i := range m.owners.namespaces[""] {
		r := m.open(KindNamespace, m.w.Namespaces[i].Name)
		m.namespace(&m.w.Namespaces[i], r, "namespaces."+m.w.Namespaces[i].Name)
		m.dropIfEmpty(r)
	}
}

// flows adds up the data that leaves or enters the tasks of private subnets, as
// far as the design tells. Tasks with a public address do not use the NAT.
func (m *meter) flows() []flow {
	var flows []flow
	at := map[[2]string]int{}
	add := func(what, to, whose string, gb quantity) {
		key := [2]string{what, to}
		i, seen := at[key]
		if !seen {
			i = len(flows)
			at[key] = i
			flows = append(flows, flow{what: what, to: to, gb: design.Know(0.0)})
		}
		if !gb.Stated() {
			flows[i].silent = append(flows[i].silent, whose)
			return
		}
		flows[i].gb = design.Plus(flows[i].gb, gb)
	}
	for i := range m.w.Services {
		s := &m.w.Services[i]
		if s.AssignPublicIP.Value {
			continue
		}
		add("internet egress", "internet", s.Name, s.Traffic.InternetOut)
		add("internet ingress", "internet", s.Name, s.Traffic.InternetIn)
		for _, j := range m.owners.logs[s.Name] {
			add("log ingestion", "logs", s.Name, m.w.LogGroups[j].Ingest)
		}
		starts := m.starts(s)
		for _, c := range s.Task.Containers {
			// ECR's layers come from S3; images from elsewhere come
			// from the internet.
			if fromECR(c.Image) {
				add("image pulls from ECR", "s3", s.Name, design.Times(starts, c.ImageSize))
			} else {
				add("image pulls", "internet", s.Name, design.Times(starts, c.ImageSize))
			}
		}
	}
	if out := m.w.Network.Traffic.InternetOut; out.Stated() {
		add("internet egress", "internet", "the network", out)
	}
	if in := m.w.Network.Traffic.InternetIn; in.Stated() {
		add("internet ingress", "internet", "the network", in)
	}
	return flows
}

// fromECR reports whether an image is pulled from a private ECR repository.
func fromECR(image string) bool { return strings.Contains(image, ".dkr.ecr.") }

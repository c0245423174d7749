package account

import "time"

// Kill is a container that was killed for want of memory, as DescribeTasks said
// while the task was still to be seen, about an hour.
// Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/resolve-outofmemory-errors.html.
type Kill struct {
	Scope
	Cluster string `json:"cluster"`
	// Service is "" for tasks of no service.
	Service   string    `json:"service,omitempty"`
	Family    string    `json:"family"`
	Container string    `json:"container"`
	At        time.Time `json:"at"`
}

func (k Kill) compare(o Kill) int {
	return firstDifference(
		k.Scope.compare(o.Scope), compareText(k.Cluster, o.Cluster), compareText(k.Service, o.Service),
		compareText(k.Family, o.Family), compareText(k.Container, o.Container), k.At.Compare(o.At),
	)
}

package guardrail

// Facts are what guardrails look at: what a change does to the monthly cost,
// and every resource that is there after it.
type Facts struct {
	// Past and Total are USD a month before and after, as far as priced.
	Past, Total float64
	// Unpriced counts lines without a price after the change, Unsupported
	// resources of types without a price model. If one is not zero, Total is
	// a lower bound.
	Unpriced, Unsupported int
	// PastPartial says that Past leaves something out too.
	PastPartial bool
	// Incomplete says why an input does not hold everything; it is empty
	// for inputs that do.
	Incomplete []string
	Resources  []Resource
}

// Resource is one thing on the bill after the change.
type Resource struct {
	Kind, Name string
	// Cluster and Project may be empty.
	Cluster, Project string
	// Change is what happened to it: added, changed, renamed, unchanged.
	Change string
	Tags   map[string]string
	// Past and Monthly are USD a month before and after, as far as priced.
	Past, Monthly float64
	// Unpriced counts its lines without a price.
	Unpriced int
	// Design is what a service runs; nil for every other kind.
	Design *Design
}

// Design is what a service runs.
type Design struct {
	// Capacity lists its capacity providers: FARGATE, FARGATE_SPOT, EC2, …
	Capacity Value[[]string]
	Arch, OS Value[string]
	// VCPU and GB are the size of one task, Count the mean number of tasks.
	VCPU, GB, Count Value[float64]
	PublicIP        Value[bool]
}

// Value is something that an input states, or the reason why there is none.
type Value[T any] struct {
	Of      T
	Missing string
}

// Known returns a stated value.
func Known[T any](v T) Value[T] { return Value[T]{Of: v} }

// Missing returns the absence of a value, which is no zero.
func Missing[T any](why string) Value[T] {
	if why == "" {
		why = "the input does not state it"
	}
	return Value[T]{Missing: why}
}

// title is how a resource is called in a sentence.
func (r *Resource) title() string {
	name := r.Name
	if r.Kind != kindService {
		name = r.Kind + " " + name
	}
	if r.Project != "" {
		name += " in " + r.Project
	}
	return name
}

// kindService is the kind of resources that have a Design.
const kindService = "service"

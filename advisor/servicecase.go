package advisor

import (
	"fmt"
	"math"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// serviceCase is one service before the levers: its design at the measured count,
// its demand, and why it cannot be judged where it cannot.
type serviceCase struct {
	site    *site
	index   int
	subject Subject
	// service is the design with the measured mean count laid over.
	service design.Service
	running *design.Running
	// measured is the demand; missing says what keeps it from being judged ("" where nothing does).
	measured demand.Measured
	coverage demand.Coverage
	missing  string
}

// serviceCase reads the measurements of a service and gathers its facts.
func (s *site) serviceCase(i int) (*serviceCase, error) {
	svc := s.workload.Services[i]
	c := &serviceCase{
		site: s, index: i, service: svc,
		subject: s.subject("service", clusterKey(&svc), shortName(&svc), svc.Tags),
	}
	if r, ok := s.running[clusterKey(&svc)+"/"+shortName(&svc)]; ok {
		c.running = &r
	}
	facts := &s.facts[i]
	*facts = serviceFacts{MeanTasks: math.NaN(), MeanCPU: math.NaN(), PeakCPU: math.NaN(), MeanMemoryGB: math.NaN(), PeakMemoryGB: math.NaN()}
	if err := c.measure(); err != nil {
		return nil, err
	}
	if n := c.measured.Tasks; n.Count() > 0 {
		facts.MeanTasks = mean(n.Values)
		facts.Week = weekShape(n)
	}
	if w := c.measured.Work; w.Count() > 0 {
		facts.MeanCPU, facts.PeakCPU = mean(w.Values), highest(w.Values)
	}
	if m := c.measured.Memory; m.Count() > 0 && facts.MeanTasks > 0 {
		facts.MeanMemoryGB = mean(m.Values) / facts.MeanTasks
	}
	if h := c.measured.HotMemory; h.Count() > 0 {
		_, memory := svc.Task.Sizes()
		facts.PeakMemoryGB = highest(h.Values) * memory.Value
	}
	layOverCount(&c.service, facts.MeanTasks)
	return c, nil
}

// measure reads the service's series, or says what is missing.
func (c *serviceCase) measure() error {
	cpu, memory := c.service.Task.Sizes()
	resource, ok := c.site.resources[resourceKey{"service", c.subject.Cluster, c.subject.Name}]
	switch {
	case !ok:
		c.missing = "no metrics of it are in the snapshot"
		return nil
	case !cpu.Stated() || !memory.Stated():
		c.missing = "needs its task's size: " + firstNote(cpu.Note, memory.Note, "its task definition was not read")
		return nil
	}
	m, err := c.site.snapshot.Measured(resource, account.Size{VCPU: cpu.Value, GB: memory.Value})
	if err != nil {
		return fmt.Errorf("reading what was measured of %s: %w", c.subject.Name, err)
	}
	c.measured = m
	c.coverage = demand.CoverageOf(m.Work)
	if err := c.coverage.Judge(); err != nil {
		c.missing = err.Error()
	}
	return nil
}

// firstNote is the first text that says something.
func firstNote(notes ...string) string {
	for _, n := range notes {
		if n != "" {
			return n
		}
	}
	return ""
}

// cost prices a design of this service at a mean count, USD a month, with the
// services that share its instances. unpriced counts the lines without a price: a
// change that adds one has no saving that anybody knows.
func (c *serviceCase) cost(svc design.Service) (usd float64, unpriced int, err error) {
	all, i := c.site.neighbours(&c.service)
	all[i] = svc
	r, err := c.site.price(c.site.part(all...))
	return r.Total.Effective, r.Unpriced, err
}

// evidence is what every recommendation from this service's series rests on.
func (c *serviceCase) evidence() Evidence {
	return Evidence{
		From: c.measured.Work.Start, To: c.measured.Work.End(), Step: c.measured.Work.Step,
		Points: c.measured.Work.Count() + c.measured.Memory.Count(), Coverage: c.coverage.Share, Source: c.measured.Source,
	}
}

// mean is the mean of the measured values, NaN where there are none.
func mean(values []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

// highest is the largest measured value, NaN where there is none.
func highest(values []float64) float64 {
	top := math.NaN()
	for _, v := range values {
		if !math.IsNaN(v) && !(v <= top) {
			top = v
		}
	}
	return top
}

// weekShape is the mean of each hour of the week over the mean of all; nil where
// an hour of the week was never measured, or nothing ran.
func weekShape(s demand.Series) *[hoursPerWeek]float64 {
	var sum, n, shape [hoursPerWeek]float64
	for i, v := range s.Values {
		if math.IsNaN(v) {
			continue
		}
		at := s.At(i).UTC()
		h := (int(at.Weekday()+6)%7)*24 + at.Hour()
		sum[h] += v
		n[h]++
	}
	all := 0.0
	for h := range shape {
		if n[h] == 0 {
			return nil
		}
		shape[h] = sum[h] / n[h]
		all += shape[h]
	}
	if all == 0 {
		return nil
	}
	for h := range shape {
		shape[h] *= hoursPerWeek / all
	}
	return &shape
}

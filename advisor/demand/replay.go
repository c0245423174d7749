package demand

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Outcome is what a policy would have done with the measured demand. All sums
// are of the measured steps: a caller who wants the whole window, or a month,
// scales by Hours.
type Outcome struct {
	TaskHours  float64
	Mean, Peak float64 // tasks
	// Tasks is the mean count of each step, NaN where the demand was not
	// measured. Search leaves it empty.
	Tasks Series
	// Days is the mean count of each 24 h from the start, NaN for one of which
	// less than half was measured.
	Days []float64
	// ThrottledMinutes is the time in which work exceeded tasks × size, and
	// OverrunVCPUHours the work above it. Work is not carried over.
	ThrottledMinutes float64
	OverrunVCPUHours float64
	// BurstMinutes is ThrottledMinutes with the bursts inside of a minute that
	// its mean hides (see ReplayBurst). It equals it for a burst factor of 1.
	BurstMinutes float64
	// MemoryOverMinutes is the time in which the model's hottest task needed
	// more than the size has.
	MemoryOverMinutes float64
	// PeakWork is the mean of the daily maxima of work per task, vCPU.
	PeakWork float64
	// Steps were replayed, Missing were not measured; Hours is of the former.
	Steps, Missing int
	Hours          float64
}

// Replay runs the measured work through an autoscaler, step by step:
//
//	n(t) = max(Min, ceil(W(t) / (u·c)))
//
// late by the scale-out delay, down only after the scale-in delay, within the
// bounds in force, at the given size. It errors for a policy that is not
// whole, and where the policy follows a metric that was not measured.
//
// A step without work (NaN) stays without: nothing scales on missing data
// (Amazon ECS developer guide, "Target tracking"), and no task-hours are
// counted or assumed.
func Replay(m Measured, mem MemoryModel, size Size, p Policy) (Outcome, error) {
	return ReplayBurst(m, mem, size, p, 1)
}

// ReplayBurst is Replay with a sub-minute burst factor: the P99 over minutes
// of a minute's highest 20 s over its mean, 1.2 to 1.5 where no 20 s metrics
// say better. How far bursts exceed the mean is taken as exponential with that
// P99, and a burst as 20 s of its minute.
func ReplayBurst(m Measured, mem MemoryModel, size Size, p Policy, burst float64) (Outcome, error) {
	r, err := newReplay(m, mem, size, p, burst, make(maxima))
	if err != nil {
		return Outcome{}, err
	}
	r.tasks = make([]float64, len(m.Work.Values))
	r.run()
	out := r.outcome()
	out.Tasks = Series{Start: m.Work.Start, Step: m.Work.Step, Values: r.tasks}
	return out, nil
}

// replay is the state of one run.
type replay struct {
	work, requests []float64
	start          time.Time
	step           time.Duration
	mem            MemoryModel
	size           Size
	policy         Policy
	burst          float64 // rate of the exponential, 0 for no bursts
	bounds         *boundSweep
	tracked        []tracked
	stepping       []stepping

	// A request of step t lands in step t+late, early of it having passed.
	late  int
	early float64
	ideal bool
	asked []float64 // ring of the last late+1 requests

	running   float64
	low, high float64
	band      float64
	inUntil   int
	outUntil  int
	outBase   float64
	canGo     bool // some target may scale in

	tasks []float64 // kept only if not nil
	rooms []float64 // GB against which memory is held, ascending
	sum   sums
}

// tracked is a target with what turns demand into tasks.
type tracked struct {
	Target
	series []float64
	window []float64 // the most of it in the scale-in window
	per    float64   // demand that one task serves at the target
}

// newReplay prepares a run. Replays of one demand share their windows.
func newReplay(m Measured, mem MemoryModel, size Size, p Policy, burst float64, windows maxima) (*replay, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if !(size.VCPU > 0) || !(size.GB > 0) {
		return nil, fmt.Errorf("demand: replay: size %v vCPU, %v GB: want both above 0", size.VCPU, size.GB)
	}
	if m.Work.Step <= 0 || m.Work.Count() == 0 {
		return nil, errors.New("demand: replay: no work was measured")
	}
	if !(burst >= 1) {
		return nil, fmt.Errorf("demand: replay: burst factor %v: want at least 1", burst)
	}
	if p.follows(MetricRequests) && len(m.Requests.Values) != len(m.Work.Values) {
		return nil, errors.New("demand: replay: the policy follows requests, which were not measured")
	}
	r := &replay{
		work: m.Work.Values, requests: m.Requests.Values, start: m.Work.Start, step: m.Work.Step,
		mem: mem, size: size, policy: p, ideal: p.ScaleOutDelay == 0, band: 1,
	}
	if burst > 1 {
		r.burst = math.Log(100) / (burst - 1)
	}
	delay := float64(p.ScaleOutDelay) / float64(r.step)
	r.late = int(delay)
	r.early = delay - float64(r.late)
	r.asked = make([]float64, r.late+1)
	quiet := ceilSteps(p.ScaleInDelay, r.step)
	if quiet > 0 {
		r.band = lowAlarm
	}
	if !r.ideal {
		quiet = max(quiet, r.late+1) // what was asked for and has not started is not idle
	}
	r.bounds = newBoundSweep(p, r.start, m.Work.End())
	for _, t := range p.Targets {
		r.tracked = append(r.tracked, r.follow(t, quiet+1, windows))
		r.canGo = r.canGo || !t.NoScaleIn
	}
	for _, s := range p.Steps {
		r.stepping = append(r.stepping, stepping{StepPolicy: s, need: max(1, ceilSteps(s.For, r.step))})
	}
	r.rooms, r.sum.memory = []float64{size.GB}, []float64{0}
	r.sum.day = float64(24*time.Hour) / float64(r.step)
	return r, nil
}

// lowAlarm is where the low alarm of target tracking lies, as a share of the
// target: 45 % for a target of 50 %. AWS does not document it; it is what the
// alarms that it makes show.
const lowAlarm = 0.9

func ceilSteps(d, step time.Duration) int { return int((d + step - 1) / step) }

// follow prepares a target.
func (r *replay) follow(t Target, width int, windows maxima) tracked {
	f := tracked{Target: t, series: r.work}
	switch t.Metric {
	case MetricCPU:
		f.per = t.Value * r.size.VCPU
	case MetricRequests:
		f.series, f.per = r.requests, t.Value/60
	}
	f.window = windows.of(t.Metric == MetricRequests, width, f.series)
	return f
}

// needs is how many tasks, not rounded, a target wants for a demand, with
// running tasks. NaN is for a metric that is missing.
func (r *replay) needs(f *tracked, demand, running float64) float64 {
	switch f.Metric {
	case MetricCPU:
		if !r.ideal {
			// No metric says more than that all of the CPU is in use.
			demand = min(demand, running*r.size.VCPU)
		}
		return demand / f.per
	case MetricMemory:
		// Base·n + PerVCPU·W ≤ value·GB·n, where AWS's own steps of
		// n·utilisation/target converge. Base alone above it: no count helps.
		if r.mem.Unsure {
			return running * r.mem.At(demand/max(running, 1)) / (f.Value * r.size.GB)
		}
		spare := f.Value*r.size.GB - r.mem.Base
		if spare <= 0 {
			return math.Inf(1)
		}
		return r.mem.PerVCPU * demand / spare
	default:
		return demand / f.per
	}
}

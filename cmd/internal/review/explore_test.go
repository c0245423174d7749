package review

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// explorer runs several Upserts against one board in memory and decides itself
// whose turn it is at every call, so that any interleaving can be played, and
// all of them.
type explorer struct {
	board
	versioned bool // the forge refuses changes of a past version
	rushed    bool // pauses end whenever it suits the schedule, see enabled
	turns     chan turn
	seq       int

	choose  func(n int) int // which of n runs goes on
	history []string
}

// turn is a run that wants to make a call. It is granted by closing go_.
type turn struct {
	run     *racer
	op      string // list, get, create, update, delete, pause; done when it has ended
	since   int    // when a pause began
	granted chan struct{}
}

// racer is one run; it is the Forge that this run sees.
type racer struct {
	*explorer
	name     string
	lastRead int
}

// ask waits for this run's turn.
func (r *racer) ask(op string) {
	t := turn{run: r, op: op, since: r.seq, granted: make(chan struct{})}
	r.turns <- t
	<-t.granted
}

// enabled tells that a run may go on. A pause is over only when no other run
// still has an update or deletion to make that it decided on before the pause
// began: that is what settling means, in steps instead of seconds. A creation
// may be late by any time.
func (x *explorer) enabled(t turn, waiting []turn) bool {
	if t.op != "pause" || x.versioned || x.rushed {
		return true
	}
	return !slices.ContainsFunc(waiting, func(o turn) bool {
		return o.run != t.run && (o.op == "update" || o.op == "delete") && o.run.lastRead < t.since
	})
}

// play lets the runs race to the end.
func (x *explorer) play(comments []Comment) []Outcome {
	x.turns = make(chan turn)
	outcomes := make([]Outcome, len(comments))
	for i, c := range comments {
		r := &racer{explorer: x, name: fmt.Sprintf("run %d", i)}
		go func() {
			poster := Poster{Now: func() time.Time { return day }, Sleep: func(_ context.Context, d time.Duration) error {
				if d >= 2*time.Second {
					r.ask("pause")
				}
				return nil
			}}
			out, err := poster.Upsert(context.Background(), r, c, Update)
			if err != nil {
				out.Reason = "error: " + err.Error()
			}
			outcomes[i] = out
			x.turns <- turn{run: r, op: "done"}
		}()
	}
	var waiting []turn
	for running := len(comments); running > 0; {
		for len(waiting) < running {
			t := <-x.turns
			if t.op == "done" {
				running--
				continue
			}
			waiting = append(waiting, t)
		}
		if running == 0 {
			break
		}
		slices.SortFunc(waiting, func(a, b turn) int { return strings.Compare(a.run.name, b.run.name) })
		var able []int
		for i, t := range waiting {
			if x.enabled(t, waiting) {
				able = append(able, i)
			}
		}
		at := able[x.choose(len(able))]
		t := waiting[at]
		waiting = slices.Delete(waiting, at, at+1)
		x.seq++
		x.history = append(x.history, t.run.name+" "+t.op)
		if t.op == "list" || t.op == "get" {
			t.run.lastRead = x.seq
		}
		close(t.granted)
	}
	return outcomes
}

func (r *racer) Profile() Profile {
	return Profile{Title: "memory", MaxUnits: 10_000, Versioned: r.versioned}
}

func (r *racer) List(context.Context) ([]Posted, error) {
	r.ask("list")
	var all []Posted
	for _, e := range r.entries {
		all = append(all, Posted{ID: e.id, Text: e.text, version: e.version})
	}
	return all, nil
}

func (r *racer) Get(_ context.Context, p Posted) (Posted, error) {
	r.ask("get")
	e := r.find(p.ID)
	if e == nil {
		return Posted{}, errMoved
	}
	return Posted{ID: e.id, Text: e.text, version: e.version}, nil
}

func (r *racer) Create(_ context.Context, text string) (Posted, error) {
	r.ask("create")
	e := r.add(text)
	return Posted{ID: e.id, Text: text}, nil
}

func (r *racer) Update(_ context.Context, p Posted, text string) error {
	r.ask("update")
	e := r.find(p.ID)
	if e == nil || r.versioned && e.version != p.version {
		return errMoved
	}
	e.text, e.version = text, e.version+1
	return nil
}

func (r *racer) Delete(_ context.Context, p Posted) error {
	r.ask("delete")
	e := r.find(p.ID)
	if e == nil || r.versioned && e.version != p.version {
		return errMoved
	}
	r.remove(p.ID)
	return nil
}

func (r *racer) Hide(context.Context, Posted) error { return errCannotHide }

// scene is where a race starts from.
type scene struct {
	name  string
	board []int // the minutes of the comments that stand already
	runs  []int // the minutes of the runs
}

// scenes are the starts of two runs and of more.
func scenes() []scene {
	return []scene{
		{"nothing stands", nil, []int{1, 2}},
		{"nothing stands, the same minute", nil, []int{2, 2}},
		{"one stands", []int{0}, []int{1, 2}},
		{"one stands, the same minute", []int{0}, []int{2, 2}},
		{"a newer one stands", []int{9}, []int{1, 2}},
		{"one between stands", []int{5}, []int{3, 7}},
		{"an earlier race left two", []int{0, 1}, []int{2, 3}},
		{"three, nothing stands", nil, []int{2, 3, 1}},
		{"three, one stands", []int{0}, []int{3, 1, 2}},
		{"five, nothing stands", nil, []int{2, 5, 3, 1, 4}},
		{"five, one between stands", []int{3}, []int{2, 5, 3, 1, 4}},
	}
}

// race plays a scene and returns what is wrong with its end.
func (s scene) race(x *explorer) error {
	newest := 0
	for _, minute := range s.board {
		text, err := Compose(Profile{MaxUnits: 10_000}, comment(fmt.Sprintf("before, minute %d", minute), minute), Update)
		if err != nil {
			return err
		}
		x.add(text)
		newest = max(newest, minute)
	}
	var comments []Comment
	for i, minute := range s.runs {
		comments = append(comments, comment(fmt.Sprintf("run %d, minute %d", i, minute), minute))
		newest = max(newest, minute)
	}
	outcomes := x.play(comments)
	for i, out := range outcomes {
		if out.Action == "" || strings.HasPrefix(out.Reason, "error") {
			return fmt.Errorf("run %d ended with %+v", i, out)
		}
	}
	if len(x.entries) != 1 {
		return fmt.Errorf("%d comments are left", len(x.entries))
	}
	if want := fmt.Sprintf("minute %d", newest); !strings.HasSuffix(x.entries[0].text, want) {
		return fmt.Errorf("the comment left is %q, want that of %s", x.entries[0].text, want)
	}
	return nil
}

// everySchedule plays a scene in all its interleavings, depth first, and
// returns how many there were and the first that ended wrong.
func (s scene) everySchedule(versioned, rushed bool, limit int) (int, error) {
	var path, width []int
	for n := 1; ; n++ {
		at := 0
		x := &explorer{versioned: versioned, rushed: rushed, choose: func(options int) int {
			if at == len(path) {
				path, width = append(path, 0), append(width, options)
			}
			at++
			return path[at-1]
		}}
		if err := s.race(x); err != nil {
			return n, fmt.Errorf("%w\n%s", err, strings.Join(x.history, "\n"))
		}
		for len(path) > 0 && path[len(path)-1] == width[len(path)-1]-1 {
			path, width = path[:len(path)-1], width[:len(width)-1]
		}
		if len(path) == 0 || n == limit {
			return n, nil
		}
		path[len(path)-1]++
	}
}

// Every interleaving of two runs leaves one comment with the newest valid-at,
// and so does every one tried of three and five.
func TestEveryInterleavingLeavesTheNewest(t *testing.T) {
	samples := 4000
	if testing.Short() {
		samples = 200
	}
	for _, versioned := range []bool{false, true} {
		for _, s := range scenes() {
			t.Run(fmt.Sprintf("%s, versioned %v", s.name, versioned), func(t *testing.T) {
				if len(s.runs) == 2 {
					n, err := s.everySchedule(versioned, false, 200_000)
					if err != nil {
						t.Fatalf("interleaving %d: %v", n, err)
					}
					t.Logf("all %d interleavings", n)
					return
				}
				for seed := range uint64(samples) {
					random := rand.New(rand.NewPCG(seed, 1))
					x := &explorer{versioned: versioned, choose: random.IntN}
					if err := s.race(x); err != nil {
						t.Fatalf("seed %d: %v\n%s", seed, err, strings.Join(x.history, "\n"))
					}
				}
				t.Logf("%d of its interleavings", samples)
			})
		}
	}
}

// Without settling, two updates of one comment can end with the older: that is
// why a run waits. Where the forge compares versions they cannot.
func TestWithoutSettlingAnUpdateCanBeLost(t *testing.T) {
	s := scene{"one stands", []int{0}, []int{1, 2}}
	if _, err := s.everySchedule(false, true, 200_000); err == nil || !strings.Contains(err.Error(), "want that of minute 2") {
		t.Errorf("got %v, want a lost update", err)
	}
	// Runs that find nothing only create and delete, and need no pause.
	s = scene{"nothing stands", nil, []int{1, 2}}
	if n, err := s.everySchedule(true, true, 200_000); err != nil {
		t.Errorf("interleaving %d: %v", n, err)
	}
}

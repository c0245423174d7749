//go:build volume

package live

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ecsavvy/advisor/account"
	"ecsavvy/fixtures/loopback"
)

// The volumes that reading is made for, from a server in a process of its own:
//
//	go test -tags volume -run Volume -v ./advisor/live
//
// ECSAVVY_QUOTAS=1 keeps AWS's quotas; without them the reader shows its own speed.

// volumeServer is the variable that makes this test binary the server.
const volumeServer = "ECSAVVY_VOLUME_SERVER"

func TestVolumeServer(t *testing.T) {
	if os.Getenv(volumeServer) == "" {
		t.Skip("is started by TestVolume")
	}
	server := loopback.New()
	server.ServeMetrics(&loopback.CloudWatch{Now: now})
	fmt.Println("serving", server.URL)
	bufio.NewReader(os.Stdin).ReadString('\n') // until the client ends
	server.Close()
}

// startVolumeServer runs the server and returns its address and process.
func startVolumeServer(t *testing.T) (string, *exec.Cmd) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestVolumeServer$", "-test.v")
	cmd.Env = append(os.Environ(), volumeServer+"=1")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		cmd.Wait()
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "serving "); ok {
			go func() {
				for lines.Scan() {
				}
			}()
			return url, cmd
		}
	}
	t.Fatal("the server did not start")
	return "", nil
}

// summed is a sink that keeps two numbers.
type summed struct {
	mu                sync.Mutex
	resources, points int
}

func (s *summed) AddSeries(_ account.Resource, all []account.Measurement) error {
	n := 0
	for _, m := range all {
		for _, v := range m.Series.Values {
			if !math.IsNaN(v) {
				n++
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resources++
	s.points += n
	return nil
}

// peakMiB is the most memory that this process has had, as the kernel saw it.
func peakMiB(t *testing.T) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here")
	}
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			var n float64
			fmt.Sscan(kib, &n)
			return n / 1024
		}
	}
	return math.NaN()
}

// cpu is the CPU time that this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestVolume(t *testing.T) {
	for _, tt := range []struct {
		name     string
		services int
		period   time.Duration
	}{
		{"1,000 services of 60 s", 1_000, time.Minute},
		{"10,000 services of 300 s", 10_000, 5 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url, _ := startVolumeServer(t)
			client, err := CloudWatch(loopbackConfig(url), "")
			if err != nil {
				t.Fatal(err)
			}
			w, err := NewWindow(now(), tt.period, 14*24*time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := Plan(services(tt.services, InsightsEnabled), w, Lean, 0.00001)
			if err != nil {
				t.Fatal(err)
			}
			var opts ReadOptions
			if os.Getenv("ECSAVVY_QUOTAS") == "" {
				opts.Limits = Limits{CallsPerSecond: 1e6, PointsPerSecond: 1e12}
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start, used := time.Now(), cpu()
			sink := &summed{}
			failures, cost, err := ReadMetrics(t.Context(), client, plan, sink, opts)
			if err != nil || len(failures) > 0 {
				t.Fatalf("%v, %v", err, failures)
			}
			took, spent := time.Since(start), cpu()-used
			runtime.ReadMemStats(&after)
			peak := peakMiB(t)
			t.Logf("%.1f M points asked for, %.1f M there, %d calls, %d metrics, %.2f USD", float64(plan.Points)/1e6, float64(sink.points)/1e6, cost.Calls, cost.Metrics, cost.USD)
			t.Logf("%.1f s, %.2f M points/s, client CPU %.1f s = %.0f ns a point, %.0f bytes allocated a point, peak RSS %.0f MiB",
				took.Seconds(), float64(plan.Points)/1e6/took.Seconds(), spent.Seconds(), float64(spent)/float64(plan.Points),
				float64(after.TotalAlloc-before.TotalAlloc)/float64(plan.Points), peak)
			if sink.resources != tt.services || float64(sink.points) < 0.99*float64(plan.Points) {
				t.Errorf("%d services, %d points", sink.resources, sink.points)
			}
			if peak > 300 {
				t.Errorf("peak RSS %.0f MiB, want at most 300", peak)
			}
		})
	}
}

// BenchmarkServe is how fast the loopback server makes points.
func BenchmarkServe(b *testing.B) {
	cw := &loopback.CloudWatch{Now: now}
	server := loopback.New()
	defer server.Close()
	server.ServeMetrics(cw)
	client, err := CloudWatch(loopbackConfig(server.URL), "")
	if err != nil {
		b.Fatal(err)
	}
	w, err := NewWindow(now(), time.Minute, 14*24*time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	plan, err := Plan(services(50, InsightsEnabled), w, Lean, 0)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := ReadMetrics(b.Context(), client, plan, &summed{}, ReadOptions{Limits: Limits{1e6, 1e12}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N*plan.Points), "ns/point")
}

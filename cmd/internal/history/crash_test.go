package history

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Environment of the test binary when it is a writer.
const (
	writerStore = "HISTORY_TEST_WRITER"
	writerRound = "HISTORY_TEST_ROUND"
	writerLimit = "HISTORY_TEST_FILE_SIZE" // bytes that a file may have
)

func TestMain(m *testing.M) {
	if where := os.Getenv(writerStore); where != "" {
		if err := writeForever(where); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// crashWeeks is how many reports a writer writes; then it replaces them.
const crashWeeks = 6

// crashEntry is what a writer's n-th Put keeps. Its rows fill some hundred
// pages, so that a commit takes long enough to be hit.
func crashEntry(round, n int) Entry {
	return entryOf("weekly", n%crashWeeks, 400, 1+round*1000+n)
}

// writeForever puts reports and says so after each, until it is killed or a
// Put fails.
func writeForever(where string) error {
	round, err := strconv.Atoi(os.Getenv(writerRound))
	if err != nil {
		return err
	}
	if limit := os.Getenv(writerLimit); limit != "" {
		if err := limitFileSize(limit); err != nil {
			return err
		}
	}
	fmt.Println("start")
	s, err := Open(context.Background(), where)
	if err != nil {
		return err
	}
	for n := 0; n < 1000; n++ {
		if err := s.Put(context.Background(), crashEntry(round, n)); err != nil {
			return err
		}
		fmt.Println(n)
	}
	return nil
}

// writer starts the test binary as a writer.
func writer(t *testing.T, where string, round int, environment ...string) (*exec.Cmd, *bufio.Scanner, *strings.Builder) {
	t.Helper()
	cmd := exec.Command(must(os.Executable()))
	cmd.Env = append(os.Environ(), writerStore+"="+where, fmt.Sprintf("%s=%d", writerRound, round))
	cmd.Env = append(cmd.Env, environment...)
	var failure strings.Builder
	cmd.Stderr = &failure
	out := must(cmd.StdoutPipe())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, bufio.NewScanner(out), &failure
}

// TestKilled kills a writer at random points, 32 times a store. Afterwards the
// history opens, every report whose Put had returned is there, and every report
// is whole: that of one Put and no mixture.
func TestKilled(t *testing.T) {
	kills := 32
	if testing.Short() {
		kills = 4
	}
	for _, kind := range []string{"sqlite", "dir"} {
		t.Run(kind, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, uint64(len(kind))))
			interrupted, inTheMiddle := 0, 0
			var path string
			// least is the version that each week has at least: of the last Put
			// that was seen to return.
			var least [crashWeeks]int
			for round := range kills {
				if round%8 == 0 { // a new history: its making is killed too
					path, least = filepath.Join(t.TempDir(), "history"), [crashWeeks]int{}
				}
				done := killWriter(t, random, kind+":"+path, round)
				for n := range done {
					least[n%crashWeeks] = 1 + round*1000 + n
				}
				if leftOver(path) {
					inTheMiddle++
				}
				interrupted += checkAfterKill(t, kind+":"+path, &least, 1+round*1000+done)
			}
			t.Logf("%d kills: %d left a write unfinished, after %d a Put was kept that had not said so", kills, inTheMiddle, interrupted)
			if inTheMiddle == 0 && !testing.Short() {
				t.Error("no kill hit a write: the test proves nothing")
			}
		})
	}
}

// killWriter kills a writer some time after some report and is how many Puts
// were seen to return.
func killWriter(t *testing.T, random *rand.Rand, where string, round int) (done int) {
	t.Helper()
	cmd, lines, failure := writer(t, where, round)
	after := random.IntN(4) // 0: while it opens
	for range after + 1 {
		if !lines.Scan() {
			t.Fatalf("the writer ended: %s", failure)
		}
	}
	// A spin, because a sleep ends at the scheduler's steps.
	for end := time.Now().Add(time.Duration(random.IntN(12_000)) * time.Microsecond); time.Now().Before(end); {
		continue
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	done = after
	for lines.Scan() { // what it wrote before it died
		done++
	}
	cmd.Wait() // "signal: killed"
	if failure.Len() > 0 {
		t.Fatalf("the writer failed: %s", failure)
	}
	return done
}

// leftOver reports whether a kill left an unfinished write.
func leftOver(path string) bool {
	journals, _ := filepath.Glob(path + "-journal")
	temporary, _ := filepath.Glob(filepath.Join(path, temporaryPrefix+"*"))
	for _, name := range temporary {
		os.Remove(name) // to be counted once
	}
	return len(journals)+len(temporary) > 0
}

// checkAfterKill reads everything. Each week has its least version, or unsaid:
// that of the Put that the kill hit; it is then the least of the rounds to come.
func checkAfterKill(t *testing.T, where string, least *[crashWeeks]int, unsaid int) (interrupted int) {
	t.Helper()
	s, err := Open(t.Context(), where)
	if err != nil {
		t.Fatalf("after a kill: %v", err)
	}
	defer s.Close()
	found := map[string]bool{}
	for e, err := range s.All(t.Context(), "weekly") {
		if err != nil {
			t.Fatalf("after a kill: %v", err)
		}
		found[e.ID] = true
		version := int(e.Costs[0].USD) / 1000
		n := (version - 1) % 1000
		sameEntry(t, e, crashEntry((version-1)/1000, n))
		switch week := n % crashWeeks; {
		case version == unsaid:
			interrupted++
			least[week] = version
		case version != least[week]:
			t.Errorf("%s is version %d, want %d or %d", e.ID, version, least[week], unsaid)
		}
	}
	for week, version := range least {
		if id := entryOf("weekly", week, 0, 0).ID; version > 0 && !found[id] {
			t.Errorf("%s is lost", id)
		}
	}
	return interrupted
}

// TestFileSizeLimit has a writer meet a limit as a full disk is one: its Put
// fails, and what it had kept is whole.
func TestFileSizeLimit(t *testing.T) {
	for kind, limit := range map[string]int{"sqlite": 300_000, "dir": 60_000} {
		t.Run(kind, func(t *testing.T) {
			where := kind + ":" + filepath.Join(t.TempDir(), "history")
			if kind == "dir" { // a file each: the first is within the limit
				s := must(Open(t.Context(), where))
				if err := s.Put(t.Context(), crashEntry(0, 5)); err != nil {
					t.Fatal(err)
				}
			}
			cmd, lines, failure := writer(t, where, 0, fmt.Sprintf("%s=%d", writerLimit, limit))
			var least [crashWeeks]int
			done := -1 // without "start"
			for ; lines.Scan(); done++ {
				if done >= 0 {
					least[done] = 1 + done
				}
			}
			if kind == "dir" {
				least[5] = 1 + 5
			}
			if err := cmd.Wait(); err == nil {
				t.Fatal("the writer met no limit")
			}
			if done == 0 && kind == "sqlite" || !strings.Contains(failure.String(), filepath.Base(where)) {
				t.Errorf("after %d reports: %s", done, failure)
			}
			t.Logf("after %d reports: %s", done, failure)
			checkAfterKill(t, where, &least, -1)
		})
	}
}

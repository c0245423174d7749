package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ecsavvy/advisor/live"
	"ecsavvy/fixtures/loopback"
)

// cloud is a loopback AWS with one generated account, and commands that are pointed
// at it.
type cloud struct {
	*loopback.Server
	t   *testing.T
	dir string
}

func newCloud(t *testing.T, services int) *cloud {
	t.Helper()
	const id = "111122223333"
	c := &cloud{Server: loopback.New(), t: t, dir: t.TempDir()}
	t.Cleanup(c.Close)
	c.Attach(loopback.NewAccount(loopback.AccountOptions{ID: id, Services: services, Clusters: 2, Killed: true}))
	d, _, _ := testDeps()
	c.ServeMetrics(&loopback.CloudWatch{Seed: 7, Now: d.now})
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": c.URL, "AWS_ACCESS_KEY_ID": loopback.AccessKey(id), "AWS_SECRET_ACCESS_KEY": "none", "AWS_SESSION_TOKEN": "",
		"AWS_REGION": "eu-west-1", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "",
		"AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	return c
}

// run runs a command line against the cloud.
func (c *cloud) run(args ...string) (code int, stdout, stderr string) {
	d, out, errs := testDeps()
	d.files = systemDeps().files
	d.patience = live.Patience{Throttled: 40, Failed: 12, Longest: time.Millisecond, Timeout: 500 * time.Millisecond}
	code = run(args, d)
	return code, out.String(), errs.String()
}

// TestAdviceFromSnapshotEqualsLive holds the promise that a snapshot is all that
// advice needs.
func TestAdviceFromSnapshotEqualsLive(t *testing.T) {
	c := newCloud(t, 12)
	file := filepath.Join(c.dir, "a.snapshot")
	if code, _, stderr := c.run("snapshot", file, "--lookback", "96h"); code != 0 {
		t.Fatalf("snapshot: exit %d\n%s", code, stderr)
	}
	args := []string{"--format", "json", "--min-saving", "0"}
	code, saved, stderr := c.run(append([]string{"advise", "--from", file}, args...)...)
	if code != 0 {
		t.Fatalf("advise --from: exit %d\n%s", code, stderr)
	}
	if !strings.Contains(saved, `"lever"`) {
		t.Fatalf("no advice at all:\n%s", saved)
	}
	for range 2 {
		code, read, stderr := c.run(append([]string{"advise", "--lookback", "96h"}, args...)...)
		if code != 0 {
			t.Fatalf("advise: exit %d\n%s", code, stderr)
		}
		if read != saved {
			t.Fatal("advice from the account differs from that of its snapshot")
		}
	}
}

func TestSnapshotsAreEqual(t *testing.T) {
	c := newCloud(t, 5)
	var files [][]byte
	for _, name := range []string{"a", "b"} {
		path := filepath.Join(c.dir, name)
		if code, _, stderr := c.run("snapshot", path, "--lookback", "96h"); code != 0 {
			t.Fatalf("exit %d\n%s", code, stderr)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, data)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two snapshots of one account at one time differ")
	}
}

// TestFaults holds every fault to a right answer, or to a partial one that says so.
func TestFaults(t *testing.T) {
	c := newCloud(t, 4)
	code, want, stderr := c.run("advise", "--format", "json", "--min-saving", "0", "--lookback", "96h")
	if code != 0 {
		t.Fatalf("without faults: exit %d\n%s", code, stderr)
	}
	for _, tc := range []struct {
		name   string
		faults loopback.Faults
		// partial is what a partial answer names, "" where the answer is whole.
		partial string
	}{
		{"half of the calls are throttled", loopback.Faults{ThrottleShare: 0.5}, ""},
		{"a fifth of the calls fail", loopback.Faults{ServerErrorShare: 0.2}, ""},
		{"a fifth of the bodies are cut off", loopback.Faults{TruncateShare: 0.2}, ""},
		{"a tenth of the calls hang", loopback.Faults{HangShare: 0.1}, ""},
		{"clocks differ by an hour", loopback.Faults{ClockSkew: time.Hour}, ""},
		{"CloudWatch is denied", loopback.Faults{DenyOperations: []string{"monitoring:GetMetricData"}}, "GetMetricData"},
		{"scaling policies are denied", loopback.Faults{DenyOperations: []string{"application-autoscaling:DescribeScalingPolicies"}}, "DescribeScalingPolicies"},
		{"task definitions are denied", loopback.Faults{DenyOperations: []string{"ecs:DescribeTaskDefinition"}}, "DescribeTaskDefinition"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c.Misbehave(tc.faults)
			defer c.Misbehave(loopback.Faults{})
			code, got, stderr := c.run("advise", "--format", "json", "--min-saving", "0", "--lookback", "96h")
			switch {
			case tc.partial == "" && (code != 0 || got != want):
				t.Errorf("exit %d, the answer is the same: %v\n%s", code, got == want, stderr)
			case tc.partial != "" && code != 5:
				t.Errorf("exit %d, want 5\n%s", code, stderr)
			case tc.partial != "" && (!strings.Contains(got, tc.partial) || !strings.Contains(got, `"partial": true`)):
				t.Errorf("the answer does not say that %s failed:\n%.2000s", tc.partial, got)
			}
		})
	}
	t.Run("everything is denied", func(t *testing.T) {
		c.Misbehave(loopback.Faults{DenyOperations: []string{"ecs:ListClusters"}})
		defer c.Misbehave(loopback.Faults{})
		code, got, stderr := c.run("advise", "--format", "json")
		if code != 5 || strings.Contains(got, `"findings": [{`) {
			t.Errorf("exit %d\n%s%s", code, got, stderr)
		}
	})
}

func TestAccountsThatCannotBeRead(t *testing.T) {
	c := newCloud(t, 2)
	for _, tc := range []struct {
		name string
		env  map[string]string
		args []string
		want string
		code int
	}{
		{"a cluster that does not exist", nil, []string{"advise", "--cluster", "nowhere"}, "no cluster nowhere in eu-west-1", 5},
		{"a region that does not exist", nil, []string{"advise", "--region", "eu-moon-1"}, `no region "eu-moon-1"`, 5},
		{"no credentials", map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, []string{"advise"}, "no AWS credentials: tried", 5},
		{"reading costs more than agreed", nil, []string{"advise", "--max-reading-cost", "0.00001"}, "say --yes", 2},
		{"a window that CloudWatch has forgotten", nil, []string{"advise", "--period", "1m", "--lookback", "1000h"}, "keeps points of 1m0s for 15 days only", 2},
		{"--from with an account", nil, []string{"advise", "--from", "x", "--region", "eu-west-1"}, "--from reads a file", 2},
		{"a file that is not there", nil, []string{"advise", "--from", "nowhere.snapshot"}, "reading nowhere.snapshot", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for name, value := range tc.env {
				t.Setenv(name, value)
			}
			code, _, stderr := c.run(tc.args...)
			if code != tc.code || !strings.Contains(stderr, tc.want) {
				t.Errorf("exit %d, want %d and %q:\n%s", code, tc.code, tc.want, stderr)
			}
		})
	}
}

// TestNoAccountID holds redacted snapshots to their promise.
func TestNoAccountID(t *testing.T) {
	c := newCloud(t, 3)
	file := filepath.Join(c.dir, "r.snapshot")
	if code, _, stderr := c.run("snapshot", file, "--redact-accounts", "--lookback", "96h"); code != 0 {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	code, out, stderr := c.run("advise", "--from", file, "--format", "json", "--min-saving", "0")
	if code != 0 || strings.Contains(out, "111122223333") || !strings.Contains(out, "account-1") {
		t.Errorf("exit %d: the account's ID is in the advice, or its stand-in is not\n%s", code, stderr)
	}
}

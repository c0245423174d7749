package main

import (
	"os/exec"
	"testing"
)

func TestNoGit(t *testing.T) {
	_, err := openRepo(func(args ...string) *exec.Cmd { return exec.Command("no-git-of-this-name", args...) })
	const want = "--git needs the git binary, which is not in PATH"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestOddRevisions holds that git never sees what it could take for an option.
func TestOddRevisions(t *testing.T) {
	repo := &gitRepo{command: func(args ...string) *exec.Cmd {
		t.Errorf("git was called with %q", args)
		return exec.Command("false")
	}}
	for _, rev := range []string{"--output=x", "-x", "main:file", "two words", "a\nb", "x\x00", "--help..HEAD", "--help...HEAD"} {
		if _, err := repo.parseRange(rev); err == nil {
			t.Errorf("%q was taken", rev)
		}
	}
}

func TestInTree(t *testing.T) {
	repo := &gitRepo{top: "/repo", prefix: "infra/"}
	tests := []struct{ in, want string }{
		{"shop.yaml", "infra/shop.yaml"},
		{"./a/../shop.yaml", "infra/shop.yaml"},
		{"../shop.yaml", "shop.yaml"},
		{"..", ""},
		{"/repo/x.yaml", "x.yaml"},
		{"/repo", ""},
	}
	for _, tt := range tests {
		if got, err := repo.inTree(tt.in); err != nil || got != tt.want {
			t.Errorf("inTree(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
		}
	}
	for _, in := range []string{"../../shop.yaml", "/etc/passwd", "a\nb", "../..", "/repository/x"} {
		if got, err := repo.inTree(in); err == nil {
			t.Errorf("inTree(%q) = %q, want an error", in, got)
		}
	}
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"unicode"
)

// gitRepo is the repository that the process runs in, asked through the git
// binary: it knows every format of repositories, and the user's rights to this
// one. Nothing is checked out and nothing is written.
type gitRepo struct {
	command func(args ...string) *exec.Cmd
	// top is the working tree's root, prefix the way from it to where the
	// process runs: "", "infra/".
	top, prefix string
	batches     []*gitBatch
}

// systemGit runs git for its plain output, whatever the user's settings are.
func systemGit(args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Env = append(cmd.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_PAGER=cat")
	return cmd
}

// openRepo finds the repository.
func openRepo(command func(args ...string) *exec.Cmd) (*gitRepo, error) {
	g := &gitRepo{command: command}
	out, err := g.run("rev-parse", "--show-toplevel", "--show-prefix")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("--git needs the git binary, which is not in PATH")
	case err != nil && strings.Contains(err.Error(), "not a git repository"):
		return nil, errors.New("--git: the working directory is in no git repository")
	case err != nil:
		return nil, fmt.Errorf("--git: %w", err)
	}
	top, prefix, _ := strings.Cut(out, "\n")
	g.top, g.prefix = filepath.FromSlash(top), strings.TrimSuffix(prefix, "\n")
	return g, nil
}

// run executes one git command and returns what it prints.
func (g *gitRepo) run(args ...string) (string, error) {
	cmd := g.command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		return strings.TrimSuffix(string(out), "\n"), nil
	}
	if text := firstLine(stderr.String()); text != "" {
		return "", fmt.Errorf("git %s: %s", args[0], strings.TrimPrefix(strings.TrimPrefix(text, "fatal: "), "error: "))
	}
	return "", fmt.Errorf("git %s: %w", args[0], err)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// gitRange is what --git asks for: two commits, or one and the working tree.
type gitRange struct {
	// base and head are object names, baseName and headName what the user
	// called them. An empty head is the working tree.
	base, head         string
	baseName, headName string
}

// parseRange understands A..B, A...B and A, as git diff does: A...B compares B
// with the commit at which it left A, and A alone with the working tree. A
// missing name is HEAD.
func (g *gitRepo) parseRange(text string) (gitRange, error) {
	from, to, sides := strings.Cut(text, "..")
	to, fromMergeBase := strings.CutPrefix(to, ".")
	if sides {
		if from == "" {
			from = "HEAD"
		}
		if to == "" {
			to = "HEAD"
		}
	}
	r := gitRange{baseName: from, headName: to}
	var err error
	if r.base, err = g.resolve(from); err != nil {
		return gitRange{}, err
	}
	if !sides {
		return r, nil
	}
	if r.head, err = g.resolve(to); err != nil {
		return gitRange{}, err
	}
	if fromMergeBase {
		base, err := g.run("merge-base", r.base, r.head)
		if err != nil {
			return gitRange{}, fmt.Errorf("--git %s: %s and %s have no common commit here; in a shallow clone fetch the history first (git fetch --unshallow; fetch-depth: 0 of actions/checkout)", text, from, to)
		}
		r.base, r.baseName = base, shortOID(base)
	}
	return r, nil
}

// shortOID is an object name for people.
func shortOID(oid string) string { return oid[:min(len(oid), 12)] }

// resolve finds a commit. What git could take for an option or for something
// else than a commit is refused before git sees it.
func (g *gitRepo) resolve(rev string) (string, error) {
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == ':' }
	switch {
	case rev == "":
		return "", errors.New("--git: want a revision or a range such as origin/main..HEAD, got nothing")
	case strings.HasPrefix(rev, "-"):
		return "", fmt.Errorf("--git: %q is no revision: it begins with a hyphen", rev)
	case strings.ContainsFunc(rev, odd):
		return "", fmt.Errorf("--git: %q is no revision: it contains a blank or a colon", rev)
	}
	oid, err := g.run("rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("--git: %q is no revision of this repository; a CI checkout may have to fetch it first (git fetch origin %s)", rev, strings.TrimPrefix(rev, "origin/"))
	}
	return oid, nil
}

// inTree is a path of the command line as the repository knows it: relative to
// the root, with slashes, "" for the root itself.
func (g *gitRepo) inTree(name string) (string, error) {
	if strings.ContainsAny(name, "\n\x00") {
		return "", fmt.Errorf("%q has a line break in its name", name)
	}
	below := path.Join(g.prefix, filepath.ToSlash(name))
	if filepath.IsAbs(name) {
		rel, err := filepath.Rel(g.top, resolveLinks(name))
		if err != nil {
			return "", fmt.Errorf("%s is outside the repository %s", name, g.top)
		}
		below = filepath.ToSlash(rel)
	}
	below = path.Clean(below)
	if below == ".." || strings.HasPrefix(below, "../") || path.IsAbs(below) {
		return "", fmt.Errorf("%s is outside the repository %s", name, g.top)
	}
	if below == "." {
		below = ""
	}
	return below, nil
}

// resolveLinks follows symbolic links as far as the path exists, as git did for
// the root of the repository.
func resolveLinks(name string) string {
	dir, rest := name, ""
	for {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return name
		}
		dir, rest = parent, filepath.Join(filepath.Base(dir), rest)
	}
}

// close ends the git processes that still run.
func (g *gitRepo) close() {
	for _, b := range g.batches {
		b.close()
	}
}

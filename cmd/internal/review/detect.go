package review

import (
	"fmt"
	"slices"
	"strings"
)

// Environment is where a run finds out what it runs for.
type Environment struct {
	// Getenv reads a variable; empty when it is not set.
	Getenv func(string) string
	// ReadFile reads the event file that GitHub Actions names.
	ReadFile func(string) ([]byte, error)
}

// Resolve finds the target for a forge: what the CI system's variables tell,
// with the flags laid over it. It fails when the repository or the number is
// known from neither, and names the variables it looked at.
func (e Environment) Resolve(forge Name, flags Target) (Target, error) {
	found, err := e.Detect(forge)
	t := found.with(flags)
	if t.Repo == "" || t.Number == 0 && t.Commit == "" {
		return t, err
	}
	return t, nil
}

// Detect finds the pull request that the running CI job is for. An empty
// forge is any of them, in the order github, gitlab, bitbucket, azure-repos.
// What was found before something was missing is returned beside the error.
func (e Environment) Detect(forge Name) (Target, error) {
	look := &lookout{env: e}
	var partial Target
	for _, c := range []struct {
		forge Name
		find  func(*lookout) Target
	}{
		{GitHub, githubTarget},
		{GitLab, gitlabTarget},
		{Bitbucket, bitbucketTarget},
		{AzureRepos, azureTarget},
	} {
		if forge != "" && forge != c.forge {
			continue
		}
		t := c.find(look)
		t.Forge = c.forge
		if t.Repo != "" && (t.Number != 0 || t.Commit != "") {
			return t, nil
		}
		if partial.Forge == "" || partial.Repo == "" && t.Repo != "" {
			partial = t
		}
	}
	if partial.Forge == "" {
		return Target{}, fmt.Errorf("forge: want %s, %s, %s or %s, got %q", GitHub, GitLab, Bitbucket, AzureRepos, forge)
	}
	return partial, look.missing(partial, forge)
}

// lookout reads variables and remembers which.
type lookout struct {
	env   Environment
	names []string
	notes []string // what was wrong with something that was set
}

// get reads a variable.
func (l *lookout) get(name string) string {
	if !slices.Contains(l.names, name) {
		l.names = append(l.names, name)
	}
	if l.env.Getenv == nil {
		return ""
	}
	return strings.TrimSpace(l.env.Getenv(name))
}

// first reads the first variable that is set.
func (l *lookout) first(names ...string) string {
	for _, name := range names {
		if v := l.get(name); v != "" {
			return v
		}
	}
	return ""
}

// number reads a variable that holds a request's number.
func (l *lookout) number(name string) int {
	v := l.get(name)
	if v == "" || strings.HasPrefix(v, "$(") {
		return 0 // Azure leaves an unset macro as it is written
	}
	n, ok := digits(v)
	if !ok {
		l.notes = append(l.notes, fmt.Sprintf("%s is %q, which is no number", name, v))
	}
	return n
}

// digits reads a positive decimal number and nothing else.
func digits(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, n > 0
}

// missing is the error for what was not found.
func (l *lookout) missing(t Target, forge Name) error {
	var what, flags []string
	if t.Repo == "" {
		what, flags = append(what, "repository"), append(flags, "--"+t.Forge.repoFlag())
	}
	if t.Number == 0 && t.Commit == "" {
		what, flags = append(what, "pull request"), append(flags, "--"+t.Forge.numberFlag())
	}
	if forge == "" {
		flags = []string{"a forge and its flags"}
	}
	var looked []string
	for _, name := range l.names {
		state := "not set"
		if l.get(name) != "" {
			state = "set"
		}
		looked = append(looked, name+" ("+state+")")
	}
	note := ""
	if len(l.notes) > 0 {
		note = "; " + strings.Join(l.notes, "; ")
	}
	return fmt.Errorf("no %s found in the environment: give %s; looked at %s%s",
		strings.Join(what, " and no "), strings.Join(flags, " and "), strings.Join(looked, ", "), note)
}

package review

import (
	"errors"
	"fmt"
	"regexp"
)

// Target is where a comment goes.
type Target struct {
	Forge Name
	// Repo is owner/name (GitHub), group/project or a number (GitLab),
	// workspace/repository or PROJECT/repository (Bitbucket), or the
	// repository's whole URL (Azure Repos).
	Repo string
	// Number of the pull or merge request.
	Number int
	// Commit to post on instead of a pull request (GitHub, Bitbucket Cloud).
	Commit string
	// URL of the forge's API or server; empty is the public one.
	URL string
}

// Open makes the forge that a target names. It makes no call.
func Open(t Target, a Access) (Forge, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	switch t.Forge {
	case GitHub:
		return openGitHub(t, a)
	case GitLab:
		return openGitLab(t, a)
	case Bitbucket:
		return openBitbucket(t, a)
	case AzureRepos:
		return openAzureRepos(t, a)
	}
	return nil, fmt.Errorf("forge: want %s, %s, %s or %s, got %q", GitHub, GitLab, Bitbucket, AzureRepos, t.Forge)
}

// check says what is wrong with a target.
func (t Target) check() error {
	switch {
	case t.Number < 0:
		return fmt.Errorf("--%s: want a number from 1, got %d", t.Forge.numberFlag(), t.Number)
	case t.Number > 0 && t.Commit != "":
		return fmt.Errorf("--%s and --commit: want one of them", t.Forge.numberFlag())
	case t.Number == 0 && t.Commit == "":
		return fmt.Errorf("--%s: want the number of the request to comment on", t.Forge.numberFlag())
	case t.Commit != "" && !regexp.MustCompile(`^[0-9a-fA-F]{7,64}$`).MatchString(t.Commit):
		return fmt.Errorf("--commit: want 7 to 64 hexadecimal digits, got %q", t.Commit)
	case t.Commit != "" && t.Forge == GitLab:
		return errors.New("commit: on GitLab comments go on merge requests only; give --merge-request")
	}
	return nil
}

// with lays the flags over what was detected. A number given displaces a
// commit detected, and the other way round.
func (t Target) with(flags Target) Target {
	t.Repo = or(flags.Repo, t.Repo)
	t.URL = or(flags.URL, t.URL)
	if flags.Number != 0 || flags.Commit != "" {
		t.Number, t.Commit = flags.Number, flags.Commit
	}
	return t
}

// numberFlag is what the command line calls the request's number.
func (n Name) numberFlag() string {
	if n == GitLab {
		return "merge-request"
	}
	return "pull-request"
}

// repoFlag is what the command line calls the repository.
func (n Name) repoFlag() string {
	if n == AzureRepos {
		return "repo-url"
	}
	return "repo"
}

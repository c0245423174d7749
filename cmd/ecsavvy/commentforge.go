package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/cmd/internal/review"
)

// forgeOptions are the flags that say where a comment goes and as whom.
type forgeOptions struct {
	name   review.Name
	repo   string
	number int
	commit string
	url    string
	token  string

	tls        review.TLS
	initActive bool
}

// addFlags adds the flags of one forge, named as its users know them.
func (o *forgeOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	pullRequest := func() {
		flags.IntVar(&o.number, "pull-request", 0, "`number` of the pull request")
	}
	commit := func() {
		flags.StringVar(&o.commit, "commit", "", "post on this commit `SHA` instead of a pull request")
	}
	certificates := func(prefix string) {
		flags.StringVar(&o.tls.CertFile, prefix+"-tls-cert-file", "", "client certificate `file` for the server")
		flags.StringVar(&o.tls.KeyFile, prefix+"-tls-key-file", "", "key `file` of the client certificate")
		flags.BoolVar(&o.tls.InsecureSkipVerify, prefix+"-tls-insecure-skip-verify", false, "do not check the server's certificate")
	}
	switch o.name {
	case review.GitHub:
		flags.StringVar(&o.repo, "repo", "", "`owner/repository`")
		pullRequest()
		commit()
		flags.StringVar(&o.token, "github-token", "", "`token`; better in GITHUB_TOKEN, where no process list shows it")
		flags.StringVar(&o.url, "github-api-url", "", "`URL` of the API of a GitHub Enterprise Server")
		certificates("github")
	case review.GitLab:
		flags.StringVar(&o.repo, "repo", "", "`group/project` or the project's number")
		flags.IntVar(&o.number, "merge-request", 0, "`number` of the merge request")
		flags.StringVar(&o.token, "gitlab-token", "", "`token`; better in GITLAB_TOKEN, where no process list shows it")
		flags.StringVar(&o.url, "gitlab-server-url", "", "`URL` of the server, gitlab.com by default")
		certificates("gitlab")
	case review.Bitbucket:
		flags.StringVar(&o.repo, "repo", "", "`workspace/repository`, or PROJECT/repository of a server")
		pullRequest()
		commit()
		flags.StringVar(&o.token, "bitbucket-token", "", "`token` or user:app-password; better in BITBUCKET_TOKEN, where no process list shows it")
		flags.StringVar(&o.url, "bitbucket-server-url", "", "`URL` of the server, bitbucket.org by default")
		certificates("bitbucket")
	case review.AzureRepos:
		flags.StringVar(&o.repo, "repo-url", "", "`URL` of the repository")
		pullRequest()
		flags.StringVar(&o.token, "azure-access-token", "", "`token`; better in AZURE_ACCESS_TOKEN, where no process list shows it")
		flags.BoolVar(&o.initActive, "init-active", false, "post a new comment as active, which a branch policy may want resolved")
		certificates("azure")
	}
}

// check refuses a behaviour that the forge has not.
func (o *forgeOptions) check(behavior string) error {
	if known := behaviors(o.name); behavior != "" && !slices.Contains(known, behavior) {
		return fmt.Errorf("--behavior: want %s on %s, got %q", strings.Join(known, ", "), forgeTitle(o.name), behavior)
	}
	return nil
}

// open makes the forge. A dry run does without a request and a token: it is
// the forge's limits that it needs.
func (o *forgeOptions) open(d *deps, dryRun bool) (review.Forge, error) {
	getenv := func(name string) string {
		v, _ := d.env(name)
		return v
	}
	environment := review.Environment{Getenv: getenv, ReadFile: d.files.read}
	flags := review.Target{Forge: o.name, Repo: o.repo, Number: o.number, Commit: o.commit, URL: o.url}
	target, err := environment.Resolve(o.name, flags)
	if err != nil {
		if !dryRun {
			return nil, err
		}
		target = placeholder(o.name)
	}
	access := review.Access{Token: o.token, TLS: o.tls, InitActive: o.initActive}
	for _, name := range o.name.TokenVariables() {
		if access.Token == "" {
			access.Token = getenv(name)
		}
	}
	if access.Token == "" {
		if !dryRun {
			return nil, fmt.Errorf("no token for %s: set %s, or give --%s", forgeTitle(o.name), strings.Join(o.name.TokenVariables(), " or "), o.tokenFlag())
		}
		access.Token = "none"
	}
	return review.Open(target, access)
}

// placeholder is a request of nobody, for dry runs.
func placeholder(forge review.Name) review.Target {
	t := review.Target{Forge: forge, Repo: "owner/repository", Number: 1}
	if forge == review.AzureRepos {
		t.Repo = "https://dev.azure.com/organization/project/_git/repository"
	}
	return t
}

func (o *forgeOptions) tokenFlag() string {
	switch o.name {
	case review.GitLab:
		return "gitlab-token"
	case review.Bitbucket:
		return "bitbucket-token"
	case review.AzureRepos:
		return "azure-access-token"
	default:
		return "github-token"
	}
}

func forgeTitle(forge review.Name) string {
	switch forge {
	case review.GitLab:
		return "GitLab"
	case review.Bitbucket:
		return "Bitbucket"
	case review.AzureRepos:
		return "Azure Repos"
	default:
		return "GitHub"
	}
}

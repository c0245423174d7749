package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ecsavvy/cmd/internal/guardrail"
	"ecsavvy/cmd/internal/review"
)

type commentOptions struct {
	deps *deps
	changeOptions
	limitOptions
	forge forgeOptions
	// out holds what estimate and diff let the user choose of their output,
	// of which a comment has only the date and the verbosity.
	out output

	behavior    string
	tag         string
	minChange   string
	dryRun      bool
	strict      bool
	allProjects bool
	brief       bool
	skipNoDiff  bool
	policyPaths []string

	threshold guardrail.Threshold
}

func newCommentCmd(d *deps, runF func(*commentOptions) error) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "comment",
		Short: "Post what a change costs on a pull request",
		Long: `Keep one comment on a pull or merge request that says what the change costs.

A later run updates the comment of an earlier one, runs that race leave one
comment between them, and a body that would be the same is not written. What the
request is is seen from the CI system's variables; flags override them.

` + exitCodeHelp,
		Example: `  ecsavvy comment github plan.json
  ecsavvy comment gitlab --git origin/main...HEAD infra`,
		Args: cobra.ArbitraryArgs,
		RunE: runGroup,
	}
	for _, forge := range []review.Name{review.GitHub, review.GitLab, review.Bitbucket, review.AzureRepos} {
		cmd.AddCommand(newForgeCmd(d, forge, runF))
	}
	return cmd
}

// exampleTarget are the flags of a help example that names a pull request.
func exampleTarget(forge review.Name) string {
	switch forge {
	case review.GitLab:
		return "--repo my/shop --merge-request 1"
	case review.AzureRepos:
		return "--repo-url https://dev.azure.com/my/shop/_git/shop --pull-request 1"
	default:
		return "--repo my/shop --pull-request 1"
	}
}

// newForgeCmd is the command of one forge.
func newForgeCmd(d *deps, forge review.Name, runF func(*commentOptions) error) *cobra.Command {
	opts := &commentOptions{deps: d, forge: forgeOptions{name: forge}}
	cmd := &cobra.Command{
		Use:   string(forge) + " BASE HEAD | PLAN | --path FILE...",
		Short: "Post on " + forgeTitle(forge),
		Long: `Post what a change costs on ` + forgeTitle(forge) + `.

The change is what ecsavvy diff takes, the JSON that it wrote too (--path). The
token is that of the flag, or else of ` + strings.Join(forge.TokenVariables(), " or ") + `.

A broken guardrail is printed in the comment, which is posted all the same; then
the exit code is 3.

` + exitCodeHelp,
		Example: `  ecsavvy comment ` + string(forge) + ` ` + exampleTarget(forge) + ` \
    --dry-run fixtures/pullrequest/base.yaml fixtures/pullrequest/head.yaml
  ecsavvy comment ` + string(forge) + ` plan.json
  ecsavvy comment ` + string(forge) + ` --path diff.json --tag production
  ecsavvy comment ` + string(forge) + ` --git origin/main...HEAD infra --dry-run`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, given []string) error {
			opts.args = given
			if err := opts.check(cmd); err != nil {
				return err
			}
			if runF != nil {
				return runF(opts)
			}
			return commentRun(cmd.Context(), opts)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *commentOptions) addFlags(cmd *cobra.Command) {
	o.changeOptions.addFlags(cmd)
	o.limitOptions.addFlags(cmd)
	o.forge.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.behavior, "behavior", "", "what becomes of earlier comments: "+strings.Join(behaviors(o.forge.name), "|")+" (default update)")
	flags.StringVar(&o.tag, "tag", "", "`name` that tells several comments on one request apart")
	flags.StringVar(&o.minChange, "min-change", "", "least change, up or down, that is worth a new comment: '$20', '5%', or '5%|$20' for either")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the comment instead of posting it")
	flags.BoolVar(&o.strict, "strict", false, "exit with 4 if anything is unpriced, unknown, incomplete or without a model")
	flags.BoolVar(&o.allProjects, "show-all-projects", false, "list projects that do not change, too")
	flags.BoolVar(&o.brief, "brief", false, "leave out the lines of resources")
	flags.StringVar(&o.out.asOf, "as-of", "", "`date` that the comment carries, YYYY-MM-DD or today; without it there is none")
	flags.BoolVarP(&o.out.verbose, "verbose", "v", false, "say on standard error what is read, taken and done")
	// Known from the tool that many come from; not advertised.
	flags.BoolVar(&o.skipNoDiff, "skip-no-diff", false, "no new comment where nothing changes")
	flags.StringArrayVar(&o.policyPaths, "policy-path", nil, "not supported: use guardrails")
	_ = flags.MarkHidden("skip-no-diff")
	_ = flags.MarkHidden("policy-path")
	fixedCompletion(cmd, "behavior", behaviors(o.forge.name))
}

// behaviors are those that the forge can do.
func behaviors(forge review.Name) []string {
	all := []string{string(review.Update), string(review.New), string(review.DeleteAndNew)}
	if forge == review.GitHub {
		all = append(all, string(review.HideAndNew))
	}
	return all
}

// check refuses what no input could make right.
func (o *commentOptions) check(cmd *cobra.Command) error {
	if len(o.policyPaths) > 0 {
		return as(usage, errors.New("--policy-path: Rego policies are not run here; write guardrails (docs/guardrails.md), or run OPA on the JSON of ecsavvy diff, which has the shape that they read"))
	}
	if err := o.changeOptions.check(cmd); err != nil {
		return err
	}
	if err := o.limitOptions.check(); err != nil {
		return err
	}
	if o.minChange != "" {
		threshold, err := guardrail.ParseThreshold(o.minChange)
		if err != nil {
			return as(usage, fmt.Errorf("--min-change: %w", err))
		}
		o.threshold = threshold
	}
	if err := o.forge.check(o.behavior); err != nil {
		return as(usage, err)
	}
	return o.out.checkDate(o.deps)
}

func commentRun(ctx context.Context, opts *commentOptions) error {
	started := opts.deps.now()
	made, config, err := makeDiff(&opts.changeOptions, &opts.limitOptions, &opts.out, opts.deps)
	if err != nil {
		return err
	}
	if err := opts.takeDefaults(config); err != nil {
		return err
	}
	forge, err := opts.forge.open(opts.deps, opts.dryRun)
	if err != nil {
		return as(usage, err)
	}
	comment := review.Comment{Tag: opts.tag, ValidAt: started, OnlyIfPosted: !opts.worthIt(made), Body: opts.body(made, forge.Profile())}
	if opts.dryRun {
		err = opts.dry(forge, comment)
	} else {
		err = opts.post(ctx, forge, comment)
	}
	if err != nil {
		return err
	}
	if err := made.guardrailProblem(); err != nil {
		return err
	}
	if opts.strict {
		return as(incomplete, strictDiffProblem(made.diff))
	}
	return nil
}

// takeDefaults fills what no flag says from the settings file.
func (o *commentOptions) takeDefaults(config *settings) error {
	c := &config.Comment
	if o.tag == "" {
		o.tag = c.Tag
	}
	if o.behavior == "" {
		o.behavior = c.Behavior
		if err := o.forge.check(o.behavior); err != nil {
			return as(badInput, fmt.Errorf("%s: comment.behavior: %w", config.path, err))
		}
	}
	if !o.threshold.Set() && c.MinChange.Text != "" {
		threshold, err := guardrail.ParseThreshold(c.MinChange.Text)
		if err != nil {
			return as(badInput, fmt.Errorf("%s:%d:%d: comment.min_change: %w", config.path, c.MinChange.Line, c.MinChange.Col, err))
		}
		o.threshold = threshold
	}
	return nil
}

// worthIt reports whether the change deserves a comment where there is none:
// always, unless it is known in full, breaks no guardrail, and is small.
func (o *commentOptions) worthIt(made *madeDiff) bool {
	total := &made.diff.Total
	switch {
	case made.guardrailProblem() != nil, total.Certainty != 0:
		return true
	case o.skipNoDiff && made.unchanged():
		return false
	case o.threshold.Set():
		return o.threshold.ReachedBy(total.Before.Effective, total.After.Effective)
	default:
		return true
	}
}

// dry prints what would be posted.
func (o *commentOptions) dry(forge review.Forge, comment review.Comment) error {
	title := forge.Profile().Title
	text, err := review.Compose(forge.Profile(), comment, review.Behavior(o.behavior))
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(o.deps.stdout, text); err != nil {
		return fmt.Errorf("writing to standard output: %w", withoutOperation(err))
	}
	if comment.OnlyIfPosted {
		fmt.Fprintf(o.deps.stderr, "The change is below %s: no new comment would be posted, one that is there would be updated\n", o.least())
	}
	_, err = fmt.Fprintf(o.deps.stderr, "Comment not posted to %s (--dry-run was specified)\n", title)
	return err
}

// least is the threshold in words.
func (o *commentOptions) least() string {
	if o.threshold.Set() {
		return "--min-change " + o.threshold.String()
	}
	return "any change (--skip-no-diff)"
}

// post brings the comment to stand.
func (o *commentOptions) post(ctx context.Context, forge review.Forge, comment review.Comment) error {
	d := o.deps
	poster := review.Poster{Now: d.now, Sleep: d.sleep, Log: func(line string) { o.out.note(d, "%s", line) }}
	outcome, err := poster.Upsert(ctx, forge, comment, review.Behavior(o.behavior))
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Comment %s on %s", outcome.Action, forge.Profile().Title)
	if outcome.Action == review.Skipped && comment.OnlyIfPosted {
		text = fmt.Sprintf("No comment on %s: the change is below %s", forge.Profile().Title, o.least())
	} else if outcome.Reason != "" {
		text += " (" + outcome.Reason + ")"
	}
	if outcome.URL != "" {
		text += ": " + outcome.URL
	}
	_, err = fmt.Fprintln(d.stdout, text)
	return err
}

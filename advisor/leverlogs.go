package advisor

import (
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// retentionDays is the retention that is asked about where logs never expire: a
// month, after which hardly any log is read. A choice; put-retention-policy takes it.
const retentionDays = 30

// dominant is the share of a service's costs from which its logs are worth a
// sentence of their own. A choice.
const dominant = 0.2

// logs looks at each log group: what never expires, and what is ingested at the
// price of logs that are read every day. docs/logs.md.
func logs(s *site, f *findings) error {
	parts := make(map[string][]design.LogGroup)
	var names []string
	for _, g := range s.workload.LogGroups {
		if parts[g.Name] == nil {
			names = append(names, g.Name)
		}
		parts[g.Name] = append(parts[g.Name], g)
	}
	services := make(map[string]*estimate.Resource)
	for i := range s.result.Resources {
		if r := &s.result.Resources[i]; r.Kind == estimate.KindService {
			services[r.Name] = r
		}
	}
	for _, name := range names {
		l := logGroup{site: s, group: parts[name][0], all: parts[name], services: services, subject: s.subject("log group", "", name, nil)}
		if err := l.judge(f); err != nil {
			return err
		}
	}
	return nil
}

// logGroup is a log group at work. Several services may write to it: then the
// workload has a part for each, all of one name.
type logGroup struct {
	site  *site
	group design.LogGroup
	all   []design.LogGroup
	// services are the estimates of the site's services by name.
	services map[string]*estimate.Resource
	subject  Subject
}

func (l *logGroup) judge(f *findings) error {
	forever := l.group.RetentionDays.Stated() && l.group.RetentionDays.Value == 0
	ingest := l.group.Ingest
	standard := l.group.Class != design.LogInfrequentAccess
	if !ingest.Stated() {
		if forever || standard {
			f.abstain(LeverLogs, l.subject, "needs the bytes that it ingests: "+firstNote(ingest.Note, "AWS/Logs IncomingBytes was not read"))
		}
		return nil
	}
	if forever {
		if err := l.retention(f); err != nil {
			return err
		}
	}
	if standard && ingest.Value > 0 {
		return l.infrequent(f, forever)
	}
	return nil
}

// parts changes every part of the group.
func (l *logGroup) parts(change func(*design.LogGroup) error) func(*design.Workload) error {
	return func(w *design.Workload) error {
		found := false
		for i := range w.LogGroups {
			if w.LogGroups[i].Name != l.group.Name {
				continue
			}
			found = true
			if err := change(&w.LogGroups[i]); err != nil {
				return err
			}
		}
		if !found {
			return errGone
		}
		return nil
	}
}

// expire sets the retention. What is stored then is what ingestion leaves in it.
func expire(g *design.LogGroup) {
	g.RetentionDays = design.Know(float64(retentionDays))
	g.Stored = design.NotKnown[float64]("ingestion × 0.15 × the retention, once the older logs are gone")
}

func (l *logGroup) retention(f *findings) error {
	r, ok, err := l.site.recommend(Recommendation{
		Lever: LeverLogs, Subject: l.subject, Title: fmt.Sprintf("keep %d days instead of all", retentionDays),
		Risk: RiskMedium, RiskReasons: []string{"logs older than that are deleted for good: audit and legal duties may ask for more"},
		Effort:  EffortSetting,
		Reasons: []string{"they never expire, so what they cost grows every month"},
		Patches: []Patch{
			{FormTerraform, fmt.Sprintf("retention_in_days = %d", retentionDays)},
			{FormCLI, fmt.Sprintf("aws logs put-retention-policy --region %s --log-group-name %s --retention-in-days %d", shell(l.site.scope.Region), shell(l.group.Name), retentionDays)},
		},
		Change: l.parts(func(g *design.LogGroup) error { expire(g); return nil }),
		Evidence: Evidence{
			Source: "AWS/Logs",
			Bound:  fmt.Sprintf("%.4g GB stored; %.4g GB a month ingested", l.stored(), l.ingested()),
			Next:   "a shorter retention, where logs of a week are enough",
		},
	})
	if err == nil && ok {
		f.recommend(r)
	}
	return err
}

// stored and ingested are of all parts, GB and GB a month.
func (l *logGroup) stored() float64 {
	return l.sum(func(g *design.LogGroup) float64 { return g.Stored.Value })
}
func (l *logGroup) ingested() float64 {
	return l.sum(func(g *design.LogGroup) float64 { return g.Ingest.Value })
}

func (l *logGroup) sum(of func(*design.LogGroup) float64) float64 {
	sum := 0.0
	for i := range l.all {
		sum += of(&l.all[i])
	}
	return sum
}

// infrequent moves what is ingested to the Infrequent Access class. The class of a
// group cannot change, so that it takes a new group.
// Source: logGroupClass in docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html.
func (l *logGroup) infrequent(f *findings, forever bool) error {
	title, name := "Infrequent Access class in a new group", l.group.Name+"-ia"
	days := l.group.RetentionDays.Value
	if forever {
		title, days = fmt.Sprintf("%s, keeping %d days", title, retentionDays), retentionDays
	}
	region := shell(l.site.scope.Region)
	cli := fmt.Sprintf("aws logs create-log-group --region %s --log-group-name %s --log-group-class INFREQUENT_ACCESS", region, shell(name))
	terraform := fmt.Sprintf("resource \"aws_cloudwatch_log_group\" \"infrequent\" {\n  name            = %s\n  log_group_class = \"INFREQUENT_ACCESS\"", hcl(name))
	if days > 0 {
		cli += fmt.Sprintf("\naws logs put-retention-policy --region %s --log-group-name %s --retention-in-days %.0f", region, shell(name), days)
		terraform += fmt.Sprintf("\n  retention_in_days = %.0f", days)
	}
	r, ok, err := l.site.recommend(Recommendation{
		Lever: LeverLogs, Subject: l.subject, Title: title,
		Risk: RiskMedium, RiskReasons: []string{
			"Infrequent Access has a subset of the features only: check metric filters, subscription filters, Live Tail and exports before the move",
			"nothing measures how often these logs are read; Logs Insights queries cost the same by GB in both classes",
		},
		Effort:  EffortMigration,
		Reasons: append([]string{"it is the ingestion that costs: half as much in this class"}, l.dominance()...),
		Patches: append(l.writers(name), Patch{FormTerraform, terraform + "\n}"}, Patch{FormCLI, cli}),
		Change: l.parts(func(g *design.LogGroup) error {
			g.Class = design.LogInfrequentAccess
			if forever {
				expire(g)
			}
			return nil
		}),
		Evidence: Evidence{Source: "AWS/Logs", Bound: fmt.Sprintf("%.4g GB a month ingested", l.ingested()), Next: "fewer lines: a level, or a sample of what succeeds"},
	})
	if err == nil && ok {
		f.recommend(r)
	}
	return err
}

// writers are the JSON patches of the task definitions that write to the group; each
// tests that it is laid on its own.
func (l *logGroup) writers(to string) []Patch {
	var patches []Patch
	for i := range l.site.workload.Services {
		task := &l.site.workload.Services[i].Task
		ops := []jsonOp{{"test", "/family", task.Family}}
		for k := range task.Containers {
			if task.Containers[k].LogGroup == l.group.Name {
				ops = append(ops, jsonOp{"replace", fmt.Sprintf("/containerDefinitions/%d/logConfiguration/options/awslogs-group", k), to})
			}
		}
		if patch := patchText(ops); len(ops) > 1 && !slices.ContainsFunc(patches, func(p Patch) bool { return p.Text == patch }) {
			patches = append(patches, Patch{FormTaskDefinition, patch})
		}
	}
	return patches
}

// dominance says which services pay more than a fifth of what they cost for logs.
func (l *logGroup) dominance() []string {
	var out []string
	for i := range l.all {
		r := l.services[l.all[i].Service]
		if r == nil {
			continue
		}
		usd := 0.0
		for j := range r.Lines {
			if r.Lines[j].Group == estimate.Logs && strings.HasSuffix(r.Lines[j].Name, "ingestion") {
				usd += r.Lines[j].Cost.Effective
			}
		}
		if usd > dominant*r.Cost.Effective {
			out = append(out, fmt.Sprintf("ingesting logs is %.0f %% of what %s costs ($%.2f of $%.2f): write less before anything else", 100*usd/r.Cost.Effective, r.Name, usd, r.Cost.Effective))
		}
	}
	return out
}

package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
)

// Saved is what a JSON document of an estimate or a diff holds, read back: the
// way from Data to results.
type Saved struct {
	Projects []SavedProject
	// Guardrails are those that were checked when the diff was made.
	Guardrails []Guardrail
	// IsDiff says that the projects have a side before.
	IsDiff bool
	// Ours is false of documents that Infracost wrote: their lines have other
	// names, so that only resources compare.
	Ours bool
}

// SavedProject is a project of a saved document. A side is nil where the
// project does not exist there.
type SavedProject struct {
	Name, Path, Kind string
	Before, After    *estimate.Result
	Renamed          map[string]string
	Incomplete       []string
}

type savedRoot struct {
	Version  string         `json:"version"`
	Currency string         `json:"currency"`
	Projects []savedProject `json:"projects"`
	Ecsavvy  struct {
		FormatVersion string         `json:"format_version"`
		Guardrails    []guardrailOut `json:"guardrails"`
	} `json:"ecsavvy"`
}

type savedProject struct {
	Name          string              `json:"name"`
	Metadata      infracostMetadata   `json:"metadata"`
	PastBreakdown *infracostBreakdown `json:"pastBreakdown"`
	Breakdown     *infracostBreakdown `json:"breakdown"`
	Diff          *struct {
		Resources []struct {
			Ecsavvy diffResourceExtra `json:"ecsavvy"`
		} `json:"resources"`
	} `json:"diff"`
	Summary infracostSummary `json:"summary"`
	Ecsavvy struct {
		projectExtra
		Past    *projectExtra `json:"past"`
		Reasons []string      `json:"incomplete_reasons"`
		Change  *changeExtra  `json:"change"`
	} `json:"ecsavvy"`
}

// IsSaved reports whether a document is a saved estimate or diff, quickly
// enough to be asked of everything.
func IsSaved(data []byte) bool {
	trimmed := bytes.TrimSpace(data)
	return len(trimmed) > 0 && trimmed[0] == '{' &&
		bytes.Contains(trimmed, []byte(`"totalMonthlyCost"`)) && bytes.Contains(trimmed, []byte(`"currency"`)) &&
		bytes.Contains(trimmed, []byte(`"projects"`))
}

// ReadSaved reads a saved document: JSON of Infracost's format 0.2.
func ReadSaved(name string, data []byte) (Saved, error) {
	var root savedRoot
	if err := json.Unmarshal(data, &root); err != nil {
		return Saved{}, fmt.Errorf("reading %s: not a saved estimate: %w", name, err)
	}
	switch major, _, _ := strings.Cut(root.Ecsavvy.FormatVersion, "."); {
	case root.Projects == nil:
		return Saved{}, fmt.Errorf("reading %s: not a saved estimate: it has no projects; want what --format json writes", name)
	case root.Version != infracostVersion:
		return Saved{}, fmt.Errorf("reading %s: want JSON of version %s, got %q", name, infracostVersion, root.Version)
	case root.Currency != "USD" && root.Currency != "":
		return Saved{}, fmt.Errorf("reading %s: want amounts in USD, got %q", name, root.Currency)
	case major != "" && major+".0" != formatVersion:
		return Saved{}, fmt.Errorf("reading %s: ecsavvy.format_version is %s, this ecsavvy reads %s", name, root.Ecsavvy.FormatVersion, formatVersion)
	}
	saved := Saved{Ours: root.Ecsavvy.FormatVersion != ""}
	for i := range root.Projects {
		r := savedReader{file: name, path: fmt.Sprintf("projects[%d]", i), ours: saved.Ours}
		p, isDiff := r.project(&root.Projects[i])
		if r.err != nil {
			return Saved{}, r.err
		}
		saved.IsDiff = saved.IsDiff || isDiff
		saved.Projects = append(saved.Projects, p)
	}
	for _, g := range root.Ecsavvy.Guardrails {
		row := Guardrail{Title: g.Title, Text: g.Text, State: GuardrailUndecided}
		for _, state := range []GuardrailState{GuardrailPassed, GuardrailBroken} {
			if g.State == state.String() {
				row.State = state
			}
		}
		saved.Guardrails = append(saved.Guardrails, row)
	}
	return saved, nil
}

// project reads one project; Infracost writes both sides in every document, so
// a past without resources in one of its own is none.
func (r *savedReader) project(p *savedProject) (out SavedProject, isDiff bool) {
	out = SavedProject{Name: p.Name, Path: p.Metadata.Path, Kind: p.Ecsavvy.InputKind, Incomplete: p.Ecsavvy.Reasons}
	change := ""
	if p.Ecsavvy.Change != nil {
		change = p.Ecsavvy.Change.Change
	}
	if p.Breakdown != nil && change != advisor.Removed.String() {
		out.After = r.result(p.Breakdown, &p.Ecsavvy.projectExtra, "breakdown")
		if !r.ours {
			out.After.NotPriced = p.Summary.UnsupportedResourceCounts
		}
	}
	if p.PastBreakdown == nil {
		return out, false
	}
	extra := p.Ecsavvy.Past
	if extra == nil {
		extra = &projectExtra{HoursPerMonth: p.Ecsavvy.HoursPerMonth}
	}
	if change != advisor.Added.String() {
		out.Before = r.result(p.PastBreakdown, extra, "pastBreakdown")
	}
	if p.Diff != nil {
		out.Renamed = map[string]string{}
		for i := range p.Diff.Resources {
			e := &p.Diff.Resources[i].Ecsavvy
			if e.PastName != "" {
				was := advisor.Identity{Kind: estimate.Kind(e.Kind), Cluster: e.PastCluster, Name: e.PastName}
				is := advisor.Identity{Kind: estimate.Kind(e.Kind), Cluster: e.Cluster, Name: e.Name}
				out.Renamed[was.String()] = is.String()
			}
		}
	}
	return out, true
}

// result makes one side of a project.
func (r *savedReader) result(b *infracostBreakdown, extra *projectExtra, path string) *estimate.Result {
	at := r.path
	defer func() { r.path = at }()
	r.path += "." + path
	result := &estimate.Result{
		Workload: extra.Workload, HoursPerMonth: r.number(extra.HoursPerMonth, "ecsavvy.hours_per_month"),
		NotPriced:   extra.NotPriced,
		Assumptions: notesBack(extra.Assumptions), Warnings: notesBack(extra.Warnings), AssumedRates: notesBack(extra.AssumedRates),
		OldestPrice: extra.Prices.Oldest, NewestPrice: extra.Prices.Newest,
	}
	if result.HoursPerMonth == 0 {
		result.HoursPerMonth = estimate.HoursPerMonth
	}
	if extra.Region.Code != "" {
		result.Region = design.Fact[string]{Value: extra.Region.Code, Basis: basisBack(extra.Region.Basis), Note: extra.Region.Note}
	}
	for i := range b.Resources {
		r.path = fmt.Sprintf("%s.%s.resources[%d]", at, path, i)
		result.Resources = append(result.Resources, r.resource(&b.Resources[i]))
	}
	for i := range b.FreeResources {
		r.path = fmt.Sprintf("%s.%s.freeResources[%d]", at, path, i)
		result.Resources = append(result.Resources, r.resource(&b.FreeResources[i]))
	}
	for i := range result.Resources {
		result.Total = result.Total.Add(result.Resources[i].Cost)
		result.Unpriced += result.Resources[i].Unpriced
	}
	result.Range = r.rangeBack(extra.Range, result.Total)
	return result
}

func notesBack(notes []noteExtra) []estimate.Note {
	out := make([]estimate.Note, len(notes))
	for i, n := range notes {
		out[i] = estimate.Note(n)
	}
	return out
}

func basisBack(name string) design.Basis {
	for _, b := range []design.Basis{design.Known, design.Assumed} {
		if b.String() == name {
			return b
		}
	}
	return design.Unknown
}

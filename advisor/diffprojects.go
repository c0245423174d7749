package advisor

import "ecsavvy/advisor/estimate"

// Project is one input before and after a change. A side is nil where the
// project does not exist there.
type Project struct {
	Name          string
	Before, After *estimate.Result
	Options       DiffOptions
}

// ProjectDiff is the difference of one project.
type ProjectDiff struct {
	Name string
	// Change is Added, Removed, Changed or Unchanged.
	Change Change
	// OldName is the name before, where it was another one.
	OldName string
	Difference
}

// Differences are what a change does to several projects together.
type Differences struct {
	Projects []ProjectDiff
	Total    Delta
	Effect   Effect
	Counts   Counts
}

// DiffProjects compares projects and adds them up, in the order of their first
// mention. Entries of one name that have one side each are one project. If a
// single entry is left with only a before and a single one with only an after,
// they are the same project under another name: two directories compared with
// each other are not all removed and all added.
func DiffProjects(projects []Project) Differences {
	var all Differences
	for _, p := range mergeProjects(projects) {
		d := ProjectDiff{Name: p.Name, OldName: p.oldName}
		var before, after estimate.Result
		if p.Before != nil {
			before = *p.Before
		}
		if p.After != nil {
			after = *p.After
		}
		d.Difference = Diff(before, after, p.Options)
		switch {
		case p.Before == nil && p.After != nil:
			d.Change = Added
		case p.After == nil && p.Before != nil:
			d.Change = Removed
		case !d.Empty():
			d.Change = Changed
		}
		all.Projects = append(all.Projects, d)
		all.Total = all.Total.Add(d.Total)
		all.Effect = all.Effect.Add(d.Effect)
		all.Counts = all.Counts.add(d.Counts)
	}
	return all
}

// mergedProject is a project with both of its sides.
type mergedProject struct {
	Project
	oldName string
}

// mergeProjects joins the entries that are one project.
func mergeProjects(projects []Project) []mergedProject {
	var out []mergedProject
	half := map[string]int{} // entries with one side, by name
	for _, p := range projects {
		if i, found := half[p.Name]; found && out[i].complements(p) {
			out[i].join(p)
			delete(half, p.Name)
			continue
		}
		if (p.Before == nil) != (p.After == nil) {
			half[p.Name] = len(out)
		}
		out = append(out, mergedProject{Project: p})
	}
	was, is := -1, -1
	for i := range out {
		switch p := &out[i]; {
		case p.Before != nil && p.After != nil:
			return out // some names do match, so the others differ on purpose
		case p.Before != nil && was < 0:
			was = i
		case p.After != nil && is < 0:
			is = i
		case p.Before != nil || p.After != nil:
			return out // more than one candidate
		}
	}
	if was < 0 || is < 0 {
		return out
	}
	out[is].oldName = out[was].Name
	out[is].join(out[was].Project)
	return append(out[:was:was], out[was+1:]...)
}

// complements reports whether o has the side that p lacks.
func (p *mergedProject) complements(o Project) bool {
	return p.Before == nil && p.After != nil && o.Before != nil && o.After == nil ||
		p.After == nil && p.Before != nil && o.After != nil && o.Before == nil
}

// join takes the other side from o.
func (p *mergedProject) join(o Project) {
	if p.Before == nil {
		p.Before = o.Before
	}
	if p.After == nil {
		p.After = o.After
	}
	p.Options.Incomplete = append(p.Options.Incomplete[:len(p.Options.Incomplete):len(p.Options.Incomplete)], o.Options.Incomplete...)
	if p.Options.Renamed == nil {
		p.Options.Renamed = o.Options.Renamed
	}
}

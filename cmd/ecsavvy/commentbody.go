package main

import (
	"strings"

	"ecsavvy/cmd/internal/render"
	"ecsavvy/cmd/internal/review"
)

// body fits the diff's markdown to the forge.
func (o *commentOptions) body(made *madeDiff, profile review.Profile) string {
	info := made.info(o.out.asOf)
	info.AllProjects, info.Brief = o.allProjects, o.brief
	parts := render.DiffComment(made.diff, info)
	body := review.Body{Head: parts.Head, Foot: parts.Foot}
	if !profile.HTML {
		body.Foot = strings.NewReplacer("<sub>", "", "</sub>", "", "<br>\n", "\n\n").Replace(body.Foot)
	}
	for _, s := range parts.Sections {
		body.Sections = append(body.Sections, review.Section{Title: s.Title, Text: s.Text, Collapsed: s.Collapsed, Priority: s.Priority})
	}
	return body.Render(profile)
}

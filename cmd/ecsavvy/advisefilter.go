package main

import (
	"fmt"
	"slices"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/advisor/intake"
)

// subjects refuses a service that is not there, and tags that nothing has: advice on
// nothing would read as if all were well.
func (o *adviseOptions) subjects(sites []advisor.Site) error {
	if o.service == "" && len(o.tags) == 0 {
		return nil
	}
	var names []string
	service, tagged := false, false
	for i := range sites {
		for _, s := range sites[i].Subjects() {
			if s.Kind == "service" {
				names = append(names, s.Cluster+"/"+s.Name)
				service = service || o.service == s.Name || o.service == s.Cluster+"/"+s.Name
			}
			tagged = tagged || o.tagged(s)
		}
	}
	slices.Sort(names)
	switch {
	case o.service != "" && !service:
		return fmt.Errorf("--service: no service %q%s", o.service, intake.Suggest(o.service, names))
	case !tagged:
		return fmt.Errorf("--tag: nothing has the tags %s", strings.Join(o.tags, ", "))
	}
	return nil
}

// tagged reports whether a subject has all of the tags.
func (o *adviseOptions) tagged(s advisor.Subject) bool {
	for _, tag := range o.tags {
		key, value, _ := strings.Cut(tag, "=")
		if got, has := s.Tags[key]; !has || got != value {
			return false
		}
	}
	return true
}

package review

import (
	"fmt"
	"strings"
)

// cut is a stretch of lines to take out.
type cut struct {
	from, to int // lines
	form     form
	cost     int // what is taken out beyond need, and how far from the middle
}

// headShare is the part of what stays that a cut leaves before it: the start
// of a report says more than its end.
const headShare = 0.6

// shortenTo takes lines out of the middle of a markdown text so that it has at
// most limit units, and says how many in their place. It cuts at line ends
// only, between two points of the same place, so that no fence, table row or
// HTML element is torn. It reports false where no cut leaves anything.
func shortenTo(text string, limit int, p Profile) (string, bool) {
	total := units(text)
	if total <= limit {
		return text, true
	}
	lines := strings.Split(text, "\n")
	// upTo[i] is the length of the lines before i, line feeds included.
	upTo := make([]int, len(lines)+1)
	for i, line := range lines {
		upTo[i+1] = upTo[i] + units(line) + 1
	}
	total++ // as if the last line had a line feed, too
	groups := map[place][]int{}
	var order []place
	for i, at := range places(lines) {
		if at.form == nowhere {
			continue
		}
		if groups[at] == nil {
			order = append(order, at)
		}
		groups[at] = append(groups[at], i)
	}
	best := cut{cost: -1}
	for _, at := range order {
		notice := units(at.form.write(leftOut(len(lines), p))) + 1
		need := total - 1 - limit + notice
		if c, ok := cheapest(groups[at], upTo, need); ok && (best.cost < 0 || c.cost < best.cost) {
			c.form = at.form
			best = c
		}
	}
	if best.cost < 0 || upTo[best.to]-upTo[best.from] >= total {
		return "", false
	}
	kept := append([]string{}, lines[:best.from]...)
	kept = append(kept, best.form.write(leftOut(best.to-best.from, p)))
	kept = append(kept, lines[best.to:]...)
	return strings.Join(kept, "\n"), true
}

// cheapest finds, among points of one place, the two between which at least
// need units lie, with the least waste and nearest to where a cut should be.
func cheapest(points, upTo []int, need int) (cut, bool) {
	total := upTo[len(upTo)-1]
	best := cut{cost: -1}
	to := 0
	for _, from := range points {
		for to < len(points) && upTo[points[to]]-upTo[from] < need {
			to++
		}
		if to == len(points) {
			break
		}
		taken := upTo[points[to]] - upTo[from]
		off := upTo[from] - int(headShare*float64(total-taken))
		if off < 0 {
			off = -off
		}
		if cost := taken - need + off/4; best.cost < 0 || cost < best.cost {
			best = cut{from: from, to: points[to], cost: cost}
		}
	}
	return best, best.cost >= 0
}

// leftOut is the notice where lines were taken out.
func leftOut(lines int, p Profile) string {
	return fmt.Sprintf("… %s left out here: %s takes at most %s characters …", plural(lines, "line"), p.Title, grouped(p.MaxUnits))
}

// shorten brings a whole body to the limit, whatever it is: by a cut in the
// middle, or else by a notice in its place.
func shorten(body string, limit int, p Profile) string {
	if s, ok := shortenTo(closeFence(body), limit, p); ok {
		return s
	}
	return clip(form(paragraph).notice(leftOut(strings.Count(body, "\n")+1, p)), limit)
}

// notice is a notice that stands alone.
func (f form) notice(text string) string { return strings.Trim(f.write(text), "\n") }

// closeFence closes the fence that a text leaves open, which would otherwise
// take in what follows.
func closeFence(text string) string {
	var s scanner
	for line := range strings.SplitSeq(text, "\n") {
		s.line(line, "")
	}
	if s.fence == "" {
		return text
	}
	return strings.TrimRight(text, "\n") + "\n" + s.fence
}

// Package review keeps one cost comment on a pull request, whatever the forge.
//
// # Forge
//
// Where the code is hosted: GitHub, GitLab, Bitbucket (Cloud or Server), Azure
// Repos. A Forge is the six things asked of one: list, get, create, update and
// delete the comments of one pull request, and say what its comments may be.
// Open makes one.
//
// # Target
//
// Which comments: forge, repository and pull request number, or a commit.
// Environment.Resolve finds it in the variables of the CI system.
//
// # Comment and Body
//
// A Comment is the text to post with the time its figures are valid at. A Body
// is that text still in parts, each with a priority, so that Render can fit it
// to the forge by leaving out the least important ones first.
//
// # Marker and tag
//
// A line that no reader sees and by which a later run finds the comment of an
// earlier one: a markdown link-reference definition. The tag tells several
// comments on one pull request apart.
//
// # Behavior
//
// What to do about the comments of earlier runs: update the latest (default),
// leave them and post a new one, hide them, or delete them.
//
// # Standing and extra
//
// Of the comments that carry the marker, the standing one has the newest
// valid-at and, among equals, the lowest id. What else runs in a race made is
// extra, and whoever sees it deletes it.
//
// # Settling
//
// The pause between a run's last write and the look that confirms it, long
// enough for writes that others had already decided on. See docs/comments.md.
//
// # Units
//
// Lengths are in UTF-16 code units, the strictest reading of a forge's
// "characters": never fewer than the code points of a text.
package review

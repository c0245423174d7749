package review

import (
	"context"
	"errors"
	"time"
)

// Name is a forge as the command line spells it.
type Name string

// The forges.
const (
	GitHub     Name = "github"
	GitLab     Name = "gitlab"
	Bitbucket  Name = "bitbucket"
	AzureRepos Name = "azure-repos"
)

// TokenVariables lists the environment variables that may hold the forge's
// token, the most specific first.
func (n Name) TokenVariables() []string {
	switch n {
	case GitHub:
		return []string{"GITHUB_TOKEN", "GH_TOKEN"}
	case GitLab:
		return []string{"GITLAB_TOKEN"}
	case Bitbucket:
		return []string{"BITBUCKET_TOKEN"}
	case AzureRepos:
		return []string{"AZURE_ACCESS_TOKEN", "SYSTEM_ACCESSTOKEN"}
	}
	return nil
}

// Profile is what a forge's comments may be.
type Profile struct {
	// Title is the forge's name for messages.
	Title string
	// MaxUnits is the longest comment, marker included.
	MaxUnits int
	// HTML tells that <details> and <table> are rendered.
	HTML bool
	// MarkerLast puts the marker on the last line instead of the first.
	MarkerLast bool
	// Versioned tells that the forge refuses to change a comment that changed
	// since it was read, so that racing writes need no settling.
	Versioned bool
	// Hides tells that comments can be hidden.
	Hides bool
}

// markerRoom is kept free for the marker and the blank line beside it: 79
// units without a tag; a tag of 64 four-byte characters, percent-encoded, has 768.
const markerRoom = 1000

// room is how long a body may be.
func (p Profile) room() int { return max(p.MaxUnits-markerRoom, 0) }

// Posted is a comment as the forge holds it.
type Posted struct {
	ID      int64
	Text    string
	Created time.Time
	URL     string
	Hidden  bool

	reply   int64  // Azure: the comment within the thread ID
	version int    // Bitbucket Server: what a change must name
	node    string // GitHub: the GraphQL id
}

// Forge is one place that takes comments. Get, Update, Delete and Hide return
// errMoved when the comment is gone or no longer the one that was read.
type Forge interface {
	Profile() Profile
	// List returns every comment there is, to the last page.
	List(ctx context.Context) ([]Posted, error)
	Get(ctx context.Context, p Posted) (Posted, error)
	Create(ctx context.Context, text string) (Posted, error)
	Update(ctx context.Context, p Posted, text string) error
	Delete(ctx context.Context, p Posted) error
	// Hide folds a comment away as outdated; only where Profile.Hides.
	Hide(ctx context.Context, p Posted) error
}

// errMoved tells that a comment was deleted or changed by another run between
// reading and writing it.
var errMoved = errors.New("review: the comment changed meanwhile")

// errCannotHide is what Hide returns on forges that cannot.
var errCannotHide = errors.New("review: this forge cannot hide comments")

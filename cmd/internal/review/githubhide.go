package review

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// secondaryWait is GitHub's advice for a secondary rate limit whose answer
// names no time: "wait for at least one minute before retrying".
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
const secondaryWait = time.Minute

// hideMutation folds a comment away as outdated. REST has no such call.
const hideMutation = `mutation($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) {
    minimizedComment { isMinimized }
  }
}`

// graphqlAnswer is the part of GraphQL's answer that matters: it refuses with
// status 200 and a list of errors.
type graphqlAnswer struct {
	Errors []struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	} `json:"errors"`
}

// Hide implements Forge.
func (f *githubForge) Hide(ctx context.Context, p Posted) error {
	const doing = "hiding the comment"
	var answer graphqlAnswer
	header, err := f.call(ctx, doing, http.MethodPost, f.graphql,
		map[string]any{"query": hideMutation, "variables": map[string]string{"id": p.node}}, &answer)
	if err != nil {
		return err
	}
	if len(answer.Errors) == 0 {
		return nil
	}
	first := answer.Errors[0]
	status := http.StatusUnprocessableEntity
	switch strings.ToUpper(first.Type) {
	case "NOT_FOUND":
		return errMoved
	case "FORBIDDEN", "INSUFFICIENT_SCOPES":
		status = http.StatusForbidden
	case "RATE_LIMITED", "RATE_LIMIT":
		status = http.StatusTooManyRequests
	}
	return f.refused(doing, status, header, first.Message)
}

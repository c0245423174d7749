package deliver

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// teamsChannel posts to a webhook of the Workflows app of Microsoft Teams,
// which takes Adaptive Cards only.
// Source: learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using.
type teamsChannel struct{ webhook Reference }

// teamsMessage is how many bytes a message may have: "28 KB", read as the
// smaller of its two meanings.
// Source: learn.microsoft.com/microsoftteams/limits-specifications-teams.
const teamsMessage = 28_000

func (c teamsChannel) prepare(s *session, p Package, where string) (parcel, error) {
	title, summary := atMost(line(p.Title), 200), plain(p.Summary)
	card := func(markdown string) []byte {
		rows := []object{teamsRow(title, object{"size": "Large", "weight": "Bolder"})}
		for _, l := range filled(summary) {
			rows = append(rows, teamsRow(l, nil))
		}
		if where != "" {
			rows = append(rows, teamsRow(pointer(where), nil))
		}
		for _, l := range filled(markdown) {
			row := teamsRow(l, object{"fontType": "Monospace", "size": "Small"})
			row["spacing"] = "None"
			rows = append(rows, row)
		}
		return encode(object{"type": "message", "attachments": []object{{
			"contentType": "application/vnd.microsoft.card.adaptive",
			"content": object{
				"$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
				"type":    "AdaptiveCard", "version": "1.4", "msteams": object{"width": "Full"}, "body": rows,
			},
		}}})
	}
	text, ok := fit(plain(p.Markdown), pointer(where), func(markdown string) bool { return len(card(markdown)) <= teamsMessage })
	if !ok {
		return parcel{}, fmt.Errorf("the summary of %d characters does not fit into a message of Teams", utf8.RuneCountInString(summary))
	}
	body := card(text)
	lines := []string{fmt.Sprintf("Adaptive Card of %d bytes to the webhook %s", len(body), c.webhook.planned(s.Env))}
	lines = append(lines, shortened(text, p.Markdown)...)
	return parcel{lines: lines, send: func(ctx context.Context) ([]string, error) {
		return nil, s.post(ctx, c.webhook, body, retiredConnector)
	}}, nil
}

// teamsRow is one line. A text run knows no Markdown, no mention and no date
// function, so a name in it stays a name.
// Source: adaptivecards.io/explorer/TextRun.html.
func teamsRow(text string, style object) object {
	run := object{"type": "TextRun", "text": text}
	for k, v := range style {
		run[k] = v
	}
	return object{"type": "RichTextBlock", "inlines": []object{run}}
}

// retiredConnector refuses the addresses of Office 365 connectors, which
// Microsoft has switched off.
func retiredConnector(host string) string {
	if strings.HasSuffix(host, ".webhook.office.com") || host == "outlook.office.com" || host == "outlook.office365.com" {
		return "the webhook is of an Office 365 connector, which Microsoft has retired: make one with the Workflows app of Teams"
	}
	return ""
}

// filled are the lines of a text that hold something.
func filled(text string) []string {
	var all []string
	for l := range strings.Lines(text) {
		if l = strings.TrimRight(l, " \t\n"); l != "" {
			all = append(all, l)
		}
	}
	return all
}

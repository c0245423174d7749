package deliver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// slackChannel posts to an incoming webhook of Slack.
type slackChannel struct{ webhook Reference }

// Limits of Slack: 150 characters a header, 50 blocks a message, 3,000
// characters a text of a block, 40,000 a message.
// Source: docs.slack.dev/reference/block-kit/blocks and
// docs.slack.dev/changelog/2018-truncating-really-long-messages.
const (
	slackHeader  = 150
	slackBlocks  = 50
	slackText    = 3000
	slackMessage = 40000
)

type object = map[string]any

func (c slackChannel) prepare(s *session, p Package, where string) (parcel, error) {
	title, summary := line(p.Title), plain(p.Summary)
	text, ok := fit(plain(p.Markdown), pointer(where), func(markdown string) bool {
		blocks, size := slackMessageBlocks(title, summary, markdown, where)
		return len(blocks) <= slackBlocks && size+slackHeader <= slackMessage
	})
	if !ok {
		return parcel{}, fmt.Errorf("the summary of %d characters does not fit into a message of Slack", utf8.RuneCountInString(summary))
	}
	blocks, _ := slackMessageBlocks(title, summary, text, where)
	body := encode(object{
		// The notification and old clients read this; it is no markup.
		"text": slackEscape(atMost(title, slackHeader)), "mrkdwn": false,
		"unfurl_links": false, "unfurl_media": false, "blocks": blocks,
	})
	lines := []string{fmt.Sprintf("message of %d blocks, %d bytes, to the webhook %s", len(blocks), len(body), c.webhook.planned(s.Env))}
	lines = append(lines, shortened(text, p.Markdown)...)
	return parcel{lines: lines, send: func(ctx context.Context) ([]string, error) {
		return nil, s.post(ctx, c.webhook, body, func(string) string { return "" })
	}}, nil
}

// slackMessageBlocks are the blocks of a message, and how many characters they
// hold. Everything but the header is rich text, whose texts Slack shows as they
// are: no name in it becomes a mention, a link or a format.
func slackMessageBlocks(title, summary, markdown, where string) ([]object, int) {
	blocks := []object{{"type": "header", "text": object{"type": "plain_text", "emoji": false, "text": slackEscape(atMost(title, slackHeader))}}}
	size := slackHeader
	add := func(kind, text string) {
		for _, piece := range pieces(text, slackText) {
			size += utf8.RuneCountInString(piece)
			blocks = append(blocks, object{"type": "rich_text", "elements": []object{
				{"type": kind, "elements": []object{{"type": "text", "text": piece}}},
			}})
		}
	}
	add("rich_text_section", summary)
	if where != "" {
		add("rich_text_section", pointer(where))
	}
	add("rich_text_preformatted", markdown)
	return blocks, size
}

// slackEscape escapes the three characters with a meaning.
// Source: docs.slack.dev/messaging/formatting-message-text#escaping.
func slackEscape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// pieces cuts a text into pieces of at most n characters, at line ends where
// there are some.
func pieces(text string, n int) []string {
	var all []string
	runes := []rune(strings.TrimSpace(text))
	for len(runes) > 0 {
		cut := min(n, len(runes))
		if cut < len(runes) {
			for i := cut; i > cut/2; i-- {
				if runes[i-1] == '\n' {
					cut = i
					break
				}
			}
		}
		all = append(all, string(runes[:cut]))
		runes = runes[cut:]
	}
	return all
}

// encode is JSON that shows angle brackets as they are.
func encode(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Sprintf("deliver: encoding maps of texts: %v", err)) // cannot be
	}
	return bytes.TrimSpace(out.Bytes())
}

// shortened is the remark that a text was.
func shortened(got, whole string) []string {
	if got == plain(whole) {
		return nil
	}
	return []string{fmt.Sprintf("shortened from %d to %d characters", utf8.RuneCountInString(whole), utf8.RuneCountInString(got))}
}

package render

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
)

// Names that people could put into a file to fool whoever reads the output.
func TestHostileTextInTerminals(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "api-1", "api-1"},
		{"other scripts and emoji", "café 東京 👩‍💻", "café 東京 👩‍💻"},
		{"colours", "\x1b[31mred\x1b[0m", "red"},
		{"clear screen", "a\x1b[2J\x1b[Hb", "ab"},
		{"window title, ended by BEL", "a\x1b]0;pwned\x07b", "ab"},
		{"hyperlink, ended by ST", "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"},
		{"8-bit control sequence", "a\u009b31mb", "ab"},
		{"escape without end", "a\x1b[31", "a"},
		{"lone escape", "a\x1b", "a"},
		{"two-byte escape", "a\x1bcb", "ab"},
		{"lines", "a\r\nb\tc", "a  b c"},
		{"line separators", "a\u2028b\u2029c", "a b c"},
		{"bell and backspace", "a\a\bb", "ab"},
		{"right-to-left override", "txt.\u202Eexe", "txt.\uFFFDexe"},
		{"isolates", "\u2066a\u2069", "\uFFFDa\uFFFD"},
		{"zero width", "a\u200bb\ufeffc", "a\uFFFDb\uFFFDc"},
		{"broken UTF-8", "a\xffb", "a\uFFFDb"},
		{"delete", "a\x7fb", "ab"},
	}
	for _, tt := range tests {
		if got := clean(tt.in); got != tt.want {
			t.Errorf("%s: clean(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestHostileTextInMarkdown(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "api-1 (load balancer), 2 tasks", "api-1 (load balancer), 2 tasks"},
		{"numbers", "1.55", "1.55"},
		{"cell end", "a|b", `a\|b`},
		{"code", "`rm`", "\\`rm\\`"},
		{"bold and emphasis", "**a** _b_ ~~c~~", `\*\*a\*\* \_b\_ \~\~c\~\~`},
		{"tag", "<img src=x>", "&lt;img src=x&gt;"},
		{"entity", "&lt;", "&amp;lt;"},
		{"link", "[a](http://evil.example)", `\[a\](http:&#8203;//evil.example)`},
		{"image", "![a](x)", `\!\[a\](x)`},
		{"bare link", "see https://evil.example", "see https:&#8203;//evil.example"},
		{"bare www", "www.evil.example WWW.evil.example", "www.&#8203;evil.example WWW.&#8203;evil.example"},
		{"mention", "@org/team", `\@&#8203;org/team`},
		{"reference", "fixes #12", `fixes \#&#8203;12`},
		{"list", "- a", `\- a`},
		{"numbered list", "1. a", `1\. a`},
		{"rule", "---", `\---`},
		{"line break", "a\nb", "a b"},
		{"backslash", `a\|b`, `a\\\|b`},
		{"formula", "$x$", `\$x\$`},
	}
	for _, tt := range tests {
		if got := mdText(tt.in); got != tt.want {
			t.Errorf("%s: mdText(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestHostileCells(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "api-1", "api-1"},
		{"formula", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"plus", "+1+1", "'+1+1"},
		{"minus", "-2+3", "'-2+3"},
		{"at", "@SUM(A1)", "'@SUM(A1)"},
		{"after blanks", "  =1+1", "'  =1+1"},
		{"after a tab", "\t=1+1", "' =1+1"},
		{"after a carriage return", "\r=1+1", "' =1+1"},
		{"full width", "＝1+1", "'＝1+1"},
		{"a comma and a quote are the format's business", `a,"b"`, `a,"b"`},
	}
	for _, tt := range tests {
		if got := inertCell(tt.in); got != tt.want {
			t.Errorf("%s: inertCell(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestNumbersInCSVStayNumbers(t *testing.T) {
	var buf bytes.Buffer
	records := Records{Header: []string{"name", "usd"}, Numeric: []bool{false, true}, Rows: [][]string{{"-a", "-1.5"}}}
	if err := writeCSV(&buf, records); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&buf).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[1], "|"); got != "'-a|-1.5" {
		t.Errorf("got %q", got)
	}
}

func TestJSONEscapesWhatHidesText(t *testing.T) {
	in := "a\u202Eb\u0085\x7f é \U000E0001 </script>"
	var buf bytes.Buffer
	if err := writeJSON(&buf, map[string]string{"name": in}); err != nil {
		t.Fatal(err)
	}
	want := "{\n  \"name\": \"a\\u202eb\\u0085\\u007f é \\udb40\\udc01 </script>\"\n}\n"
	if got := buf.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var back map[string]string
	if err := json.Unmarshal(buf.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back["name"] != in {
		t.Errorf("the value changed: %q", back["name"])
	}
}

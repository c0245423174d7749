package review

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
)

func TestEscape(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"an address of Terraform", "module.web_app.aws_ecs_service.api", "module.web_app.aws_ecs_service.api"},
		{"an index", `aws_ecs_service.api["eu-west-1"]`, "aws_ecs_service.api&#91;&#34;eu-west-1&#34;&#93;"},
		{"an ARN", "arn:aws:ecs:eu-west-1:123456789012:service/shop", "arn:aws:ecs:eu-west-1:123456789012:service/shop"},
		{"a date", "2026-01-02", "2026-01-02"},
		{"a version", "1.2", "1&#46;2"},
		{"HTML", "<script>alert('x')</script>", "&#60;script&#62;alert&#40;&#39;x&#39;&#41;&#60;/script&#62;"},
		{"an attribute's end", `" onload="x`, "&#34; onload&#61;&#34;x"},
		{"a table's bar", "a|b", "a&#124;b"},
		{"a code span", "`rm -rf`", "&#96;rm -rf&#96;"},
		{"a link", "[click](https://evil.example)", "&#91;click&#93;&#40;https:&#8203;//evil.example&#41;"},
		{"an image", "![x](y)", "&#33;&#91;x&#93;&#40;y&#41;"},
		{"a bare address", "see www.evil.example or HTTP://evil.example", "see www&#8203;.evil.example or HTTP:&#8203;//evil.example"},
		{"a mention", "@octocat and a@b.example", "@&#8203;octocat and a@&#8203;b.example"},
		{"a team", "@acme/admins", "@&#8203;acme/admins"},
		{"an issue", "#123 acme/shop#1", "&#35;&#8203;123 acme/shop#&#8203;1"},
		{"GitLab's references", "!12 x %1.2 $3 &4 ~bug ^5", "&#33;&#8203;12 x %&#8203;1.2 &#36;&#8203;3 &#38;&#8203;4 &#126;&#8203;bug &#94;&#8203;5"},
		{"a tracker's key", "GH-12 and PROD2-7 but not x-1", "GH-&#8203;12 and PROD2-&#8203;7 but not x-1"},
		{"an entity", "&lt;b&gt;", "&#38;&#8203;lt;b&#38;&#8203;gt;"},
		{"an escape", `\<b\>`, "&#92;&#60;b&#92;&#62;"},
		{"emphasis", "*a* _b_ ~~c~~", "&#42;a&#42; &#95;b&#95; &#126;&#126;&#8203;c&#126;&#126;"},
		{"a quick action", "/close", "&#47;close"},
		{"a quick action after line ends", "x\n/merge\r\n/close", "x /merge  /close"},
		{"a heading", "# big", "&#35; big"},
		{"a list", "- item", "&#45; item"},
		{"mathematics", "$x$", "&#36;&#8203;x&#36;"},
		{"direction", "safe\u202Eevil\u2066", "safe\uFFFDevil\uFFFD"},
		{"no width", "a\u200Bb\uFEFF", "a\uFFFDb\uFFFD"},
		{"controls", "a\x00b\x1b[31m\x7f", "a\uFFFDb\uFFFD&#91;31m\uFFFD"},
		{"not UTF-8", "a\xffb", "a\uFFFDb"},
		{"other scripts", "дом 日本 👩‍💻", "дом 日本 👩‍💻"},
		{"nothing", " \t\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Escape(c.in); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestFence(t *testing.T) {
	for _, c := range []struct{ name, language, in, want string }{
		{"plain", "diff", "+ x\n- y\n", "```diff\n+ x\n- y\n```"},
		{"a fence inside", "", "```\n@octocat <b>\n```", "````\n```\n@octocat <b>\n```\n````"},
		{"a longer one inside a line", "", "x `````` y", "```````\nx `````` y\n```````"},
		{"quick actions", "", "/close\n /merge\nx /y", "```\n /close\n /merge\nx /y\n```"},
		{"direction and controls", "", "a\u202Eb\x1b\tc\r\nd", "```\na\uFFFDb\uFFFD\tc\nd\n```"},
		{"a language that is none", "diff\n```\n<b>", "x", "```diffb\nx\n```"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Fence(c.language, c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Whatever the name is, nothing in it is left that a forge acts on.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"<b>", "@octocat", "#1", "https://x", "a|b\n/close", "\u202E", "GH-1", "[x](y)", "&#64;x", "`", "www.x"} {
		f.Add(s)
	}
	bad := regexp.MustCompile("[<>\"'`|\\[\\]\\\\*\n\r]|&[^#]|&#[^0-9]|(?:^|[^&])[@#!~%$^][\\p{L}\\p{Nd}]|://|(?i:www\\.)|^[-+/#]|[A-Z][A-Z0-9_]*-[0-9]")
	f.Fuzz(func(t *testing.T, name string) {
		got := Escape(name)
		if at := bad.FindString(got); at != "" {
			t.Errorf("%q escapes to %q, with %q in it", name, got, at)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf) && r != '\u200D' {
				t.Errorf("%q escapes to %q, with %U in it", name, got, r)
			}
		}
		code := Fence("", name)
		fence, _, _ := strings.Cut(code, "\n")
		for _, line := range strings.Split(code, "\n")[1:strings.Count(code, "\n")] {
			if closesFence(line, fence) || strings.HasPrefix(line, "/") {
				t.Errorf("%q fenced as %q", name, code)
			}
		}
	})
}

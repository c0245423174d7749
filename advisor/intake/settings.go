package intake

import "slices"

// Settings are what a team sets for all of its inputs, in a file of their own
// (ecsavvy.yaml): limits, comments, defaults. They stand here because they are
// read by the same tables as design files are, with the same errors.
type Settings struct {
	// Region is taken for inputs that name none; "" where nothing is said.
	Region string
	// HoursPerMonth is the length of the month, 0 where nothing is said.
	HoursPerMonth float64
	// Discounts are off list prices, Rates is a file of the account's own rates,
	// relative to the settings file; "" where there is none.
	Discounts  []Discount
	Rates      string
	Guardrails []Guardrail
	Comment    CommentSettings
	Report     ReportSettings
}

// Discount is a share of the list price that an account does not pay.
type Discount struct {
	// Service is AWS's service code, "" for all services.
	Service string
	Off     float64
	// Source is the agreement that it is of, "" where nothing is said.
	Source string
}

// Guardrail is a limit with its expression, not checked yet.
type Guardrail struct {
	Name, Message, Per string
	When               Placed
}

// CommentSettings are defaults of the flags of ecsavvy comment.
type CommentSettings struct {
	Tag, Behavior string
	MinChange     Placed
}

// Placed is a text and where it stands.
type Placed struct {
	Text      string
	Line, Col int
}

// ReadSettings reads a settings file. Its errors are Error or Errors.
func ReadSettings(name string, data []byte) (Settings, error) {
	root, err := parseSettings(name, data)
	if err != nil {
		return Settings{}, err
	}
	r := newReading(name, Options{})
	f := settingsForm()
	for _, e := range root.entries {
		if designOnly(e.key) {
			r.report(e.line, e.col, "", "%s belongs in a design file; settings (%s) stand in a file of their own", e.key, "guardrails, comment, …")
			return Settings{}, r.errs.orNil()
		}
	}
	var s Settings
	f.read(r, root, &s)
	r.uniqueGuardrails(root, s.Guardrails)
	return s, r.errs.orNil()
}

// IsSettings reports whether a document is meant as settings and not as an
// input: by a key that only settings have, or because it has no other keys.
func IsSettings(name string, data []byte) bool {
	root, err := parseSettings(name, data)
	if err != nil || root.kind != mappingNode || len(root.entries) == 0 {
		return false
	}
	if hasSettings(root) {
		return true
	}
	keys := settingsForm().shape.keyNames()
	return !slices.ContainsFunc(root.entries, func(e entry) bool { return !slices.Contains(keys, e.key) })
}

func parseSettings(name string, data []byte) (*node, error) {
	in, err := openAs(name, data, DesignFile) // a YAML document of ours
	if err != nil {
		return nil, err
	}
	return in.root, nil
}

// hasSettings reports whether a document has a key that only settings have.
func hasSettings(root *node) bool {
	comment := root.get("comment")
	return root.get("guardrails") != nil || root.get("discounts") != nil || root.get("hours_per_month") != nil || root.get("report") != nil || comment != nil && comment.kind == mappingNode
}

// designOnly reports whether a key is of a design file and not of settings.
func designOnly(key string) bool {
	return slices.Contains(documentForm().shape.keyNames(), key) && !slices.Contains(settingsForm().shape.keyNames(), key)
}

// SettingsSchema is the JSON Schema (2020-12) of settings files, for editors.
func SettingsSchema() []byte { return schemaOf(settingsForm().shape, "ecsavvy settings file") }

// settingsForm is the whole vocabulary of settings.
func settingsForm() form[Settings] {
	hours := quantity{want: "hours a month, more than 0 and at most 744", examples: []string{"730", "720"}, parse: parseMonthHours}
	return mapping("Settings file", "What a team sets for all of its inputs: ecsavvy.yaml beside the input or in the root of the repository.",
		"guardrails:\n  - name: small steps\n    when: diff.monthly > 200\n    message: More than $200 a month needs an approval.\n",
		field("region", "The AWS region of inputs that name none.", regionForm(), func(s *Settings) *string { return &s.Region }),
		field("hours_per_month", "The length of the month in hours, 730 where nothing is said.", number(hours), func(s *Settings) *float64 { return &s.HoursPerMonth }),
		field("discounts", "What is off list prices, by an Enterprise Discount Program or a private pricing agreement. Several of one service are taken off one after the other.", listOf(discountForm(), false), func(s *Settings) *[]Discount { return &s.Discounts }),
		field("rates", "A CSV file of own rates, beside this file: service, usage_type, region, unit, usd, as_of, source, attributes. Discounts come off them too.", text("a file name"), func(s *Settings) *string { return &s.Rates }),
		field("guardrails", "Limits that a change has to keep.", listOf(guardrailForm(), false), func(s *Settings) *[]Guardrail { return &s.Guardrails }),
		field("comment", "Defaults of ecsavvy comment.", commentForm(), func(s *Settings) *CommentSettings { return &s.Comment }),
		field("report", "Defaults of ecsavvy report.", reportForm(), func(s *Settings) *ReportSettings { return &s.Report }),
	)
}

// parseMonthHours reads the length of a month.
func parseMonthHours(text string, _ float64) (float64, error) {
	const longest = 31 * 24
	hours, err := parseNumber(text)
	if err == nil && (hours <= 0 || hours > longest) {
		return 0, errQuantity
	}
	return hours, err
}

func discountForm() form[Discount] {
	return mapping("Discount", "A share of the list price that is not paid.", "off: 5%\nsource: EDP 2026\n",
		must(field("off", "What is off: 5% or 0.05.", number(discountShare()), func(d *Discount) *float64 { return &d.Off })),
		field("service", "The service that it is of; all where nothing is said.", choices(serviceCodes()...), func(d *Discount) *string { return &d.Service }),
		field("source", "The agreement that it is of.", text("a text"), func(d *Discount) *string { return &d.Source }),
	)
}

// discountShare is a share of less than everything.
func discountShare() quantity {
	q := share()
	parse := q.parse
	q.parse = func(text string, unit float64) (float64, error) {
		v, err := parse(text, unit)
		if err == nil && v >= 1 {
			return 0, errQuantity
		}
		return v, err
	}
	q.want = "a share of less than 100%, such as 5% or 0.05"
	return q
}

// serviceCodes are AWS's codes of the services whose prices take part.
func serviceCodes() []string {
	return []string{
		"AmazonECS", "AmazonEC2", "AmazonEKS", "AmazonECR", "AmazonEFS", "AmazonVPC", "AmazonCloudWatch", "AmazonRoute53", "AmazonS3", "AWSELB",
		"AWSDataTransfer", "AWSAppRunner", "AWSLambda", "AWSCloudMap", "AWSSecretsManager", "AWSSystemsManager", "awskms", "awswaf",
	}
}

func guardrailForm() form[Guardrail] {
	when := placedText("an expression such as diff.monthly > 200")
	per := choices("diff", "service", "resource")
	return mapping("Guardrail", "A limit that a change has to keep.",
		"name: no dev on demand\nwhen: service.capacity == \"FARGATE\" && env == \"dev\"\nmessage: Dev services run on FARGATE_SPOT.\n",
		must(field("name", "What it is called; each one once.", text("a name"), func(g *Guardrail) *string { return &g.Name })),
		must(field("when", "The expression in CEL that is true when the guardrail is broken.", when, func(g *Guardrail) *Placed { return &g.When })),
		field("message", "What people read when it is broken; the expression where nothing is said.", text("a text"), func(g *Guardrail) *string { return &g.Message }),
		field("per", "What it looks at; what its expression names where nothing is said.", per, func(g *Guardrail) *string { return &g.Per }),
	)
}

func commentForm() form[CommentSettings] {
	return mapping("Comment", "Defaults of ecsavvy comment.", "tag: production\nmin_change: 5%|$20\nbehavior: update\n",
		field("tag", "Tells several comments on one pull request apart.", text("a tag"), func(c *CommentSettings) *string { return &c.Tag }),
		field("min_change", "The least change that is worth a new comment, in USD a month, percent, or both.", placedText("USD a month, percent, or both: $20, 5%, 5%|$20"), func(c *CommentSettings) *Placed { return &c.MinChange }),
		field("behavior", "What becomes of the comment that is there.", choices("update", "new", "hide-and-new", "delete-and-new"), func(c *CommentSettings) *string { return &c.Behavior }),
	)
}

// choices reads one of a few words as it is.
func choices(words ...string) form[string] {
	list := make([]choice[string], len(words))
	for i, w := range words {
		list[i] = choice[string]{w, w}
	}
	return oneOf(list...)
}

// placedText reads a text and keeps where it stands.
func placedText(want string) form[Placed] {
	f := text(want)
	// true and 200 are expressions too; the schema allows what YAML makes of them.
	f.shape.types = []string{"string", "boolean", "number"}
	return form[Placed]{f.shape, func(r *reading, n *node, into *Placed) {
		into.Line, into.Col = int(n.line), int(n.col)
		if n.kind == boolNode {
			into.Text = n.text
			return
		}
		f.read(r, n, &into.Text)
	}}
}

// uniqueGuardrails refuses two guardrails of one name: a report names them.
func (r *reading) uniqueGuardrails(root *node, list []Guardrail) {
	for i := range list {
		if slices.ContainsFunc(list[:i], func(g Guardrail) bool { return g.Name != "" && g.Name == list[i].Name }) {
			at := root.get("guardrails").items[i]
			r.report(at.line, at.col, index("guardrails", i), "a second guardrail is called %q", clip(list[i].Name))
		}
	}
}

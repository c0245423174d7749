package guardrail

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
)

// What an expression may cost. CEL counts steps, not time, so that the same
// rule ends at the same place on every machine; 100,000 steps take some
// milliseconds. Rules that people write take under a hundred.
const (
	maxExpression = 10_000     // characters
	maxNesting    = 100        // levels of brackets
	maxRegexp     = 1_000      // instructions of a regular expression
	maxSteps      = 100_000    // of one evaluation
	maxRuleSteps  = 20_000_000 // of one rule on all resources together
)

// Set is rules that are ready to be checked.
type Set struct {
	rules []compiled
}

// compiled is a rule with its program.
type compiled struct {
	Rule
	program cel.Program
	scope   *scope
	// reads are the words that the expression names, in its order.
	reads []reading
}

// reading is one use of a word.
type reading struct {
	text string // "diff.monthly"
	word *word
}

// scope is what the rules of one scope can name.
type scope struct {
	env     *cel.Env
	objects map[string]*object
	words   map[string]*word
}

// Compile checks the rules' expressions and makes them ready. All mistakes are
// reported together, each with its place. Without rules nothing of CEL is set
// up.
func Compile(rules []Rule) (*Set, error) {
	if len(rules) == 0 {
		return &Set{}, nil
	}
	c := &compiler{vocabulary: newVocabulary(), scopes: map[Scope]*scope{}}
	set := &Set{}
	var problems []error
	for _, r := range rules {
		made, err := c.compile(r)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		set.rules = append(set.rules, made)
	}
	return set, errors.Join(problems...)
}

// Len is the number of rules.
func (s *Set) Len() int { return len(s.rules) }

type compiler struct {
	vocabulary *vocabulary
	scopes     map[Scope]*scope
}

func (c *compiler) compile(r Rule) (compiled, error) {
	if strings.TrimSpace(r.When) == "" {
		return compiled{}, r.problem("the expression is empty; want one that is true when the guardrail is broken, such as diff.monthly > 200")
	}
	if r.Per != "" && !slices.Contains(Scopes(), r.Per) {
		return compiled{}, r.problem("per: want diff, service or resource, got %q", r.Per)
	}
	// The scope decides on the names, and the names on the scope: parse
	// first, in any scope.
	base, err := c.scope(Diff)
	if err != nil {
		return compiled{}, err
	}
	parsed, issues := base.env.Parse(r.When)
	if issues.Err() != nil {
		return compiled{}, r.syntaxProblem(issues)
	}
	if needs := c.vocabulary.scopeOf(identifiers(parsed)); r.Per == "" {
		r.Per = needs
	}
	s, err := c.scope(r.Per)
	if err != nil {
		return compiled{}, err
	}
	checked, issues := s.env.Check(parsed)
	if issues.Err() != nil {
		return compiled{}, c.typeProblem(&r, s, parsed, issues)
	}
	if got := checked.OutputType(); !got.IsExactType(cel.BoolType) {
		return compiled{}, r.problem("want an expression that is true or false, this one is %s", typeTitle(got.String()))
	}
	program, err := s.env.Program(checked, cel.CostLimit(maxSteps))
	if err != nil {
		return compiled{}, r.problem("%v", err)
	}
	return compiled{Rule: r, program: program, scope: s, reads: s.readings(checked)}, nil
}

// scope makes the environment of a scope, once.
func (c *compiler) scope(of Scope) (*scope, error) {
	if s := c.scopes[of]; s != nil {
		return s, nil
	}
	provider, err := newObjectTypes(c.vocabulary)
	if err != nil {
		return nil, err
	}
	s := &scope{objects: map[string]*object{}, words: map[string]*word{}}
	options := []cel.EnvOption{
		cel.CustomTypeProvider(provider),
		cel.CrossTypeNumericComparisons(true), // diff.monthly > 200
		cel.ParserExpressionSizeLimit(maxExpression),
		cel.ParserRecursionLimit(maxNesting),
		cel.RegexProgramSizeLimit(maxRegexp),
		cel.ASTValidators(cel.ValidateRegexLiterals()),
	}
	objects, words := c.vocabulary.in(of)
	for _, o := range objects {
		s.objects[o.name] = o
		options = append(options, cel.Variable(o.name, cel.ObjectType(o.typeName())))
	}
	for _, w := range words {
		s.words[w.name] = w
		options = append(options, cel.Variable(w.name, w.kind))
	}
	s.env, err = cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("guardrail: making the environment of CEL: %w", err)
	}
	c.scopes[of] = s
	return s, nil
}

// identifiers lists the variables that an expression names.
func identifiers(a *cel.Ast) []string {
	var names []string
	ast.PreOrderVisit(a.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.IdentKind {
			names = append(names, e.AsIdent())
		}
	}))
	return names
}

// readings lists what an expression reads, each once.
func (s *scope) readings(a *cel.Ast) []reading {
	var reads []reading
	add := func(text string, w *word) {
		if !slices.ContainsFunc(reads, func(r reading) bool { return r.text == text }) {
			reads = append(reads, reading{text: text, word: w})
		}
	}
	ast.PreOrderVisit(a.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.IdentKind:
			if w := s.words[e.AsIdent()]; w != nil {
				add(w.name, w)
			}
		case ast.SelectKind:
			operand := e.AsSelect().Operand()
			if operand.Kind() != ast.IdentKind || e.AsSelect().IsTestOnly() {
				return
			}
			if o := s.objects[operand.AsIdent()]; o != nil {
				if w, ok := o.field(e.AsSelect().FieldName()); ok {
					add(o.name+"."+w.name, w)
				}
			}
		}
	}))
	return reads
}

// problem is a mistake in a rule, with its place.
func (r *Rule) problem(format string, values ...any) error {
	place := ""
	if r.Place != "" {
		place = r.Place + ": "
	}
	return fmt.Errorf("%sguardrail %q: %s", place, r.Name, fmt.Sprintf(format, values...))
}

package guardrail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"ecsavvy/advisor/intake"
)

// syntaxProblem is a rule that is no CEL. The parser's list of all tokens that
// it would have taken helps nobody and is cut off.
func (r *Rule) syntaxProblem(issues *cel.Issues) error {
	first := issues.Errors()[0]
	message, _, _ := strings.Cut(first.Message, " expecting ")
	message = strings.TrimPrefix(message, "Syntax error: ")
	message = strings.ReplaceAll(message, "<EOF>", "the end of the expression")
	return r.problem("%s: %s", r.column(first), message)
}

// typeProblem is a rule that names what there is not, or that compares what
// cannot be compared.
func (c *compiler) typeProblem(r *Rule, s *scope, parsed *cel.Ast, issues *cel.Issues) error {
	first := issues.Errors()[0]
	at := r.column(first)
	if m := undeclared().FindStringSubmatch(first.Message); m != nil {
		if isCall(parsed, first.ExprID) {
			return r.problem("%s: there is no function %q", at, m[1])
		}
		return r.problem("%s: %s", at, c.unknownName(r, s, m[1]))
	}
	if m := undefined().FindStringSubmatch(first.Message); m != nil {
		return r.problem("%s: %s", at, unknownField(s, parsed, first.ExprID, m[1]))
	}
	if m := noOverload().FindStringSubmatch(first.Message); m != nil {
		return r.problem("%s: %s", at, mismatch(m[1], m[2]))
	}
	if first.Message == "invalid matches argument" {
		return r.problem("%s: want a regular expression of RE2 syntax (https://github.com/google/re2/wiki/Syntax)", at)
	}
	return r.problem("%s: %s", at, first.Message)
}

// The messages of CEL's type checker that are said in our words. Others are
// printed as they are.
func undeclared() *regexp.Regexp {
	return regexp.MustCompile(`^undeclared reference to '([^']*)'`)
}

func undefined() *regexp.Regexp {
	return regexp.MustCompile(`^undefined field '([^']*)'`)
}

func noOverload() *regexp.Regexp {
	return regexp.MustCompile(`^found no matching overload for '([^']*)' applied to '\(?([^']*?)\)?'$`)
}

// column says where in the expression an error is.
func (r *Rule) column(e *cel.Error) string {
	if strings.Contains(strings.TrimSpace(r.When), "\n") {
		return fmt.Sprintf("line %d, column %d", e.Location.Line(), e.Location.Column()+1)
	}
	return fmt.Sprintf("column %d", e.Location.Column()+1)
}

// isCall reports whether an expression's part is a call of a function.
func isCall(parsed *cel.Ast, id int64) (call bool) {
	ast.PreOrderVisit(parsed.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		call = call || e.ID() == id && e.Kind() == ast.CallKind
	}))
	return call
}

// unknownName explains a variable that the scope does not have.
func (c *compiler) unknownName(r *Rule, s *scope, name string) string {
	for i := range c.vocabulary.objects {
		if o := &c.vocabulary.objects[i]; o.name == name {
			return fmt.Sprintf("%s is there in guardrails per %s only, this one is per %s", name, o.scopes[0], r.Per)
		}
	}
	if slices.ContainsFunc(c.vocabulary.perItem, func(w word) bool { return w.name == name }) {
		return fmt.Sprintf("%s is there in guardrails per service or resource only, this one is per %s", name, r.Per)
	}
	for i := range c.vocabulary.objects {
		o := &c.vocabulary.objects[i]
		if _, ok := o.field(name); ok && slices.Contains([]string{"service", "resource"}, o.name) {
			return fmt.Sprintf("unknown name %q; did you mean %s.%s?", name, o.name, name)
		}
	}
	var names []string
	for name := range s.objects {
		names = append(names, name)
	}
	for name := range s.words {
		names = append(names, name)
	}
	slices.Sort(names)
	return fmt.Sprintf("unknown name %q%s", name, intake.Suggest(name, names))
}

// unknownField explains a field that the object does not have.
func unknownField(s *scope, parsed *cel.Ast, id int64, field string) string {
	var owner *object
	ast.PreOrderVisit(parsed.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.ID() == id && e.Kind() == ast.SelectKind && e.AsSelect().Operand().Kind() == ast.IdentKind {
			owner = s.objects[e.AsSelect().Operand().AsIdent()]
		}
	}))
	if owner == nil {
		return fmt.Sprintf("unknown field %q", field)
	}
	names := make([]string, len(owner.fields))
	for i := range owner.fields {
		names[i] = owner.fields[i].name
	}
	return fmt.Sprintf("%s has no %q%s", owner.name, field, intake.Suggest(field, names))
}

// mismatch explains an operator on types that it does not take.
func mismatch(operator, operands string) string {
	sides := strings.Split(operands, ", ")
	for i := range sides {
		sides[i] = typeTitle(sides[i])
	}
	text := fmt.Sprintf("%s does not work on %s", strings.Trim(operator, "_!-"), strings.Join(sides, " and "))
	if operator == "!_" || operator == "-_" || strings.Trim(operator, "_") == "!=" {
		text = fmt.Sprintf("%s does not work on %s", strings.Trim(operator, "_"), strings.Join(sides, " and "))
	}
	if operands == "double, int" || operands == "int, double" {
		text += "; write whole numbers as 2.0"
	}
	return text
}

// typeTitle names a type of CEL in a sentence.
func typeTitle(name string) string {
	switch name {
	case "double":
		return "a number"
	case "int":
		return "a whole number"
	case "string":
		return "a text"
	case "bool":
		return "true or false"
	default:
		if object, ok := strings.CutPrefix(name, "ecsavvy."); ok {
			return object + " itself, which has fields"
		}
		return name
	}
}

// Package ecsavvy_test holds the whole module to its architecture: who may
// import whom, what every package explains of itself, and what no file may
// contain. The rules are those of the design; this is where they are enforced.
package ecsavvy_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "ecsavvy"

// arrows are the packages of this module that each package may import. A
// package that is not here has no place yet: give it one.
func arrows() map[string][]string {
	core := []string{
		"pricing", "advisor", "advisor/design", "advisor/demand", "advisor/placement",
		"advisor/commitment", "advisor/estimate", "advisor/account", "advisor/bill",
	}
	return map[string][]string{
		"pricing":                {},
		"pricing/snapshotgen":    {"pricing"},
		"pricing/pricelist":      {"pricing"},
		"advisor/design":         {},
		"advisor/demand":         {},
		"advisor/intake":         {"advisor/design"},
		"advisor/live":           {"advisor/design", "advisor/demand", "advisor/account"},
		"advisor/account":        {"advisor/demand"},
		"advisor/placement":      {"pricing"},
		"advisor/commitment":     {"pricing"},
		"advisor/bill":           {"pricing"},
		"advisor/estimate":       {"advisor/design", "pricing", "advisor/placement"},
		"advisor":                {"advisor/estimate", "advisor/design", "pricing", "advisor/demand", "advisor/placement", "advisor/commitment", "advisor/account", "advisor/bill"},
		"cmd/internal/render":    core,
		"cmd/internal/guardrail": append([]string{"advisor/intake"}, core...),
		"cmd/internal/review":    {},
		"cmd/internal/history":   {},
		"cmd/internal/deliver":   {},
		"cmd/ecsavvy":            {"*"},
		"fixtures":               {},
		"fixtures/loopback":      {},
	}
}

// layers are the top folders from below to above; an import never points up.
func layers() []string { return []string{"pricing", "advisor", "cmd"} }

// mayUseAWS are the packages that talk to AWS.
func mayUseAWS(pkg string) bool {
	return pkg == "pricing/pricelist" || pkg == "advisor/live" || strings.HasPrefix(pkg, "cmd/")
}

// source is one Go file of the module.
type source struct {
	path string // with slashes, from the module's root
	pkg  string // its folder
	test bool
	file *ast.File
}

// sources parses every Go file of the module with one mode.
func sources(t *testing.T, fset *token.FileSet, mode parser.Mode) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if base := path.Base(name); entry.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "vendor") {
				return filepath.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, mode)
		if err != nil {
			return err
		}
		all = append(all, source{path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), file: file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// imports are the paths that a file imports.
func (s source) imports(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}

func TestArrows(t *testing.T) {
	allowed := arrows()
	for _, s := range sources(t, token.NewFileSet(), parser.ImportsOnly) {
		if s.pkg == "." {
			continue
		}
		targets, known := allowed[s.pkg]
		if !known {
			t.Errorf("%s: package %s has no place in the table of arrows", s.path, s.pkg)
			continue
		}
		for _, p := range s.imports(t) {
			if strings.HasPrefix(p, "github.com/aws/") && !mayUseAWS(s.pkg) {
				t.Errorf("%s imports %s: the AWS SDK belongs to pricelist, live and cmd", s.path, p)
			}
			target, ours := strings.CutPrefix(p, module+"/")
			if !ours || target == s.pkg {
				continue
			}
			switch {
			case target == "fixtures":
				if !s.test {
					t.Errorf("%s imports fixtures, which only tests may", s.path)
				}
			case pointsUp(s.pkg, target):
				t.Errorf("%s imports %s: folders depend one way, %s", s.path, target, strings.Join(layers(), " ← "))
			case s.test || slices.Contains(targets, "*") || slices.Contains(targets, target):
			default:
				t.Errorf("%s imports %s: %s may import %q", s.path, target, s.pkg, targets)
			}
		}
	}
}

// pointsUp reports whether an import goes to a folder above the importer's.
func pointsUp(from, to string) bool {
	layer := func(pkg string) int {
		top, _, _ := strings.Cut(pkg, "/")
		return slices.Index(layers(), top)
	}
	return layer(from) >= 0 && layer(to) > layer(from)
}

// minWords is how much a package comment says at least.
const minWords = 20

func TestPackageComments(t *testing.T) {
	words := map[string]int{}
	for _, s := range sources(t, token.NewFileSet(), parser.PackageClauseOnly|parser.ParseComments) {
		if !s.test || s.pkg == "." {
			words[s.pkg] += len(strings.Fields(s.file.Doc.Text()))
		}
	}
	for pkg, n := range words {
		if n < minWords {
			t.Errorf("package %s: its comment has %d words, want a glossary of at least %d", pkg, n, minWords)
		}
	}
}

func TestFileNames(t *testing.T) {
	for _, s := range sources(t, token.NewFileSet(), parser.PackageClauseOnly) {
		for _, word := range []string{"util", "helper", "common", "manager"} {
			if strings.Contains(strings.ToLower(s.path), word) {
				t.Errorf("%s: %q names no idea", s.path, word)
			}
		}
	}
}

// Sizes beyond which a file or function has more than one idea.
const (
	maxLines         = 600
	maxTestLines     = 800
	maxFunctionLines = 80
)

func TestSizes(t *testing.T) {
	fset := token.NewFileSet()
	lines := func(n ast.Node) int { return fset.Position(n.End()).Line - fset.Position(n.Pos()).Line + 1 }
	for _, s := range sources(t, fset, parser.SkipObjectResolution) {
		limit := maxLines
		if s.test {
			limit = maxTestLines
		}
		if n := fset.File(s.file.Pos()).LineCount(); n > limit {
			t.Errorf("%s has %d lines, more than %d", s.path, n, limit)
		}
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && !s.test && lines(f) > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, more than %d", s.path, f.Name.Name, lines(f), maxFunctionLines)
			}
		}
	}
}

func TestNoHiddenState(t *testing.T) {
	fset := token.NewFileSet()
	for _, s := range sources(t, fset, parser.ParseComments|parser.SkipObjectResolution) {
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: func init hides what a program does", fset.Position(d.Pos()))
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR && !s.test {
					for _, spec := range d.Specs {
						checkVariable(t, fset, s, d, spec.(*ast.ValueSpec))
					}
				}
			}
		}
	}
}

// checkVariable allows the package variables that are no state: errors,
// embedded files, assertions that a type meets an interface, and the version,
// which the linker sets.
func checkVariable(t *testing.T, fset *token.FileSet, s source, decl *ast.GenDecl, spec *ast.ValueSpec) {
	t.Helper()
	for i, name := range spec.Names {
		switch {
		case name.Name == "_":
		case s.pkg == "cmd/ecsavvy" && name.Name == "version":
		case strings.Contains(directives(decl.Doc)+directives(spec.Doc), "//go:embed"):
		case i < len(spec.Values) && makesError(spec.Values[i]):
		default:
			t.Errorf("%s: package variable %s: state belongs into a value that is handed over", fset.Position(name.Pos()), name.Name)
		}
	}
}

// directives is a comment with its directives, which Text leaves out.
func directives(group *ast.CommentGroup) string {
	text := ""
	if group != nil {
		for _, c := range group.List {
			text += c.Text + "\n"
		}
	}
	return text
}

// makesError reports whether an expression is errors.New or fmt.Errorf.
func makesError(value ast.Expr) bool {
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return false
	}
	callee, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	name := fmt.Sprintf("%s.%s", callee.X, callee.Sel)
	return name == "errors.New" || name == "fmt.Errorf"
}

// TestTopFolders holds the layout: a new top folder is a decision, not a habit.
func TestTopFolders(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains([]string{"cmd", "pricing", "advisor", "fixtures", "docs", "dist"}, e.Name()) {
			t.Errorf("top folder %s is not of the layout", e.Name())
		}
	}
}

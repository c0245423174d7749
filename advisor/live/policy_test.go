package live

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// callsInCode are the operations that the package's code calls on clients of the SDK, as
// IAM names them, with the place of each.
func callsInCode(t *testing.T) map[string]string {
	t.Helper()
	// The clients are fields of clients by their IAM prefix; the others are made on the spot.
	made := map[string]string{
		"Sts": "sts", "sts": "sts", "organizations": "organizations", "savingsplans": "savingsplans", "ec2": "ec2", "ecs": "ecs", "ecr": "ecr",
		"autoscaling": "autoscaling", "applicationautoscaling": "application-autoscaling", "elasticloadbalancing": "elasticloadbalancing", "logs": "logs",
	}
	operation := regexp.MustCompile(`^(Describe|List|Get|BatchGet|Assume|Create|Update|Delete|Put|Register|Run|Start|Stop|Set|Modify|Terminate)[A-Z][A-Za-z]+$`)
	found := make(map[string]string)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		imports := make(map[string]bool)
		for _, i := range file.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			imports[filepath.Base(path)] = strings.Contains(path, "aws-sdk-go-v2/service/")
		}
		// A client in a variable is of the one service whose NewFromConfig the file calls.
		variables := make(map[string]string)
		ast.Inspect(file, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == 1 {
				if service := newClient(a.Rhs[0]); service != "" {
					variables[a.Lhs[0].(*ast.Ident).Name] = service
				}
			}
			return true
		})
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || !operation.MatchString(sel.Sel.Name) {
				return true
			}
			service := ""
			switch x := sel.X.(type) {
			case *ast.SelectorExpr: // v.ecs.ListClusters
				service = x.Sel.Name
			case *ast.CallExpr: // sts.NewFromConfig(cfg).GetCallerIdentity
				service = newClient(x)
			case *ast.Ident: // client.ListAccounts
				if service = variables[x.Name]; service == "" && sel.Sel.Name == "GetMetricData" {
					found["cloudwatch:GetMetricData"] = fset.Position(n.Pos()).String()
				}
			}
			if prefix, known := made[service]; known {
				found[prefix+":"+sel.Sel.Name] = fset.Position(n.Pos()).String()
			} else if service != "" && !strings.HasPrefix(sel.Sel.Name, "GetMetric") && imports[service] {
				t.Errorf("%s: a call of %s, whose IAM prefix this test does not know", fset.Position(n.Pos()), service)
			}
			return true
		})
		// The SDK's provider of a role's credentials makes one more call.
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "NewAssumeRoleProvider" {
				found["sts:AssumeRole"] = fset.Position(n.Pos()).String()
			}
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "GetMetricData" {
				found["cloudwatch:GetMetricData"] = fset.Position(n.Pos()).String()
			}
			return true
		})
	}
	return found
}

// newClient is the package of a call of NewFromConfig, "" for other expressions.
func newClient(e ast.Expr) string {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "NewFromConfig" {
		return ""
	}
	pkg, _ := sel.X.(*ast.Ident)
	return pkg.Name
}

// The policy allows each call of the code and no other, and all of them only read.
func TestPolicyAgreesWithCode(t *testing.T) {
	calls := callsInCode(t)
	for call, place := range calls {
		if !slices.Contains(Actions(), call) {
			t.Errorf("%s: %s is not in Actions", place, call)
		}
	}
	for _, action := range Actions() {
		if calls[action] == "" {
			t.Errorf("Actions has %s, which the code never calls", action)
		}
		_, operation, _ := strings.Cut(action, ":")
		if !regexp.MustCompile(`^(Describe|List|Get|BatchGet)[A-Z]`).MatchString(operation) && action != "sts:AssumeRole" {
			t.Errorf("%s does not only read", action)
		}
	}
	if !slices.IsSorted(Actions()) || len(calls) != len(Actions()) {
		t.Errorf("Actions: want it sorted and without repetition; the code has %q", slices.Sorted(maps.Keys(calls)))
	}
}

// A call says in its name which operation it makes: failures and the allow-list of the
// snapshot go by it.
func TestCallsAreNamedAsTheyAre(t *testing.T) {
	files, _ := filepath.Glob("inventory*.go")
	named := regexp.MustCompile(`(?:ask|pages)\(ctx, [a-z.]+, "([a-z0-9-]+):([A-Za-z]+)", .*?, (?:v\.([a-z0-9]+)|client)\.([A-Z][A-Za-z]+),`)
	n := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllSubmatch(text, -1) {
			n++
			if !bytes.Equal(m[2], m[4]) || len(m[3]) > 0 && strings.ReplaceAll(string(m[1]), "-", "") != string(m[3]) {
				t.Errorf("%s: %s:%s names %s.%s", name, m[1], m[2], m[3], m[4])
			}
		}
	}
	if n < 25 {
		t.Errorf("only %d calls were found", n)
	}
}

// The policy in docs is that of the code. UPDATE_GOLDEN=1 writes it.
func TestPolicyDocument(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "iam-policy.json")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, Policy(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, Policy()) {
		t.Error("docs/iam-policy.json is not the policy of the code; UPDATE_GOLDEN=1 writes it")
	}
}

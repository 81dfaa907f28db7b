package imapserver

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// dialectQuestions are the functions that answer yes or no, and how often the
// rest of the server asks them. A new place that asks wants another look first:
// what differs by dialect is mostly how something is written, and that has its
// place in dialect.go (docs/design/0017-four-questions.md). The numbers fall, or
// rise with a reason.
var dialectQuestions = map[string]int{
	"speaksRev1":       7,
	"tellsModSeqs":     3,
	"resynchronises":   3,
	"takesSeqs":        5,
	"metadataEvents":   1,
	"tellsByUID":       1,
	"takes8BitHeaders": 1,
	"refusesCharset":   1,
	"acceptsUTF8":      1,
}

// The aim: no handler asks what is enabled. Only dialect.go reads the Dialect,
// and the few questions that others must ask are counted.
func TestOnlyTheDialectKnowsWhatIsEnabled(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	members := dialectMembers(t)
	asked := map[string]int{}
	for _, name := range names {
		if name == "dialect.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			selector, ok := node.(*ast.SelectorExpr)
			if !ok || !isDialect(selector.X) {
				return true
			}
			if members[selector.Sel.Name] {
				t.Errorf("%s asks whether %s is enabled; only dialect.go may", set.Position(selector.Pos()), selector.Sel.Name)
			}
			asked[selector.Sel.Name]++
			return true
		})
	}
	for name, most := range dialectQuestions {
		if asked[name] > most {
			t.Errorf("%s is asked in %d places, not %d: let the Dialect decide instead", name, asked[name], most)
		}
		if asked[name] < most {
			t.Errorf("%s is asked in %d places only; say so in dialectQuestions", name, asked[name])
		}
	}
}

// isDialect reports whether an expression is a session's dialect.
func isDialect(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "dialect"
	case *ast.Ident:
		return x.Name == "dialect"
	}
	return false
}

// dialectMembers returns the members of Dialect, and holds the functions that
// answer yes or no to the list above.
func dialectMembers(t *testing.T) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "dialect.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]bool{}
	for _, declared := range file.Decls {
		switch d := declared.(type) {
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if typed, ok := spec.(*ast.TypeSpec); ok {
					for _, field := range typed.Type.(*ast.StructType).Fields.List {
						for _, name := range field.Names {
							members[name.Name] = true
						}
					}
				}
			}
		case *ast.FuncDecl:
			results := d.Type.Results
			if results == nil || len(results.List) != 1 {
				continue
			}
			if answer, ok := results.List[0].Type.(*ast.Ident); ok && answer.Name == "bool" {
				if _, known := dialectQuestions[d.Name.Name]; !known {
					t.Errorf("%s is a new question to the Dialect; count it here", d.Name.Name)
				}
			}
		}
	}
	if len(members) < 5 {
		t.Fatalf("found only %d members of Dialect; the search is broken", len(members))
	}
	return members
}

package tidy

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/restante/restante/internal/source"
)

const (
	fileLinesMax     = 500
	functionLinesMax = 70
)

// longFunctions are the functions that may be longer, and why.
var longFunctions = map[string]string{}

// longFiles are the files that may be longer, and why.
var longFiles = map[string]string{}

func files(t *testing.T) []source.File {
	t.Helper()
	all, err := source.Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("found only %d files; the walk is broken", len(all))
	}
	return all
}

// The aim: a file has one subject, and a function can be read in one look.
func TestFilesAndFunctionsAreShort(t *testing.T) {
	for _, file := range files(t) {
		if file.Lines > fileLinesMax && longFiles[file.Path] == "" {
			t.Errorf("%s has %d lines; split it by subject", file.Path, file.Lines)
		}
		for _, declared := range file.Syntax.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := file.Set.Position(function.End()).Line - file.Set.Position(function.Pos()).Line + 1
			name := file.Path + ":" + function.Name.Name
			if lines > functionLinesMax && longFunctions[name] == "" {
				t.Errorf("%s has %d lines; split it by step", name, lines)
			}
		}
	}
}

// The aim: every package says what it is for.
func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	documented := map[string]bool{}
	for _, file := range files(t) {
		if file.Test {
			continue
		}
		doc := file.Syntax.Doc != nil && len(file.Syntax.Doc.Text()) > 60
		documented[file.Package] = documented[file.Package] || doc
	}
	for name, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment worth reading", name)
		}
	}
}

// The aim: what is exported from a public package is explained.
func TestPublicNamesAreExplained(t *testing.T) {
	for _, file := range files(t) {
		if file.Test || strings.HasPrefix(file.Package, "internal/") || strings.HasPrefix(file.Package, "cmd/") {
			continue
		}
		for _, declared := range file.Syntax.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok || !function.Name.IsExported() || function.Doc != nil || isObvious(function) {
				continue
			}
			t.Errorf("%s: %s has no comment", file.Path, function.Name.Name)
		}
	}
}

// isObvious admits methods whose meaning their interface fixes.
func isObvious(function *ast.FuncDecl) bool {
	if function.Recv == nil {
		return false
	}
	switch function.Name.Name {
	case "String", "Error", "Unwrap", "Is", "Len", "Less", "Swap":
		return true
	}
	receiver := function.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if indexed, ok := receiver.(*ast.IndexExpr); ok {
		receiver = indexed.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && !name.IsExported()
}

// The aim: nothing unfinished is left standing, and no test waits for time.
func TestNothingIsLeftUnfinished(t *testing.T) {
	unfinished := []string{"TO" + "DO", "FIX" + "ME", "XX" + "X", "not implemented " + "yet"}
	for _, file := range files(t) {
		for _, group := range file.Syntax.Comments {
			for _, mark := range unfinished {
				if strings.Contains(group.Text(), mark) {
					t.Errorf("%s: a comment says %s", file.Set.Position(group.Pos()), mark)
				}
			}
		}
		if file.Test {
			reportSleeps(t, file)
		}
	}
}

// reportSleeps finds time.Sleep in tests: a test waits for an event, never for
// a clock.
func reportSleeps(t *testing.T, file source.File) {
	ast.Inspect(file.Syntax, func(node ast.Node) bool {
		call, ok := node.(*ast.SelectorExpr)
		if !ok || call.Sel.Name != "Sleep" {
			return true
		}
		if of, ok := call.X.(*ast.Ident); ok && of.Name == "time" && !polls[file.Path] {
			t.Errorf("%s: a test sleeps; let it wait for what it wants to see", file.Set.Position(call.Pos()))
		}
		return true
	})
}

// polls are the tests that may sleep between two looks at another process,
// which can tell them nothing.
var polls = map[string]bool{}

package imapserver

import (
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

// textCollector finds the texts for people in the sources of one package. It
// knows where texts leave the package, and follows them back to where they are
// written: through parameters, variables, fields and results, each by its name.
// A name that means a text in one place and something else in another is
// followed, too; what it then finds is no literal, or the catalogue gets a text
// too many, but never one too few.
type textCollector struct {
	set   *token.FileSet
	files []*ast.File
	said  map[string]bool
	// takes says which argument of a function is a text.
	takes map[string]int
	// holds are the fields and package variables that hold a text, tells the
	// functions of which a result is one.
	holds, tells map[string]bool
	// globals are the variables and constants of the package.
	globals map[string]bool
	// types are the fields of the structs of the package, in their order.
	types map[string][]string
	// function is the one that is looked at, locals the variables in it that hold
	// a text.
	function *ast.FuncDecl
	locals   map[string]bool
}

// collectTexts returns what a package says, with "{}" for what differs. Its
// entrances are functions, with the place of their argument that is a text, and
// fields that hold one.
func collectTexts(t *testing.T, folder string, entrances map[string]int, fields ...string) *textCollector {
	t.Helper()
	c := &textCollector{
		set: token.NewFileSet(), said: map[string]bool{}, takes: maps.Clone(entrances),
		holds: map[string]bool{}, tells: map[string]bool{}, globals: map[string]bool{}, types: map[string][]string{},
	}
	for _, name := range fields {
		c.holds[name] = true
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatal("no sources in", folder, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(c.set, name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		c.files = append(c.files, file)
		c.note(file)
	}
	for known := -1; known != c.size(); { // until nothing new is learned
		known = c.size()
		for _, file := range c.files {
			c.walk(file)
		}
	}
	return c
}

func (c *textCollector) size() int { return len(c.said) + len(c.takes) + len(c.holds) + len(c.tells) }

// note learns the types and variables of the package.
func (c *textCollector) note(file *ast.File) {
	for _, declared := range file.Decls {
		declared, ok := declared.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range declared.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				c.types[spec.Name.Name] = fieldsOf(spec.Type)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					c.globals[name.Name] = true
				}
			}
		}
	}
}

// fieldsOf returns the names of the fields of a struct, or of those in an array.
func fieldsOf(of ast.Expr) (names []string) {
	if array, ok := of.(*ast.ArrayType); ok {
		of = array.Elt
	}
	if shape, ok := of.(*ast.StructType); ok {
		for _, field := range shape.Fields.List {
			for _, name := range field.Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

func (c *textCollector) walk(file *ast.File) {
	for _, declared := range file.Decls {
		c.function, c.locals = nil, map[string]bool{}
		if function, ok := declared.(*ast.FuncDecl); ok {
			c.function = function
		}
		for known := -1; known != len(c.locals)+c.size(); {
			known = len(c.locals) + c.size()
			ast.Inspect(declared, c.visit)
		}
	}
}

func (c *textCollector) visit(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.CallExpr:
		if at, speaks := c.takes[nameOf(n.Fun)]; speaks && at < len(n.Args) {
			c.take(n.Args[at])
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if c.isText(left) && len(n.Lhs) == len(n.Rhs) {
				c.take(n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if c.isText(name) && i < len(n.Values) {
				c.take(n.Values[i])
			}
		}
	case *ast.CompositeLit:
		c.visitLiteral(n)
	case *ast.ReturnStmt:
		if c.function != nil && c.tells[c.function.Name.Name] && len(n.Results) > 0 {
			c.take(n.Results[0])
		}
	}
	return true
}

// visitLiteral takes the fields of a struct that hold texts, with and without
// their names, and those of a table of structs that have no name.
func (c *textCollector) visitLiteral(n *ast.CompositeLit) {
	names, rows := c.types[nameOf(n.Type)], []ast.Expr{n}
	if array, ok := n.Type.(*ast.ArrayType); ok {
		if names, rows = fieldsOf(array), n.Elts; names == nil {
			names = c.types[nameOf(array.Elt)]
		}
	}
	for _, row := range rows {
		row, ok := row.(*ast.CompositeLit)
		if !ok {
			continue
		}
		for i, element := range row.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if c.holds[nameOf(pair.Key)] {
					c.take(pair.Value)
				}
			} else if i < len(names) && c.holds[names[i]] {
				c.take(element)
			}
		}
	}
}

func (c *textCollector) isText(left ast.Expr) bool {
	if name, ok := left.(*ast.Ident); ok && c.function != nil && c.locals[name.Name] {
		return true
	}
	if _, ok := left.(*ast.Ident); ok && c.function != nil {
		return false // a variable of the function that is called like a field
	}
	return c.holds[nameOf(left)]
}

// nameOf returns the last name in an expression that names something.
func nameOf(named ast.Expr) string {
	switch x := named.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

// take notes the text of an expression: a literal, or one of which parts differ.
// Names in it are followed to where they get their value.
func (c *textCollector) take(value ast.Expr) {
	text := c.textOf(value)
	if strings.Trim(text, "{}[]:.* ") != "" {
		c.said[text] = true
	}
}

var verb = regexp.MustCompile(`%[a-z]`)

func (c *textCollector) textOf(value ast.Expr) string {
	switch v := value.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(v.Value); err == nil && v.Kind == token.STRING {
			return text
		}
	case *ast.ParenExpr:
		return c.textOf(v.X)
	case *ast.BinaryExpr:
		return c.textOf(v.X) + c.textOf(v.Y)
	case *ast.Ident:
		c.follow(v.Name)
	case *ast.SelectorExpr:
		if v.Sel.Name != "Name" && v.Sel.Name != "name" {
			c.holds[v.Sel.Name] = true
		}
	case *ast.CallExpr:
		if name := nameOf(v.Fun); name != "Sprintf" {
			c.tells[name] = true
		} else if len(v.Args) > 0 {
			return verb.ReplaceAllString(c.textOf(v.Args[0]), "{}")
		}
	}
	return "{}"
}

// follow notes that a parameter of the function, one of its variables, or a
// variable of the package holds a text.
func (c *textCollector) follow(name string) {
	if c.function == nil {
		c.holds[name] = true
		return
	}
	at := 0
	for _, field := range c.function.Type.Params.List {
		for _, parameter := range field.Names {
			if parameter.Name == name {
				c.takes[c.function.Name.Name] = at
				return
			}
			at++
		}
	}
	c.locals[name] = true
	if c.globals[name] {
		c.holds[name] = true
	}
}

// overlooked returns the literals that look like texts for people and were not
// found, nor are among others: several words with small letters.
func (c *textCollector) overlooked(others map[string]bool) []string {
	var found []string
	for _, file := range c.files {
		ast.Inspect(file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.CallExpr:
				return !slices.Contains(forTheLog, nameOf(n.Fun))
			case *ast.BasicLit:
				text, err := strconv.Unquote(n.Value)
				if n.Kind == token.STRING && err == nil && twoWords.MatchString(text) &&
					!slices.Contains(endings, text) && !isPiece(text, c.said) && !isPiece(text, others) {
					found = append(found, c.set.Position(n.Pos()).String()+": "+text)
				}
			}
			return true
		})
	}
	return found
}

// forTheLog are the functions of which the literals are not for people, and
// endings what the log calls the end of a session.
var (
	forTheLog = []string{"New", "Debug", "Info", "Warn", "Error", "Errorf"}
	endings   = []string{"logged out", "client closed the connection"}
)

var twoWords = regexp.MustCompile(`^[A-Za-z ]*[a-z]+ [a-z]{2,}`)

// isPiece reports whether a literal is one of some texts or a piece of one.
func isPiece(literal string, texts map[string]bool) bool {
	for text := range texts {
		if strings.Contains(text, verb.ReplaceAllString(literal, "{}")) {
			return true
		}
	}
	return false
}

// Package source finds and parses the project's own Go files for the tests
// that keep its shape: the import policy (internal/arch) and the house style
// (internal/tidy). It reads the sources itself, because a test that asks the
// go command is answered from a cache.
package source

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Module is the module's path.
const Module = "github.com/restante/restante"

// File is one parsed Go file.
type File struct {
	Path    string // from the root of the project, with slashes
	Package string // the folder, "" for the root
	Test    bool
	Lines   int
	Syntax  *ast.File
	Set     *token.FileSet
}

// Root returns the project's root, above the given folder.
func Root(from string) (string, error) {
	dir, err := filepath.Abs(from)
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fs.ErrNotExist
		}
		dir = parent
	}
}

// Touch opens every file that the project's programs are built from. The go
// command remembers what a test has opened: without this, a test of a program
// that it builds itself would be answered from a cache after the program has
// changed.
func Touch() error {
	root, err := Root(".")
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case !entry.Type().IsRegular() || strings.HasSuffix(path, "_test.go") || !isInput(path):
			return nil
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		return file.Close()
	})
}

// isInput reports whether a file can be part of a program: Go source, the
// modules it takes, and the cases and messages that are built into it.
func isInput(path string) bool {
	switch filepath.Ext(path) {
	case ".go", ".mod", ".sum", ".case", ".eml":
		return true
	}
	return false
}

// Files parses every Go file of the project.
func Files() ([]File, error) {
	root, err := Root(".")
	if err != nil {
		return nil, err
	}
	var files []File
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && skipped(entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		file, err := parse(root, path)
		files = append(files, file)
		return err
	})
	return files, err
}

func skipped(dir string) bool {
	return strings.HasPrefix(dir, ".") || dir == "testdata" || dir == "node_modules" || dir == "restante-data"
}

func parse(root, path string) (File, error) {
	relative, err := filepath.Rel(root, path)
	if err != nil {
		return File{}, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return File{}, err
	}
	relative = filepath.ToSlash(relative)
	file := File{
		Path:  relative,
		Test:  strings.HasSuffix(relative, "_test.go"),
		Lines: strings.Count(string(text), "\n"),
		Set:   token.NewFileSet(),
	}
	if i := strings.LastIndex(relative, "/"); i >= 0 {
		file.Package = relative[:i]
	}
	file.Syntax, err = parser.ParseFile(file.Set, relative, text, parser.ParseComments)
	return file, err
}

// Imports returns the paths that a file imports.
func (f File) Imports() []string {
	var paths []string
	for _, spec := range f.Syntax.Imports {
		paths = append(paths, strings.Trim(spec.Path.Value, `"`))
	}
	return paths
}

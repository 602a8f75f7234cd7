package weir_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestExportedIdentifiersAreExplained finds exported identifiers without a
// comment; only String and Error, which everybody knows, may do without. That a
// comment says more than the name is for a reader to judge.
func TestExportedIdentifiersAreExplained(t *testing.T) {
	files := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			for _, id := range unexplained(decl) {
				t.Errorf("%s: %s has no comment", files.Position(id.Pos()), id.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unexplained returns the exported identifiers that a declaration leaves
// without a comment. In a group, the group's comment serves all.
func unexplained(decl ast.Decl) []*ast.Ident {
	var found []*ast.Ident
	note := func(id *ast.Ident, comments ...*ast.CommentGroup) {
		for _, c := range comments {
			if c != nil {
				return
			}
		}
		if id.IsExported() {
			found = append(found, id)
		}
	}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		isText := d.Recv != nil && (d.Name.Name == "String" || d.Name.Name == "Error")
		if !isText && (d.Recv == nil || exportedReceiver(d.Recv.List[0].Type)) {
			note(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				note(s.Name, d.Doc, s.Doc, s.Comment)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					note(id, d.Doc, s.Doc, s.Comment)
				}
			}
		}
	}
	return found
}

func exportedReceiver(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.StarExpr:
		return exportedReceiver(t.X)
	case *ast.IndexExpr:
		return exportedReceiver(t.X)
	case *ast.Ident:
		return t.IsExported()
	}
	return false
}

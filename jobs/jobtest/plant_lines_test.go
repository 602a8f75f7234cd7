package jobtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// TestPlantedLines says at once when code that has moved leaves no place for a planted bug, or
// when it would not compile there; planting all of them takes minutes.
func TestPlantedLines(t *testing.T) {
	c := newChecker(t)
	for _, p := range planted {
		if err := c.check(p); err != nil {
			t.Errorf("%s: %s: %v", p.bug, p.file, err)
		}
	}
}

// checker checks the types of packages with a line changed.
type checker struct {
	fset     *token.FileSet
	packages map[string]listed // by folder
	parsed   map[string]*ast.File
	imported types.Importer
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// newChecker compiles all packages, or finds them compiled.
func newChecker(t *testing.T) *checker {
	c := &checker{fset: token.NewFileSet(), packages: map[string]listed{}, parsed: map[string]*ast.File{}}
	list := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", "./...")
	list.Dir, list.Stderr = root, os.Stderr
	output, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	compiled := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(output)); ; {
		var l listed
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		compiled[l.ImportPath] = l.Export
		c.packages[l.Dir] = l
	}
	c.imported = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) })
	return c
}

// check checks the package of a planted bug with it.
func (c *checker) check(p plant) error {
	dir, err := filepath.Abs(filepath.Join(root, filepath.Dir(p.file)))
	if err != nil {
		return err
	}
	in := c.packages[dir]
	if !slices.Contains(in.GoFiles, filepath.Base(p.file)) {
		return errors.New("it is no file of its package on this system")
	}
	var files []*ast.File
	for _, name := range in.GoFiles {
		file, err := c.parse(filepath.Join(dir, name), p, name == filepath.Base(p.file))
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	_, err = (&types.Config{Importer: c.imported}).Check(in.ImportPath, c.fset, files, nil)
	return err
}

// parse parses a file, with the bug if it is planted there.
func (c *checker) parse(path string, p plant, here bool) (*ast.File, error) {
	if file := c.parsed[path]; file != nil && !here {
		return file, nil
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !here {
		c.parsed[path], err = parser.ParseFile(c.fset, path, source, parser.SkipObjectResolution)
		return c.parsed[path], err
	}
	changed, err := p.change(string(source))
	if err != nil {
		return nil, err
	}
	return parser.ParseFile(c.fset, path, changed, parser.SkipObjectResolution)
}

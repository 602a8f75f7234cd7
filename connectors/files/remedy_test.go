package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
)

// TestOutputFolderInTheWay has something stand where the output folder, or one in it,
// is to be: the error says what to do, before rows are written or with the first.
func TestOutputFolderInTheWay(t *testing.T) {
	for name, test := range map[string]struct {
		put  func(dir string) error
		want string
	}{
		"a file":               {func(dir string) error { return os.WriteFile(dir+"/out", nil, 0o644) }, "is a file, where a folder is needed"},
		"a file within":        {within(""), "is a file, where a folder is needed"},
		"a file deeper within": {within("/job"), "is a file, where a folder is needed"},
		"a link to nowhere":    {func(dir string) error { return os.Symlink("nowhere", dir+"/out") }, "a link to nowhere, perhaps: remove it"},
		"a link to itself":     {func(dir string) error { return os.Symlink("out", dir+"/out") }, "leads back to itself: remove it"},
	} {
		dir := t.TempDir()
		if err := test.put(dir); err != nil {
			t.Fatal(err)
		}
		e := env.Real()
		out := filepath.Join(dir, "out")
		o, err := own(t, e, "run", 1, map[string]string{"path": out})
		if err == nil {
			_, err = o.write(1, rowsOf(record.NewPool(), 0, 1))
		}
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), out) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

// within puts a file in the place of .weir or of a folder in it.
func within(folder string) func(dir string) error {
	return func(dir string) error {
		file := dir + "/out/.weir" + folder
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, nil, 0o644)
	}
}

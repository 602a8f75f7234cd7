package jobs

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
)

const tinyJob = `
name: tiny
sources:
  numbers: { file: { path: numbers.csv }, format: csv, schema: { n: int64 } }
steps:
  - id: even
    where: n % 2 = 0
sinks:
  out: { file: { path: out }, format: csv }
`

// files returns a file system with the files of a map.
func files(t *testing.T, content map[string]string) *memfs.FS {
	t.Helper()
	fs := memfs.New()
	for name, text := range content {
		if err := fs.MkdirAll(filepath.Dir(name)); err != nil {
			t.Fatal(err)
		}
		if err := env.WriteFile(fs, name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return fs
}

func TestLoadReportsEverythingTogether(t *testing.T) {
	job := strings.NewReplacer("n % 2", "m % 2", "path: out", `path: "${NO_SUCH_VARIABLE}"`, "name: tiny",
		"name: tiny\nname: two").Replace(tinyJob)
	_, err := Load(builtin.Registry(), files(t, map[string]string{"jobs/tiny.yaml": job}), "jobs/tiny.yaml", []string{"parallelism=0"})
	if !errors.As(err, new(component.Problems)) {
		t.Fatalf("%T is not a list of problems", err)
	}
	want := `jobs/tiny.yaml:3:1: the key "name" appears a second time, after jobs/tiny.yaml:2:1
jobs/tiny.yaml:8:12: steps.even.where: there is no column "m"; there are n
jobs/tiny.yaml:10:24: the variable NO_SUCH_VARIABLE is not set; set it, or write ${NO_SUCH_VARIABLE:default}
--set parallelism: parallelism: "0" is not a whole number from 1 to 1024`
	if err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestLoadWithoutFile(t *testing.T) {
	_, err := Load(builtin.Registry(), memfs.New(), "none.yaml", nil)
	if err == nil || err.Error() != "none.yaml: cannot be opened: file does not exist" {
		t.Error(err)
	}
}

// A variable that is not set gives one problem, although its key lacks a value.
func TestLoadReportsNothingTwice(t *testing.T) {
	job := strings.Replace(tinyJob, "where: n % 2 = 0", "where: ${NO_SUCH_VARIABLE}", 1) + "parallelism: ${NO_SUCH_VARIABLE}\n"
	_, err := Load(builtin.Registry(), files(t, map[string]string{"tiny.yaml": job}), "tiny.yaml", nil)
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Error(err)
	}
}

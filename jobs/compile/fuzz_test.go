package compile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/blackhole"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// FuzzCompile looks for panics: whatever a job file holds, there is a job or
// there are problems.
func FuzzCompile(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "steps.hourly.window.tumble=2h")
	}
	f.Fuzz(func(t *testing.T, text, set string) {
		job, problems := load("job.yaml", text, set)
		if strings.Contains(problems.Error(), "panic, which is a bug") {
			t.Fatal(problems)
		}
		if job == nil && len(problems) == 0 {
			t.Fatal("there is neither a job nor a problem")
		}
		d, _ := document.Parse("job.yaml", []byte(text), document.Options{Unread: []string{"sinks"}})
		if d == nil {
			return
		}
		job, problems = compile.Show(d, builtin.Registry(), "hourly.late", func(*record.Schema) stream.Sink { return &blackhole.Sink{} })
		if job == nil && len(problems) == 0 {
			t.Fatal("there is neither a job to show nor a problem")
		}
		if strings.Contains(problems.Error(), "panic, which is a bug") {
			t.Fatal(problems)
		}
	})
}

package compile_test

import (
	"os"
	"path/filepath"
	"testing"
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
		if job == nil && len(problems) == 0 {
			t.Fatal("there is neither a job nor a problem")
		}
	})
}

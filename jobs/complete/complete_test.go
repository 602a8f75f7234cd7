package complete_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/complete"
	"github.com/weirstream/weir/runtime/env"
)

// halfWritten has keys that are wrong, a secret that is not there, and no sinks.
const halfWritten = `
name: half
sources:
  clicks:
    file: { path: "${file:none}" }
    format: { csv: { delimiter: ";" } }
    on_error: dead_letter
    wrong: key
steps:
  - id: hourly
    window: { tumble: 1h }
    aggregate: { rows: count(*) }
  - where: x >
`

func jobFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "job.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOutputs(t *testing.T) {
	got := complete.Outputs(env.OS{}, jobFile(t, halfWritten))
	if want := []string{"clicks", "clicks.dead_letter", "hourly", "hourly.late"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, path := range []string{"none.yaml", jobFile(t, "name: ["), jobFile(t, "sources: 1\nsteps: x")} {
		if got := complete.Outputs(env.OS{}, path); got != nil {
			t.Errorf("%s: got %q", path, got)
		}
	}
}

func TestKeys(t *testing.T) {
	path, registry := jobFile(t, halfWritten), builtin.Registry()
	for _, test := range []struct{ typed, want string }{
		{"", "name= sources. steps. sinks. checkpoint. restart. parallelism= memory= row_store= buffer_timeout="},
		{"s", "sources. steps. sinks."},
		{"sources.", "sources.clicks."},
		{"steps.ho", "steps.hourly."},
		{"steps.hourly.w", "steps.hourly.where= steps.hourly.window."},
		{"steps.hourly.window.t", "steps.hourly.window.tumble="},
		{"steps.hourly.window.hop.s", "steps.hourly.window.hop.size= steps.hourly.window.hop.slide="},
		{"sources.clicks.format.csv.del", "sources.clicks.format.csv.delimiter="},
		{"sources.clicks.event_time.w", "sources.clicks.event_time.watermark_delay="},
		{"sources.clicks.file.par", "sources.clicks.file.parallel="},
		{"checkpoint.", "checkpoint.interval= checkpoint.retain= checkpoint.commit_timeout="},
		{"steps.new.par", "steps.new.parallelism="},
		{"sinks.", ""},
		{"name.", ""},
		{"none.", ""},
		{"name=x", ""},
		{"steps.hourly.window.tumble.", ""},
	} {
		got := complete.Keys(env.OS{}, path, registry, test.typed)
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: got %q, want %q", test.typed, got, test.want)
		}
	}
	if got := complete.Keys(env.OS{}, "none.yaml", registry, "steps."); got != nil {
		t.Errorf("got %q without a file", got)
	}
}

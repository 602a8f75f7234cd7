package deadletter

import (
	"os"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/env"
)

// LoadAppending loads a job whose sinks add to what they have written before,
// whatever the job file says of that.
func LoadAppending(files env.FS, path string, sets []string) (*jobs.Job, error) {
	d, _ := document.Load(path, document.Options{Files: files, Variables: os.LookupEnv, Sets: sets})
	if d == nil || d.Root.Get("sinks") == nil {
		return jobs.Load(files, path, sets) // which says what is wrong
	}
	appending := append([]string{}, sets...)
	for _, sink := range d.Root.Get("sinks").Entries {
		for _, t := range builtin.Registry().Sinks {
			config := sink.Value.Get(t.Spec.Name)
			if config == nil || t.Spec.Field("if_exists") == nil {
				continue
			}
			if path := config.Get("path"); path == nil || path.Text != "-" {
				appending = append(appending, "sinks."+sink.Key+"."+t.Spec.Name+".if_exists=append")
			}
		}
	}
	return jobs.Load(files, path, appending)
}

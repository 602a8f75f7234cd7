package deadletter

import (
	"os"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

// LoadAppending loads a job whose sinks add to what they have written before,
// whatever the job file says of that.
func LoadAppending(r *component.Registry, files env.FS, path string, sets []string) (*jobs.Job, error) {
	d, _ := document.Load(path, document.Options{Files: files, Variables: os.LookupEnv, Sets: sets})
	if d == nil || d.Root.Get("sinks") == nil {
		return jobs.Load(r, files, path, sets) // which says what is wrong
	}
	appending := append([]string{}, sets...)
	for _, sink := range d.Root.Get("sinks").Entries {
		for _, t := range r.Sinks {
			config := sink.Value.Get(t.Spec.Name)
			if config == nil || t.Spec.Field("if_exists") == nil {
				continue
			}
			if path := config.Get("path"); path == nil || path.Text != "-" {
				appending = append(appending, "sinks."+sink.Key+"."+t.Spec.Name+".if_exists=append")
			}
		}
	}
	return jobs.Load(r, files, path, appending)
}

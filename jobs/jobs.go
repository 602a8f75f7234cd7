// Package jobs loads job files and runs them.
//
// [Load] reads a job file and checks it completely, without touching anything that
// the job would read or write. [Start] then runs what Load returned, and gives a
// [Run] to query, stop and wait for:
//
//	job, err := jobs.Load(builtin.Registry(), env.OS{}, "departures.yaml", nil)
//	…
//	run, err := jobs.Start(job, jobs.Options{Env: env.Real()})
//	…
//	last, err := run.Wait()
package jobs

import (
	"os"
	"slices"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Job is a job that is ready to run: its graph, and how it wants to be run.
type Job = compile.Job

// MaxParallelism is how many subtasks a step may have.
const MaxParallelism = compile.MaxParallelism

// Load reads the job file called path from files, with the keys that sets give
// other values ("steps.hourly.window.tumble=2h"). Its components are those of r.
// The error is a [component.Problems] with everything that is wrong.
func Load(r *component.Registry, files env.FS, path string, sets []string) (*Job, error) {
	return load(r, files, path, document.Options{Sets: sets}, compile.Compile)
}

// LoadShow is [Load] of the part of a job that makes one output, such as
// "weekly" or "weekly.late", for a look at its first limit rows ([Show]): the
// head is the only sink. The job's own sinks are not even read.
func LoadShow(r *component.Registry, files env.FS, path string, sets []string, output string, limit int) (*Job, component.Head, error) {
	var head component.Head
	job, err := load(r, files, path, document.Options{Sets: sets, Unread: []string{"sinks"}},
		func(d *document.Document, r *component.Registry) (*Job, component.Problems) {
			return compile.Show(d, r, output, func(schema *record.Schema) stream.Sink {
				head = r.NewHead(schema, limit)
				return head
			})
		})
	return job, head, err
}

func load(r *component.Registry, files env.FS, path string, o document.Options,
	compile func(*document.Document, *component.Registry) (*Job, component.Problems)) (*Job, error) {
	o.Files, o.Variables = files, os.LookupEnv
	d, problems := document.Load(path, o)
	if d == nil {
		return nil, problems
	}
	job, more := compile(d, r)
	if all := merge(problems, more); all != nil {
		return nil, all
	}
	return job, nil
}

// merge puts the problems of a document and those of the job together. A value
// that could not be read gives rise to a second problem at its place, which is
// left out.
func merge(document, job component.Problems) component.Problems {
	all := slices.Clone(document)
	for _, p := range job {
		if !slices.ContainsFunc(document, func(d component.Problem) bool { return d.At == p.At }) {
			all = append(all, p)
		}
	}
	all.Sort()
	return all
}

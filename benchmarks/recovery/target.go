package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// target is a job to be killed.
type target struct {
	path    string
	name    string
	sets    []string // as for weir run, without those of sink folders
	sources []string // ids
	sinks   []string // ids

	answer output // of the undisturbed run
	tally
}

// Slow enough to be killed many times before January is over, and with so many
// checkpoints that each kill has one before it. The row rate belongs to each source.
const (
	slowly = 4000 // rows per second
	often  = "checkpoint.interval=50ms"
)

// load reads a job file, lets its sources read input, unless that is "", and
// gives every late output that nobody reads a sink.
func load(path, input string, sets []string) (*target, error) {
	job, err := jobs.Load(builtin.Registry(), env.OS{}, path, nil)
	if err != nil {
		return nil, err
	}
	t := &target{path: path, name: job.Graph.Name, sets: []string{often}}
	for _, s := range job.Graph.Steps {
		switch {
		case s.Source != nil:
			t.sources = append(t.sources, s.ID)
			t.sets = append(t.sets, rate(s.ID, slowly))
			if input != "" {
				t.sets = append(t.sets, fmt.Sprintf("sources.%s.file.path=%s", s.ID, input))
			}
		case s.Sink != nil:
			t.sinks = append(t.sinks, s.ID)
		}
	}
	for _, s := range job.Graph.Steps {
		if s.Schema(stream.Late) != nil && !lateIsRead(job.Graph, s.ID) {
			id := "late_" + s.ID
			t.sinks = append(t.sinks, id)
			t.sets = append(t.sets, fmt.Sprintf("sinks.%s.input=%s.late", id, s.ID), fmt.Sprintf("sinks.%s.format=csv", id))
		}
	}
	t.sets = append(t.sets, sets...)
	_, err = jobs.Load(builtin.Registry(), env.OS{}, path, append(slices.Clone(t.sets), t.into("out")...))
	return t, err
}

func lateIsRead(g *graph.Graph, step string) bool {
	for _, s := range g.Steps {
		for _, in := range s.Inputs {
			if in.Step == step && in.Output == stream.Late {
				return true
			}
		}
	}
	return false
}

func rate(source string, rows int) string {
	return fmt.Sprintf("sources.%s.file.rows_per_second=%d", source, rows)
}

// into lets each sink write to a folder of its own in out.
func (t *target) into(out string) []string {
	var sets []string
	for _, id := range t.sinks {
		sets = append(sets, fmt.Sprintf("sinks.%s.file.path=%s", id, filepath.Join(out, id)))
	}
	return sets
}

// unslowed lets the sources read as fast as they can.
func (t *target) unslowed() []string {
	var sets []string
	for _, id := range t.sources {
		sets = append(sets, rate(id, 0))
	}
	return sets
}

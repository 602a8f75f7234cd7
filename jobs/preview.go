package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/master"
)

// Preview says in a line what Start would resume from, and in the lines that follow
// what becomes of each step that keeps something, where the job has changed. It starts
// nothing. The job's secrets are hidden.
func Preview(ctx context.Context, job *Job, o Options) ([]string, error) {
	lines, err := preview(ctx, job, o)
	for i, line := range lines {
		lines[i] = job.Secrets.Hide(line)
	}
	return lines, job.Secrets.HideError(err)
}

func preview(ctx context.Context, job *Job, o Options) ([]string, error) {
	if _, err := o.Env.Files.ReadDir(o.StateDir); errors.Is(err, fs.ErrNotExist) && !component.IsURL(o.StateDir) {
		return []string{fmt.Sprintf("%s is not there yet: the job starts afresh", o.StateDir)}, nil
	}
	store, err := View(o.Env.Files, o.StateDir)
	if err != nil {
		return nil, err
	}
	id, changed, err := master.Preview(ctx, job.Graph, master.Options{Env: o.Env, Store: store, Parallelism: o.parallelism(job)})
	switch {
	case errors.Is(err, checkpoint.ErrFinished):
		return []string{fmt.Sprintf("the job has finished, says %s", o.StateDir)}, nil
	case err != nil:
		return nil, err
	case id == 0:
		return []string{fmt.Sprintf("%s holds no checkpoint: the job starts afresh", o.StateDir)}, nil
	case changed == nil:
		return []string{fmt.Sprintf("the job is that of checkpoint %d in %s and resumes from there", id, o.StateDir)}, nil
	}
	return append([]string{fmt.Sprintf("the job has changed since checkpoint %d in %s; with --allow-changed it resumes like this:",
		id, o.StateDir)}, changed.Outcome()...), nil
}

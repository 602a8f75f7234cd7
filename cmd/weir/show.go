package main

import (
	"context"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

// show prints the first rows of one output of a job.
func show(f runFlags, stdout io.Writer, v voice) error {
	job, head, err := jobs.LoadShow(builtin.Registry(), env.OS{}, f.path, f.sets, f.show, f.limit)
	if err == nil {
		err = f.replay(job)
	}
	if err != nil {
		return err
	}
	f.prepare(stdout, v, job)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	last, err := jobs.Show(ctx, job, head, f.Options)
	if err != nil {
		return v.failed(last, err)
	}
	if head.Rows() == 0 {
		sayFindings(v, job.Graph, last)
	}
	v.end(last, "%s: %s Nothing was written.", f.show, shown(head, f.limit, ctx.Err() != nil))
	return nil
}

// shown says how many rows there were, and whether they were all.
func shown(head component.Head, limit int, interrupted bool) string {
	rows := fmt.Sprintf("%d rows", head.Rows())
	switch head.Rows() {
	case 0:
		rows = "no rows"
	case 1:
		rows = "1 row"
	}
	switch {
	case head.Rows() == limit:
		return fmt.Sprintf("the first %s; --limit N shows more.", rows)
	case interrupted:
		return rows + " until it was interrupted."
	}
	return rows + " in all."
}

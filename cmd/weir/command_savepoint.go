package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/control"
	"github.com/weirstream/weir/runtime/env"
)

func savepointCommand() *cobra.Command {
	var r remote
	var stateDir string
	c := &cobra.Command{
		Use:   "savepoint FOLDER",
		Short: "Takes a savepoint of a job",
		Long: `Writes a savepoint into a folder that is not there yet: all that a job needs to go
on, which can be copied elsewhere, and outlives its checkpoints.

Of a job that does not run, --state-dir names the folder of its checkpoints, and the
savepoint is the last of them. A job that runs, and was started with --http and
--http-token-file, takes a checkpoint for it and goes on. It shows what comes behind
that itself, so that a job that begins with the savepoint takes other places for its
output. To move a job, stop it: weir stop --savepoint.`,
		Example: `  weir savepoint savepoints/monday --state-dir state
  weir savepoint savepoints/monday --http :9249 --http-token-file token`,
		ValidArgsFunction: completeFolders,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("savepoint takes one folder, not %d: weir savepoint FOLDER --state-dir DIR", len(args))
			}
			if (stateDir == "") == (r.Address == "") {
				return errors.New("savepoint takes one of --state-dir DIR, of a job that does not run, and --http ADDRESS, of one that does")
			}
			done := control.Done{Savepoint: args[0]}
			var err error
			if stateDir != "" {
				done.Checkpoint, err = jobs.Save(c.Context(), env.OS{}, stateDir, args[0])
			} else {
				done, err = r.savepoint(c, args[0])
			}
			if err != nil {
				return begun{err}
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "Checkpoint %d is a savepoint in %s.\n", done.Checkpoint, done.Savepoint)
			return err
		},
	}
	r.add(c)
	c.Flags().StringVar(&stateDir, "state-dir", "", "the `FOLDER` of the checkpoints of a job that does not run")
	completes(c, "state-dir", completeFolders)
	return c
}

// savepoint has the running job take one.
func (r *remote) savepoint(c *cobra.Command, folder string) (done control.Done, err error) {
	client, job, err := r.find(c, "savepoint")
	if err == nil {
		folder, err = folderFor(client, folder)
	}
	if err != nil {
		return done, err
	}
	return client.Savepoint(c.Context(), job, control.SavepointRequest{Folder: folder})
}

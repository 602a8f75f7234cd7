package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/control"
)

func stopCommand() *cobra.Command {
	var r remote
	var asked control.StopRequest
	c := &cobra.Command{
		Use:   "stop",
		Short: "Stops a running job, with a savepoint if that is wanted",
		Long: `Stops a job that was started with --http and --http-token-file, as a first interrupt
does: it takes a last checkpoint, all output up to there is shown, and the job ends.
The command returns when it has.

With --savepoint the last checkpoint is written as a savepoint as well, from which
weir run --from-savepoint goes on. With --drain the job ends as if its input had
ended: open windows fire, and the job is finished.`,
		Example: `  weir stop --http :9249 --http-token-file token
  weir stop --http :9249 --http-token-file token --savepoint savepoints/monday`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if err := noArguments(c, args); err != nil {
				return err
			}
			if asked.Drain && asked.Savepoint != "" {
				return errors.New("--drain finishes the job, so that nothing goes on from a savepoint of it; give one of --drain and --savepoint")
			}
			client, job, err := r.find(c, "stop")
			if err == nil {
				asked.Savepoint, err = folderFor(client, asked.Savepoint)
			}
			if err != nil {
				return err
			}
			done, err := client.Stop(c.Context(), job, asked)
			if err != nil {
				return begun{err}
			}
			text := fmt.Sprintf("%s %s at checkpoint %d", done.Job, done.State, done.Checkpoint)
			if done.Savepoint != "" {
				text += ", which is a savepoint in " + done.Savepoint
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), text+".")
			return err
		},
	}
	r.add(c)
	c.Flags().StringVar(&asked.Savepoint, "savepoint", "", "write the last checkpoint as a savepoint into this `FOLDER`")
	c.Flags().BoolVar(&asked.Drain, "drain", false, "finish the job as if its input had ended")
	completes(c, "savepoint", completeFolders)
	return c
}

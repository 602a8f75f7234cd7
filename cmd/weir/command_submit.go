package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/control"
	"github.com/weirstream/weir/runtime/status"
)

func submitCommand() *cobra.Command {
	var r remote
	var s control.Submission
	c := &cobra.Command{
		Use:   "submit JOB",
		Short: "Hands a job file to a running weir serve",
		Long: `Hands a job file to a process that was started by weir serve with --http and
--http-token-file; the token is an admin's. The process writes it into its folder of
job files and starts the job. The command returns once the job runs, or says why it
does not.

Paths in the job file, and variables, mean what they mean to that process: relative
paths are as seen from its folder of job files.

A job of the same name that is there already is replaced with --replace: it takes a
last checkpoint, and goes on from there as the new file says.`,
		Example: `  weir submit orders.yaml --http :9249 --http-token-file token
  weir submit orders.yaml --replace --http :9249 --http-token-file token`,
		ValidArgsFunction: completeJobs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("submit takes one job file, not %d: weir submit JOB --http :9249 --http-token-file FILE", len(args))
			}
			client, err := r.client("submit")
			if err != nil {
				return err
			}
			s.File = filepath.Base(args[0])
			if s.Content, err = os.ReadFile(args[0]); err != nil {
				return err
			}
			if s.Savepoint, err = folderFor(client, s.Savepoint); err != nil {
				return err
			}
			i, err := client.Submit(c.Context(), s)
			return sayStart(c.OutOrStdout(), i, err)
		},
	}
	r.addServer(c)
	flags := c.Flags()
	flags.BoolVar(&s.Replace, "replace", false, "let the job take the place of the one of its name")
	flags.StringVar(&s.Savepoint, "from-savepoint", "", "begin with the savepoint in this `FOLDER`, where the job has no checkpoints")
	flags.BoolVar(&s.AllowChanged, "allow-changed", false, changedFlag)
	completes(c, "from-savepoint", completeFolders)
	return c
}

const changedFlag = "start although the job has changed since its checkpoint, with what of its state still means the same"

// sayStart says how a job is that was to be started.
func sayStart(to io.Writer, i control.Info, err error) error {
	switch {
	case err != nil:
		return begun{err}
	case i.State == status.Failed:
		return begun{fmt.Errorf("%s does not run: %s", i.Name, i.Why)}
	case i.Why != "":
		_, err = fmt.Fprintf(to, "%s is %s: %s\n", i.Name, i.State, i.Why)
	default:
		_, err = fmt.Fprintf(to, "%s is %s.\n", i.Name, i.State)
	}
	return err
}

func restartCommand() *cobra.Command {
	var r remote
	var asked control.RestartRequest
	c := &cobra.Command{
		Use:   "restart",
		Short: "Starts a job of a running weir serve again",
		Long: `Has a job of weir serve take a last checkpoint and go on from there, or begin again
if it was stopped, has failed or finished. The command returns once it runs, or says
why it does not. The token is an operator's or an admin's.`,
		Example:           `  weir restart --job orders --http :9249 --http-token-file token`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if err := noArguments(c, args); err != nil {
				return err
			}
			client, job, err := r.find(c, "restart")
			if err != nil {
				return err
			}
			i, err := client.Restart(c.Context(), job, asked)
			return sayStart(c.OutOrStdout(), i, err)
		},
	}
	r.add(c)
	c.Flags().BoolVar(&asked.AllowChanged, "allow-changed", false, changedFlag)
	return c
}

func deleteCommand() *cobra.Command {
	var r remote
	var state bool
	c := &cobra.Command{
		Use:   "delete",
		Short: "Stops a job of a running weir serve and removes its file",
		Long: `Has weir serve stop a job with a last checkpoint and remove its file. Its checkpoints
stay, so that a job of that name that is submitted later goes on from them; with
--state they go, too. What the job has written stays in any case. The token is an
admin's.`,
		Example:           `  weir delete --job orders --http :9249 --http-token-file token`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if err := noArguments(c, args); err != nil {
				return err
			}
			client, err := r.client("delete")
			if err == nil && r.job == "" {
				err = errors.New("delete takes the name of the job: --job NAME")
			}
			if err != nil {
				return err
			}
			if err := client.Delete(c.Context(), r.job, state); err != nil {
				return begun{err}
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s is deleted.\n", r.job)
			return err
		},
	}
	r.add(c)
	c.Flags().BoolVar(&state, "state", false, "remove the checkpoints of the job as well")
	return c
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/control"
)

func psCommand() *cobra.Command {
	var r remote
	var asJSON bool
	c := &cobra.Command{
		Use:   "ps",
		Short: "Lists the jobs of a running process, and how they are",
		Long: `Lists the jobs of a process that was started with --http and --http-token-file, by
weir serve or weir run: what each is doing, its latest checkpoint, how often it was
started again after a failure, and what it waits for or why it has failed.
With --job it shows one of them, with what has become of the rows in each step.`,
		Example: `  weir ps --http :9249 --http-token-file token
  weir ps --job orders --http :9249 --http-token-file token`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if err := noArguments(c, args); err != nil {
				return err
			}
			client, err := r.client("ps")
			if err != nil {
				return err
			}
			if r.job != "" {
				return showJob(c, client, r.job, asJSON)
			}
			all, err := client.Jobs(c.Context())
			if err != nil {
				return begun{err}
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(all)
			}
			list(c.OutOrStdout(), all)
			return nil
		},
	}
	r.addServer(c)
	c.Flags().StringVar(&r.job, "job", "", "show the job of this `NAME` step by step")
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return c
}

// mostWhy is how much is shown of a reason.
const mostWhy = 100

// list prints jobs as a table.
func list(to io.Writer, all []control.Info) {
	rows := [][]string{{"job", "state", "checkpoint", "restarts", "why"}}
	for _, job := range all {
		why, _, _ := strings.Cut(job.Why, "\n")
		rows = append(rows, []string{job.Name, string(job.State), fmt.Sprint(job.Checkpoint), fmt.Sprint(job.Restarts), clip(why, mostWhy)})
	}
	writeTable(to, rows, len(rows[0]))
}

// showJob prints a job step by step.
func showJob(c *cobra.Command, client *control.Client, name string, asJSON bool) error {
	d, err := client.Job(c.Context(), name)
	if err != nil {
		return begun{err}
	}
	out := c.OutOrStdout()
	if asJSON {
		return json.NewEncoder(out).Encode(d)
	}
	fmt.Fprintf(out, "%s is %s, at checkpoint %d.\n", d.Name, d.State, d.Checkpoint)
	if d.Why != "" {
		fmt.Fprintln(out, d.Why)
	}
	if d.Status != nil {
		report(out, *d.Status)
	}
	return nil
}

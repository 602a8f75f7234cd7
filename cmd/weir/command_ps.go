package main

import (
	"encoding/json"
	"errors"
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
started again after a failure, and what it waits for or why it has failed.`,
		Example:           `  weir ps --http :9249 --http-token-file token`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if err := noArguments(c, args); err != nil {
				return err
			}
			if r.Address == "" {
				return errors.New("ps takes the address of the process: weir ps --http :9249 --http-token-file FILE")
			}
			client, err := control.NewClient(r.Server)
			if err != nil {
				return err
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

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/explain"
	"github.com/weirstream/weir/runtime/env"
)

func explainCommand() *cobra.Command {
	var sets []string
	var parallelism int
	var stateDir string
	var mermaid, asJSON bool
	c := &cobra.Command{
		Use:   "explain JOB",
		Short: "Says what a job will do, and what its result depends on",
		Long: `Says what a job will do, without running it: its steps with their columns and
state, how they are laid out for running, and what of the result depends on more
than the data. With --state-dir it also says what the job would resume from, and
what becomes of its state where the job has changed.`,
		Example: `  weir explain departures.yaml
  weir explain departures.yaml --parallelism 4
  weir explain departures.yaml --state-dir state
  weir explain departures.yaml --mermaid > departures.mmd`,
		ValidArgsFunction: completeJobs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("explain takes one job file, not %d: weir explain JOB", len(args))
			}
			if mermaid && asJSON {
				return errors.New("explain draws one thing at a time: --mermaid or --json")
			}
			if err := checkParallelism(c.Flags().Changed, parallelism); err != nil {
				return err
			}
			job, err := jobs.Load(builtin.Registry(), env.OS{}, args[0], sets)
			if err != nil {
				return err
			}
			plan, err := explain.Of(job, parallelism)
			if err != nil {
				return err
			}
			if stateDir != "" {
				plan.Resume, err = jobs.Preview(c.Context(), job, jobs.Options{Env: env.Real(), StateDir: stateDir, Parallelism: parallelism})
			}
			if err != nil {
				return err
			}
			return writePlan(c.OutOrStdout(), plan, mermaid, asJSON)
		},
	}
	addSetFlag(c, &sets)
	addParallelismFlag(c, &parallelism)
	c.Flags().StringVar(&stateDir, "state-dir", "", "say what the job would resume from in this `FOLDER` of its checkpoints")
	completes(c, "state-dir", completeFolders)
	c.Flags().BoolVar(&mermaid, "mermaid", false, "draw a Mermaid flowchart, as Markdown pages show it")
	c.Flags().BoolVar(&asJSON, "json", false, "write everything as JSON")
	return c
}

func writePlan(to io.Writer, plan *explain.Plan, mermaid, asJSON bool) error {
	switch {
	case asJSON:
		return writeJSON(to, plan)
	case mermaid:
		_, err := io.WriteString(to, plan.Mermaid())
		return err
	}
	_, err := io.WriteString(to, plan.Text())
	return err
}

// writeJSON writes a value as people and programs can read it.
func writeJSON(to io.Writer, v any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

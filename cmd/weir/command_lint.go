package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

func lintCommand() *cobra.Command {
	var sets []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "lint JOB...",
		Short: "Says what is wrong with job files, without running them",
		Long: `Says what is wrong with job files, without running them.

With --json each problem is a line such as
{"type":"problem","message":"…","file":"job.yaml","line":11,"column":12}
on standard output, the same as run --json writes. A problem of a file as a whole,
or of a --set, has no line.`,
		ValidArgsFunction: completeJobs(0),
		RunE: func(c *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				return errors.New("lint takes job files: weir lint JOB…")
			}
			var problems component.Problems
			for _, path := range paths {
				_, err := jobs.Load(builtin.Registry(), env.OS{}, path, sets)
				var found component.Problems
				if errors.As(err, &found) {
					problems = append(problems, found...)
					continue
				}
				if !asJSON {
					fmt.Fprintf(c.OutOrStdout(), "%s: no problems\n", path)
				}
			}
			if problems == nil {
				return nil
			}
			return voice{to: c.OutOrStdout(), json: asJSON}.fail(problems)
		},
	}
	addSetFlag(c, &sets)
	c.Flags().BoolVar(&asJSON, "json", false, "print the problems as JSON, one object a line, and nothing where there are none")
	return c
}

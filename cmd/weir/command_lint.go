package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

func lintCommand() *cobra.Command {
	var sets []string
	c := &cobra.Command{
		Use:   "lint JOB...",
		Short: "Says what is wrong with job files, without running them",
		RunE: func(c *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				return errors.New("lint takes job files: weir lint JOB…")
			}
			var problems component.Problems
			for _, path := range paths {
				_, err := jobs.Load(env.OS{}, path, sets)
				var found component.Problems
				if errors.As(err, &found) {
					problems = append(problems, found...)
					continue
				}
				fmt.Fprintf(c.OutOrStdout(), "%s: no problems\n", path)
			}
			if problems != nil {
				return problems
			}
			return nil
		},
	}
	addSetFlag(c, &sets)
	return c
}

// addSetFlag adds --set, whose values may hold commas.
func addSetFlag(c *cobra.Command, sets *[]string) {
	c.Flags().StringArrayVar(sets, "set", nil, "give a key another value, as in --set steps.hourly.window.tumble=2h; may be repeated")
}

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
)

// This file has the flags that several commands share.

// addSetFlag adds --set, whose values may hold commas.
func addSetFlag(c *cobra.Command, sets *[]string) {
	c.Flags().StringArrayVar(sets, "set", nil, "give a `KEY=VALUE` of the job another value, as in --set steps.hourly.window.tumble=2h; may be repeated")
}

func addParallelismFlag(c *cobra.Command, parallelism *int) {
	c.Flags().IntVar(parallelism, "parallelism", 0, "`SUBTASKS` of each step that does not set its own (default: the job's)")
}

// checkParallelism refuses what --parallelism cannot be; 0 is the job's.
func checkParallelism(n int) error {
	if n < 0 || n > jobs.MaxParallelism {
		return fmt.Errorf("--parallelism %d is not from 1 to %d", n, jobs.MaxParallelism)
	}
	return nil
}

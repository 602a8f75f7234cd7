package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
)

// This file has the flags that several commands share.

// noArguments refuses arguments of a command that takes none.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments; remove %q", c.Name(), args[0])
	}
	return nil
}

// addSetFlag adds --set, whose values may hold commas.
func addSetFlag(c *cobra.Command, sets *[]string) {
	c.Flags().StringArrayVar(sets, "set", nil, "give a key of the job another value, as `KEY=VALUE`: steps.hourly.window.tumble=2h; "+
		"may be repeated")
	completes(c, "set", completeSet)
}

func addParallelismFlag(c *cobra.Command, parallelism *int) {
	c.Flags().IntVar(parallelism, "parallelism", 0, "`N` subtasks for each step that does not set its own (default: the job's)")
}

// checkParallelism refuses what --parallelism cannot be; where it is not given, it
// is the job's.
func checkParallelism(given func(flag string) bool, n int) error {
	if given("parallelism") && (n < 1 || n > jobs.MaxParallelism) {
		return fmt.Errorf("--parallelism %d is not from 1 to %d", n, jobs.MaxParallelism)
	}
	return nil
}

package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/inspect"
	"github.com/weirstream/weir/runtime/env"
)

func stateCommand() *cobra.Command {
	s := &stateView{}
	c := &cobra.Command{
		Use:   "state FOLDER [STEP [TABLE]]",
		Short: "Shows what checkpoints and savepoints hold",
		Long: `Shows what the last checkpoint in a folder holds, or a savepoint: the steps that keep
something. With STEP it shows the tables of that step, their columns, and which keys
each subtask has. With TABLE, or for the only one with --where or --limit, it prints
rows. Nothing is written, and the job may be running.

--where takes an SQL condition over the columns of the table; a name that is no
identifier stands in double quotes: --where '"sum(n int64)" > 5'.

--verify reads everything, compares it with the digests that were taken when it was
written, and names all that is damaged.`,
		Example: `  weir state state/departures
  weir state state/departures weekly
  weir state state/departures weekly windows --where "origin = 'JFK'" --limit 5
  weir state savepoints/monday --verify`,
		ValidArgsFunction: completeFolders,
		RunE: func(c *cobra.Command, args []string) error {
			given := c.Flags().Changed
			if err := s.check(args, given); err != nil {
				return err
			}
			folder, err := inspect.Open(c.Context(), env.OS{}, args[0])
			if err != nil {
				return begun{err}
			}
			s.out, s.folder, s.ctx = c.OutOrStdout(), folder, c.Context()
			switch {
			case s.verify:
				err = s.verifyAll()
			case len(args) == 1:
				err = s.overview()
			case len(args) == 3 || given("where") || given("limit"):
				s.query.Step = args[1]
				if len(args) == 3 {
					s.query.Table = args[2]
				}
				err = s.rows()
			default:
				err = s.step(args[1])
			}
			if err != nil {
				return begun{err}
			}
			return nil
		},
	}
	flags := c.Flags()
	flags.StringVar(&s.query.Where, "where", "", "only rows of which this SQL `CONDITION` is true")
	flags.IntVar(&s.limit, "limit", 20, "how many `ROWS` are printed")
	flags.BoolVar(&s.verify, "verify", false, "read everything, and name what is damaged")
	flags.BoolVar(&s.json, "json", false, "print steps and tables as JSON")
	return c
}

// check finds arguments and flags that do not go together.
func (s *stateView) check(args []string, given func(string) bool) error {
	rows := given("where") || given("limit")
	switch {
	case len(args) == 0 || len(args) > 3:
		return fmt.Errorf("state takes a folder, a step and a table, not %d arguments: weir state FOLDER [STEP [TABLE]]", len(args))
	case len(args) == 1 && rows:
		return errors.New("--where and --limit are for rows of a step: weir state FOLDER STEP --where CONDITION")
	case s.verify && (len(args) > 1 || rows || s.json):
		return errors.New("--verify reads all of the folder, and goes with nothing else: weir state FOLDER --verify")
	case s.json && (rows || len(args) == 3):
		return errors.New("--json is for steps and tables; rows are printed as a table")
	case s.limit < 1:
		return fmt.Errorf("--limit %d is less than 1", s.limit)
	}
	return nil
}

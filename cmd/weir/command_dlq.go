package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/deadletter"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
)

func dlqCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "dlq",
		Short: "Looks at dead letters and feeds them to their job again",
		Long: `Looks at dead letters and feeds them to their job again.

Dead letters are what failed under on_error: dead_letter, written to a folder by a
file sink with the input X.dead_letter. See what failed and why, mend the job or the
data, and feed them:

  weir dlq list broken/ --summary
  weir dlq list broken/
  weir dlq feed broken/ job.yaml`,
		Args: cobra.ArbitraryArgs,
		RunE: chooseCommand,
	}
	c.AddCommand(dlqListCommand(), dlqRawCommand(), dlqFeedCommand())
	return c
}

func dlqListCommand() *cobra.Command {
	var l lister
	var asJSON, summary bool
	c := &cobra.Command{
		Use:   "list PATH",
		Short: "Lists dead letters that have not been fed",
		Long: `Lists dead letters that have not been fed: those of a folder, or of a file.

--summary counts them by step and error, with texts and numbers left out of the
errors. --json prints them as JSON, one a line, with "raw" as text, or in base64 as
"raw_base64" where it is no text.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("dlq list takes one folder or file, not %d: weir dlq list PATH", len(args))
			}
			if l.limit < 0 {
				return fmt.Errorf("--limit %d is less than 0", l.limit)
			}
			if err := checkKind(l.kind, stream.LetterRecord, stream.LetterRow, stream.LetterCut, stream.LetterRest); err != nil {
				return err
			}
			box, err := deadletter.Open(builtin.Registry(), env.OS{}, args[0])
			if err != nil {
				return err
			}
			l.box, l.out = box, c.OutOrStdout()
			switch {
			case summary:
				err = l.summary()
			case asJSON:
				err = l.json()
			default:
				err = l.table()
			}
			if err != nil {
				return begun{err}
			}
			return nil
		},
	}
	c.Flags().StringVar(&l.step, "step", "", "only those of this source or `STEP`")
	c.Flags().StringVar(&l.kind, "kind", "", "only those of this `KIND`: record, row, cut or rest")
	c.Flags().IntVar(&l.limit, "limit", 0, "at most `N` (default: 50 in a table, else all)")
	c.Flags().BoolVar(&asJSON, "json", false, "print them as JSON, one object a line")
	c.Flags().BoolVar(&summary, "summary", false, "count them by step and error")
	return c
}

func dlqRawCommand() *cobra.Command {
	var step, kind string
	c := &cobra.Command{
		Use:   "raw PATH",
		Short: "Prints the raw records of dead letters, to be mended by hand",
		Long: `Prints the raw records of the dead letters of one source or step, with the header
that their format needs, so that they can be mended and read as a file. Records that
were not kept whole are left out.

  weir dlq raw broken/ --step flights > mended.csv`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("dlq raw takes one folder or file, not %d: weir dlq raw PATH", len(args))
			}
			if err := checkKind(kind, stream.LetterRecord, stream.LetterRow); err != nil {
				return err
			}
			box, err := deadletter.Open(builtin.Registry(), env.OS{}, args[0])
			if err != nil {
				return err
			}
			l := lister{box: box, out: c.OutOrStdout(), step: step, kind: kind}
			if err := l.raw(); err != nil {
				return begun{err}
			}
			return nil
		},
	}
	c.Flags().StringVar(&step, "step", "", "the source or `STEP` whose dead letters to print, where there are several")
	c.Flags().StringVar(&kind, "kind", "", "which `KIND` to print, where there are both: record for what could not be read, "+
		"row for rows that failed")
	return c
}

// checkKind finds a --kind of which there can be no letters.
func checkKind(kind string, known ...stream.LetterKind) error {
	if kind == "" || slices.Contains(known, stream.LetterKind(kind)) {
		return nil
	}
	var names []string
	for _, k := range known {
		names = append(names, string(k))
	}
	return fmt.Errorf("--kind %s is not one of %s%s", kind, strings.Join(names, ", "), component.Suggest(kind, names))
}

func dlqFeedCommand() *cobra.Command {
	var f feedFlags
	c := &cobra.Command{
		Use:   "feed PATH JOB",
		Short: "Runs a job over dead letters in place of its input",
		Long: `Runs a job over dead letters in place of its input: the records of a source go
through that source again, the rows of a step into that step. Results are added to
what the job's sinks hold. The files of letters are then moved to PATH/fed, so that
nothing is fed twice; what fails once more becomes a new dead letter.

All is written at the end or nothing: after an error, or when it was killed, the
same command does it again. An aggregate has results of the fed records alone,
beside those that it wrote before; where that will not do, run the job over its
whole input again.`,
		ValidArgsFunction: completeFeed,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("dlq feed takes a folder or file and a job file, not %d arguments: weir dlq feed PATH JOB", len(args))
			}
			if err := checkParallelism(c.Flags().Changed, f.Parallelism); err != nil {
				return err
			}
			box, err := deadletter.Open(builtin.Registry(), env.OS{}, args[0])
			if err != nil {
				return err
			}
			f.path = args[1]
			v := voice{to: c.ErrOrStderr(), json: f.json}
			return v.fail(feed(box, f, c.OutOrStdout(), v))
		},
	}
	addSetFlag(c, &f.sets)
	addParallelismFlag(c, &f.Parallelism)
	c.Flags().BoolVar(&f.json, "json", false, jsonFlag)
	return c
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

func logsCommand() *cobra.Command {
	var r remote
	var last int
	var follow, asJSON bool
	c := &cobra.Command{
		Use:   "logs",
		Short: "Shows what has happened to a running job",
		Long: `Shows the log of a job in a process that was started with --http and
--http-token-file: when it began, its checkpoints, what it goes on after, how it has
ended. The process keeps the last thousand events of each job.`,
		Example: `  weir logs --job orders --http :9249 --http-token-file token
  weir logs --job orders --last 20 --follow --http :9249 --http-token-file token`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if err := noArguments(c, args); err != nil {
				return err
			}
			if last < 0 && c.Flags().Changed("last") {
				return fmt.Errorf("--last %d is less than 0", last)
			}
			client, job, err := r.find(c, "logs")
			if err != nil {
				return err
			}
			err = client.Logs(c.Context(), job, last, follow, func(line []byte) error {
				return writeLog(c.OutOrStdout(), line, asJSON)
			})
			if err != nil {
				return begun{err}
			}
			return nil
		},
	}
	r.add(c)
	flags := c.Flags()
	flags.IntVar(&last, "last", -1, "show the last `LINES` of those that are kept")
	flags.BoolVar(&follow, "follow", false, "go on with what comes, until interrupted")
	flags.BoolVar(&asJSON, "json", false, "print events as they are, one JSON object a line")
	flags.Lookup("last").DefValue = "all"
	return c
}

// writeLog prints an event: its time, level and message, and what else it says.
func writeLog(to io.Writer, line []byte, asJSON bool) error {
	if asJSON {
		_, err := to.Write(line)
		return err
	}
	text, err := logText(line)
	if err != nil {
		return fmt.Errorf("the log has a line that is no event: %w: %.200q", err, line)
	}
	_, err = fmt.Fprintln(to, text)
	return err
}

// logText draws an event for people. Its keys stand in the order in which they were written.
func logText(line []byte) (string, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return "", errors.Join(err, errors.New("it is no object"))
	}
	var head, rest []string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return "", err
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return "", err
		}
		switch key {
		case "time", "level":
			head = append(head, fmt.Sprint(value))
		case "msg":
			head = append(head, clip(fmt.Sprint(value), mostMessage))
		case "job":
		default:
			rest = append(rest, fmt.Sprintf("%v=%v", key, value))
		}
	}
	return strings.Join(append(head, rest...), " "), nil
}

// mostMessage is how much is shown of a message.
const mostMessage = 2000

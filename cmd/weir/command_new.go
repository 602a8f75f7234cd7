package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

func newCommand() *cobra.Command {
	var from string
	var force, watch bool
	c := &cobra.Command{
		Use:   "new [NAME]",
		Short: "Writes a job file to begin with",
		Long: `Writes a job file to begin with: one that shows how a job is put together and
runs as it is or, with --from, one that reads a file of yours: CSV, or JSON by
its name (.jsonl, .ndjson, .json, .geojson) or by how it begins: lines, or a
document that holds a list of objects.

NAME is that of the job, or the file to write: departures is short for
departures.yaml. Without it the job is called after the file, or my-job.

--from guesses how the file is written and the types of its columns, by its first
rows and then by up to 256 MB of it, chooses the event time, and counts rows by a
column of few values. With --watch the job watches the folder of the file for more
like it, and a watermark_delay is proposed that holds 99.9 % of the rows.`,
		Example: `  weir new
  weir new --from inbox/2024-03-01.csv --watch
  weir new --from departures-2013-01.csv.gz
  weir new jobs/delays.yaml --from departures-2013-01.csv.gz`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("new takes one name, not %d: weir new NAME", len(args))
			}
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			if watch && from == "" {
				return errors.New("--watch is for --from: weir new --from inbox/first.csv --watch")
			}
			return writeNew(name, from, force, watch, c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&from, "from", "", "draft a job that reads this `FILE` of CSV or JSON, plain or .gz or .zst")
	c.Flags().BoolVar(&watch, "watch", false, "draft a job that watches the folder of the file for more like it")
	c.Flags().BoolVar(&force, "force", false, "overwrite the job file if it is there")
	completes(c, "from", completeFiles("csv", "jsonl", "ndjson", "json", "geojson", "gz", "zst", "tsv", "txt"))
	return c
}

// writeNew writes a job file and says what stands in it and what to do next.
func writeNew(name, from string, force, watch bool, stderr io.Writer) error {
	if name == "" {
		name = jobName(from)
	}
	file := name
	if ext := filepath.Ext(file); ext != ".yaml" && ext != ".yml" {
		file += ".yaml"
	}
	d, err := drafted(file, from, watch)
	if err != nil {
		return err
	}
	if err := writeFile(file, d.Text, force); err != nil {
		return err
	}
	if _, err := jobs.Load(builtin.Registry(), env.OS{}, file, nil); err != nil {
		return fmt.Errorf("%s was written, but is not right, which is a bug in weir new; see weir lint %s: %w", file, file,
			errors.New(err.Error()))
	}
	for _, n := range d.Notes {
		fmt.Fprintf(stderr, "- %s\n", n)
	}
	fmt.Fprintf(stderr, "%s is written. Next:\n  weir run %s\n  weir run %s --show %s\n", file, quoted(file), quoted(file), d.Source)
	return nil
}

// drafted returns the draft of a job in file.
func drafted(file, from string, watch bool) (*draft.Draft, error) {
	job := jobName(file)
	if from == "" {
		return &draft.Draft{Text: draft.Skeleton(job, file), Source: "orders"}, nil
	}
	if err := component.CheckPath(from); err != nil {
		return nil, fmt.Errorf("new: --from: %w", err)
	}
	written, err := pathFrom(filepath.Dir(file), from)
	if err != nil {
		return nil, err
	}
	d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: env.OS{}, Name: job, Path: filepath.ToSlash(from),
		Written: written, File: file, Watch: watch})
	if err != nil {
		return nil, fmt.Errorf("new: %w", err)
	}
	return d, nil
}

// pathFrom returns the path of a file as a job file in dir has it: a relative one
// is relative to that.
func pathFrom(dir, file string) (string, error) {
	if filepath.IsAbs(file) {
		return filepath.ToSlash(file), nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", err
	}
	relative, err := filepath.Rel(dir, file)
	return filepath.ToSlash(relative), err
}

var notName = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// jobName makes the name of a job out of that of a file; without one it is my-job.
func jobName(file string) string {
	base := filepath.Base(file)
	for _, suffix := range []string{".gz", ".zst", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".yaml", ".yml"} {
		base = strings.TrimSuffix(base, suffix)
	}
	name := strings.Trim(notName.ReplaceAllString(base, "-"), "-")
	switch {
	case file == "" || name == "":
		return "my-job"
	case name[0] >= '0' && name[0] <= '9':
		name = "job-" + name
	}
	return name[:min(len(name), 100)]
}

// writeFile writes a file that is not there yet, unless it is to be overwritten.
func writeFile(file, text string, force bool) error {
	if dir := filepath.Dir(file); dir != "." {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return begun{err}
		}
	}
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(file, how, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("new: %s is there already; give another name, or --force to overwrite it", file)
	}
	if err != nil {
		return begun{err}
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return begun{err}
	}
	return nil
}

var shellSafe = regexp.MustCompile(`^[A-Za-z0-9_./,:=@%+-]+$`)

// quoted writes a word as a shell takes it.
func quoted(word string) string {
	if shellSafe.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// output is the lines of each sink: the header, if it wrote anything, then all
// rows sorted.
type output map[string][]string

// readOutput reads the folders of the given sinks in out.
func readOutput(out string, sinks []string) (output, error) {
	all := output{}
	for _, id := range sinks {
		lines, err := readSink(filepath.Join(out, id))
		if err != nil {
			return nil, fmt.Errorf("sink %s: %w", id, err)
		}
		all[id] = lines
	}
	return all, nil
}

// readSink reads the part files of a folder, which all have the same header.
// Lines are told apart by line ends only: the jobs have none in their cells.
func readSink(folder string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "part-*.csv"))
	if err != nil {
		return nil, err
	}
	var header string
	var rows []string
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if !bytes.HasSuffix(content, []byte("\n")) {
			return nil, fmt.Errorf("%s ends in the middle of a line", name)
		}
		lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
		if header != "" && lines[0] != header {
			return nil, fmt.Errorf("%s begins with %q, others with %q", name, lines[0], header)
		}
		header = lines[0]
		rows = append(rows, lines[1:]...)
	}
	if header == "" {
		return nil, nil
	}
	slices.Sort(rows)
	return append([]string{header}, rows...), nil
}

// rows is the number of rows in all sinks, without headers.
func (o output) rows() int {
	n := 0
	for _, lines := range o {
		n += max(len(lines)-1, 0)
	}
	return n
}

// compare returns an error that shows how sinks differ from what they should
// hold.
func (o output) compare(want output) error {
	var text strings.Builder
	for _, id := range slices.Sorted(maps.Keys(want)) {
		lines := want[id]
		if slices.Equal(o[id], lines) {
			continue
		}
		fmt.Fprintf(&text, "sink %s has %d lines instead of %d:\n%s", id, len(o[id]), len(lines), diff(o[id], lines))
	}
	if text.Len() > 0 {
		return fmt.Errorf("the output is wrong\n%s", text.String())
	}
	return nil
}

// shown is how many lines of a difference are shown.
const shown = 20

// diff shows what two sorted lists have not in common: + stands before a line
// that is too much, - before one that is missing.
func diff(got, want []string) string {
	var text strings.Builder
	for n := 0; len(got)+len(want) > 0; {
		sign, line := " ", ""
		switch {
		case len(want) == 0 || len(got) > 0 && got[0] < want[0]:
			sign, line, got = "+", got[0], got[1:]
		case len(got) == 0 || want[0] < got[0]:
			sign, line, want = "-", want[0], want[1:]
		default:
			got, want = got[1:], want[1:]
			continue
		}
		if n++; n > shown {
			return text.String() + "and more\n"
		}
		text.WriteString(sign + " " + line + "\n")
	}
	return text.String()
}

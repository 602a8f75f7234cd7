package optest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var rewrite = flag.Bool("rewrite", false, "write what scripts put out into their files")

// Inspector is an operator that shows what it holds.
type Inspector interface {
	// Inspect returns what is open as a batch, which the caller owns.
	Inspect() (*record.Batch, error)
}

// Open makes the case that a script's first command names; Stream is left empty.
// It reads its arguments from args and deletes those that it knows.
type Open func(command string, args map[string]string) (Case, error)

// Scripts runs the scripts that match a pattern and compares their output with
// what they say; with -rewrite it writes it down instead.
//
// A script is paragraphs: commands, a line "----", the output they give. A line
// that begins with # is a comment, an empty line ends the output. Commands are a
// word and arguments name=value:
//
//	session gap=10s lateness=0s           a fresh operator; words and arguments are open's
//	record key=a v=1 t=15s                a row, in a batch of its own: a value per column
//	record key=a v=1 t=15s w=20s          … and the watermark of its split before it
//	batch                                 the records behind it, up to another command, are one batch
//	watermark 26s                         or min, or max
//	idle
//	end                                   watermark max, and the end
//	state                                 what the operator holds, sorted
//	restore                               a checkpoint, and a new instance from it
//	restore subtasks=3                    … or several, over which keys are spread
//	counters                              those that are not 0
//	budget 1                              rows per call from here on (with a restore)
//
// Output is "emit" and "late" with a row, "watermark", "idle" and "end" as they
// leave, and "error" with the text.
func Scripts(t *testing.T, pattern string, open Open) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts match %s: %v", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runScript(t, file, open) })
	}
}

func runScript(t *testing.T, file string, open Open) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := script{open: open}
	var written strings.Builder
	for _, p := range paragraphs(string(text)) {
		got := s.paragraph(p.commands)
		if got != p.output && !*rewrite {
			t.Errorf("%s:%d: got\n%s\nwant\n%s", file, p.line, got, p.output)
		}
		written.WriteString(p.head)
		if p.commands != nil {
			written.WriteString("----\n" + got)
		}
	}
	s.close(t)
	if *rewrite {
		if err := os.WriteFile(file, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A paragraph is commands and their output.
type paragraph struct {
	line     int
	head     string   // everything up to the line ----
	commands []string // nil behind the last output
	output   string   // without the empty line
}

func paragraphs(text string) (list []paragraph) {
	p, inOutput := paragraph{line: 1}, false
	for i, line := range strings.SplitAfter(text, "\n") {
		bare := strings.TrimSpace(line)
		switch {
		case inOutput && bare != "":
			p.output += line
		case inOutput:
			list = append(list, p)
			p, inOutput = paragraph{line: i + 1, head: line}, false
		case bare == "----":
			inOutput = true
			if p.commands == nil {
				p.commands = []string{}
			}
		default:
			p.head += line
			if bare != "" && bare[0] != '#' {
				p.commands = append(p.commands, bare)
			}
		}
	}
	if p.head == "" {
		return list
	}
	return append(list, p)
}

// A script is an operator between two commands.
type script struct {
	open    Open
	run     *run
	batch   []Row
	inBatch bool
	out     []string
}

func (s *script) close(t *testing.T) {
	if s.run == nil {
		return
	}
	for _, sub := range s.run.subtasks {
		sub.operator.Close()
	}
	if err := s.run.pool.Check(); err != nil {
		t.Error(err)
	}
}

func (s *script) paragraph(commands []string) string {
	s.out = nil
	for _, c := range commands {
		if err := s.command(c); err != nil {
			s.out = append(s.out, "error "+err.Error())
		}
	}
	if err := s.flush(); err != nil {
		s.out = append(s.out, "error "+err.Error())
	}
	var text strings.Builder
	for _, line := range s.out {
		text.WriteString(line + "\n")
	}
	return text.String()
}

func (s *script) command(line string) error {
	words := strings.Fields(line)
	args := map[string]string{}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		args[name] = value
	}
	if words[0] == "record" {
		return s.record(args)
	}
	if err := s.flush(); err != nil {
		return err
	}
	switch words[0] {
	case "batch":
		s.inBatch = true
		return nil
	case "watermark":
		w, err := parseTime(words[1])
		if err != nil {
			return err
		}
		return s.run.feed([]Element{Watermark(w)})
	case "idle":
		return s.run.feed([]Element{{Else: stream.Idle}})
	case "end":
		return s.run.feed(End())
	case "state":
		return s.state()
	case "counters":
		s.counters()
		return nil
	case "budget":
		s.run.way.budget, _ = strconv.Atoi(words[1])
		return s.restore(len(s.run.subtasks))
	case "restore":
		n, err := strconv.Atoi(args["subtasks"])
		if err != nil {
			n = len(s.run.subtasks)
		}
		return s.restore(n)
	}
	return s.begin(words[0], args)
}

func (s *script) begin(command string, args map[string]string) error {
	c, err := s.open(command, args)
	if err != nil {
		return err
	}
	for name := range args {
		return fmt.Errorf("%s has no argument %q", command, name)
	}
	s.run = &run{c: &c, pool: record.NewCheckedPool(), way: way{budget: largeBudget, subtasks: []int{1}}, log: s.log}
	return s.run.start()
}

func (s *script) log(output stream.OutputID, e stream.Element) {
	switch e.Kind {
	case stream.KindBatch:
		word := "emit "
		if output != stream.Main {
			word = stream.OutputNames[output] + " "
		}
		for _, line := range Draw(e.Batch) {
			s.out = append(s.out, word+line)
		}
	case stream.KindWatermark:
		s.out = append(s.out, "watermark "+timeText(e.Time))
	default:
		s.out = append(s.out, e.String())
	}
}

// record feeds a row, or keeps it for a batch.
func (s *script) record(args map[string]string) error {
	row, err := s.row(args)
	if err != nil {
		return err
	}
	s.batch = append(s.batch, row)
	if s.inBatch {
		return nil
	}
	return s.flush()
}

func (s *script) flush() error {
	rows := s.batch
	s.batch, s.inBatch = nil, false
	if len(rows) == 0 {
		return nil
	}
	return s.run.feed([]Element{Rows(rows...)})
}

func (s *script) row(args map[string]string) (Row, error) {
	row := Row{Watermark: record.MinTime}
	var err error
	if row.Time, err = parseTime(args["t"]); err != nil {
		return row, err
	}
	if w, ok := args["w"]; ok {
		if row.Watermark, err = parseTime(w); err != nil {
			return row, err
		}
	}
	for _, f := range s.run.c.Input.Fields() {
		v, err := parseValue(f.Type, args[f.Name])
		if err != nil {
			return row, fmt.Errorf("%s: %w", f.Name, err)
		}
		row.Values = append(row.Values, v)
	}
	return row, nil
}

// parseValue reads a value; nothing at all is null.
func parseValue(t record.Type, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	switch t.Kind {
	case record.KindInt64:
		return strconv.ParseInt(text, 10, 64)
	case record.KindFloat64:
		return strconv.ParseFloat(text, 64)
	case record.KindBool:
		return strconv.ParseBool(text)
	case record.KindTimestamp:
		return parseTime(text)
	}
	return text, nil
}

func parseTime(text string) (record.Time, error) {
	switch text {
	case "min":
		return record.MinTime, nil
	case "max":
		return record.MaxTime, nil
	}
	d, err := time.ParseDuration(text)
	return record.Time(d.Microseconds()), err
}

// state draws what the subtasks hold.
func (s *script) state() error {
	var lines []string
	for _, sub := range s.run.subtasks {
		i, ok := sub.operator.(Inspector)
		if !ok {
			return fmt.Errorf("the operator does not show its state")
		}
		b, err := i.Inspect()
		if err != nil {
			return err
		}
		lines = append(lines, Draw(b)...)
		b.Release()
	}
	slices.Sort(lines)
	s.out = append(s.out, lines...)
	return nil
}

// counters draws the counters of all subtasks together.
func (s *script) counters() {
	var c stream.CounterValues
	for _, sub := range s.run.subtasks {
		c = c.Add(sub.counters.Values())
	}
	line := "counters"
	for _, v := range []struct {
		name  string
		value int64
	}{{"in", c.In}, {"accepted", c.Accepted}, {"late", c.Late}, {"dropped", c.Dropped}, {"dead_letters", c.DeadLetters},
		{"out", c.Out}, {"late_pairs", c.LatePairs}, {"late_merges", c.LateMerges}} {
		if v.value != 0 {
			line += fmt.Sprintf(" %s=%d", v.name, v.value)
		}
	}
	s.out = append(s.out, line)
}

// restore goes on in new instances, n of them.
func (s *script) restore(n int) error {
	r := s.run
	r.way.subtasks, r.way.restore = []int{n}, 1
	err := r.snapshot()
	r.way.restore = 0
	if err != nil {
		return err
	}
	return r.resume()
}

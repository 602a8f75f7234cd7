package optest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

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

// commands carries out the commands of a case and returns what they put out.
func (s *script) commands(list []string) string {
	s.out = nil
	for _, c := range list {
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
		return s.run.take(Watermark(w))
	case "idle":
		return s.run.take(Element{Else: stream.Idle})
	case "end":
		return s.run.feed(End()...)
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
	s.run = newRun(&c, way{budget: largeBudget, subtasks: []int{1}}, rand.New(rand.NewPCG(1, 1)))
	s.run.log = s.log
	return s.run.start()
}

func (s *script) log(output stream.Output, e stream.Element) {
	switch e.Kind {
	case stream.KindBatch:
		word := "emit "
		if output != stream.Main {
			word = string(output) + " "
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
	return s.run.take(Rows(rows...))
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

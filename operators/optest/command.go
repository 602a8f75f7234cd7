package optest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// A script is an operator between two commands.
type script struct {
	open    Open
	run     *run
	input   stream.InputID // that commands are about which name none
	batch   []Row
	batchIn stream.InputID
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

func (s *script) command(text string) error {
	l := parseLine(text)
	if l.word == "record" {
		return s.record(l)
	}
	if err := s.flush(); err != nil {
		return err
	}
	switch l.word {
	case "batch":
		s.inBatch = true
		return nil
	case "input":
		in, err := strconv.Atoi(l.first())
		s.input = stream.InputID(in)
		return err
	case "watermark":
		return s.takeAt(l, Watermark)
	case "clock":
		return s.takeAt(l, Clock)
	case "idle":
		return s.takeOf(l, Idle())
	case "end":
		return s.end(l)
	case "state":
		return s.state()
	case "counters":
		s.counters()
		return nil
	case "budget":
		s.run.way.budget, _ = strconv.Atoi(l.first())
		return s.restore(len(s.run.subtasks))
	case "restore":
		n, err := strconv.Atoi(l.args["subtasks"])
		if err != nil {
			n = len(s.run.subtasks)
		}
		return s.restore(n)
	}
	return s.begin(l.word, l.args)
}

// takeAt brings the element of a time that a line has to the operator.
func (s *script) takeAt(l line, element func(record.Time) Element) error {
	t, err := parseTime(l.first())
	if err != nil {
		return err
	}
	return s.takeOf(l, element(t))
}

// takeOf brings elements of the input that a line is about to the operator.
func (s *script) takeOf(l line, elements ...Element) error {
	in, err := l.input(s.input, len(s.run.c.Inputs))
	for _, e := range elements {
		if err == nil {
			err = s.run.take(e.Of(in))
		}
	}
	return err
}

// end ends an input, or all of them where the line names none.
func (s *script) end(l line) error {
	if _, ok := l.args["in"]; ok {
		return s.takeOf(l, End()...)
	}
	var all []stream.InputID
	for in := range s.run.c.Inputs {
		all = append(all, stream.InputID(in))
	}
	return s.run.feed(End(all...)...)
}

func (s *script) begin(command string, args map[string]string) error {
	c, err := s.open(command, args)
	if err != nil {
		return err
	}
	for name := range args {
		return fmt.Errorf("%s has no argument %q", command, name)
	}
	s.run = newRun(&c, asGiven(), rand.New(rand.NewPCG(1, 1)))
	s.run.log, s.input = s.log, 0
	return s.run.start()
}

func (s *script) log(output stream.Output, e stream.Element) {
	switch e.Kind {
	case stream.KindBatch:
		word := "emit "
		if output != stream.Main {
			word = string(output) + " "
		}
		for _, line := range s.run.draw(output, e.Batch) {
			s.out = append(s.out, word+line)
		}
	case stream.KindWatermark:
		s.out = append(s.out, "watermark "+TimeText(e.Time))
	default:
		s.out = append(s.out, e.String())
	}
}

// record feeds a row, or keeps it for a batch.
func (s *script) record(l line) error {
	in, err := l.input(s.input, len(s.run.c.Inputs))
	if err != nil {
		return err
	}
	if in != s.batchIn && len(s.batch) > 0 {
		return fmt.Errorf("a batch is of one input")
	}
	row, err := l.row(s.run.c.Inputs[in].Schema)
	if err != nil {
		return err
	}
	s.batch, s.batchIn = append(s.batch, row), in
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
	return s.run.take(Rows(rows...).Of(s.batchIn))
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
	return r.settle()
}

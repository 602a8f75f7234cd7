package stream_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// pipe is an operator that forwards its progress, and the engine around it.
type pipe struct {
	progress *stream.Progress
	told     []string
}

func (p *pipe) Full() bool { return false }

func (p *pipe) Emit(_ stream.Output, e stream.Element) {
	if p.progress.Tell(e) {
		p.told = append(p.told, drawElement(e))
	}
}

func drawElement(e stream.Element) string {
	if e.Kind == stream.KindWatermark {
		return "watermark " + drawMark(e.Time)
	}
	return e.String()
}

func drawMark(t record.Time) string {
	switch t {
	case record.MinTime:
		return "min"
	case record.MaxTime:
		return "max"
	}
	return strconv.Itoa(int(t))
}

// take takes in a line such as "1 watermark 5", or "forward 7", and draws what became
// of it.
func (p *pipe) take(words []string) string {
	p.told = nil
	switch words[0] {
	case "forward":
		p.progress.Forward(p, mark(words[1]))
	default:
		in, err := strconv.Atoi(words[0])
		if err != nil {
			return err.Error()
		}
		if p.progress.Take(stream.InputID(in), element(words[1:])) {
			p.Emit(stream.Main, stream.WatermarkOf(p.progress.Told()))
		}
		p.progress.Forward(p, p.progress.Combined())
	}
	return strings.TrimSpace(fmt.Sprintf("combined %s: %s", drawMark(p.progress.Combined()), strings.Join(p.told, ", ")))
}

func element(words []string) stream.Element {
	switch words[0] {
	case "idle":
		return stream.Idle
	case "end":
		return stream.End
	}
	return stream.WatermarkOf(mark(words[1]))
}

func mark(text string) record.Time {
	switch text {
	case "min":
		return record.MinTime
	case "max":
		return record.MaxTime
	}
	t, _ := strconv.Atoi(text)
	return record.Time(t)
}

// TestProgress holds what an operator hears of its inputs, and what it passes on,
// against a script.
func TestProgress(t *testing.T) {
	golden.Files(t, "testdata/progress*.txt", func(t *testing.T, file string) {
		var p pipe
		golden.Script(t, file, func(input string) string {
			var lines []string
			for _, line := range golden.Commands(input) {
				words := strings.Fields(line)
				if words[0] == "inputs" {
					n, _ := strconv.Atoi(words[1])
					p = pipe{progress: stream.NewProgress(n)}
					continue
				}
				lines = append(lines, line+" → "+p.take(words))
			}
			return strings.Join(lines, "\n") + "\n"
		})
	})
}

// TestWatermarksOfInputs holds what an operator hears of each input by itself.
func TestWatermarksOfInputs(t *testing.T) {
	p := stream.NewProgress(2)
	for _, c := range []struct {
		take stream.Element
		want record.Time
		idle bool
	}{
		{stream.WatermarkOf(5), 5, false},
		{stream.WatermarkOf(3), 5, false},
		{stream.Idle, 5, true},
		{stream.WatermarkOf(5), 5, false},
		{stream.Idle, 5, true},
		{stream.End, record.MaxTime, false},
		{stream.WatermarkOf(7), record.MaxTime, false},
	} {
		p.Take(1, c.take)
		if got, idle := p.Watermark(1), p.IsIdle(1); got != c.want || idle != c.idle {
			t.Errorf("behind %v: watermark %v, idle %v", c.take, got, idle)
		}
		if p.Watermark(0) != record.MinTime || p.IsIdle(0) {
			t.Errorf("behind %v the other input has said something", c.take)
		}
	}
}

// Behind End there is no news.
func TestNothingIsToldBehindEnd(t *testing.T) {
	p := stream.NewProgress(1)
	for _, c := range []struct {
		e    stream.Element
		news bool
	}{
		{stream.WatermarkOf(5), true}, {stream.End, true}, {stream.Idle, false}, {stream.End, false}, {stream.WatermarkOf(9), false},
	} {
		if got := p.Tell(c.e); got != c.news {
			t.Errorf("%v: news is %v", c.e, got)
		}
	}
}

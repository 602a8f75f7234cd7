package plan

import (
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Source reads rows into the job.
type Source struct {
	Base
	Connector Connector
	// Columns are those of its rows.
	Columns *record.Schema
	// HasTime says that the rows have an event time; EventTime says which, unless a
	// problem leaves that open.
	HasTime   bool
	EventTime graph.EventTime
	OnError   stream.OnError
	// SkipDamage has the job go on where the rest of a file cannot be read.
	SkipDamage bool
	// Bounded says that the input ends.
	Bounded bool
	// Splits says that rows may come from several splits, whose order among each
	// other is not fixed.
	Splits  bool
	Records *graph.Records // how one record is read by itself, or nil
	Reader  stream.Source  // nil while the source is only looked at
}

// Connector is the outside end of a source or a sink.
type Connector struct {
	Name string // "" is one that no job names, of which there is nothing to say
	// Definition is what the meaning of positions, or of what is written, depends on.
	Definition stream.Definition
	// Details are its settings in the words of the job; secrets are not in them.
	Details []graph.Detail
	Caveats []string // sentences on what depends on more than the data
}

// Kind implements Node.
func (s *Source) Kind() Kind { return sourceKind }

// Schema implements Node.
func (s *Source) Schema(o stream.Output) *record.Schema { return withLetters(o, s.Columns, s.OnError) }

// Timed implements Node.
func (s *Source) Timed(o stream.Output) bool { return s.HasTime && o == stream.Main }

// Definition implements Node.
func (s *Source) Definition() stream.Definition { return s.Connector.Definition }

// About implements Node.
func (s *Source) About() graph.About {
	if s.Connector.Name == "" {
		return graph.About{}
	}
	a := s.Connector.about(sourceKind)
	a.State = "how far each split has been read"
	if s.HasTime && s.EventTime.Exists() {
		s.aboutTime(&a)
	}
	a.Add("on error", onErrorText(s.OnError))
	if s.SkipDamage {
		a.Add("on damage", "skip")
	}
	a.Caveats = append(a.Caveats, s.Connector.Caveats...)
	return a
}

func (s *Source) aboutTime(a *graph.About) {
	text := s.EventTime.Name(s.Columns)
	if s.EventTime.Complete {
		text += ", complete: keeps everything until the input has ended"
	} else {
		text += ", watermark_delay " + component.FormatDuration(s.EventTime.Delay)
	}
	if idle := s.EventTime.IdleAfter; idle > 0 {
		text += ", idle_after " + component.FormatDuration(idle)
		a.Caveats = append(a.Caveats, "idle_after goes by the clock: a split that was silent for so long no longer holds the "+
			"watermark back, and what it brings later may be late")
	}
	if within := s.EventTime.AlignWithin; within > 0 {
		text += ", align_within " + component.FormatDuration(within)
	}
	a.Add("event time", text)
}

// about describes a connector, without its caveats.
func (c *Connector) about(k Kind) (a graph.About) {
	a.Kind = c.Name + " " + k.Name
	for _, d := range c.Details {
		a.Add(d.Name, d.Texts...)
	}
	return a
}

func (s *Source) changelog() *stream.Changelog {
	if r, ok := s.Reader.(stream.ChangelogSource); ok {
		return r.Changelog()
	}
	return nil
}

func (s *Source) lower(l *lowering) {
	step := l.step(s, stream.Main, stream.DeadLetter)
	step.Source = &graph.SourceStep{
		Source: s.Reader, EventTime: s.EventTime, OnError: s.OnError, SkipDamage: s.SkipDamage, Bounded: s.Bounded,
		Splits: s.Splits, Records: s.Records, Read: s.read(l.read), Filter: s.pushed(l.plan),
	}
}

// onErrorText says nothing of what is usual.
func onErrorText(o stream.OnError) string {
	return [...]string{stream.Fail: "", stream.Drop: "drop", stream.ToDeadLetter: "dead_letter"}[o]
}

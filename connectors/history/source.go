package history

import (
	"fmt"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// part is one of the two sources.
type part struct {
	stream.Source
	prefix stream.SplitID // of the ids of its splits
	name   string         // for people
	from   []int          // per column of both: its place in the part's schema; -1 where it has none
}

// source is the two of them.
type source struct {
	parts  [2]part
	schema *record.Schema
	at     record.Time // from which the second counts
	cut    bool        // there is such a time
}

// New returns the source that reads history and then goes on with then. Unless at is nil,
// rows of history count before that event time, and those of then from it on.
func New(history, then stream.Source, at *record.Time) (stream.Source, error) {
	s := &source{parts: [2]part{
		{Source: history, prefix: "history/", name: "history"}, {Source: then, prefix: "then/", name: "then"},
	}}
	if at != nil {
		s.at, s.cut = *at, true
	}
	return s, s.unite()
}

// unite makes one schema of the two: the columns of the second, and what else the first has.
func (s *source) unite() error {
	first, second := s.parts[0].Schema(), s.parts[1].Schema()
	fields := append([]record.Field{}, second.Fields()...)
	for _, f := range first.Fields() {
		i := second.Index(f.Name)
		if i < 0 {
			fields = append(fields, f)
		} else if other := second.Field(i).Type; other != f.Type {
			return fmt.Errorf("the column %q is %v in history and %v in then; declare it as the same type in both", f.Name, f.Type, other)
		}
	}
	var err error
	if s.schema, err = record.NewSchema(fields...); err != nil {
		return err
	}
	for i := range s.parts {
		p := &s.parts[i]
		for _, f := range fields {
			p.from = append(p.from, p.Schema().Index(f.Name))
		}
	}
	return nil
}

// Schema implements stream.Source.
func (s *source) Schema() *record.Schema { return s.schema }

// RangeOf implements stream.RangedSource.
func (s *source) RangeOf(id stream.SplitID) (from, until record.Time) {
	switch {
	case !s.cut:
		return record.MinTime, record.MaxTime
	case s.partOf(id) == 0:
		return record.MinTime, s.at
	}
	return s.at, record.MaxTime
}

// partOf returns which part a split is of.
func (s *source) partOf(id stream.SplitID) int {
	if len(id) >= len(s.parts[0].prefix) && id[:len(s.parts[0].prefix)] == s.parts[0].prefix {
		return 0
	}
	return 1
}

// inside returns the id that a split has in its part.
func (s *source) inside(id stream.SplitID) stream.SplitID {
	return id[len(s.parts[s.partOf(id)].prefix):]
}

// NewEnumerator implements stream.Source.
func (s *source) NewEnumerator(e env.Env, saved []byte) (stream.Enumerator, error) {
	return newEnumerator(s, e, saved)
}

// NewReader implements stream.Source.
func (s *source) NewReader(c stream.ReaderContext) (stream.Reader, error) { return newReader(s, c) }

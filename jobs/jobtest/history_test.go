package jobtest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/weirstream/weir/connectors/conntest/bus"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// NewHistory draws a scenario whose source has two parts. Both have all of the rows, the
// second in files or on a bus, and the source goes from the one to the other at a time in
// the middle of them; or some of the files are the history, and then come the others.
func NewHistory(random *rand.Rand, rows int) *Scenario {
	return newScenario(random, rows, (*input).part)
}

// part makes two parts of the source. Where the parts are different files there must be no
// watermark before the end, or rows of the second would be late.
func (in *input) part(s *Scenario) {
	names := slices.Sorted(maps.Keys(s.Files))
	history, then, more := in.files(names), in.files(names), ""
	if in.delay == complete && len(names) > 1 && in.random.IntN(2) == 0 {
		n := 1 + in.random.IntN(len(names)-1)
		history, then = in.files(names[:n]), in.files(names[n:])
	} else {
		split := in.splits[in.random.IntN(len(in.splits))]
		at := split[in.random.IntN(len(split))].at
		more = fmt.Sprintf("    switch_at: %q\n", at)
		if in.random.IntN(2) == 0 {
			then = in.messages(s)
		} else {
			in.dead = append(in.dead, in.dead...)
			s.Read["rows"], s.Bad = s.Read["rows"]+s.Bad, 2*s.Bad
		}
		in.switchAt(at, s)
	}
	whole := fmt.Sprintf("    file: { path: in/, parallel: true }\n    format: %s\n", in.format())
	s.Job = strings.Replace(s.Job, whole, fmt.Sprintf("    history: { %s }\n    then: { %s }\n%s", history, then, more), 1)
}

// switchAt makes of the splits what the model is to know: what is in both parts is two
// splits, each with the rows that count there.
func (in *input) switchAt(at record.Time, s *Scenario) {
	var before, behind [][]row
	for _, split := range in.splits {
		before = append(before, slices.DeleteFunc(slices.Clone(split), func(r row) bool { return r.at >= at }))
		behind = append(behind, slices.DeleteFunc(slices.Clone(split), func(r row) bool { return r.at < at }))
		s.Skipped += int64(len(split))
		s.Read["rows"] += int64(len(split))
	}
	in.splits = slices.DeleteFunc(slices.Concat(before, behind), func(split []row) bool { return len(split) == 0 })
}

// files returns the part that reads files.
func (in *input) files(names []string) string {
	return fmt.Sprintf("file: { path: [%s], parallel: true }, format: %s", strings.Join(names, ", "), in.format())
}

// messages puts all rows on a bus, and returns the part that reads them.
func (in *input) messages(s *Scenario) string {
	b := &bus.Bus{}
	for _, split := range in.splits {
		var all []bus.Message
		for _, r := range split {
			all = append(all, bus.Message{Value: []byte(strings.TrimSuffix(in.line(r), "\n"))})
		}
		b.Partitions = append(b.Partitions, all)
	}
	s.sources = []component.SourceType{b.SourceType()}
	if in.json {
		return "bus: {}, format: json"
	}
	return "bus: {}, format: { csv: { header: [value, ignored, at, key, id, price, day, tag] } }"
}

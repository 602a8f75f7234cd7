package jobtest

var (
	pairing   = finder{"operators/join", "TestJoinEqualsModel"}
	calendars = finder{"operators/window", "TestCalendarEqualsModel"}
	changing  = finder{"operators/running", "TestResultsEqualModel"}
)

// plantedOperators are bugs of operators with several inputs, or with a changelog.
var plantedOperators = []plant{
	{
		bug:   "keep partly late rows to itself",
		file:  "operators/window/operator.go",
		line:  "rows = o.in.anyLate()",
		with:  "rows = o.in.late",
		means: "with late_rows: any_window, a row that missed some of its windows does not leave as late",
	},
	{
		bug:   "days of UTC where a zone is named",
		file:  "jobs/compile/window.go",
		line:  "case period.Months == 0 && !named:",
		with:  "case period.Months == 0 && (named || !named):",
		means: "days of a zone begin at midnight in UTC",
	},
	{
		bug:   "weeks that begin on Sunday",
		file:  "runtime/record/calendar/period.go",
		line:  "AnchorDay   = 10_959    // 2000-01-03",
		with:  "AnchorDay   = 10_958",
		means: "weeks of the calendar do not begin on Monday",
	},
	{
		bug:   "a day before its first midnight",
		file:  "operators/window/calendar.go",
		line:  "pane++ // the clock was set back into the period before, which has ended",
		with:  "return pane, p.begin(pane), math.MaxInt64",
		means: "what comes when the clock shows the day before again goes into a window that has ended",
		by:    calendars,
	},
	{
		bug:   "a midnight that clocks leave out",
		file:  "runtime/record/timezone/clock.go",
		line:  "first = max(set, less(local, c.span.offset))",
		with:  "first = less(local, c.span.offset)",
		means: "a day begins before clocks are set forward over its midnight",
		by:    calendars,
	},
	{
		bug:   "forget by how much a row is late",
		file:  "operators/window/arrival.go",
		line:  "watermark = a.own[i]",
		with:  "watermark = a.fired",
		means: "the report names a delay under which rows are late again",
		by:    finder{"operators/window", "TestAlignedEqualsModel"},
	},
	{
		bug:   "count a failed record as taken in",
		file:  "runtime/task/rows.go",
		line:  "onError := s.onError(failed)",
		with:  "onError := s.onError(failed)\ns.node.counters.In.Add(1)",
		means: "the counters of a source do not add up",
		by:    finder{"jobs", "TestCountersOfFailedRuns"},
	},
	{
		bug:   "forget why rows were dropped",
		file:  "runtime/task/restore.go",
		line:  "n.rejects.Restore(m.Rejects)",
		means: "after a restart the kinds of errors are fewer rows than were dropped",
	},
	{
		bug:   "watermark of the wrong input",
		file:  "operators/join/operator.go",
		line:  "if o.sides[in].clean(o.mark(stream.InputID(1-in)), min(o.Budget, batchRows)) {",
		with:  "if o.sides[in].clean(o.mark(stream.InputID(in)), min(o.Budget, batchRows)) {",
		means: "a side of a join is cleaned up by its own watermark, which may be ahead of the other",
		by:    pairing,
	},
	{
		bug:   "a cursor restored one row early",
		file:  "operators/join/pending.go",
		line:  "p.place = o.sides[1-in].table.Before(p.place[:0], partner)",
		with:  "p.place = state.FromInt64(p.place[:0], o.sides[1-in].time.Get(partner))",
		means: "a row goes on in front of all partners of one time, some of which it has been paired with",
		by:    pairing,
	},
	{
		bug:   "late by the combined watermark",
		file:  "operators/join/operator.go",
		line:  "return max(o.restored[in], o.Progress.Watermark(in))",
		with:  "return max(o.restored[in], o.Progress.Combined())",
		means: "whether a row of a join is late depends on how far the other input has come",
		by:    pairing,
	},
	{
		bug:   "forget what cleaned up",
		file:  "operators/join/operator.go",
		line:  "return o, o.restoreWatermarks()",
		with:  "return o, nil",
		means: "a row that was late before a restore is paired after it, with what is left",
		by:    pairing,
	},
	{
		bug:   "let rows in among pending pairs",
		file:  "operators/join/operator.go",
		line:  "func (o *operator) Interleaves() bool { return !o.pending.some }",
		with:  "func (o *operator) Interleaves() bool { return true }",
		means: "a row that comes while another is pending is paired with it by both",
		by:    pairing,
	},
	{
		bug:   "an update split between two budgets",
		file:  "operators/running/changes.go",
		line:  "b := o.batch()",
		with:  "c.rows, c.of = c.rows[:min(len(c.rows), o.Budget)], c.of[:min(len(c.of), o.Budget)]\nb := o.batch()",
		means: "a budget counts rows, and cuts between the two of an update",
		by:    changing,
	},
	{
		bug:   "forget the row watermark of a change",
		file:  "operators/running/groups.go",
		line:  "*g.watermark.Ptr(group) = watermark",
		means: "a change that a late row has caused comes behind the watermark, and nothing says why",
		by:    changing,
	},
	{
		bug:   "an emitted result not saved",
		file:  "operators/running/changes.go",
		line:  "o.groups.table.SetValues(o.groups.results+i, c.changed, news)",
		with:  "_ = o.groups.results + i",
		means: "the next change of a group withdraws another result than was emitted",
		by:    changing,
	},
}

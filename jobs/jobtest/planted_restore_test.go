package jobtest

var (
	windowsMerge = finder{"operators/window", "TestRestoreKeepsWatermarksOfRanges"}
	joinsMerge   = finder{"operators/join", "TestJoinEqualsModel"}
)

// plantedRestore is bugs in what operators do with the state of several subtasks.
var plantedRestore = []plant{
	{
		bug:   "take the greatest watermark",
		file:  "runtime/watermark/ranges.go",
		line:  "return least, ranges.joined().Behind(least), nil",
		with:  "return ranges.Greatest(), nil, nil",
		means: "where subtasks merge whose watermarks differ, all keys are where one was",
		by:    windowsMerge,
	},
	{
		bug:   "take the greatest watermark of a join",
		file:  "runtime/watermark/ranges.go",
		line:  "return least, ranges.joined().Behind(least), nil",
		with:  "return ranges.Greatest(), nil, nil",
		means: "rows of a join are late by the watermark of other keys",
		by:    joinsMerge,
	},
	{
		bug:   "take the least watermark",
		file:  "operators/window/arrival.go",
		line:  "a.raise(ranges)",
		means: "windows open again that a range of keys has fired before it was merged",
		by:    windowsMerge,
	},
	{
		bug:   "take the least watermark of a join",
		file:  "operators/join/arrival.go",
		line:  "fired = max(mark, int64(ahead.Of(a.hashes[k])))",
		means: "rows come in whose partners were cleaned up before their range was merged",
		by:    joinsMerge,
	},
	{
		bug:   "forget watermarks of ranges in the next checkpoint",
		file:  "runtime/watermark/ranges.go",
		line:  "to = Range{x.Keys, max(x.Mark, mark)}.append(to)",
		with:  "to = Range{x.Keys, mark}.append(to)",
		means: "of subtasks that merged, a second restore knows the least watermark only",
		by:    windowsMerge,
	},
	{
		bug:   "forget watermarks of ranges too early",
		file:  "runtime/watermark/ranges.go",
		line:  "if len(r) == 0 || mark >= r.Greatest() {",
		with:  "if len(r) == 0 || mark > r.least() {",
		means: "windows open again once the watermark has risen at all",
		by:    windowsMerge,
	},
	{
		bug:   "fire all ranges at the greatest watermark",
		file:  "operators/window/ahead.go",
		line:  "if g.time.Get(r) <= to.of(g.table.Hash(r)) {",
		with:  "if true {",
		means: "behind a restore windows fire that are due in other ranges of keys only",
		by:    windowsMerge,
	},
	{
		bug:   "fire no range first",
		file:  "operators/window/ahead.go",
		line:  "o.ahead.firing = len(o.ahead.ranges) > 0",
		means: "what was due in a range waits for the watermark of the slowest",
		by:    windowsMerge,
	},
	{
		bug:   "leave groups aside",
		file:  "operators/window/operator.go",
		line:  "o.windows.takeBack()",
		means: "windows that were not due in their range of keys never fire",
		by:    windowsMerge,
	},
	{
		bug:   "set rows aside that come up again",
		file:  "state/aside.go",
		line:  "t.sink() // rows that are in no index yet would be listed behind this",
		means: "rows that have just risen are due once more though they were set aside",
		by:    finder{"state", "TestTierSetsRowsAside"},
	},
}

package jobtest

// plantedSavepoint are bugs of savepoints.
var plantedSavepoint = []plant{
	{
		bug:   "savepoint without its pending commits",
		file:  "runtime/checkpoint/savepoint.go",
		line:  `content, err := seal("savepoint", savepoint{t.Running, t.Committed, *t.Manifest})`,
		with:  `content, err := seal("savepoint", savepoint{t.Running, true, *t.Manifest})`,
		means: "what sinks had prepared and not shown is shown by nobody who goes on from the savepoint",
		by:    finder{"jobs/jobtest", "TestSavepoints"},
	},
	{
		bug:   "commit again behind a savepoint",
		file:  "runtime/checkpoint/begin.go",
		line:  "if t.Committed {",
		with:  "if t.Committed && t.Running {",
		means: "a job that begins with a savepoint commits what was committed when it was taken",
		by:    finder{"runtime/checkpoint", "TestBeginCrash"},
	},
	{
		bug:   "collect what a savepoint is made of",
		file:  "runtime/checkpoint/taken.go",
		line:  "o.reading.begin(ref.Name)",
		with:  "_ = ref",
		means: "checkpoints that come while a savepoint is copied remove its objects",
		by:    finder{"runtime/checkpoint", "TestSavepointIsKept"},
	},
	{
		bug:   "begin with a damaged object",
		file:  "runtime/checkpoint/savepoint.go",
		line:  "return t.explain(ref.check(found.ref(ref.Name)))",
		with:  "return nil",
		means: "a flipped bit of a savepoint becomes the job's state",
		by:    finder{"runtime/checkpoint", "TestSavepointDamage"},
	},
	{
		bug:   "take half a beginning for a fresh one",
		file:  "runtime/checkpoint/plan.go",
		line:  "return &slot{Run: o.Run}, above, o.notHalfBegun(ctx, h)",
		with:  "return &slot{Run: o.Run}, above, nil",
		means: "a job that died while it began with a savepoint starts afresh",
		by:    finder{"runtime/checkpoint", "TestBeginCrash"},
	},
	{
		bug:   "show again what a savepoint's job shows",
		file:  "runtime/checkpoint/begin.go",
		line:  "again = append(again, s.ID)",
		with:  "_ = again",
		means: "two jobs that go on from one checkpoint show its rows in one place",
		by:    finder{"cmd/weir", "TestSavepointCommands"},
	},
	{
		bug:   "savepoint of a running job as its last word",
		file:  "runtime/checkpoint/taken.go",
		line:  "t = &Taken{Manifest: o.newest.Load(), Running: true, store: o.store, shown: &o.shown}",
		with:  "t = &Taken{Manifest: o.newest.Load(), store: o.store, shown: &o.shown}",
		means: "what begins with it goes on as the job that goes on itself",
		by:    finder{"runtime/master", "TestSavepointsOfARunningJob"},
	},
	{
		bug:   "show rows that are hidden",
		file:  "state/stored.go",
		line:  "newestFirst[i] = p.object.Rows(p.table, keyrange.All)",
		with:  "newestFirst[len(t.parts)-1-i] = p.object.Rows(p.table, keyrange.All)",
		means: "of a row that has changed the oldest version is shown",
		by:    finder{"state", "TestStoredRows"},
	},
}

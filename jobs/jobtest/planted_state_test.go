package jobtest

// plantedState are bugs of what tables keep for checkpoints that are under way.
var plantedState = []plant{
	{
		bug:   "read in place what was taken before",
		file:  "state/capture.go",
		line:  "f.changed.set(r) // also where it was taken: from now on it may look like one of a later pass",
		with:  "if f.passOf(c, r, &f.key) >= int(passed) { f.changed.set(r) }",
		means: "a row that was taken in one pass and then changed is taken as it is in a later one, too",
		by:    finder{"state", "TestOwnerGoesOnWhileEncoding"},
	},
	{
		bug:   "keep the keys of all that is gone",
		file:  "state/changes.go",
		line:  "c.past[1].gone.bound(64 * 8 * words)",
		means: "keys of rows that are gone add up while no checkpoint completes",
		by:    finder{"state", "TestWhatNeverCompletesIsBounded"},
	},
	{
		bug:   "forget what changed long ago",
		file:  "state/changes.go",
		line:  "c.past[1].add(&c.past[0])",
		means: "where several checkpoints in a row do not complete, the next lacks what changed in the first",
		by:    finder{"state", "TestRandomOperationsEqualModel"},
	},
	{
		bug:   "forget that keys were given up",
		file:  "state/changes.go",
		line:  "e.gone.full = e.gone.full || other.gone.full",
		means: "a delta lacks the tombstones of so many rows that their keys were not kept",
		by:    finder{"state", "TestWhatNeverCompletesIsBounded"},
	},
	{
		bug:   "encode for a second time",
		file:  "state/freeze.go",
		line:  "if f.encoded.Swap(true) {",
		with:  "if false {",
		means: "where the file of a checkpoint has been swept, it is written again with rows that were changed since",
		by:    finder{"state", "TestEncodeOnce"},
	},
	{
		bug:   "stop at the last hash",
		file:  "state/runs/key.go",
		line:  "return high.bucket-low.bucket > 1 || keys.Last >= low.hash || keys.First <= high.hash",
		with:  "return high.bucket-low.bucket > 1 || keys.Last > low.hash || keys.First <= high.hash",
		means: "rows with the last hash of a key range are lost where a chunk begins with them in another bucket",
		by:    finder{"state/runs", "TestIterator"},
	},
	{
		bug:   "take all keys for known",
		file:  "state/changes.go",
		line:  "return !c.epoch.gone.full && !slices.ContainsFunc(c.past, func(e epochChanges) bool { return e.until > epoch && e.gone.full })",
		with:  "return true",
		means: "so does a delta behind which keys of one epoch were not kept",
		by:    finder{"state", "TestRandomOperationsEqualModel"},
	},
}

package jobtest

// plantedOutside are bugs of what a job shows of itself, and to whom.
var plantedOutside = []plant{
	{
		bug:   "count again what a checkpoint brought along",
		file:  "runtime/task/restore.go",
		line:  "n.restored = n.counters.Values()",
		means: "counters of a resumed job begin where those of its last run ended, and a rate counts all rows at once",
		by:    finder{"jobs/monitor", "TestMetricsOfAJob"},
	},
	{
		bug:   "read times that are being changed",
		file:  "runtime/task/spent.go",
		line:  "if version%2 == 1 || s.version.Load() != version {",
		with:  "if version == 1 {",
		means: "time that a task spends counts twice, or is taken back",
		by:    finder{"runtime/task", "TestSpentIsReadWhole"},
	},
	{
		bug:   "answer to any name",
		file:  "jobs/server/guard.go",
		line:  "if err := isLocal(r.Host); err != nil {",
		with:  "if err := isLocal(r.Host); err == nil && r.Host == \"\" {",
		means: "a page that has its own name lead to 127.0.0.1 reads what is for this machine",
		by:    finder{"jobs/server", "TestHosts"},
	},
	{
		bug:   "write over a page that is read",
		file:  "jobs/monitor/throttle.go",
		line:  "if p != nil && p.readers == 0 {",
		with:  "if p != nil {",
		means: "a slow client gets half of one text and half of another",
		by:    finder{"jobs/monitor", "TestPagesOfSlowReaders"},
	},
}

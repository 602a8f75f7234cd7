//go:build planted

package jobtest

// plantedEngine are bugs of the engine and of operators: time, state, what passes when.
var plantedEngine = []plant{
	{
		bug:   "acknowledge before writing",
		file:  "runtime/task/chain.go",
		line:  "before := n.objects",
		with:  "before := n.objects\nc.mail.post(persisted{n, p})",
		means: "a node acknowledges its part of a checkpoint at the barrier, before it is stored",
	},
	{
		bug:   "lose a pending commit",
		file:  "runtime/task/part.go",
		line:  "pending = append(pending, p.entry.Pending...)",
		with:  "pending = p.entry.Pending",
		means: "what a sink prepared for a checkpoint that was given up is in none that follows",
	},
	{
		bug:   "drop a timer",
		file:  "operators/window/session.go",
		line:  "w.each(func(r state.RowID) { w.deadlines.add(r, w.end.Get(r)) })",
		means: "sessions that a restore brings back have no deadline and never end",
	},
	{
		bug:   "off-by-one lateness",
		file:  "operators/window/session.go",
		line:  "if plus(end, s.lateness) < w {",
		with:  "if plus(end, s.lateness) <= w {",
		means: "a row is late whose session ends exactly at the watermark",
	},
	{
		bug:   "replay one instant too much",
		file:  "runtime/graph/logical.go",
		line:  "return r.From <= t && t < r.Until",
		with:  "return r.From <= t && t <= r.Until",
		means: "a replay takes in the rows at the end of its range",
	},
	{
		bug:   "forget skipped rows",
		file:  "runtime/stream/counters.go",
		line:  "c.Skipped.Add(v.Skipped)",
		means: "rows that were skipped before a restore are not counted",
	},
	{
		bug:   "advance a position before its records",
		file:  "runtime/task/source.go",
		line:  "sp.drained = f.Finished",
		with:  "sp.drained = f.Finished\nsp.position = f.Next",
		means: "a split's position is behind records that were fetched and not sent on yet",
	},
	{
		bug:   "begin a list again",
		file:  "operators/process/unnest.go",
		line:  "from, to := offsets[row]+h.next, offsets[row+1]",
		with:  "from, to := offsets[row], offsets[row+1]-h.next",
		means: "a list that the budget cuts goes on with its first elements",
	},
	{
		bug:   "snapshot in the middle of a list",
		file:  "runtime/task/node.go",
		line:  "func (n *node) isHolding() bool { return n.holder != nil && n.holder.HoldsRows() }",
		with:  "func (n *node) isHolding() bool { return false }",
		means: "a barrier overtakes rows that were taken in and are not in the snapshot",
	},
	{
		bug:   "move on by skipped rows",
		file:  "runtime/task/rows.go",
		line:  "if f.Batch = s.skip(batch); f.Batch != nil {",
		with:  "s.observe(sp, batch)\nif f.Batch = s.skip(batch); f.Batch != nil {",
		means: "rows outside the range of a replay move the watermark",
	},
}

//go:build planted

package jobtest

// planted are the bugs that the simulation has to find.
var planted = []plant{
	{
		bug:   "skip a sync",
		file:  "connectors/files/staging.go",
		line:  "err = f.file.Sync()",
		with:  "err = nil",
		means: "the file sink prepares a file whose content is not durable",
	},
	{
		bug:   "forget a rolled file",
		file:  "connectors/files/writer.go",
		line:  "files := w.ended",
		with:  "files := w.ended[:0]",
		means: "the file sink prepares only the last of a checkpoint's files",
	},
	{
		bug:   "acknowledge before writing",
		file:  "runtime/task/chain.go",
		line:  "before := n.objects",
		with:  "before := n.objects\nc.mail.post(persisted{n, p})",
		means: "a node acknowledges its part of a checkpoint at the barrier, before it is stored",
	},
	{
		bug:   "commit before the slot",
		file:  "runtime/checkpoint/course.go",
		line:  "c.enter(deciding)",
		with:  "c.enter(deciding)\nc.commit()",
		means: "sinks commit while the slot that decides the checkpoint is being created",
	},
	{
		bug:   "abort before takeover",
		file:  "connectors/files/tidy.go",
		line:  "if err == nil && notNumber == nil && generation < c.context.Generation {",
		with:  "if err == nil && notNumber == nil && generation != c.context.Generation {",
		means: "a sink aborts the output of owners that this one has not taken over from",
	},
	{
		bug:   "zombie completes a checkpoint",
		file:  "runtime/checkpoint/store.go",
		line:  "err := s.objects.Create(name, content)",
		with:  "err := s.objects.Put(name, content)",
		means: "an owner that has lost its job writes its slot over the takeover",
	},
	{
		bug:   "create succeeded but the reply was lost",
		file:  "runtime/checkpoint/store.go",
		line:  "err = s.ours(name, content)",
		with:  "err = errTaken",
		means: "a slot that is there already is taken for another owner's, whatever its nonce",
	},
	{
		bug:   "commit twice",
		file:  "connectors/files/committer.go",
		line:  "err := c.files().Link(c.folder.at(s.Staging), to)",
		with:  "to += fmt.Sprint(c.context.Generation)\nerr := c.files().Link(c.folder.at(s.Staging), to)",
		means: "the owner that commits names the file, so that a replay shows it under another name",
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
		bug:   "forget a dirty page",
		file:  "state/words.go",
		line:  "w.changed[p] = w.epochs.now",
		means: "a page that was changed is not in the next delta",
	},
	{
		bug:   "advance a position before its records",
		file:  "runtime/task/source.go",
		line:  "sp.drained = f.Finished",
		with:  "sp.drained = f.Finished\nsp.position = f.Next",
		means: "a split's position is behind records that were fetched and not sent on yet",
	},
}

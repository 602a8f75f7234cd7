package state

import (
	"math"
	"slices"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

// Restore is the function of that name for a backend with the tier ([Backend.SetTier]). Where
// the state does not fit into what the tier has left of its memory, rows stay where they are:
// the runs of the objects are then those below the tables, of which only the metas are read
// now. So it takes as long as these are large, and what is needed first is read first. The
// objects are read until runs of the tier have taken their place ([Object.Hold]).
//
// What is damaged in the rows of an object is found later then: see [Object.Explain].
//
// Without a tier it is [Restore].
func (t *Tier) Restore(r keyrange.Range, chains [][]Object, background func(work func())) (*Backend, error) {
	b := NewBackend(r)
	if t != nil {
		b.SetTier(t, background)
	}
	if err := b.restore(chains); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// fits reports whether there is memory for the state of old subtasks, as far as it belongs here.
func (b *Backend) fits(olds []*oldState) bool {
	if b.tier == nil {
		return true
	}
	need := float64(b.tier.used.Load())
	for _, old := range olds {
		share := shareOf(old.keys(), b.keys)
		for _, o := range old.objects {
			for i, h := range o.Header.Tables {
				need += share * memoryOf(h, o.Run(i).Meta)
			}
		}
	}
	return need <= float64(b.tier.most())
}

// shareOf returns how much of a range of hashes another has.
func shareOf(of, keys keyrange.Range) float64 {
	return width(of.Within(keys)) / width(of)
}

func width(r keyrange.Range) float64 { return float64(r.Last-r.First) + 1 }

// indexMemory is what a row takes in memory beside its words, if nothing more is known of it: in
// the index, in the bitmaps, and in the list of what is due.
const indexMemory = 24

// memoryOf returns about how many bytes the rows of a run take in memory: a word for each column,
// and what words refer to, which is not more than all of the run.
func memoryOf(h snapshot.Table, meta *runs.Meta) float64 {
	columns := slices.Concat(h.Key, h.Sub, h.Values)
	memory := float64(meta.Entries()) * float64(8*(1+len(columns))+indexMemory)
	if slices.ContainsFunc(columns, func(f snapshot.Field) bool { t, ok := typeOf(f.Type); return ok && inHeap(t) }) {
		memory += float64(meta.Bytes())
	}
	return memory
}

// canStay reports whether rows of a table can be below it from the start. Those of old subtasks
// whose clocks differ cannot: where one was ahead, rows of it had expired that have not by the
// time of the others.
func (b *Backend) canStay(s TableSpec, olds []*oldState) bool {
	var times []int64
	for _, old := range olds {
		for _, h := range old.objects[len(old.objects)-1].Header.Tables {
			if h.Name == s.Name {
				times = append(times, timeIn(h))
			}
		}
	}
	return b.hasTier(s) && slices.Min(times) == slices.Max(times)
}

// below returns what gives a table the runs of an old subtask, in place of takeRows.
func (b *Backend) below(o *oldState) func(*Table, snapshot.Table, keyrange.Range) error {
	return func(t *Table, h snapshot.Table, r keyrange.Range) error {
		parts, err := o.partsOf(h)
		if err != nil {
			return err
		}
		if t.cold == nil {
			t.cold = newCold(b, t)
		}
		return t.cold.takeOver(parts, o.keys(), r)
	}
}

// takeOver puts the runs of an old subtask below a table, as far as their hashes lie in r. The
// subtasks have no hash in common: only the runs of one are in an order.
//
// A bucket that one of them has dropped is dropped from the older ones here, by where they begin:
// it hides nothing of the other subtasks.
func (c *cold) takeOver(newestFirst []objectPart, keys, r keyrange.Range) error {
	e := extent{keys: r.Within(keys)}
	had := len(c.runs)
	var from []byte
	for _, o := range newestFirst {
		meta := o.object.Run(o.table).Meta
		if meta.Entries() > 0 {
			c.takeRun(o, e, from)
		}
		if until, ok := meta.Dropped(); ok {
			if until == math.MaxInt64 {
				break
			}
			if behind := runs.AppendBucket(nil, until+1); string(behind) > string(from) {
				from = behind
			}
		}
	}
	return c.countOver(c.runs[had:], shareOf(keys, r))
}

// countedRows is how many entries are counted one by one where they may not all be rows of their
// own, or of the own key range; tests allow less.
var countedRows uint64 = 1 << 16

// countOver counts the rows of the runs of an old subtask, of whose hashes this one has a share.
// Where there are many, it takes every entry for a row of its own.
func (c *cold) countOver(taken chain, share float64) error {
	var entries, tombstones uint64
	exact := len(taken) < 2 && share == 1
	for _, r := range taken {
		entries, tombstones = entries+r.run.Meta.Entries(), tombstones+r.run.Meta.Tombstones()
		exact = exact && tombstones == 0 && r.run.From == nil
	}
	if exact || entries > countedRows {
		c.count += int(float64(entries-tombstones) * share)
		c.guessed = c.guessed || !exact
		return nil
	}
	rows := taken.from(nil)
	for rows.Next() {
		c.count++
	}
	return rows.Err()
}

// takeRun puts the run of an object below a table, from a key on, behind those that are there.
func (c *cold) takeRun(o objectPart, e extent, from []byte) {
	run := o.object.Run(o.table)
	run.From = from
	run.Meta, run.Explain = run.Meta.WithoutDrop(), o.stored.Explain
	e.ahead = func() runs.ChunkReader { return o.object.Ahead(o.table, e.keys) }
	release := func() {}
	if o.stored.Hold != nil {
		release = o.stored.Hold()
	}
	c.runs = append(c.runs, newColdRun(0, run, e, release))
}

// explain says of what is wrong with the run what is to be done about it.
func (r *coldRun) explain(err error) error {
	if r.run.Explain == nil {
		return err
	}
	return r.run.Explain(err)
}

// convertRows is how many rows are converted together: a page of words.
const convertRows = 8192

// convert makes one run of those below a table, with its rows as another declaration has them.
func (t *Table) convert(to TableSpec) error {
	c := t.cold
	now := int64(noTime)
	if t.expiry != nil {
		now = t.expiry.now
	}
	all := chain(c.runs).from(nil)
	run, err := c.write(0, c.count, func(w rowWriter) error {
		for more := true; more; {
			some := newTable(t.spec, t.pool)
			for some.count < convertRows && more {
				if more = all.Next(); more && !t.layout.expired(all.Value(), now) {
					if err := some.addStored(all.Key(), all.Value(), keyrange.All); err != nil {
						return err
					}
				}
			}
			some.become(to)
			if err := some.putAll(w); err != nil {
				return err
			}
		}
		return all.Err()
	})
	if err != nil {
		return &TierError{to.Name, err}
	}
	c.close()
	c.layout = run.run.Meta.Layout()
	c.runs, c.rise = []*coldRun{run}, newRise()
	c.count, c.guessed = int(run.run.Meta.Entries()), false
	return nil
}

// putAll writes the rows of a table that were added in the order of their keys.
func (t *Table) putAll(w rowWriter) error {
	var key, value []byte
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		key, value = t.layout.appendKey(key[:0], &t.columns, r), t.layout.appendValue(value[:0], &t.columns, r)
		if err := w.Put(key, value); err != nil {
			return err
		}
	}
	return nil
}

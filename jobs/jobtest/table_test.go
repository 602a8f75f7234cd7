package jobtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is the ends of plans that tests draw: a source of rows and changes in
// memory, and a sink that remembers them.

// tableRow is a row of a table with what it does to it.
type tableRow struct {
	kind   record.RowKind
	values [4]int64 // of which a table may have the first ones only
}

// table is a source of changes, some splits of them. A batch of it holds whole updates.
type table struct {
	schema    *record.Schema
	changelog *stream.Changelog // or nil
	splits    [][]tableRow
}

// drawTable draws changes of a few rows.
func drawTable(random *rand.Rand) *table {
	t := &table{schema: tableSchema, changelog: &stream.Changelog{Key: []string{"id"}, UpdateBefore: random.IntN(3) > 0}}
	t.splits = make([][]tableRow, 1+random.IntN(3))
	there := map[int64][4]int64{}
	for range random.IntN(80) {
		id := random.Int64N(12)
		split := &t.splits[id%int64(len(t.splits))]
		was, known := there[id]
		now := [4]int64{id, random.Int64N(5), random.Int64N(10)}
		switch {
		case !known:
			*split = append(*split, tableRow{record.Insert, now})
		case random.IntN(4) == 0:
			*split = append(*split, tableRow{record.Delete, was})
			delete(there, id)
			continue
		default:
			if t.changelog.UpdateBefore {
				*split = append(*split, tableRow{record.UpdateBefore, was})
			}
			*split = append(*split, tableRow{record.UpdateAfter, now})
		}
		there[id] = now
	}
	return t
}

// still returns a table of the rows that t has in the end.
func (t *table) still() *table {
	rows := map[int64][4]int64{}
	for _, split := range t.splits {
		for _, r := range split {
			if r.kind == record.Delete {
				delete(rows, r.values[0])
			} else {
				rows[r.values[0]] = r.values
			}
		}
	}
	s := &table{schema: t.schema, splits: make([][]tableRow, 1)}
	for id := range int64(12) {
		if values, ok := rows[id]; ok {
			s.splits[0] = append(s.splits[0], tableRow{values: values})
		}
	}
	return s
}

// Schema implements stream.Source.
func (t *table) Schema() *record.Schema { return t.schema }

// Changelog implements stream.ChangelogSource.
func (t *table) Changelog() *stream.Changelog { return t.changelog }

// NewEnumerator implements stream.Source.
func (t *table) NewEnumerator(_ env.Env, saved []byte) (stream.Enumerator, error) {
	return &tableSplits{table: t, discovered: saved != nil}, nil
}

// NewReader implements stream.Source.
func (t *table) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	return &tableReader{table: t, context: c}, nil
}

// tableSplits enumerates the splits of a table by their numbers.
type tableSplits struct {
	table      *table
	discovered bool
}

func (e *tableSplits) Discover(context.Context) (found stream.Discovery, err error) {
	for i := range e.table.splits {
		if !e.discovered {
			found.Splits = append(found.Splits, stream.Split{ID: stream.SplitID(strconv.Itoa(i))})
		}
	}
	e.discovered = true
	found.Done = true
	return found, nil
}

func (e *tableSplits) Finished(stream.SplitID)   {}
func (e *tableSplits) Snapshot() ([]byte, error) { return []byte("discovered"), nil }

// tableReader reads splits one behind the other.
type tableReader struct {
	table   *table
	context stream.ReaderContext
	waiting []*tableCursor
}

// tableCursor is the next row of a split.
type tableCursor struct {
	id          stream.SplitID
	split, next int
}

func (r *tableReader) Assign(splits []stream.Split) (err error) {
	for _, s := range splits {
		c := &tableCursor{id: s.ID}
		if c.split, err = strconv.Atoi(string(s.ID)); err == nil && len(s.Position) > 0 {
			c.next, err = strconv.Atoi(string(s.Position))
		}
		if err != nil {
			return err
		}
		r.waiting = append(r.waiting, c)
	}
	return nil
}

func (r *tableReader) Close() error { return nil }

func (r *tableReader) Fetch(ctx context.Context) (stream.Fetched, error) {
	if len(r.waiting) == 0 {
		<-ctx.Done()
		return stream.Fetched{}, ctx.Err()
	}
	c := r.waiting[0]
	f := stream.Piece{Split: c.id}
	var b *record.Batch
	rows := r.table.splits[c.split][c.next:]
	n := min(len(rows), max(2, r.context.BatchRows))
	if n > 0 && rows[n-1].kind == record.UpdateBefore {
		n--
	}
	if n > 0 {
		b = r.batch(rows[:n])
	}
	c.next += n
	f.Next = stream.Position(strconv.Itoa(c.next))
	if f.Finished = n == len(rows); f.Finished {
		r.waiting = r.waiting[1:]
	}
	return stream.FetchedOf(f, b), nil
}

func (r *tableReader) batch(rows []tableRow) *record.Batch {
	pool := r.context.Pool
	b := pool.NewBatch(r.table.schema, len(rows))
	for i := range r.table.schema.Len() {
		c := pool.NewColumn(r.table.schema.Field(i).Type, len(rows))
		for _, row := range rows {
			c.AppendInt64(row.values[i])
		}
		b.Columns = append(b.Columns, c)
	}
	if r.table.changelog != nil {
		b.RowKinds = pool.NewColumn(record.Type{Kind: record.KindRowKind}, len(rows))
		for _, row := range rows {
			b.RowKinds.AppendRowKind(row.kind)
		}
	}
	return b
}

// held is a sink that remembers what each of its subtasks was told, in order.
type held struct {
	changelog *stream.Changelog
	mu        sync.Mutex
	told      map[int][]tellings
}

// tellings is what one row of a changelog says.
type tellings struct {
	kind record.RowKind
	row  string
	key  string // by which it replaces others; "" where all of it is
}

// NewWriter implements stream.Sink.
func (h *held) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	return &heldWriter{h, c}, nil
}

// NewCommitter implements stream.Sink.
func (h *held) NewCommitter(stream.CommitterContext) (stream.Committer, error) {
	return stream.NothingToCommit{}, nil
}

type heldWriter struct {
	held    *held
	context stream.WriterContext
}

func (w *heldWriter) Write(b *record.Batch) error {
	defer b.Release()
	w.held.mu.Lock()
	defer w.held.mu.Unlock()
	if w.held.told == nil {
		w.held.told = map[int][]tellings{}
	}
	for i := range b.Len() {
		t := tellings{kind: b.RowKind(int32(i)), row: string(stream.AppendRow(nil, b, i))}
		if c := w.held.changelog; c != nil && !c.UpdateBefore {
			for _, name := range c.Key {
				t.key += fmt.Sprint(b.Columns[b.Schema.Index(name)].Int64s()[i], " ")
			}
		}
		w.held.told[w.context.Subtask] = append(w.held.told[w.context.Subtask], t)
	}
	return nil
}

func (w *heldWriter) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	return func() (stream.Pending, error) { return nil, nil }, nil
}

func (w *heldWriter) Close() error { return nil }

// holding is the rows that a sink holds, with how many of each, and what was wrong
// with what it was told.
type holding struct {
	rows  map[string]int
	wrong string
}

// holding applies what each subtask was told to nothing.
func (h *held) holding(*record.Schema) *holding {
	all := &holding{rows: map[string]int{}}
	for _, told := range h.told {
		byKey := map[string]string{}
		mine := map[string]int{}
		for i, t := range told {
			adds := t.kind == record.Insert || t.kind == record.UpdateAfter
			if was, known := byKey[t.key]; t.key != "" && known {
				mine[was]--
				delete(byKey, t.key)
			}
			switch {
			case adds:
				mine[t.row]++
				byKey[t.key] = t.row
			case t.key == "":
				mine[t.row]--
			}
			if mine[t.row] < 0 {
				all.wrong = fmt.Sprintf("withdraws %s, which is not there", t.row)
			}
			half := t.kind == record.UpdateBefore && (i+1 == len(told) || told[i+1].kind != record.UpdateAfter)
			if half && t.key == "" {
				all.wrong = fmt.Sprintf("%s is half an update", t.row)
			}
		}
		for row, n := range mine {
			if all.rows[row] += n; all.rows[row] == 0 {
				delete(all.rows, row)
			}
		}
	}
	return all
}

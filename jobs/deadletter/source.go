package deadletter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// source reads the whole letters of one step, decoded, in the place of what the
// step read. Splits and positions are those of the files of letters.
type source struct {
	letters stream.Source
	step    string
	schema  *record.Schema
	// records and rows are how the letters' raw bytes are read; records is nil
	// where the step has none.
	records, rows *graph.Records
	// timed says that the last column, which is not in the raw bytes, is the
	// event time.
	timed bool
}

// Schema returns the schema of the decoded rows.
func (s *source) Schema() *record.Schema { return s.schema }

// NewEnumerator returns the enumerator of the files of letters.
func (s *source) NewEnumerator(e env.Env, saved []byte) (stream.Enumerator, error) {
	return s.letters.NewEnumerator(e, saved)
}

// NewReader returns a reader of one subtask.
func (s *source) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	c.Read = nil // of other columns than those of letters
	r, err := s.letters.NewReader(c)
	return &reader{Reader: r, source: s, pool: c.Pool}, err
}

type reader struct {
	stream.Reader // of the letters
	source        *source
	pool          *record.Pool
	columns       []*record.Column // of the rows decoded so far
}

// Locate implements stream.Locator, by the file of letters.
func (r *reader) Locate(id stream.SplitID, p stream.Position) string {
	if l, ok := r.Reader.(stream.Locator); ok {
		return l.Locate(id, p)
	}
	return string(id)
}

// Fetch decodes the letters of one fetch.
func (r *reader) Fetch(ctx context.Context) (stream.Fetched, error) {
	letters, f, err := fetch(ctx, r.Reader)
	if err != nil {
		return f, err
	}
	before := 0 // rows of the pieces before
	for i := range f.Pieces {
		p := &f.Pieces[i]
		p.Failed = r.decodeAll(letters[:p.Rows])
		letters = letters[p.Rows:]
		p.Rows = r.decoded() - before
		before += p.Rows
	}
	f.Batch = r.take()
	return f, nil
}

// decodeAll adds the rows of those letters that are the step's, and returns what fails
// once more.
func (r *reader) decodeAll(letters []Letter) (failed []stream.FailedRecord) {
	for i := range letters {
		if l := &letters[i]; l.Step == r.source.step && l.IsWhole() {
			failed = append(failed, r.decode(l)...)
		}
	}
	return failed
}

// decoded returns how many rows have been decoded since the last take.
func (r *reader) decoded() int {
	if r.columns == nil {
		return 0
	}
	return r.columns[0].Len()
}

// decode adds the rows of a letter and returns what fails once more.
func (r *reader) decode(l *Letter) []stream.FailedRecord {
	how := r.source.records
	if l.Kind == stream.LetterRow {
		how = r.source.rows
	}
	if how == nil {
		return []stream.FailedRecord{l.failed(fmt.Errorf("a %s cannot be fed to %s", l.Kind, l.Step))}
	}
	if how.Messages {
		return r.decodeMessage(l, how)
	}
	format := how.Format
	if f, ok := format.(stream.RecordFormat); ok {
		format = f.Alone()
	}
	d, err := format.NewDecoder(stream.DecoderContext{
		Name: l.Position, Schema: how.Schema, Patterns: how.Patterns, Input: l.text(), Pool: r.pool, BatchRows: 16,
	})
	if err != nil {
		return []stream.FailedRecord{l.failed(err)}
	}
	defer d.Close()
	var failed []stream.FailedRecord
	for records := 0; ; {
		b, again, err := d.Next()
		if b != nil {
			records += b.Len()
			r.add(b, l)
		}
		for _, f := range again {
			failed = append(failed, l.failed(f.Err))
		}
		records += len(again)
		if err == io.EOF && records == 0 {
			err = errors.New("there is no record in it")
		}
		switch {
		case err == io.EOF:
			return failed
		case err != nil:
			return append(failed, l.failed(err))
		}
	}
}

// text returns the letter's record with what has to stand before it.
func (l *Letter) text() io.Reader {
	if l.Header == nil {
		return bytes.NewReader(l.Raw)
	}
	return io.MultiReader(bytes.NewReader(l.Header), bytes.NewReader([]byte("\n")), bytes.NewReader(l.Raw))
}

// failed returns the letter as a record that has failed, with the reason of this
// time.
func (l *Letter) failed(err error) stream.FailedRecord {
	return stream.FailedRecord{
		Raw: l.Raw, Header: l.Header, IsRow: l.Kind == stream.LetterRow, Time: l.Time, Where: l.Position, Err: err,
	}
}

// add adds the rows of a batch, which it takes over.
func (r *reader) add(b *record.Batch, l *Letter) {
	defer b.Release()
	r.begin(b.Len())
	for i, c := range b.Columns {
		r.columns[i].AppendRows(c, b.Selection())
	}
	if r.source.timed {
		for range b.Len() {
			r.columns[len(b.Columns)].AppendTime(*l.Time)
		}
	}
}

// begin makes the columns, unless they are there.
func (r *reader) begin(rows int) {
	if r.columns == nil {
		for _, f := range r.source.schema.Fields() {
			r.columns = append(r.columns, r.pool.NewColumn(f.Type, rows))
		}
	}
}

// take returns the rows decoded so far, nil where there are none.
func (r *reader) take() *record.Batch {
	if r.decoded() == 0 {
		for _, c := range r.columns {
			c.Release()
		}
		r.columns = nil
		return nil
	}
	b := r.pool.NewBatch(r.source.schema, r.columns[0].Len())
	b.Columns = append(b.Columns, r.columns...)
	r.columns = nil
	return b
}

// nothing is a source without a split, in the place of one that has no letters.
type nothing struct{ schema *record.Schema }

func (n nothing) Schema() *record.Schema { return n.schema }

func (n nothing) NewEnumerator(env.Env, []byte) (stream.Enumerator, error) { return n, nil }

func (n nothing) NewReader(stream.ReaderContext) (stream.Reader, error) { return n, nil }

func (nothing) Discover(context.Context) (stream.Discovery, error) {
	return stream.Discovery{Done: true}, nil
}
func (nothing) Finished(stream.SplitID)     {}
func (nothing) Snapshot() ([]byte, error)   { return []byte("{}"), nil }
func (nothing) Assign([]stream.Split) error { return nil }
func (nothing) Close() error                { return nil }

func (nothing) Fetch(ctx context.Context) (stream.Fetched, error) {
	<-ctx.Done()
	return stream.Fetched{}, ctx.Err()
}

package message

import (
	"bytes"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// mostBytes is how much text a batch is made of at the most, but for its last message, so
// that long messages do not make huge batches.
const mostBytes = 4 << 20

// Collector makes batches of messages. It is for one reader.
type Collector struct {
	shape   *Shape
	pool    *record.Pool
	read    stream.Columns
	decoder stream.MessageDecoder
	where   func(message int) string

	values   [][]byte         // nil is a tombstone
	rows     []int32          // of each
	metadata []*record.Column // per metadata, a value a message; nil where nobody reads it
	pieces   []piece
	bytes    int // of values
	skipped  int // since the last piece
	most     int // rows that a batch should have
	limit    int // messages that it is made of

	columns []*record.Column // scratch: of the values
	gather  []int32          // scratch: the message of each row
}

// piece is what came of a split, with where its messages end.
type piece struct {
	stream.Piece
	end int
}

// NewCollector returns a collector of a reader. where says of a message that was added
// since the last Take, from 0, where it is: "orders[3] at offset 1201".
func (s *Shape) NewCollector(c stream.ReaderContext, where func(message int) string) (*Collector, error) {
	d, err := s.newDecoder(c.Read)
	if err != nil {
		return nil, err
	}
	return &Collector{
		shape: s, pool: c.Pool, read: c.Read, decoder: d, where: where, most: c.BatchRows, limit: c.BatchRows,
		metadata: make([]*record.Column, len(s.columns)), columns: make([]*record.Column, s.values.Len()),
	}, nil
}

// Room returns how many messages may be added yet; that is one at least where there is none.
func (c *Collector) Room() int {
	switch {
	case len(c.values) == 0:
		return c.limit
	case c.bytes >= mostBytes:
		return 0
	}
	return c.limit - len(c.values)
}

// Len returns how many messages wait.
func (c *Collector) Len() int { return len(c.values) }

// Add takes in a message, whose bytes must stay as they are until Take; nil is one without
// a value. It reports whether the message counts: its metadata are to be added, all of
// them, each once. Otherwise it is a tombstone that is skipped.
func (c *Collector) Add(value []byte) bool {
	if value == nil && !c.shape.keep {
		c.skipped++
		return false
	}
	if len(c.values) == 0 {
		c.begin()
	}
	c.values = append(c.values, value)
	c.bytes += len(value)
	return true
}

func (c *Collector) begin() {
	for i, at := range c.shape.columns {
		if at >= 0 && c.read.Has(at) {
			c.metadata[i] = c.pool.NewColumn(c.shape.schema.Field(at).Type, c.limit)
		}
	}
}

// Column returns what metadata i of the message that was added last is to be appended to;
// nil where nobody reads it.
func (c *Collector) Column(i int) *record.Column { return c.metadata[i] }

// Int32 adds metadata of type int32.
func (c *Collector) Int32(i int, v int32) {
	if to := c.metadata[i]; to != nil {
		to.AppendInt32(v)
	}
}

// Int64 adds metadata of type int64.
func (c *Collector) Int64(i int, v int64) {
	if to := c.metadata[i]; to != nil {
		to.AppendInt64(v)
	}
}

// Time adds metadata of type timestamp.
func (c *Collector) Time(i int, v record.Time) { c.Int64(i, int64(v)) }

// Bytes adds metadata of type bytes or string; nil is null.
func (c *Collector) Bytes(i int, v []byte) {
	switch to := c.metadata[i]; {
	case to == nil:
	case v == nil:
		to.AppendNull()
	default:
		to.AppendString(v)
	}
}

// Header adds one of the headers of a message to metadata of type [Headers]; a value that
// is nil is null. EndHeaders ends them.
func (c *Collector) Header(i int, name, value []byte) {
	to := c.metadata[i]
	if to == nil {
		return
	}
	e := to.Elements()
	e.Child(0).AppendString(bytes.ToValidUTF8(name, []byte("\uFFFD")))
	if value == nil {
		e.Child(1).AppendNull()
	} else {
		e.Child(1).AppendString(value)
	}
	e.AppendStruct()
}

// EndHeaders ends the headers of a message.
func (c *Collector) EndHeaders(i int) {
	if to := c.metadata[i]; to != nil {
		to.AppendList()
	}
}

// End says that the messages since the last call are those of a split, and what else is to
// be said of it: p is without what the collector finds out.
func (c *Collector) End(p stream.Piece) {
	p.Skipped, c.skipped = c.skipped, 0
	c.pieces = append(c.pieces, piece{p, len(c.values)})
}

// Take returns what was added, decoded.
func (c *Collector) Take() stream.Fetched {
	f := stream.Fetched{Pieces: make([]stream.Piece, len(c.pieces))}
	rows := c.decode(&f)
	if rows > 0 {
		f.Batch = c.batch(rows)
	} else {
		c.release()
	}
	c.adapt(rows)
	c.values, c.pieces, c.bytes = c.values[:0], c.pieces[:0], 0
	return f
}

// decode decodes the messages and says of the pieces what came of them.
func (c *Collector) decode(f *stream.Fetched) (rows int) {
	c.rows = append(c.rows[:0], make([]int32, len(c.values))...)
	for i, field := range c.shape.values.Fields() {
		c.columns[i] = nil
		if c.read.Has(i) {
			c.columns[i] = c.pool.NewColumn(field.Type, len(c.values))
		}
	}
	first := 0 // of the messages that are not decoded yet
	for i, p := range c.pieces {
		to := &f.Pieces[i]
		*to = p.Piece
		for first < p.end {
			end := first
			for end < p.end && c.values[end] != nil {
				end++
			}
			to.Failed = c.decodeRun(first, end, to.Failed)
			if end < p.end {
				c.appendTombstone()
				c.rows[end] = 1
				end++
			}
			for ; first < end; first++ {
				to.Rows += int(c.rows[first])
			}
		}
		rows += to.Rows
	}
	return rows
}

// decodeRun decodes the messages first ≤ i < end, none of which is a tombstone.
func (c *Collector) decodeRun(first, end int, failed []stream.FailedRecord) []stream.FailedRecord {
	if first == end {
		return failed
	}
	for _, f := range c.decoder.Decode(c.values[first:end], c.columns, c.rows[first:end]) {
		failed = append(failed, c.failed(first+f.Message, f.Err))
	}
	return failed
}

func (c *Collector) appendTombstone() {
	for _, to := range c.columns {
		if to != nil {
			to.AppendNull()
		}
	}
}

// failed returns the record that a message is which failed.
func (c *Collector) failed(i int, err error) stream.FailedRecord {
	value := c.values[i]
	raw := append([]byte{}, value[:min(len(value), stream.MaxRawBytes)]...) // not nil: it is no damage
	return stream.FailedRecord{Raw: raw, Where: c.where(i), Err: err, Header: c.header(i)}
}

// batch makes the batch of so many rows.
func (c *Collector) batch(rows int) *record.Batch {
	b := c.pool.NewBatch(c.shape.schema, rows)
	for i, column := range c.columns {
		if column == nil {
			column = c.pool.NewNull(c.shape.values.Field(i).Type, rows)
		}
		b.Columns = append(b.Columns, column)
	}
	gather := c.gatherRows(rows)
	for i, at := range c.shape.columns {
		if at < 0 {
			continue
		}
		column := c.metadata[i]
		c.metadata[i] = nil
		switch {
		case column == nil:
			column = c.pool.NewNull(c.shape.schema.Field(at).Type, rows)
		case gather != nil:
			all := column
			column = all.Gather(gather)
			all.Release()
		}
		b.Columns = append(b.Columns, column)
	}
	return b
}

// gatherRows returns the message of each row, nil where each message is a row.
func (c *Collector) gatherRows(rows int) []int32 {
	same := rows == len(c.rows)
	for _, n := range c.rows {
		same = same && n == 1
	}
	if same {
		return nil
	}
	c.gather = c.gather[:0]
	for i, n := range c.rows {
		for range n {
			c.gather = append(c.gather, int32(i))
		}
	}
	return c.gather
}

// adapt has the next batch be made of fewer messages where these had too many rows.
func (c *Collector) adapt(rows int) {
	if rows > c.most {
		c.limit = max(1, len(c.values)*c.most/rows)
	} else {
		c.limit = min(c.most, 2*c.limit)
	}
}

// Close gives up what was added.
func (c *Collector) Close() {
	for i := range c.columns {
		c.columns[i] = nil
	}
	c.release()
}

func (c *Collector) release() {
	for _, columns := range [][]*record.Column{c.columns, c.metadata} {
		for i, column := range columns {
			if column != nil {
				column.Release()
			}
			columns[i] = nil
		}
	}
}

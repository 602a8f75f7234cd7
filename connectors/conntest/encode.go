package conntest

import (
	"bytes"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestEncoder has a format write random rows, with values beneath their nulls, and
// reads them back: they must be the same, and a null must be one.
func TestEncoder(t *testing.T, f stream.Format, schema *record.Schema) {
	trial.Run(t, 200, func(c *trial.Case) {
		pool := record.NewCheckedPool()
		b := recordtest.UnderlayBatch(c.Random, recordtest.Batch(pool, c.Random, schema, 1+c.Random.IntN(50)))
		var out bytes.Buffer
		e, err := f.NewEncoder(schema, &out)
		if err == nil {
			err = e.Header()
		}
		if err == nil {
			err = e.Encode(b)
		}
		if err != nil {
			c.Fatal(err)
		}
		got := Decode(c, f, stream.DecoderContext{Name: "t", Schema: schema, BatchRows: 1 + c.Random.IntN(60), Input: &out}, nil)
		if want := Rows(b); got.Err != nil || len(got.Failed) > 0 || !slices.Equal(got.Rows, want) {
			c.Errorf("%v\nwant\n%v", got, Decoded{Rows: want})
		}
		b.Release()
		if err := pool.Check(); err != nil {
			c.Error(err)
		}
	})
}

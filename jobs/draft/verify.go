package draft

import (
	"errors"
	"io"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file reads the file as the draft has it, so that the job runs as it is: what does
// not fit is added to the sample, and the guess is made anew.

// verifyBytes is how much of a file is read, decompressed.
var verifyBytes = 256 << 20

const (
	mostMisfits = 200 // of a pass
	mostPasses  = 6
)

// verdict is what came of reading a file as drafted.
type verdict struct {
	rows   int64
	whole  bool                  // the file was read to its end
	misfit []stream.FailedRecord // the first of those that do not fit
	failed int64                 // all of them
	null   map[string]bool       // the columns that are null somewhere
}

// verify reads a file as drafted.
func verify(o Options, t *table, columns []Column) (v verdict, err error) {
	var fields []record.Field
	var patterns []stream.Pattern
	for i := range columns {
		fields = append(fields, record.Field{Name: columns[i].Name, Type: columns[i].typ})
		patterns = append(patterns, stream.Pattern{Timestamp: columns[i].pattern})
	}
	v.null = map[string]bool{}
	v.whole, err = t.scan(o, fields, patterns, v.take)
	return v, err
}

// scan reads columns of the file itself, and reports whether it came to its end.
func (t *table) scan(o Options, fields []record.Field, patterns []stream.Pattern,
	take func(*record.Batch, []stream.FailedRecord)) (whole bool, err error) {
	schema, err := record.NewSchema(fields...)
	if err != nil {
		return false, err
	}
	format, err := t.written(o.Registry)
	if err != nil {
		return false, err
	}
	f, err := o.Registry.Open(o.Files, o.Path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	d, err := format.NewDecoder(stream.DecoderContext{
		Name: o.Path, Schema: schema, Patterns: patterns, Input: &bounded{f, verifyBytes}, Pool: record.NewPool(), BatchRows: 1000,
	})
	if err != nil {
		return false, err
	}
	defer d.Close()
	for {
		b, failed, err := d.Next()
		take(b, failed)
		if b != nil {
			b.Release()
		}
		switch {
		case err == io.EOF:
			return true, nil
		case errors.Is(err, stream.ErrNotReady):
			return false, nil // enough
		case err != nil:
			return false, err
		}
	}
}

// written returns the format that the file itself is written in.
func (t *table) written(r *component.Registry) (stream.Format, error) {
	if t.shapes == nil {
		file := *t
		file.anew = false
		return file.reading().format(r)
	}
	var given map[string]string
	if t.rowsAt != "" {
		given = map[string]string{"rows": t.rowsAt}
	}
	return r.Format("json").Make(given)
}

// take counts what a decoder has returned.
func (v *verdict) take(b *record.Batch, failed []stream.FailedRecord) {
	v.failed += int64(len(failed))
	v.rows += int64(len(failed))
	if room := mostMisfits - len(v.misfit); room > 0 {
		v.misfit = append(v.misfit, failed[:min(len(failed), room)]...)
	}
	if b == nil {
		return
	}
	v.rows += int64(b.Len())
	for i, c := range b.Columns {
		name := b.Schema.Field(i).Name
		for row := 0; row < b.Len() && !v.null[name]; row++ {
			v.null[name] = c.IsNull(row)
		}
	}
}

// bounded reads so many bytes, and then has no more just now: what follows is not at an
// end.
type bounded struct {
	from io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, stream.ErrNotReady
	}
	n, err := b.from.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

package json

import (
	"bytes"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/stream"
)

// begin finds out what the stream is, and moves to where decoding starts.
func (d *Decoder) begin() error {
	if d.started {
		return nil
	}
	p, err := d.findPath()
	if err != nil {
		return err
	}
	d.started = true
	if p == nil {
		err = d.in.Resume(d.start)
		d.findLines(0)
		return err
	}
	if bytes.HasPrefix(d.in.Text(), input.ByteOrderMark) {
		d.in.At += len(input.ByteOrderMark)
	}
	d.docs = &documents{walker: walker{in: &d.in, path: p}}
	return d.docs.keep(d.resume(d.start))
}

// findPath returns where in its documents a stream has its rows, nil for JSON Lines.
// No line of those is a list, so what begins like a list of objects is one.
func (d *Decoder) findPath() (*path, error) {
	if d.format.rows != nil {
		return d.format.rows, d.ready()
	}
	if d.format.alone {
		return d.findAlone()
	}
	for {
		if isList, ok := beginsList(d.in.Text()); isList {
			return eachElement, nil
		} else if ok || len(d.in.Text()) >= input.MaxRecord {
			return nil, nil
		}
		if err := d.in.Fill(); err == stream.ErrNotReady {
			return nil, err
		} else if err != nil {
			return nil, nil // it comes again
		}
	}
}

// findAlone is findPath for a record alone: one of several lines is no line.
func (d *Decoder) findAlone() (*path, error) {
	for d.in.Fill() == nil {
		if len(d.in.Text()) > stream.MaxRawBytes {
			break
		}
	}
	if bytes.IndexByte(d.in.Text(), '\n') < 0 {
		return nil, nil
	}
	return wholeDocument, nil
}

// beginsList reports whether a text begins with a list that is empty or begins with
// an object, if it is long enough to tell.
func beginsList(text []byte) (yes, ok bool) {
	const blank = " \t\r\n"
	if len(text) < len(input.ByteOrderMark) && bytes.HasPrefix(input.ByteOrderMark, text) {
		return false, false
	}
	text = bytes.TrimLeft(bytes.TrimPrefix(text, input.ByteOrderMark), blank)
	if len(text) == 0 || text[0] != '[' {
		return false, len(text) > 0
	}
	text = bytes.TrimLeft(text[1:], blank)
	return len(text) > 0 && (text[0] == '{' || text[0] == ']'), len(text) > 0
}

// ready reads on until it can be seen whether there is a byte order mark.
func (d *Decoder) ready() error {
	for len(d.in.Text()) < len(input.ByteOrderMark) {
		if err := d.in.Fill(); err == stream.ErrNotReady {
			return err
		} else if err != nil {
			return nil // it comes again
		}
	}
	return nil
}

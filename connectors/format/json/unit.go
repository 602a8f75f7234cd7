package json

import (
	"bytes"
	"fmt"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is about units that fail: whether that is one bad record, or damage to the
// document.

// failUnit says why the unit cannot be decoded.
func (d *Decoder) failUnit(buf []byte, start int) (*stream.FailedRecord, error) {
	unit := d.in.Text()[:d.docs.at]
	if _, f := jsontext.Skip(buf, start, 0); f != nil {
		err := brokenIn(buf, f, unit, start)
		if !isSound(unit) {
			return nil, d.damagedAt(unit, f.At-start, err)
		}
		d.fault = fault{f.At, err}
	}
	return d.failedAt(unit, d.fault.at-start, d.fault.err), nil
}

// brokenIn is broken for what may be a copy of a unit, in which line ends are others.
func brokenIn(buf []byte, f *jsontext.Fault, unit []byte, start int) error {
	if at := f.At - start; f.Problem == jsontext.Control && at < len(unit) && unit[at] == '\n' {
		return control(unit, at)
	}
	return broken(buf, f)
}

func (d *Decoder) failedAt(unit []byte, at int, err error) *stream.FailedRecord {
	f := d.in.Failed(0, unit, err)
	f.Where = d.place(unit, at)
	return &f
}

func (d *Decoder) damagedAt(unit []byte, at int, err error) error {
	where := d.place(unit, at)
	if d.docs.long != nil { // of which the beginning has been dropped
		where = d.docs.long.Where
	}
	return &stream.DamagedError{Where: where, Err: fmt.Errorf("record %d is no JSON, and where the next one begins "+
		"cannot be told: %w", d.in.Count+1, err)}
}

var errLongRow = fmt.Errorf("the row is longer than %d MiB; is a quote or a brace missing?", input.MaxRecord>>20)

// beginLong gives up on a unit that is longer than any may be. If it is no JSON as far
// as it has come, that is why.
func (d *Decoder) beginLong() error {
	docs := d.docs
	if docs.long != nil {
		return nil
	}
	unit := d.in.Text()
	if err := d.syntax(unit); err != nil {
		return err
	}
	docs.long = d.failedAt(unit, 0, errLongRow)
	return nil
}

// syntax says where a unit whose end is not known is no JSON, but for the word or the
// escape that its text breaks off in.
func (d *Decoder) syntax(unit []byte) error {
	line := jsontext.AppendLine(nil, unit)
	if _, f := jsontext.Skip(line, 0, 0); f != nil && !breaksOff(unit[f.At:]) && f.Problem != jsontext.TooDeep {
		return d.damagedAt(unit, f.At, brokenIn(line, f, unit, 0))
	}
	return nil
}

// breaksOff reports whether a text is the beginning of a word or an escape.
func breaksOff(text []byte) bool {
	return len(text) < mostToken && !bytes.ContainsFunc(text, func(r rune) bool { return r != '\\' && (r > 'z' || !isWord(byte(r))) })
}

// endlessUnit is the end of the stream within a unit.
func (d *Decoder) endlessUnit() error {
	docs, unit := d.docs, d.in.Text()
	if len(docs.frames) == 0 && docs.depth == 0 && !docs.quoted && docs.long == nil {
		return nil // a word ends there
	}
	if docs.long != nil {
		return &stream.DamagedError{Where: docs.long.Where, Err: fmt.Errorf("record %d is longer than %d MiB and the file ends within it; "+
			"is a quote or a brace missing, or is the file cut short?", d.in.Count+1, input.MaxRecord>>20)}
	}
	if err := d.syntax(unit); err != nil {
		return err
	}
	return &stream.DamagedError{Where: d.place(unit, len(unit)), Err: fmt.Errorf("the document is cut short: the file ends within "+
		"record %d; copy the file again", d.in.Count+1)}
}

// crossed is a brace that a bracket closes, or the other way round.
func (d *Decoder) crossed() error {
	docs := d.docs
	unit := d.in.Text()[:docs.at+1]
	if docs.long == nil {
		if err := d.syntax(unit); err != nil {
			return err
		}
	}
	return d.damagedAt(unit, docs.at, unexpected(unit, docs.at, "the other kind of bracket"))
}

package csv

import "github.com/weirstream/weir/runtime/record"

// unescape appends the text of a cell: each doubled quote as one, and without escapes.
func (d *Decoder) unescape(dst []byte, s span, buf []byte) []byte {
	cell := s.of(buf)
	if !s.escaped() {
		return append(dst, cell...)
	}
	for {
		i := d.special(cell)
		if i < 0 {
			return append(dst, cell...)
		}
		dst = append(dst, cell[:i]...)
		n := d.escapes(cell, i)
		switch {
		case n > 0:
			i++
		case cell[i] == d.format.quote && s.quoted() && i+1 < len(cell) && cell[i+1] == d.format.quote:
			i, n = i+1, 1
		default:
			n = 1
		}
		dst = append(dst, cell[i:i+n]...)
		cell = cell[i+n:]
	}
}

// tidy takes blanks off the cells of the run, and makes nulls of those that mean null.
func (d *Decoder) tidy() {
	if !d.format.trim && len(d.format.nulls) == 0 {
		return
	}
	r, buf := &d.run, d.in.Buf
	for column := range d.parsers {
		typ := d.fields[column].Type
		isText := typ == record.String || typ == record.Bytes
		for i := range r.rows {
			s := &r.spans[i*r.stride+column]
			if d.format.trim && !s.quoted() && !s.escaped() {
				*s = trimmed(*s, buf)
			}
			if !(isText && s.quoted()) && d.isNull(s.of(buf)) {
				*s = span{s.start, s.start}
			}
		}
	}
}

// trimmed returns a bare cell without the blanks around it.
func trimmed(s span, buf []byte) span {
	for s.start < s.end && isBlank(buf[s.start]) {
		s.start++
	}
	for s.start < s.end && isBlank(buf[s.end-1]) {
		s.end--
	}
	return s
}

// isNull reports a text that means null.
func (d *Decoder) isNull(cell []byte) bool {
	for _, text := range d.format.nulls {
		if len(text) == len(cell) && string(cell) == text {
			return true
		}
	}
	return false
}

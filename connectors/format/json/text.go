package json

import "github.com/weirstream/weir/runtime/jsontext"

// text returns what the string at a position says, and the position behind it.
// The result is valid until the next call.
func (d *Decoder) text(buf []byte, at int) ([]byte, int) {
	end, escaped, fault := jsontext.String(buf, at)
	if fault != nil {
		return nil, d.broken(buf, fault)
	}
	if !escaped {
		return buf[at+1 : end-1], end
	}
	return d.unquoted(buf[at:end]), end
}

// unquoted returns what a string in quotes says, until the next call.
func (d *Decoder) unquoted(quoted []byte) []byte {
	d.scratch = jsontext.AppendUnquoted(d.scratch[:0], quoted)
	return d.scratch
}

// skip checks the value at a position and returns the position behind it.
func (d *Decoder) skip(buf []byte, at int) int {
	end, fault := jsontext.Skip(buf, at, 0)
	if fault != nil {
		return d.broken(buf, fault)
	}
	return end
}

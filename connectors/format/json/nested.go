package json

import "github.com/weirstream/weir/runtime/jsontext"

// maxListed is how many values the lists of a record may have together, each
// field of an element counted: {} in a list of structs takes two bytes of text,
// but a value in each column of the struct.
const maxListed = 4 << 20

func (d *Decoder) structValue(v *value, buf []byte, at int) int {
	if buf[at] != '{' {
		return d.wrong(v, buf, at, "is no object")
	}
	if at = d.members(v.object, v.column.Len(), buf, at+1); at >= 0 {
		v.column.AppendStruct()
	}
	return at
}

func (d *Decoder) listValue(v *value, buf []byte, at int) int {
	if buf[at] != '[' {
		return d.wrong(v, buf, at, "is no list")
	}
	if at = d.elements(v, buf, at+1); at >= 0 {
		v.column.AppendList()
	}
	return at
}

// elements decodes the elements of a list, whose bracket stands before a
// position, and returns the position behind it.
func (d *Decoder) elements(v *value, buf []byte, at int) int {
	if at = jsontext.Blank(buf, at); buf[at] == ']' {
		return at + 1
	}
	for {
		if d.listed += v.element.width; d.listed > maxListed {
			return d.fail(at, "column %q: the lists of the record have more than %d values; split the record", v.name, maxListed)
		}
		if at = d.value(v.element, buf, at); at < 0 {
			return at
		}
		switch at = jsontext.Blank(buf, at); buf[at] {
		case ',':
			at = jsontext.Blank(buf, at+1)
		case ']':
			return at + 1
		default:
			return d.unexpected(buf, at, "a comma or the closing bracket of the list")
		}
	}
}

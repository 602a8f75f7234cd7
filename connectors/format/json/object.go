package json

import (
	"bytes"

	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// object is how objects of one place in the schema are decoded. Most objects of
// a place have the same members in the same order, so each member remembers
// which one followed it last: comparing its text is enough to know the next key.
type object struct {
	values []*value // of the schema, in its order
	byName map[string]*member
	start  member // stands before the first member
	other  member // stands for members that are too many, or too long, to know
}

// member is a key of an object, and what to do with its value.
type member struct {
	text  []byte  // the key as it was met last, from quote to colon
	value *value  // nil where nobody wants it
	next  *member // nil, or one that has a text
}

// The keys nobody wants that an object gets to know.
const (
	maxMembers = 256
	maxKey     = 128 // bytes
)

// newRoot returns how the objects are decoded that are rows. A column that nobody reads is
// as if the schema did not have it, but for how its timestamps are written.
func newRoot(schema *record.Schema, patterns []stream.Pattern, read stream.Columns) (*object, error) {
	all, err := newObject(schema.Fields(), patterns, "")
	if err != nil || read == nil {
		return all, err
	}
	fields, at := read.Of(schema)
	chosen := make([]stream.Pattern, len(at))
	for i, from := range at {
		chosen[i] = patternOf(patterns, from)
	}
	return newObject(fields, chosen, "")
}

// newObject returns how objects with the given fields are decoded. path is what
// their names begin with in messages.
func newObject(fields []record.Field, patterns []stream.Pattern, path string) (*object, error) {
	o := &object{byName: map[string]*member{}}
	for i, f := range fields {
		v, err := newValue(path+f.Name, f.Type, patternOf(patterns, i))
		if err != nil {
			return nil, err
		}
		o.values = append(o.values, v)
		o.byName[f.Name] = &member{value: v}
	}
	return o, nil
}

func patternOf(patterns []stream.Pattern, i int) stream.Pattern {
	if i < len(patterns) {
		return patterns[i]
	}
	return stream.Pattern{}
}

func (o *object) width() (n int) {
	for _, v := range o.values {
		n += v.width
	}
	return n
}

// bind makes the columns of a batch those that are decoded into.
func (o *object) bind(column func(int) *record.Column) {
	for i, v := range o.values {
		v.bind(column(i))
	}
}

// members decodes the members of an object, whose brace stands before a
// position, as a row of the columns of o, and returns the position behind it.
func (d *Decoder) members(o *object, row int, buf []byte, at int) int {
	if at = jsontext.Blank(buf, at); buf[at] == '}' {
		return d.endObject(o, row, at)
	}
	for last := &o.start; ; {
		m, key := last.next, at
		if m != nil && bytes.HasPrefix(buf[at:], m.text) {
			at += len(m.text)
		} else if m, at = d.key(o, last, buf, at); at < 0 {
			return at
		}
		at = jsontext.Blank(buf, at)
		switch v := m.value; {
		case v == nil:
			at = d.skip(buf, at)
		case v.column.Len() != row:
			return d.fail(key, "the key %q appears twice in the object; rename or remove one of them", v.name)
		default:
			at = d.value(v, buf, at)
		}
		if at < 0 {
			return at
		}
		switch at = jsontext.Blank(buf, at); buf[at] {
		case ',':
			at = jsontext.Blank(buf, at+1)
		case '}':
			return d.endObject(o, row, at)
		default:
			return d.unexpected(buf, at, "a comma or the closing brace of the object")
		}
		last = m
	}
}

// endObject makes the columns that an object says nothing about null, and returns
// the position behind its brace.
func (d *Decoder) endObject(o *object, row, at int) int {
	for _, v := range o.values {
		if v.column.Len() > row {
			continue
		}
		if d.format.requireKeys {
			return d.fail(at, "the key %q is missing; is it written differently in the schema?", v.name)
		}
		v.column.AppendNull()
	}
	return at + 1
}

// key reads a key that was not expected, and remembers that it followed last. It
// returns the position behind the colon.
func (d *Decoder) key(o *object, last *member, buf []byte, at int) (*member, int) {
	end, escaped, next, fault := jsontext.Key(buf, at)
	if fault != nil {
		return nil, d.broken(buf, fault)
	}
	name := buf[at+1 : end-1]
	if escaped {
		name = d.unquoted(buf[at:end])
	}
	m := o.byName[string(name)]
	if m == nil {
		m = o.learn(name)
	}
	if m != &o.other && next-at <= 2*maxKey {
		m.text = append(m.text[:0], buf[at:next]...)
		last.next = m
	}
	return m, next
}

// learn gets to know a key that nobody wants.
func (o *object) learn(name []byte) *member {
	if len(name) > maxKey || len(o.byName) >= maxMembers+len(o.values) {
		return &o.other
	}
	m := &member{}
	o.byName[string(name)] = m
	return m
}

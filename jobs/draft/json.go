package draft

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// newJSONTable reads a sample of JSON, as lines: the columns are the keys of its
// objects, in the order in which they are met.
func newJSONTable(r *component.Registry, plain stream.Format, path string, s sample) (*table, error) {
	format, err := r.Format("json").Make(nil)
	if err != nil {
		return nil, err
	}
	t := &table{plain: plain, path: path, text: s.text, format: format, rowsAt: s.rows, others: s.others}
	if err := t.addShapes(); err != nil {
		return nil, err
	}
	if err := t.begin(0); err != nil {
		return nil, err
	}
	return t, t.addShapes() // of what is left
}

// addShapes finds the columns and what they hold.
func (t *table) addShapes() error {
	all := &shape{}
	for i, line := range bytes.Split(t.text, []byte("\n")) {
		if i > 0 && i >= sampleRows {
			break
		}
		all.addLine(line)
	}
	t.names, t.shapes = nil, map[string]*shape{}
	for _, k := range all.keys {
		t.names = append(t.names, k.name)
		t.shapes[k.name] = k.shape
	}
	if !slices.ContainsFunc(t.names, func(n string) bool { return n != "" }) {
		return fmt.Errorf("%s has no line that is a JSON object with a key", t.path)
	}
	return nil
}

// kind is what a JSON value is.
type kind uint8

const (
	textKind kind = 1 << iota
	numberKind
	boolKind
	listKind
	objectKind
	deepKind // nested too deep to look at
	// specialKind is a float64 that JSON has no number for, in quotes as a sink writes it.
	specialKind
)

var specials = []string{"NaN", "Infinity", "-Infinity"}

// shape is what the values at one place of many objects are.
type shape struct {
	kinds    kind // all that were met; null is none
	numbers  numbers
	keys     []keyShape
	elements *shape // of lists
}

type keyShape struct {
	name string
	*shape
}

// addLine adds an object, if the line is one; what it fails by, the decoder says.
func (s *shape) addLine(line []byte) {
	d := stdjson.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if stdjson.Valid(line) {
		_ = s.add(d, 0)
	}
}

const maxNesting = 10

// add adds the next value.
func (s *shape) add(d *stdjson.Decoder, depth int) error {
	if depth > maxNesting {
		s.kinds |= deepKind
		return d.Decode(&stdjson.RawMessage{})
	}
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case string:
		if slices.Contains(specials, v) {
			s.kinds |= specialKind
		} else {
			s.kinds |= textKind
		}
	case bool:
		s.kinds |= boolKind
	case stdjson.Number:
		s.kinds |= numberKind
		s.numbers.add(v.String())
	case stdjson.Delim:
		if v == '{' {
			return s.addObject(d, depth)
		}
		return s.addList(d, depth)
	}
	return nil
}

func (s *shape) addObject(d *stdjson.Decoder, depth int) error {
	s.kinds |= objectKind
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name := token.(string) // the text is valid
		i := slices.IndexFunc(s.keys, func(k keyShape) bool { return k.name == name })
		if i < 0 {
			i = len(s.keys)
			s.keys = append(s.keys, keyShape{name, &shape{}})
		}
		if err := s.keys[i].add(d, depth+1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func (s *shape) addList(d *stdjson.Decoder, depth int) error {
	s.kinds |= listKind
	if s.elements == nil {
		s.elements = &shape{}
	}
	for d.More() {
		if err := s.elements.add(d, depth+1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// isNested reports that the values are objects or lists, and nothing else.
func (s *shape) isNested() bool { return s.kinds == objectKind || s.kinds == listKind }

// mayBe reports whether a column of the shape may be given a type: what stands
// in quotes is a text, also where it has only digits.
func (s *shape) mayBe(t record.Type) bool {
	switch {
	case t == record.Bool:
		return s.kinds == boolKind
	case t == record.Float64 && s.kinds == numberKind|specialKind:
		return true
	case t == record.Int64, t == record.Float64, t.Kind == record.KindDecimal:
		return s.kinds == numberKind
	}
	return s.kinds|specialKind == textKind|specialKind
}

// typ returns the type of the values. What has no type of its own is a string: any
// value as it is written.
func (s *shape) typ() record.Type {
	switch s.kinds {
	case boolKind:
		return record.Bool
	case numberKind:
		return s.numbers.typ()
	case numberKind | specialKind:
		if n := s.numbers; !n.beyond && !n.uneven && !n.endless {
			return record.Float64
		}
	case listKind:
		return record.ListOf(s.elements.typ())
	case objectKind:
		var fields []record.Field
		for _, k := range s.named() {
			fields = append(fields, record.Field{Name: k.name, Type: k.typ()})
		}
		if t, err := record.StructOf(fields...); err == nil {
			return t
		}
	}
	return record.String
}

// named returns the keys that have a name, as a field has to.
func (s *shape) named() []keyShape {
	return slices.DeleteFunc(slices.Clone(s.keys), func(k keyShape) bool { return k.name == "" })
}

// String writes the type as a schema does, on one line.
func (s *shape) String() string {
	switch t := s.typ(); t.Kind {
	case record.KindList:
		return "[" + s.elements.String() + "]"
	case record.KindStruct:
		var fields []string
		for _, k := range s.named() {
			fields = append(fields, key(k.name, " ")+k.String())
		}
		return "{ " + strings.Join(fields, ", ") + " }"
	default:
		return scalar(t.String())
	}
}

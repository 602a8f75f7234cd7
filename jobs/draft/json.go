package draft

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/connectors/format/json"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// newJSONTable reads a sample of JSON Lines: the columns are the keys of its
// objects, in the order in which they are met.
func newJSONTable(path string, s sample) (*table, error) {
	config, problems := component.NewConfig(&json.Type.Spec, component.Position{}, nil, nil)
	if problems != nil {
		return nil, problems
	}
	format, err := json.Type.New(config)
	if err != nil {
		return nil, err
	}
	t := &table{path: path, text: s.text, format: format, shapes: map[string]*shape{}}
	if bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(s.text, []byte("\xEF\xBB\xBF"))), []byte("[")) {
		return nil, fmt.Errorf("%s is a JSON array; weir reads one object a line, as jq -c '.[]' %s writes them", path, path)
	}
	all := &shape{}
	for i, line := range bytes.Split(s.text, []byte("\n")) {
		if i > 0 && i >= sampleRows {
			break
		}
		all.addLine(line)
	}
	for _, k := range all.keys {
		t.names = append(t.names, k.name)
		t.shapes[k.name] = k.shape
	}
	if err := t.begin(0); err != nil {
		return nil, err
	}
	return t, nil
}

// kind is what a JSON value is.
type kind uint8

const (
	textKind kind = 1 << iota
	intKind
	floatKind
	boolKind
	listKind
	objectKind
)

// shape is what the values at one place of many objects are.
type shape struct {
	kinds    kind // all that were met; null is none
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

var errNesting = errors.New("nested too deep")

// add adds the next value.
func (s *shape) add(d *stdjson.Decoder, depth int) error {
	if depth > maxNesting {
		return errNesting
	}
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case string:
		s.kinds |= textKind
	case bool:
		s.kinds |= boolKind
	case stdjson.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			s.kinds |= floatKind
		} else {
			s.kinds |= intKind
		}
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
	switch t {
	case record.Bool:
		return s.kinds == boolKind
	case record.Int64:
		return s.kinds == intKind
	case record.Float64:
		return s.kinds&^(intKind|floatKind) == 0
	}
	return s.kinds == textKind
}

// String writes the type of the values as a schema does, on one line.
func (s *shape) String() string {
	switch s.kinds {
	case boolKind:
		return "bool"
	case intKind:
		return "int64"
	case floatKind, floatKind | intKind:
		return "float64"
	case listKind:
		return "[" + s.elements.String() + "]"
	case objectKind:
		var fields []string
		for _, k := range s.keys {
			if k.name != "" {
				fields = append(fields, scalar(k.name)+": "+k.shape.String())
			}
		}
		if fields != nil {
			return "{ " + strings.Join(fields, ", ") + " }"
		}
	}
	return "string" // any value as it is written
}

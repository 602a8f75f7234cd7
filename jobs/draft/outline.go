package draft

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// outline is what is seen of the documents that a text begins with.
type outline struct {
	whole     bool
	lists     []list   // in the order in which they were met, of all documents
	documents [][]byte // that end within the text
	spans     bool     // the first one has several lines
	keys      []string // of the first one, an object
	kinds     map[kind]int
	cut       bool  // the last one goes on behind the text
	err       error // what is no JSON, with line and column in front

	text    []byte
	decoder *stdjson.Decoder
}

// list is a list at a path, such as $.data[*].
type list struct {
	path    string
	objects bool // there are objects in it
	empty   bool
	bytes   int
	rows    [][]byte // the elements of a list of objects, as far as they end within the text
	odd     [][]byte // what came before the first object, which may be one of rows yet
}

// looksLikeJSON reports that a text begins with an object that has a key, or with a list of
// objects or lists. No line of CSV with names for columns does.
func looksLikeJSON(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), blank)
	if len(head) < 2 {
		return false
	}
	switch inner := bytes.TrimLeft(head[1:], blank); {
	case head[0] == '{' && bytes.HasPrefix(inner, []byte(`"`)):
	case head[0] == '[' && (bytes.HasPrefix(inner, []byte("{")) || bytes.HasPrefix(inner, []byte("["))):
	default:
		return false
	}
	err := stdjson.NewDecoder(bytes.NewReader(head)).Decode(&stdjson.RawMessage{})
	return err == nil || errors.Is(err, io.ErrUnexpectedEOF) && len(head) > sniffBytes/2
}

const blank = " \t\r\n"

// outlineOf looks at a text, which is the whole file or its beginning.
func outlineOf(text []byte, whole bool) *outline {
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	o := &outline{whole: whole, text: text, decoder: stdjson.NewDecoder(bytes.NewReader(text)), kinds: map[kind]int{}}
	o.decoder.UseNumber()
	for {
		begin := o.next()
		err := o.value("$", 0)
		end := int(o.decoder.InputOffset())
		switch {
		case err == io.EOF && begin == len(text):
			return o
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			o.cut = true
			if o.spans = o.spans || len(o.documents) == 0 && bytes.IndexByte(text[begin:], '\n') >= 0; whole {
				o.err = o.at(len(text), errors.New("the document is cut short: the file ends within it; copy the file again"))
			}
			return o
		case err != nil:
			o.err = o.at(o.fault(err, end), fmt.Errorf("what stands here is no JSON (%w); mend it, or copy the file again", err))
			return o
		}
		o.spans = o.spans || len(o.documents) == 0 && bytes.IndexByte(text[begin:end], '\n') >= 0
		o.documents = append(o.documents, text[begin:end])
	}
}

// next returns where the next token begins.
func (o *outline) next() int {
	at := int(o.decoder.InputOffset())
	return at + len(o.text[at:]) - len(bytes.TrimLeft(o.text[at:], " \t\r\n,:"))
}

func (o *outline) fault(err error, at int) int {
	var syntax *stdjson.SyntaxError
	if errors.As(err, &syntax) {
		return max(0, min(int(syntax.Offset)-1, len(o.text)))
	}
	return min(at, len(o.text))
}

func (o *outline) at(offset int, err error) error {
	before := o.text[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	return fmt.Errorf("%d:%d: %w", line, offset-bytes.LastIndexByte(before, '\n'), err)
}

// value walks through the next value.
func (o *outline) value(path string, depth int) error {
	begin := o.next()
	if begin == len(o.text) || depth > maxNesting || o.text[begin] != '{' && o.text[begin] != '[' {
		return o.decoder.Decode(&stdjson.RawMessage{})
	}
	if _, err := o.decoder.Token(); err != nil {
		return err
	}
	if o.text[begin] == '{' {
		return o.object(path, depth)
	}
	return o.list(path+"[*]", depth)
}

func (o *outline) object(path string, depth int) error {
	for o.decoder.More() {
		token, err := o.decoder.Token()
		if err != nil {
			return err
		}
		name, ok := token.(string)
		if !ok {
			return errors.New("a key in quotes is missing")
		}
		if depth == 0 && len(o.documents) == 0 {
			o.keys = append(o.keys, name)
			if at := o.next(); at < len(o.text) {
				o.kinds[kindOf(o.text[at])]++
			}
		}
		if err := o.value(path+member(name), depth+1); err != nil {
			return err
		}
	}
	_, err := o.decoder.Token()
	return err
}

// list walks through a list. Objects in it are rows, and not looked into.
func (o *outline) list(path string, depth int) error {
	begin := o.next()
	i := len(o.lists)
	for at := range o.lists {
		if o.lists[at].path == path {
			i = at
		}
	}
	if i == len(o.lists) {
		o.lists = append(o.lists, list{path: path, empty: true})
	}
	for o.decoder.More() {
		at := o.next()
		isObject := at < len(o.text) && o.text[at] == '{'
		o.lists[i].objects = o.lists[i].objects || isObject
		if err := o.element(path, depth, isObject); err != nil {
			o.lists[i].bytes += len(o.text) - begin
			return err
		}
		l := &o.lists[i]
		l.empty = false
		l.add(o.text[at:o.decoder.InputOffset()])
	}
	_, err := o.decoder.Token()
	o.lists[i].bytes += o.next() - begin
	return err
}

// add adds an element. Those before the first object are rows as well, if one comes, which
// cannot be read; of very many some will do.
func (l *list) add(element []byte) {
	switch {
	case l.objects:
		l.rows = append(append(l.rows, l.odd...), element)
		l.odd = nil
	case len(l.odd) < sampleRows:
		l.odd = append(l.odd, element)
	}
}

func (o *outline) element(path string, depth int, isObject bool) error {
	if isObject {
		return o.decoder.Decode(&stdjson.RawMessage{})
	}
	return o.value(path, depth+1)
}

func kindOf(c byte) kind {
	switch c {
	case '{':
		return objectKind
	case '[':
		return listKind
	}
	return textKind
}

// isKeyed reports that the first document is nothing but objects, under keys.
func (o *outline) isKeyed() bool { return len(o.keys) > 1 && o.kinds[objectKind] == len(o.keys) }

// isColumns reports that it is nothing but lists.
func (o *outline) isColumns() bool { return len(o.keys) > 0 && o.kinds[listKind] == len(o.keys) }

var plainMember = regexp.MustCompile(`^[^.\[\]'"]+$`)

// member writes a step of a path of rows.
func member(name string) string {
	switch {
	case plainMember.MatchString(name) && name != "*":
		return "." + name
	case strings.Contains(name, "']"):
		return `["` + name + `"]`
	}
	return "['" + name + "']"
}

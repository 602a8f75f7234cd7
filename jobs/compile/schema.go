package compile

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
	"github.com/weirstream/weir/runtime/record/timezone"
	"github.com/weirstream/weir/runtime/stream"
)

// readFields reads the columns of a schema, or the fields of a struct in it:
// a map from names to types.
func (s section) readFields(key string, n *document.Node) (fields []record.Field, patterns []stream.Pattern) {
	for _, e := range n.Entries {
		if e.Key == "" {
			s.problem(e.At, key, "a column has a name")
			continue
		}
		if e.Value.Kind == document.Null {
			s.problem(e.At, key, "%q has no value; inside { … }, a text that holds a comma or a colon needs quotes", e.Key)
			continue
		}
		t, pattern := s.readType(key+"."+e.Key, e.Value)
		fields = append(fields, record.Field{Name: e.Key, Type: t})
		patterns = append(patterns, pattern)
	}
	return fields, patterns
}

// readType reads a type: a name, [t] for a list or { name: t } for a struct.
// After a problem it returns the type that was probably meant.
func (s section) readType(key string, n *document.Node) (t record.Type, p stream.Pattern) {
	switch {
	case n.Kind == document.List && len(n.Items) == 1:
		element, pattern := s.readType(key+".element", n.Items[0])
		return record.ListOf(element), stream.Pattern{Fields: []stream.Pattern{pattern}}
	case n.Kind == document.List:
		s.problem(n.At(), key, "a list names the type of its elements, as in [string]")
		return record.String, p
	case n.Kind == document.Map:
		fields, patterns := s.readFields(key, n)
		t, err := record.StructOf(fields...)
		if err != nil {
			s.problem(n.At(), key, "%v", err)
			return record.String, p
		}
		return t, stream.Pattern{Fields: patterns}
	case n.Kind != document.Scalar:
		s.problem(n.At(), key, "there is no type")
		return record.String, p
	}
	t, p.Timestamp = s.readTypeName(key, n)
	return t, p
}

// readTypeName reads the name of a type; a timestamp may say how it is written.
func (s section) readTypeName(key string, n *document.Node) (t record.Type, pattern string) {
	if argument, ok := strings.CutPrefix(n.Text, "timestamp("); ok {
		pattern, ok := timestampPattern(argument)
		if !ok {
			s.problem(n.At(), key, "%q is not a type; a timestamp is written timestamp, timestamp(s), timestamp(ms), "+
				"timestamp(us), timestamp(ns) or with a pattern, such as timestamp('%%Y-%%m-%%d %%H:%%M:%%S')", n.Text)
		}
		if ok {
			s.checkPattern(key, n, pattern)
		}
		return record.Timestamp, pattern
	}
	t, err := record.ParseType(n.Text)
	var unknown *record.UnknownTypeError
	switch {
	case errors.As(err, &unknown):
		s.problem(n.At(), key, "%q is not a type%s", unknown.Name, component.Known(unknown.Name, record.TypeNames()))
		if t, err = record.ParseType(component.Closest(unknown.Name, record.TypeNames())); err != nil {
			t = record.String
		}
	case err != nil:
		s.problem(n.At(), key, "%v%s", err, quotesFor(n.Text))
		t = record.String
	}
	return t, ""
}

// quotesFor explains what YAML made of a type that was cut at its comma.
func quotesFor(text string) string {
	if strings.Count(text, "(") > strings.Count(text, ")") || strings.Count(text, "<") > strings.Count(text, ">") {
		return fmt.Sprintf("; inside { … } a type with a comma needs quotes, as in %q", "decimal(12,2)")
	}
	return ""
}

// checkPattern refuses a pattern that no time can be read by.
func (s section) checkPattern(key string, n *document.Node, pattern string) {
	if zone := timeformat.ZoneOf(pattern); zone != "" {
		if _, err := timezone.Load(zone); err != nil {
			s.problem(n.At(), key, "%v%s", err, component.SuggestZone(zone))
			return
		}
	}
	if _, err := timeformat.Reader(pattern); err != nil {
		s.problem(n.At(), key, "%v", err)
	}
}

// strict is what a pattern with a zone may end with.
var strict = regexp.MustCompile(`'\s*,\s*strict\s*:\s*true$`)

// timestampPattern returns what stands between the quotes of a declaration, or the epoch
// that it is.
func timestampPattern(argument string) (string, bool) {
	argument, closed := strings.CutSuffix(argument, ")")
	if closed && strict.MatchString(argument) && argument[0] == '\'' {
		return argument[1:], true
	}
	if n := len(argument); closed && n > 2 && argument[0] == '\'' && argument[n-1] == '\'' {
		return argument[1 : n-1], true
	}
	return argument, closed && timeformat.IsEpoch(argument)
}

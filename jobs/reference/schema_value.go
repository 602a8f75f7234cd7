package reference

import (
	"fmt"
	"math"
	"strings"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// Patterns of scalars. A variable stands for what is not known yet.
const (
	variable   = `\$\{`
	identifier = `^[A-Za-z_][A-Za-z0-9_-]{0,99}$|` + variable
	input      = `^[A-Za-z_][A-Za-z0-9_-]{0,99}(\.late|\.dead_letter)?$|` + variable
	whole      = `^[+-]?[0-9]+$|` + variable
	truth      = `^(true|false)$|` + variable
	duration   = `^\+?` + length
	signed     = `^[+-]?` + length
	period     = `^\+?0*[1-9][0-9]*(mo|y)$|^\+?` + length
	length     = `([0-9]+w)?([0-9]+d)?(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))*$|^[+-]?0$|` + variable
	size       = `^([0-9]+\.?[0-9]*|\.[0-9]+) *([kKmMgGtT][iI]?)?[bB]?$|` + variable
	notBlank   = `\S`
	call       = `^\s*[A-Za-z_]+\s*\(|` + variable
)

// scalar is the types of a value that weir takes as text.
var scalar = types{"string", "number", "boolean"}

// ofValue returns the schema of a key's value.
func ofValue(f *component.Field) *schema {
	switch f.Kind {
	case component.Int:
		return wholeNumber(f)
	case component.Bool:
		return &schema{Type: types{"boolean", "string"}, Pattern: truth, Error: "true or false"}
	case component.Duration:
		return durationOr(f)
	case component.Period:
		return &schema{Type: types{"string", "integer"}, Pattern: period, Maximum: new(int64),
			Error: "a length is written as 30s, 5m, 1h30m, 7d, 1w, 1mo or 1y"}
	case component.Size:
		return orWord(f, &schema{Type: types{"string", "integer"}, Pattern: size, Minimum: new(int64),
			Error: "a size is written as 4096 (bytes), 64KiB or 10MB"})
	case component.Enum:
		return &schema{AnyOf: []*schema{{Enum: f.Options}, {Type: types{"string"}, Pattern: variable}}}
	case component.Identifier:
		return &schema{Type: types{"string"}, Pattern: identifier,
			Error: "a name has letters, digits, _ and -, at most 100, and begins with no digit"}
	case component.Input, component.InputList:
		s := &schema{Type: types{"string"}, Pattern: input, Error: "an input is the id of a source or step, or ID.late or ID.dead_letter"}
		if f.Kind == component.InputList {
			return listOf(s)
		}
		return s
	case component.Path:
		return pathText()
	case component.PathList:
		return listOf(pathText())
	case component.TextList, component.ColumnList, component.SelectList:
		return listOf(&schema{Type: scalar})
	case component.TextMap:
		return &schema{Type: types{"object"}, AdditionalProperties: &schema{Type: scalar}}
	case component.TypeMap:
		return &schema{Type: types{"object"}, AdditionalProperties: &schema{Ref: "#/definitions/type"}, MinProperties: 1}
	case component.AggregateMap:
		return &schema{Type: types{"object"}, AdditionalProperties: aggregateCall()}
	case component.Section:
		return sectionOf(f)
	case component.SectionMap:
		return &schema{
			Type: types{"object"}, MinProperties: 1, PropertyNames: &schema{Pattern: identifier}, AdditionalProperties: ofKeys(f.Spec),
		}
	case component.SectionList:
		return &schema{Type: types{"array"}, Items: ofKeys(f.Spec)}
	case component.NameOrSection:
		return &schema{AnyOf: []*schema{{Enum: f.Spec.Choices()}, ofKeys(f.Spec), {Type: types{"string"}, Pattern: variable}}}
	}
	return &schema{Type: scalar}
}

func pathText() *schema {
	return &schema{Type: scalar, Pattern: notBlank, Error: "a path is not empty"}
}

func wholeNumber(f *component.Field) *schema {
	s := &schema{Type: types{"integer", "string"}, Pattern: whole, Error: valueOf(f)}
	if f.Most != 0 {
		s.Minimum = &f.Least
	}
	if f.Most != math.MaxInt64 && f.Most != 0 {
		s.Maximum = &f.Most
	}
	return s
}

// listOf returns the schema of a list, of which a single value is a list of one.
func listOf(item *schema) *schema {
	s := *item
	s.Type = append(append(types{}, item.Type...), "array")
	s.Items = item
	return &s
}

// columnType returns the schema of a column's type: its name, [t] for a list, or
// { name: t } for a struct.
func columnType() *schema {
	of := &schema{Ref: "#/definitions/type"}
	about := "The type of a column: " + strings.Join(record.TypeNames(), ", ") + "."
	return &schema{
		Description: about,
		AnyOf: []*schema{
			{Type: types{"string"}, Pattern: `^\s*(` + typeNames() + `)\s*(\(.*\)|<.*>)?\s*$|` + variable, Error: about},
			{Type: types{"array"}, Items: of, MinItems: 1, MaxItems: 1},
			{Type: types{"object"}, AdditionalProperties: of, MinProperties: 1},
		},
	}
}

// typeNames returns an alternative of the names of types, without their parameters.
func typeNames() string {
	names := record.TypeNames()
	for i, name := range names {
		if at := strings.IndexAny(name, "(<"); at >= 0 {
			names[i] = name[:at]
		}
	}
	return strings.Join(names, "|")
}

// aggregateCall returns the schema of a call of an aggregate function.
func aggregateCall() *schema {
	var names []string
	for _, f := range agg.Functions() {
		names = append(names, f.Name)
	}
	return &schema{
		Type: types{"string"}, Pattern: call,
		Error: fmt.Sprintf("an aggregate is a call of %s", strings.Join(names, ", ")),
	}
}

// durationOr returns the schema of a duration.
func durationOr(f *component.Field) *schema {
	s := &schema{Type: types{"string", "integer"}, Pattern: duration, Minimum: new(int64), Maximum: new(int64),
		Error: "a duration is written as 30s, 5m, 1h30m, 7d or 1w"}
	if f.Signed {
		s.Pattern, s.Error = signed, s.Error+", with a minus before one that is negative"
	}
	return orWord(f, s)
}

// orWord returns the schema of a value, or of words that may stand in its place.
func orWord(f *component.Field, s *schema) *schema {
	if f.Options == nil {
		return s
	}
	return &schema{AnyOf: []*schema{{Enum: f.Options}, s}}
}

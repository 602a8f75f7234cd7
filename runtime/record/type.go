package record

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/weirstream/weir/runtime/decimal"
)

// Kind tells types apart whose values are stored in different ways.
type Kind uint8

const (
	KindBool      Kind = iota + 1 // a bitmap, one bit a row
	KindInt32                     // 4 bytes, two's complement
	KindInt64                     // 8 bytes, two's complement
	KindFloat64                   // 8 bytes, IEEE 754
	KindDecimal                   // 16 bytes, a [Decimal]
	KindString                    // int32 offsets into UTF-8 bytes
	KindBytes                     // int32 offsets into bytes
	KindTimestamp                 // 8 bytes, a [Time]
	KindDate                      // 4 bytes, days since 1970-01-01
	KindList                      // int32 offsets into a column of elements
	KindStruct                    // a column per field
	KindRowKind                   // 1 byte, a [RowKind]; only in the hidden slot of a batch

	// Kinds of values that expressions compute with and no column holds.
	KindLocal    // what a clock shows in some time zone, as the [Time] at which UTC shows it
	KindInterval // a length of time, µs
	KindMonths   // a length of time, months
)

// Type is the type of a column. Types are equal when == says so.
type Type struct {
	Kind Kind
	// Precision and Scale, of a decimal, are its digits and how many of them
	// follow the point: 0 ≤ Scale ≤ Precision ≤ 38.
	Precision, Scale uint8

	nested *nested // of a list or struct
}

// nested is what a list or struct consists of. There is one for each type, so
// that types can be compared.
type nested struct {
	fields []Field // of a list, one: its elements
	text   string
}

// Decimal is a value of a decimal column; the scale is that of the type.
type Decimal = decimal.Num

// The types without parameters.
var (
	Bool      = Type{Kind: KindBool}
	Int32     = Type{Kind: KindInt32}
	Int64     = Type{Kind: KindInt64}
	Float64   = Type{Kind: KindFloat64}
	String    = Type{Kind: KindString}
	Bytes     = Type{Kind: KindBytes}
	Timestamp = Type{Kind: KindTimestamp}
	Date      = Type{Kind: KindDate}
)

// Types of values that expressions compute with, as int64, and no column holds.
var (
	// Local is the time that a clock shows in some time zone, in µs: the instant
	// at which a clock in UTC shows the same.
	Local = Type{Kind: KindLocal}
	// Interval is a length of time in µs. A day of it has 24 hours.
	Interval = Type{Kind: KindInterval}
	// Months is a length of time in months, which have no length in µs. It is a
	// type apart, as in the SQL standard, so that intervals have an order.
	Months = Type{Kind: KindMonths}
)

var kindNames = [...]string{
	KindBool: "bool", KindInt32: "int32", KindInt64: "int64", KindFloat64: "float64", KindDecimal: "decimal",
	KindString: "string", KindBytes: "bytes", KindTimestamp: "timestamp", KindDate: "date",
	KindList: "list", KindStruct: "struct", KindRowKind: "row_kind",
	KindLocal: "local timestamp", KindInterval: "interval", KindMonths: "interval of months",
}

// String returns the name of the kind, which is that of a type without parameters.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return fmt.Sprintf("type(%d)", uint8(k))
}

// DecimalOf returns the type of decimals of precision digits, scale of them
// behind the point.
func DecimalOf(precision, scale int) (Type, error) {
	if precision < 1 || precision > decimal.MaxPrecision || scale < 0 || scale > precision {
		return Type{}, fmt.Errorf("decimal(%d,%d) has no such digits: decimal(p,s) has p digits, from 1 to %d, of which s, "+
			"from 0 to p, follow the point",
			precision, scale, decimal.MaxPrecision)
	}
	return Type{Kind: KindDecimal, Precision: uint8(precision), Scale: uint8(scale)}, nil
}

// ListOf returns the type of lists of elements.
func ListOf(element Type) Type {
	return intern(KindList, []Field{{Type: element}}, "list<"+element.String()+">")
}

// StructOf returns the type of structs of fields; a name that stands twice is an
// error, and so is none at all.
func StructOf(fields ...Field) (Type, error) {
	if len(fields) == 0 {
		return Type{}, fmt.Errorf("a struct has at least one field")
	}
	for i, f := range fields {
		if slices.ContainsFunc(fields[:i], func(other Field) bool { return other.Name == f.Name }) {
			return Type{}, fmt.Errorf("two fields of a struct are named %q", f.Name)
		}
	}
	schema, err := NewSchema(fields...)
	if err != nil {
		return Type{}, err
	}
	texts := make([]string, len(fields))
	for i, f := range schema.fields {
		texts[i] = nameText(f.Name) + " " + f.Type.String()
	}
	return intern(KindStruct, fields, "struct<"+strings.Join(texts, ", ")+">"), nil
}

// interned holds the nested types by their text.
var interned sync.Map

func intern(k Kind, fields []Field, text string) Type {
	n, _ := interned.LoadOrStore(text, &nested{fields, text})
	return Type{Kind: k, nested: n.(*nested)}
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func nameText(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return QuoteName(name)
}

// QuoteName returns a name in double quotes, as types and expressions write one
// that would not read as a name without. A quote in it stands doubled.
func QuoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Element returns the type of a list's elements.
func (t Type) Element() Type { return t.nested.fields[0].Type }

// Fields returns the fields of a struct, in order. The caller must not change them.
func (t Type) Fields() []Field { return t.nested.fields }

// Index returns the position of a struct's field, or -1.
func (t Type) Index(name string) int {
	for i, f := range t.nested.fields {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// MaxTypeDepth bounds how deep lists and structs are nested.
const MaxTypeDepth = 32

// Depth returns how deep lists and structs are nested in a type: 0 of int64, 1 of
// list<int64>.
func (t Type) Depth() int {
	if t.nested == nil {
		return 0
	}
	deepest := 0
	for _, f := range t.nested.fields {
		deepest = max(deepest, f.Type.Depth())
	}
	return deepest + 1
}

// IsNested reports whether values consist of other values: lists and structs.
// Those are neither keys nor held in state.
func (t Type) IsNested() bool { return t.nested != nil }

// IsNumber reports whether values are numbers.
func (t Type) IsNumber() bool {
	switch t.Kind {
	case KindInt32, KindInt64, KindFloat64, KindDecimal:
		return true
	}
	return false
}

// isText reports whether values are offsets into bytes.
func (t Type) isText() bool { return t.Kind == KindString || t.Kind == KindBytes }

// String returns the name that job files use, such as "int64", "decimal(12,2)",
// "list<string>" or "struct<lat float64, lon float64>".
func (t Type) String() string {
	switch {
	case t.nested != nil:
		return t.nested.text
	case t.Kind == KindDecimal:
		return "decimal(" + strconv.Itoa(int(t.Precision)) + "," + strconv.Itoa(int(t.Scale)) + ")"
	}
	return t.Kind.String()
}

// simpleTypes are the types without parameters, in the order that messages list them.
var simpleTypes = []Type{Bool, Int32, Int64, Float64, String, Bytes, Timestamp, Date}

// TypeNames lists what [ParseType] knows, for messages.
func TypeNames() []string {
	var names []string
	for _, t := range simpleTypes {
		names = append(names, t.String())
	}
	return append(names, "decimal(p,s)", "list<t>", "struct<name t, …>")
}

// width returns the bytes of one value in the value buffer: 0 for text, lists
// (offsets are counted apart), bools (bits) and structs.
func (t Type) width() int {
	switch t.Kind {
	case KindInt64, KindFloat64, KindTimestamp:
		return 8
	case KindInt32, KindDate:
		return 4
	case KindDecimal:
		return 16
	case KindRowKind:
		return 1
	}
	return 0
}

// RowKind says what a row of a changelog stream does to the result it belongs
// to. A stream without row kinds consists of inserts.
type RowKind uint8

const (
	Insert       RowKind = iota // a new row
	UpdateBefore                // withdraws the row that the next UpdateAfter replaces
	UpdateAfter                 // the new content of a row
	Delete                      // withdraws a row for good
)

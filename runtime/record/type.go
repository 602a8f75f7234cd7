package record

import "fmt"

// Kind tells types apart whose values are stored in different ways.
type Kind uint8

const (
	KindBool      Kind = iota + 1 // a bitmap, one bit a row
	KindInt64                     // 8 bytes, two's complement
	KindFloat64                   // 8 bytes, IEEE 754
	KindString                    // int32 offsets into UTF-8 bytes
	KindTimestamp                 // 8 bytes, a [Time]
	KindRowKind                   // 1 byte, a [RowKind]; only in the hidden slot of a batch
)

// Type is the type of a column. Types are equal when == says so.
type Type struct {
	Kind Kind
}

// The types without parameters.
var (
	Bool      = Type{KindBool}
	Int64     = Type{KindInt64}
	Float64   = Type{KindFloat64}
	String    = Type{KindString}
	Timestamp = Type{KindTimestamp}
)

var kindNames = [...]string{
	KindBool: "bool", KindInt64: "int64", KindFloat64: "float64",
	KindString: "string", KindTimestamp: "timestamp", KindRowKind: "row_kind",
}

// String returns the name that job files use, such as "int64".
func (t Type) String() string {
	if int(t.Kind) < len(kindNames) && kindNames[t.Kind] != "" {
		return kindNames[t.Kind]
	}
	return fmt.Sprintf("type(%d)", t.Kind)
}

// TypeNames lists the names that [ParseType] knows, for messages.
func TypeNames() []string { return []string{"bool", "int64", "float64", "string", "timestamp"} }

// ParseType returns the type that a job file calls name, and whether there is one.
func ParseType(name string) (Type, bool) {
	for _, t := range []Type{Bool, Int64, Float64, String, Timestamp} {
		if t.String() == name {
			return t, true
		}
	}
	return Type{}, false
}

// width returns the bytes of one value in the value buffer: 0 for strings
// (offsets are counted apart) and for bools (bits).
func (t Type) width() int {
	switch t.Kind {
	case KindInt64, KindFloat64, KindTimestamp:
		return 8
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

package record

import (
	"strings"
	"testing"
)

func TestTypesReadBack(t *testing.T) {
	for _, typ := range append(columnTypes, typesOf(`struct<"odd name" int32, "a""b" list<date>>`, "decimal(1,0)", "decimal(38,38)")...) {
		back, err := ParseType(typ.String())
		if err != nil || back != typ {
			t.Errorf("%v reads back as %v, %v", typ, back, err)
		}
	}
	spaced, err := ParseType(" struct < lat float64 ,lon list< decimal( 4 , 2 ) > > ")
	if err != nil || spaced.String() != "struct<lat float64, lon list<decimal(4,2)>>" {
		t.Errorf("read %v, %v", spaced, err)
	}
}

func TestTypesThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"":                              `there is no type ""`,
		"int46":                         `there is no type "int46"`,
		"int64 x":                       `"x" follows the type int64`,
		"decimal":                       "a decimal says its digits",
		"decimal(x,2)":                  "a decimal says its digits",
		"decimal(39,2)":                 "decimal(39,2) has no such digits",
		"decimal(4,5)":                  "decimal(4,5) has no such digits",
		"decimal(4,2":                   `")" is missing after the digits of decimal`,
		"list":                          `"<" is missing after list`,
		"list<int64":                    `">" is missing behind int64`,
		"struct<>":                      "a field of a struct has a name and a type",
		"struct<a>":                     `there is no type ">"`,
		"struct<a int64, a string>":     `two fields of a struct are named "a"`,
		`struct<"a int64>`:              "has no closing quote",
		strings.Repeat("list<", 10_000): "types are nested more than 32 deep",
	} {
		if typ, err := ParseType(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q reads as %v with %v, want %s", text, typ, err, want)
		}
	}
}

func FuzzParseType(f *testing.F) {
	for _, t := range columnTypes {
		f.Add(t.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		typ, err := ParseType(text)
		if err != nil {
			return
		}
		if back, err := ParseType(typ.String()); err != nil || back != typ {
			t.Errorf("%q is %v, which reads back as %v, %v", text, typ, back, err)
		}
	})
}

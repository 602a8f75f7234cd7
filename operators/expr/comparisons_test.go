package expr

import (
	"fmt"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

func TestComparisons(t *testing.T) {
	schema := record.MustSchema(
		record.Field{Name: "i", Type: record.Int32}, record.Field{Name: "s", Type: record.String},
		record.Field{Name: "at", Type: record.Timestamp}, record.Field{Name: "f", Type: record.Float64},
	)
	for text, want := range map[string]string{
		"i > 5":                                  "[0 > 5]",
		"5 >= i AND (s = 'x' AND i <> 7)":        "[0 <= 5 1 = 'x' 0 <> 7]",
		"i > 5 OR s = 'x'":                       "[]",
		"NOT i > 5":                              "[]",
		"i + 1 > 5 AND s < 'b'":                  "[1 < 'b']",
		"f > 5 AND i > 1.5 AND i > f":            "[]",
		"at >= TIMESTAMP '2013-01-01T00:00:00Z'": "[2 >= TIMESTAMP '2013-01-01T00:00:00Z']",
		"i > NULL":                               "[]",
	} {
		e, errs := Parse(text)
		if errs != nil {
			t.Fatal(errs)
		}
		c, errs := CheckCondition(e, schema)
		if errs != nil {
			t.Fatal(text, errs)
		}
		got := "["
		for i, one := range c.Comparisons(schema) {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("%d %s %v", one.Column, one.Op, one.Value)
		}
		if got += "]"; got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

package record

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

func TestText(t *testing.T) {
	decimal := func(lo int64) Decimal { return Decimal{Lo: uint64(lo), Hi: lo >> 63} }
	for _, test := range []struct {
		typ        string
		value      cell
		text, json string
	}{
		{"bool", true, "true", "true"},
		{"int32", int32(-7), "-7", "-7"},
		{"int64", int64(math.MinInt64), "-9223372036854775808", "-9223372036854775808"},
		{"float64", 0.1, "0.1", "0.1"},
		{"float64", math.NaN(), "NaN", `"NaN"`},
		{"float64", math.Inf(-1), "-Infinity", `"-Infinity"`},
		{"float64", math.Inf(1), "Infinity", `"Infinity"`},
		{"float64", math.MaxFloat64, "1.7976931348623157e+308", "1.7976931348623157e+308"},
		{"decimal(5,2)", decimal(-150), "-1.50", "-1.50"},
		{"decimal(2,2)", decimal(5), "0.05", "0.05"},
		{"string", "a\"b\\c\n\x01é<", "a\"b\\c\n\x01é<", `"a\"b\\c\n\u0001é<"`},
		{"string", "\xff", "\xff", `"\ufffd"`},
		{"bytes", "\xff\x00", "/wA=", `"/wA="`},
		{"timestamp", int64(0), "1970-01-01T00:00:00Z", `"1970-01-01T00:00:00Z"`},
		{"date", int32(-1), "1969-12-31", `"1969-12-31"`},
		{"date", int32(math.MaxInt32), "+5881580-07-11", `"+5881580-07-11"`},
		{"list<int32>", []cell{int32(1), nil}, "[1,null]", "[1,null]"},
		{`struct<a date, "b c" list<string>>`, []cell{int32(0), []cell{}}, `{"a":"1970-01-01","b c":[]}`, `{"a":"1970-01-01","b c":[]}`},
	} {
		pool := NewCheckedPool()
		c := pool.NewColumn(typesOf(test.typ)[0], 1)
		appendCell(rand.New(rand.NewPCG(1, 1)), c, test.value)
		c.AppendNull()
		if got := string(c.AppendText(nil, 0)); got != test.text {
			t.Errorf("the text of %v is %s, want %s", test.value, got, test.text)
		}
		if got := string(c.AppendJSON(nil, 0)); got != test.json {
			t.Errorf("the JSON of %v is %s, want %s", test.value, got, test.json)
		}
		if got := string(c.AppendJSON(nil, 1)); got != "null" {
			t.Errorf("the JSON of a null %s is %s", test.typ, got)
		}
		c.Release()
		if err := pool.Check(); err != nil {
			t.Error(err)
		}
	}
}

// TestJSONIsJSON has another decoder read what columns of all types and encodings
// are written as, which does not depend on the encoding.
func TestJSONIsJSON(t *testing.T) {
	trial.Run(t, 200, func(t *trial.Case) {
		random := t.Random
		pool := NewPool()
		c, want := randomColumn(random, pool, columnTypes[random.IntN(len(columnTypes))], 20)
		plain := c.Gather(nil)
		for i := range want {
			var v any
			text := c.AppendJSON(nil, i)
			if json.Unmarshal(text, &v) != nil || (v == nil) != (want[i] == nil) || string(text) != string(plain.AppendJSON(nil, i)) {
				t.Fatalf("%s of %v", text, c.Type())
			}
			if v != nil && string(c.AppendText(nil, i)) != string(plain.AppendText(nil, i)) {
				t.Fatalf("%s of %v", c.AppendText(nil, i), c.Type())
			}
		}
	})
}

func TestDates(t *testing.T) {
	for days := int32(-719_528); days <= 2_932_896; days += 97 { // years 0 to 9999
		text := AppendDate(nil, days)
		if back, err := ParseDate(text); err != nil || back != days {
			t.Fatalf("day %d is %s, which reads back as %d, %v", days, text, back, err)
		}
	}
	for _, text := range []string{"", "2013-02-29", "2013-13-01", "2013-00-01", "2013-01-00", "2013-1-01", "2013/01/01",
		"2013-01-01T00", "２013-01-01"} {
		if _, err := ParseDate([]byte(text)); err == nil || !strings.Contains(err.Error(), "is not a date such as 2013-01-31") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

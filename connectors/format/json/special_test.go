package json

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/stream"
)

// TestSpecialFloats reads what JSON has no numbers for in quotes, as programs write it,
// and refuses it without them, as JSON has it. What is written reads back.
func TestSpecialFloats(t *testing.T) {
	c := stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, "x float64")}
	for text, want := range map[string]string{
		`"NaN"`: "NaN", `"nan"`: "NaN", `"Infinity"`: "Infinity", `"+Infinity"`: "Infinity", `"inf"`: "Infinity", `"+INF"`: "Infinity",
		`"-Infinity"`: "-Infinity", `"-inf"`: "-Infinity", `"-\u0049nf"`: "-Infinity",
		`NaN`:       `NaN is no JSON; write "NaN", in quotes, or null`,
		`Infinity`:  `Infinity is no JSON; write "Infinity", in quotes, or null`,
		`-Infinity`: `-Infinity is no JSON; write "-Infinity", in quotes, or null`,
		`"infinit"`: "is not a number", `"0x1p-2"`: "is not a number", `"1e999"`: "is outside the range", `inf`: "stands where a value belongs",
	} {
		line := `{"x":` + text + `}`
		c.Input = strings.NewReader(line)
		got := conntest.Decode(t, Format{}, c, nil)
		if len(got.Rows) == 1 && got.Rows[0] == want || len(got.Failed) == 1 && strings.Contains(got.Failed[0].Err.Error(), want) {
			conntest.TestRoundTrip(t, Format{}, c, []byte(line))
			continue
		}
		t.Errorf("%s: %v, want %s", text, got, want)
	}
}

package component

import (
	"math"
	"slices"
	"strings"
	"testing"
)

var ship = Spec{Name: "ship", Fields: []Field{
	{Name: "sail", Choice: true, Needs: []Beside{{"mast", "it hangs on one"}}},
	{Name: "steam", Choice: true, Excludes: []Beside{{"mast", "it would catch fire"}}},
	{Name: "mast"},
	{Name: "name", Required: true, Summary: "What it is called. More is said here.", Example: "Argo"},
	{Name: "crew", Required: true, Summary: "SQL of those on board; nobody else."},
}}

// What is wrong with a set of keys is said for each of them.
func TestCheck(t *testing.T) {
	for given, want := range map[string]string{
		"sail mast name crew":  "",
		"steam name crew":      "",
		"name crew":            ": a ship needs a key that says what it is: sail, steam",
		"sail name crew":       `sail: needs the key "mast" beside it: it hangs on one`,
		"steam mast name crew": `steam: stands beside "mast": it would catch fire`,
		"sail steam name crew": `steam: stands beside "sail": a ship is of one kind
sail: needs the key "mast" beside it: it hangs on one`,
		"steam": `: needs the key "name": what it is called; for instance name: Argo
: needs the key "crew": SQL of those on board`,
	} {
		keys := strings.Fields(given)
		var got []string
		for _, f := range ship.Check(func(key string) bool { return slices.Contains(keys, key) }) {
			got = append(got, f.Key+": "+f.Message)
		}
		if text := strings.Join(got, "\n"); text != want {
			t.Errorf("%s: got\n%s\nwant\n%s", given, text, want)
		}
	}
}

func TestParseInt(t *testing.T) {
	bounded, below, free := Field{Least: 1, Most: 10}, Field{Least: 1, Most: math.MaxInt64}, Field{}
	for _, test := range []struct {
		field Field
		text  string
		want  string
	}{
		{bounded, "10", ""},
		{bounded, "0", `"0" is not a whole number from 1 to 10`},
		{bounded, "many", `"many" is not a whole number from 1 to 10`},
		{below, "9223372036854775807", ""},
		{below, "0", `"0" is not a whole number from 1 on`},
		{free, "-9223372036854775808", ""},
		{free, "1.5", `"1.5" is not a whole number`},
	} {
		got := ""
		if _, err := test.field.ParseInt(test.text); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}

package excerpt

import (
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	full := strings.Repeat("x", most)
	for text, want := range map[string][2]string{
		"":                                 {"", `""`},
		"say \"x\"":                        {"say \"x\"", `"say \"x\""`},
		full:                               {full, `"` + full + `"`},
		full + "y":                         {full + "…", `"` + full + `"…`},
		full[1:] + "é":                     {full[1:] + "…", `"` + full[1:] + `"…`},
		full[2:] + "é":                     {full[2:] + "é", `"` + full[2:] + `é"`},
		full[3:] + "🦆":                     {full[3:] + "…", `"` + full[3:] + `"…`},
		strings.Repeat("\x80", most) + "é": {strings.Repeat("\x80", most) + "…", `"` + strings.Repeat(`\x80`, most) + `"…`},
	} {
		if got := [2]string{Of(text), Quoted(text)}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if got := [2]string{Of([]byte(text)), Quoted([]byte(text))}; got != want {
			t.Errorf("the bytes of %q: %q, want %q", text, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"weir", 4, "weir"}, {"weir", 2, "we"}, {"weir", 0, ""}, {"é", 1, ""}, {"aé", 2, "a"}, {"aé", 3, "aé"}, {"日本", 5, "日"},
		{"\x80\x80\x80", 1, "\x80"}, {"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80"}, {"\xff\xff", 1, "\xff"},
	} {
		if got := Cut(c.text, c.n); got != c.want {
			t.Errorf("%d bytes of %q: %q, want %q", c.n, c.text, got, c.want)
		}
	}
}

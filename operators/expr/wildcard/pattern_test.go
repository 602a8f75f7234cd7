package wildcard

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// matches is Match by trying everything.
func matches(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	_, size := firstRune(pattern)
	switch rest := pattern[size:]; pattern[:size] {
	case "%":
		for {
			if matches(rest, text) {
				return true
			}
			if text == "" {
				return false
			}
			_, n := firstRune(text)
			text = text[n:]
		}
	case "_":
		_, n := firstRune(text)
		return text != "" && matches(rest, text[n:])
	default:
		return strings.HasPrefix(text, pattern[:size]) && matches(rest, text[size:])
	}
}

func firstRune(text string) (rune, int) {
	for i, r := range text {
		if i > 0 {
			return r, i
		}
	}
	return 0, len(text)
}

func TestMatchAgainstReference(t *testing.T) {
	matched, prefixes, parts := 0, 0, 0
	whole := trial.Run(t, 50_000, func(t *trial.Case) {
		draw := func(alphabet []string, most int) string {
			var b strings.Builder
			for range t.Random.IntN(most + 1) {
				b.WriteString(alphabet[t.Random.IntN(len(alphabet))])
			}
			return b.String()
		}
		pattern := draw([]string{"a", "b", "é", "日", "%", "_", "%"}, 8)
		text := draw([]string{"a", "b", "é", "日"}, 8)
		p, err := Compile([]byte(pattern), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, want := p.Match([]byte(text)), matches(pattern, text)
		if got != want {
			t.Fatalf("%q LIKE %q is %v", text, pattern, got)
		}
		if got {
			matched++
		}
		if prefix, ok := p.Prefix(); ok {
			if prefixes++; bytes.HasPrefix([]byte(text), prefix) != want {
				t.Fatalf("%q is no other pattern than %q%%", pattern, prefix)
			}
		}
		if part, ok := p.Part(); ok {
			if parts++; bytes.Contains([]byte(text), part) != want {
				t.Fatalf("%q is no other pattern than %%%q%%", pattern, part)
			}
		}
		// With an escape character in front of all, a pattern is its own text.
		escaped := regexp.MustCompile(`[%_!]`).ReplaceAllString(pattern, "!$0")
		if p, err := Compile([]byte(escaped), []byte("!")); err != nil || !p.Match([]byte(pattern)) {
			t.Fatalf("%q LIKE %q ESCAPE '!' is not: %v", pattern, escaped, err)
		}
	})
	if whole && (matched < 5000 || prefixes < 1000 || parts < 1000) {
		t.Errorf("only %d matched, of %d prefixes and %d parts", matched, prefixes, parts)
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		text, pattern, escape string
		want                  bool
	}{
		{"", "", "", true},
		{"", "%", "", true},
		{"", "_", "", false},
		{"a\nb", "a%b", "", true},
		{"aXbXb", "a%b", "", true},
		{"\xff\xfe", "__", "", true}, // each byte that is no UTF-8 is a character
		{"日", "_", "", true},
		{"日", "___", "", false},
		{"10%", "10!%", "!", true},
		{"100", "10!%", "!", false},
		{"!", "!!", "!", true},
		{"a_b", `a\_b`, "", false}, // no character escapes unless it is said which
		{"a_b", "a日_b", "日", true},
	} {
		p, err := Compile([]byte(test.pattern), []byte(test.escape))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Match([]byte(test.text)); got != test.want {
			t.Errorf("%q LIKE %q ESCAPE %q is %v", test.text, test.pattern, test.escape, got)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for pattern, want := range map[string]string{
		"a!":  "ends with its escape character",
		"!ab": `stands before "a"`,
		"!日":  `stands before "日"`,
	} {
		if _, err := Compile([]byte(pattern), []byte("!")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", pattern, err, want)
		}
	}
}

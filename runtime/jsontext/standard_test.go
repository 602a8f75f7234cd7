package jsontext

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/trial"
)

// compare holds what is done with a text to encoding/json and, where that lets
// more pass, to what the comment of the package says.
func compare(t testing.TB, text string) {
	t.Helper()
	fault := check(text)
	if valid := isValid(text); valid != (fault == nil) {
		t.Fatalf("%q: %v, but valid is %v", text, fault, valid)
	}
	if fault != nil && (fault.At < 0 || fault.At > len(text)) {
		t.Fatalf("%q: %v is not in it", text, fault)
	}
	if trimmed := strings.Trim(text, " \t\r\n"); fault == nil && trimmed[0] == '"' {
		var want string
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := string(AppendUnquoted(nil, []byte(trimmed))); got != want {
			t.Fatalf("%q stands for %q, want %q", text, got, want)
		}
	}
	compareQuoted(t, text)
}

// compareQuoted has any bytes written, and read by encoding/json and here.
func compareQuoted(t testing.TB, text string) {
	t.Helper()
	quoted, got := AppendQuoted(nil, []byte(text)), ""
	want := string([]rune(text)) // what is not UTF-8 is U+FFFD, byte by byte
	if err := json.Unmarshal(quoted, &got); err != nil || !utf8.Valid(quoted) || got != want {
		t.Fatalf("%q is quoted as %s, which reads as %q, %v", text, quoted, got, err)
	}
	if fault := check(string(quoted)); fault != nil || string(AppendUnquoted(nil, quoted)) != want {
		t.Fatalf("%q is quoted as %s, which reads as %q, %v", text, quoted, AppendUnquoted(nil, quoted), fault)
	}
}

// isValid reports whether a text is JSON as the comment of the package says.
func isValid(text string) bool {
	return json.Valid([]byte(text)) && utf8.ValidString(text) && !hasHalfPair(text) && depth(text) <= MaxDepth
}

// escapes matches the escapes of a JSON text, whole pairs as one; a match of its
// group is half of a pair.
var escapes = regexp.MustCompile(`\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u([dD][89a-fA-F])..|\\.`)

func hasHalfPair(text string) bool {
	for _, match := range escapes.FindAllStringSubmatch(text, -1) {
		if match[1] != "" {
			return true
		}
	}
	return false
}

// depth returns how deep a JSON text is nested.
func depth(text string) (deepest int) {
	d, now := json.NewDecoder(strings.NewReader(text)), 0
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			now++
			deepest = max(deepest, now)
		case json.Delim(']'), json.Delim('}'):
			now--
		}
	}
}

// pieces are what texts are put together from, with what goes wrong easily.
var pieces = strings.Fields(`[ ] { } , : " " " \ \" \\ \/ \b \n \u \u00e9 \u0000 \ufffd \ud83d \ude00 \uD83D\uDE00 \ud83 \q true false null nul
	0 1 -0 -1 01 1.5 1. .5 -2.5e+3 1E5 1e e - + 12345678901234567890123 NaN a abc abcdefghijklmnop é 日 🦆 // '`)

var blanksAndBytes = []string{" ", "\t", "\n", "\r", "\x00", "\x1f", "\x7f", "\x80", "\xc3", "\xed\xa0\x80", "\u2028", "\ufeff"}

// TestAgainstEncodingJSON tries texts that are put together at random, and those
// that are values in each other, of which a byte may be another.
func TestAgainstEncodingJSON(t *testing.T) {
	pieces := append(blanksAndBytes, pieces...)
	trial.Run(t, 2000, func(c *trial.Case) {
		draw := func() string { return pieces[c.Random.IntN(len(pieces))] }
		var anything strings.Builder
		for range c.Random.IntN(12) {
			anything.WriteString(draw())
		}
		compare(c, anything.String())
		compare(c, `"`+anything.String()+`"`)

		value := []byte(draw())
		for range c.Random.IntN(8) {
			switch quoted := AppendQuoted(nil, []byte(draw())); c.Random.IntN(4) {
			case 0:
				value = bytes.Join([][]byte{[]byte("[1, "), value, []byte(" ]")}, nil)
			case 1:
				value = bytes.Join([][]byte{[]byte("{"), quoted, []byte("\n:"), value, []byte("}")}, nil)
			case 2:
				value = bytes.Join([][]byte{[]byte(`{"\ud83e\udd86":0,"b" :`), value, []byte(`,"":`), quoted, []byte("}")}, nil)
			default:
				value = quoted
			}
		}
		compare(c, string(value))
		value[c.Random.IntN(len(value))] = draw()[0]
		compare(c, string(value))
	})
}

// FuzzText compares any text.
func FuzzText(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,{"b":"x"}],"a":-0.5e+3}`, `"\ud83e\udd86\u00e9\u0000"`, `"\ud83e"`, `"\\ud83e"`, "[ true\n,false\t,null\r]", "\"\x1f\"",
		"\"é\xff\"", "1 2",
		"[01]", "1e5", "-", `"abcdefghijklmnopqrstuvwxyz\n0123456789"`, strings.Repeat("[", 201) + strings.Repeat("]", 201), "\\", "{\"\":}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { compare(t, text) })
}

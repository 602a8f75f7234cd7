package jsontext

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// check checks a text that is to hold one value.
func check(text string) *Fault {
	line := AppendLine(nil, []byte(text))
	end, fault := Skip(line, Blank(line, 0), 0)
	if fault != nil {
		return fault
	}
	if end = Blank(line, end); end < len(text) {
		return &Fault{At: end, Problem: noEnd}
	}
	return nil
}

// noEnd is what callers find who want nothing behind the value.
const noEnd Problem = 255

// TestFaults: each problem, and where it is said to be.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		text    string
		at      int
		problem Problem
	}{
		{"", 0, NoValue},
		{" \n ", 3, NoValue},
		{"+1", 0, NoValue},
		{"nul", 0, NoValue},
		{"[1,]", 3, NoValue},
		{"[1.e5]", 1, NoValue},
		{`{"a":-}`, 5, NoValue},
		{"01", 1, noEnd},
		{"1 2", 2, noEnd},
		{"{1:2}", 1, NoKey},
		{`{"a":1,}`, 7, NoKey},
		{`{"a" 1}`, 5, NoColon},
		{`{"a":1]`, 6, NoCommaOrBrace},
		{`{"a":[1}}`, 7, NoCommaOrBracket},
		{"[1\n2]", 3, NoCommaOrBracket},
		{`"a\q"`, 2, BadEscape},
		{`"\u12g4"`, 1, BadEscape},
		{`"\u00`, 1, BadEscape},
		{`"é\`, 3, BadEscape},
		{`"\ud83d"`, 1, HalfPair},
		{`"\ude00\ud83d"`, 1, HalfPair},
		{`"\ud83d\u0041"`, 1, HalfPair},
		{`"\ud83d\n"`, 1, HalfPair},
		{`"\ud83d\ud83d\ude00"`, 1, HalfPair},
		{`"\ud83d\ude0`, 1, HalfPair},
		{`"\uD83D\uDE00é\uDFFF"`, 15, HalfPair},
		{`{"\udfff":0}`, 2, HalfPair},
		{`"abc`, 4, Control},
		{`"é`, 3, Control},
		{"\"a\nb\"", 2, Control},
		{"\"a\x00b\"", 2, Control},
		{"\"é\x1f\"", 3, Control},
		{"\"é\xff\"", 3, NotUTF8},
		{"\"\xc3\"", 1, NotUTF8},
		{"\"abcdefghij\xed\xa0\x80\"", 11, NotUTF8},
		{strings.Repeat("[", MaxDepth+1), MaxDepth, TooDeep},
		{strings.Repeat("[", 1_000_000), MaxDepth, TooDeep},
		{strings.Repeat(`{"":`, 1_000_000), 4 * MaxDepth, TooDeep},
	} {
		if fault := check(test.text); fault == nil || *fault != (Fault{test.at, test.problem}) {
			t.Errorf("%.40q: %v, want %v", test.text, fault, Fault{test.at, test.problem})
		}
	}
}

// TestDepth: depth is nesting, not length, and counts what the caller has gone into.
func TestDepth(t *testing.T) {
	for _, open := range []string{"[", `{"":`} {
		closing := string(open[0] + 2)
		deepest := strings.Repeat(open, MaxDepth) + "0" + strings.Repeat(closing, MaxDepth)
		if fault := check(deepest); fault != nil {
			t.Errorf("%.20q: %v", deepest, fault)
		}
		line := AppendLine(nil, []byte(deepest))
		if _, fault := Skip(line, 0, 1); fault == nil || fault.Problem != TooDeep {
			t.Errorf("%.20q on level 1: %v", deepest, fault)
		}
		wide := "[" + strings.Repeat(open+"1"+closing+",", 10*MaxDepth) + "{}]"
		if fault := check(wide); fault != nil {
			t.Errorf("%.20q: %v", wide, fault)
		}
	}
	if _, fault := Skip(AppendLine(nil, []byte("1")), 0, MaxDepth); fault != nil {
		t.Errorf("a number on the last level: %v", fault)
	}
}

// TestAppendLine: a text becomes a single line, behind what is there.
func TestAppendLine(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		text := make([]byte, c.Random.IntN(50))
		for i := range text {
			text[i] = "\n\n\n\r\v\t\x00\x8a\x0b\xff a"[c.Random.IntN(12)]
		}
		got := AppendLine([]byte("a\n"), text)
		if want := "a\n" + strings.ReplaceAll(string(text), "\n", "\r") + strings.Repeat("\n", Slack); string(got) != want {
			c.Errorf("%q: got %q, want %q", text, got, want)
		}
	})
}

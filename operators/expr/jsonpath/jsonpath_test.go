package jsonpath

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/golden"
)

func ExampleScanner() {
	path, _ := Parse("$.user.tags[0]")
	var scanner Scanner
	value, err := scanner.Find([]byte(`{"user": {"tags": ["\u00e9t\u00e9", 1]}}`), path)
	fmt.Println(string(value), string(AppendString(nil, value)), err)
	// Output: "\u00e9t\u00e9" été <nil>
}

func TestDepth(t *testing.T) {
	path := mustPath("$[0]")
	var s Scanner
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if _, err := s.Find(nested(maxDepth), path); err != nil {
		t.Error(err)
	}
	for _, text := range [][]byte{nested(maxDepth + 1), nested(1_000_000), []byte(strings.Repeat(`{"a":`, 1_000_000))} {
		if _, err := s.Find(text, path); err == nil || !strings.Contains(err.Error(), "more than 200 levels deep, at byte ") {
			t.Errorf("%d bytes: %v", len(text), err)
		}
	}
	// Depth is nesting, not length.
	if _, err := s.Find([]byte("["+strings.Repeat("[1],", 1000)+"{}]"), path); err != nil {
		t.Error(err)
	}
}

func TestPaths(t *testing.T) {
	golden.Lines(t, "testdata/paths.txt", func(input string) string {
		path, err := Parse(input)
		if err != nil {
			return input + " => error: " + err.Error()
		}
		text := input + " => whole"
		for _, step := range path {
			if step.name != nil {
				text += fmt.Sprintf(", member %q", step.name)
			} else {
				text += fmt.Sprintf(", element %d", step.index)
			}
		}
		return text
	})
}

// FuzzFind holds the scanner to encoding/json: what is JSON, what a string
// stands for, and what is found.
func FuzzFind(f *testing.F) {
	for _, text := range []string{`{"a":[1,{"b":"x"}]}`, `"\ud83e\udd86\u00e9"`, `[1,-0.5e+3,true,null]`, `{"a":1,"a":2}`, "{\"\\u0061\" : [ ] }", "[\"" + strings.Repeat("x", 20) + "\\n\"]", "\"\x1f\"", "1 2", "-", "[01]"} {
		f.Add(text)
	}
	member, element, whole := mustPath("$.a"), mustPath("$[1]"), mustPath("$")
	f.Fuzz(func(t *testing.T, text string) {
		var s Scanner
		got, err := s.Find([]byte(text), whole)
		if err != nil && strings.Contains(err.Error(), "levels deep") {
			return
		}
		if valid := json.Valid([]byte(text)); valid != (err == nil) {
			t.Fatalf("%q: error %v, but valid is %v", text, err, valid)
		}
		if err != nil {
			return
		}
		if trimmed := strings.Trim(text, " \t\r\n"); string(got) != trimmed {
			t.Fatalf("%q: the whole is %q", text, got)
		}
		var want any
		if !utf8.ValidString(text) || json.Unmarshal([]byte(text), &want) != nil {
			return
		}
		switch want := want.(type) {
		case string:
			if got := string(AppendString(nil, got)); got != want {
				t.Fatalf("%q: stands for %q, not %q", text, got, want)
			}
		case map[string]any:
			checkFound(t, text, member, want["a"])
		case []any:
			if len(want) > 1 {
				checkFound(t, text, element, want[1])
			} else {
				checkFound(t, text, element, nil)
			}
		}
	})
}

func mustPath(text string) Path {
	path, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return path
}

func checkFound(t *testing.T, text string, path Path, want any) {
	var s Scanner
	found, err := s.Find([]byte(text), path)
	if err != nil {
		if !strings.Contains(err.Error(), "twice") {
			t.Fatalf("%q: %v", text, err)
		}
		return
	}
	var got any
	if found != nil {
		if err := json.Unmarshal(found, &got); err != nil {
			t.Fatalf("%q: found %q: %v", text, found, err)
		}
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Fatalf("%q: found %s, want %s", text, a, b)
	}
}

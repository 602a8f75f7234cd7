package jsonpath

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/jsontext"
)

func ExampleScanner() {
	path, _ := Parse("$.user.tags[0]")
	var scanner Scanner
	value, err := scanner.Find([]byte(`{"user": {"tags": ["\u00e9t\u00e9", 1]}}`), path)
	fmt.Println(string(value), string(jsontext.AppendUnquoted(nil, value)), err)
	// Output: "\u00e9t\u00e9" été <nil>
}

// TestDepth: what the path leads into counts, too.
func TestDepth(t *testing.T) {
	var s Scanner
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	for _, path := range []Path{mustPath("$"), mustPath("$[0]"), mustPath("$" + strings.Repeat("[0]", 1000))} {
		if _, err := s.Find(nested(jsontext.MaxDepth), path); err != nil {
			t.Error(err)
		}
		for _, n := range []int{jsontext.MaxDepth + 1, 1_000_000} {
			if _, err := s.Find(nested(n), path); err == nil || err.Error() != "the JSON is nested more than 200 levels deep, at byte 201" {
				t.Errorf("%d levels: %v", n, err)
			}
		}
	}
}

// TestFaults puts each problem into words.
func TestFaults(t *testing.T) {
	bytes := strings.NewReplacer("<00>", "\x00", "<0a>", "\n", "<ff>", "\xff", "<nothing>", "")
	golden.Lines(t, "testdata/faults.txt", func(input string) string {
		var s Scanner
		_, err := s.Find([]byte(bytes.Replace(input)), mustPath("$.a"))
		return fmt.Sprintf("%s => %v", input, err)
	})
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

// FuzzFind holds what is found to encoding/json, and takes for JSON what that does,
// unless package jsontext says otherwise.
func FuzzFind(f *testing.F) {
	for _, text := range []string{`{"a":[1,{"b":"x"}]}`, `"\ud83e\udd86\u00e9"`, `[1,-0.5e+3,true,null]`, `{"a":1,"a":2}`,
		"{\"\\u0061\" : [ ] }", "[\"" + strings.Repeat("x", 20) + "\\n\"]", "\"\x1f\"", "1 2", "-", "[01]"} {
		f.Add(text)
	}
	member, element, whole := mustPath("$.a"), mustPath("$[1]"), mustPath("$")
	f.Fuzz(func(t *testing.T, text string) {
		var s Scanner
		got, err := s.Find([]byte(text), whole)
		if valid := json.Valid([]byte(text)); valid != (err == nil) && !(valid && stricter(err)) {
			t.Fatalf("%q: error %v, but valid is %v", text, err, valid)
		}
		if err != nil {
			return
		}
		if trimmed := strings.Trim(text, " \t\r\n"); string(got) != trimmed {
			t.Fatalf("%q: the whole is %q", text, got)
		}
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		switch want := want.(type) {
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

// stricter reports whether a text is wrong for what encoding/json lets pass.
func stricter(err error) bool {
	return slices.ContainsFunc([]string{"levels deep", "surrogate", "UTF-8"},
		func(reason string) bool { return strings.Contains(err.Error(), reason) })
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

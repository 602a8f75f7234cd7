package json

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/stream"
)

// A message holds an object, several, or a document that holds them; it fails as a whole.
func TestMessages(t *testing.T) {
	for _, test := range []struct{ rows, message, want string }{
		{"", `{"a":1,"b":"x"}`, `1|"x"`},
		{"", "\xEF\xBB\xBF {\"a\" : 1,\r\n \"b\":\n\"x\"}\n\n", `1|"x"`},
		{"", "", ""},
		{"", " \r\n", ""},
		{"", "{\"a\":1}\n{\"a\":2}\n", "1|null\n2|null"},
		{"", `{"a":1}{"a":2} {"b":{"c":[1]}}`, "1|null\n2|null\nnull|\"{\\\"c\\\":[1]}\""},
		{"", `[{"a":1}, {"a":2} ]`, "1|null\n2|null"},
		{"", `[]`, ""},
		{"", "{\"a\":1}\n{\"a\":\"x\"}", `failed: line 2, character 6: column "a": "x" is not a whole number; correct it, or write null`},
		{"", "{\"a\":1}\n{\"a\":2", "failed: line 2, character 7: the message ends within a value; is it cut short?"},
		{"", `{"a":1,"a":2}`, `failed: character 8: the key "a" appears twice in the object; rename or remove one of them`},
		{"", "{\"b\":\"x\ny\"}", `failed: character 8: the line ends within a string; is it cut short? A line end that is text is written \n`},
		{"", `{"a":1} x`, `failed: character 9: x stands where an object belongs, such as {"id": 1}`},
		{"", `[{"a":1},3]`, `failed: character 10: 3 stands where an object belongs, such as {"id": 1}`},
		{"", `[{"a":1}`, "failed: character 9: the message ends within a value; is it cut short?"},
		{"", `null`, `failed: character 1: null stands where an object belongs, such as {"id": 1}`},
		{"$", "{\"a\":1}\n", "1|null"},
		{"$[*]", `[{"a":1}]`, "1|null"},
		{"$[*]", `{"a":1}`, `failed: character 1: '{' stands where a list belongs, in which the rows are: rows: $[*]`},
		{"$.x.y[*].z", `{"w":[{}],"x":{"y":[{"z":{"a":1}},{"v":0,"z":{"a":2}}],"u":1}}`, "1|null\n2|null"},
		{"$.x.y[*].z", `{"x":{"y":null}}`, ""},
		{"$.x.y[*].z", `{"x":{"y":[{}]}}`, `failed: character 12: there is no "z" here, which leads to the rows`},
		{"$.x", `{"x":{"a":1},"x":{}}`, `failed: character 14: the key "x" appears twice in the object; rename or remove one of them`},
		{"$.x", `{"\u0078":{"a":1},}`, `failed: character 19: '}' stands where a key in quotes belongs`},
		{"$.x", `{"x" {"a":1}}`, `failed: character 6: '{' stands where a colon belongs`},
		{"$.x", `{"x":{"a":1} "y":2}`, `failed: character 14: '"' stands where a comma or the closing brace of the object belongs`},
	} {
		c := stream.MessageContext{Schema: schema(t, "a int64, b string")}
		other := []byte(`{"a":7}`)
		got := conntest.TestMessages(t, withRows(t, test.rows), c, other, []byte(test.message), other)[1]
		if got.String() != test.want {
			t.Errorf("%q at %q:\n%v\nwant\n%v", test.message, test.rows, got, test.want)
		}
	}
}

func TestMessagesThatAreTooLong(t *testing.T) {
	c := stream.MessageContext{Schema: schema(t, "a int64")}
	long := strings.Repeat(" ", 16<<20)
	got := conntest.DecodeMessages(t, Format{}, c, 3, []byte(`{"a":1}`), []byte(long), []byte(`{"a":2}`))
	if want := "[1 failed: the message is longer than 16 MiB 2]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	lists := "[" + strings.Repeat("{},", maxListed/2) + "{}]"
	if got := conntest.DecodeMessages(t, Format{}, c, 1, []byte(lists))[0]; got.Err == nil || !strings.Contains(got.Err.Error(), "split it") {
		t.Errorf("%d rows, %v", len(got.Rows), got.Err)
	}
}

func TestMessageEncoder(t *testing.T) { conntest.TestMessageEncoder(t, Format{}, schema(t, everyType)) }

func TestMessagesAllocateNothing(t *testing.T) { bids(t).TestMessages(t, Format{}, 0.002) }

func BenchmarkMessages(b *testing.B) { bids(b).BenchmarkMessages(b, Format{}) }

// FuzzMessages holds the decoding of messages against that of lines, where each is a line,
// and against itself in other company.
func FuzzMessages(f *testing.F) {
	for _, text := range []string{
		`{"a":1,"b":"x"}`, "{\"a\":1}\n[2]", `[{"a":1},{"a":2}]`, `[{"a":1},{"b":}]`, "\xEF\xBB\xBF{}", `{"a":"\ud83d"}`, `{"a":{"b":[]}} `,
	} {
		f.Add([]byte(text), []byte(`{"a":3}`), uint8(0))
	}
	paths := []string{"", "$", "$[*]", "$.a", "$.a[*].b", "$[*].a[*]"}
	f.Fuzz(func(t *testing.T, one, other []byte, path uint8) {
		strs := stream.MessageContext{Schema: schema(t, "a string, b string")}
		if !strings.Contains(string(one)+string(other), "|") {
			conntest.TestMessages(t, withRows(t, paths[int(path)%len(paths)]), strs, one, other, one)
		}
		for line := range strings.SplitSeq(string(one), "\n") {
			compareWithLine(t, strs, line)
		}
		conntest.DecodeMessages(t, Format{}, stream.MessageContext{Schema: schema(t, everyType)}, 2, one, other)
	})
}

// compareWithLine decodes a text as a message and as a line of a file.
func compareWithLine(t *testing.T, c stream.MessageContext, line string) {
	if isList, _ := beginsList([]byte(line)); isList || strings.Count(line, "{") > 1 {
		return // which a line may not hold
	}
	inside := "\n" + line // where a byte order mark is none
	if strings.HasPrefix(line, "\xEF\xBB\xBF") {
		return
	}
	want := conntest.Decode(t, narrow{}, context(c.Schema, []byte(inside), 1<<20, 10), nil)
	got := conntest.DecodeMessages(t, Format{}, c, 1, []byte(line))[0]
	if (got.Err != nil) != (len(want.Failed) > 0) || strings.Join(got.Rows, "\n") != strings.Join(want.Rows, "\n") {
		t.Fatalf("the message %q is\n%v\nand the line\n%v", line, got, want)
	}
}

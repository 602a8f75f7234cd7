package jsontext_test

import (
	"fmt"

	"github.com/weirstream/weir/runtime/jsontext"
)

// The keys of an object, whose values are passed over.
func ExampleSkip() {
	line := jsontext.AppendLine(nil, []byte(`{"caf\u00e9": [1, {"x": 2}], "open": true}`))
	for at := 1; line[at-1] != '}'; at++ {
		at = jsontext.Blank(line, at)
		end, _, next, fault := jsontext.Key(line, at)
		if fault == nil {
			fmt.Println(string(jsontext.AppendUnquoted(nil, line[at:end])))
			at, fault = jsontext.Skip(line, jsontext.Blank(line, next), 1)
		}
		if fault != nil {
			fmt.Println(fault.At, fault.Problem)
			return
		}
		at = jsontext.Blank(line, at)
	}
	// Output:
	// café
	// open
}

func ExampleAppendQuoted() {
	fmt.Println(string(jsontext.AppendQuoted(nil, []byte("say \"é\"\n\x00\xff"))))
	// Output: "say \"é\"\n\u0000\ufffd"
}

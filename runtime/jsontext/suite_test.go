package jsontext

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
)

// TestSuite reads what JSONTestSuite says can be read, and refuses what it says has to
// be refused. It writes down where and why, and what becomes of the texts of which the
// suite leaves that open.
func TestSuite(t *testing.T) {
	count := map[byte]int{}
	golden.Lines(t, "testdata/suite.txt", func(line string) string {
		name, quoted, _ := strings.Cut(line, " ")
		text, err := unquoteSum(quoted)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		count[name[0]]++
		fault := check(text)
		if name[0] == 'y' && fault != nil || name[0] == 'n' && fault == nil {
			t.Errorf("%s: %v", name, fault)
		}
		if fault == nil {
			return line + " => read"
		}
		return fmt.Sprintf("%s => refused at byte %d: %s", line, fault.At, problemNames[fault.Problem])
	})
	if count['y'] != 95 || count['n'] != 188 || count['i'] != 35 {
		t.Errorf("the suite has %v texts", count)
	}
}

var problemNames = map[Problem]string{
	NoValue: "no value", NoKey: "no key", NoColon: "no colon", NoCommaOrBrace: "no comma or brace",
	NoCommaOrBracket: "no comma or bracket", TooDeep: "too deep", BadEscape: "bad escape", HalfPair: "half of a pair",
	Control: "control character, or no closing quote", NotUTF8: "not UTF-8", noEnd: "something follows",
}

// unquoteSum reads a text that is written as "a" x 3 + "b".
func unquoteSum(sum string) (string, error) {
	var text strings.Builder
	for sum != "" {
		quoted, err := strconv.QuotedPrefix(sum)
		if err != nil {
			return "", err
		}
		piece, _ := strconv.Unquote(quoted) // as it is quoted
		times := 1
		sum = sum[len(quoted):]
		if number, ok := strings.CutPrefix(sum, " x "); ok {
			number, rest, found := strings.Cut(number, " ")
			if times, err = strconv.Atoi(number); err != nil {
				return "", err
			}
			if sum = ""; found {
				sum = " " + rest
			}
		}
		text.WriteString(strings.Repeat(piece, times))
		sum = strings.TrimPrefix(sum, " + ")
	}
	return text.String(), nil
}

package jsonpath

import (
	"fmt"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/jsontext"
)

// missing says what should stand where something else does.
var missing = [...]string{
	jsontext.NoValue:          "a value",
	jsontext.NoKey:            "a name in double quotes",
	jsontext.NoColon:          "a colon",
	jsontext.NoCommaOrBrace:   "a comma or }",
	jsontext.NoCommaOrBracket: "a comma or ]",
}

// broken says why a text is no JSON.
func (s *Scanner) broken(f *jsontext.Fault) int {
	switch f.Problem {
	case jsontext.TooDeep:
		return s.fail(f.At, "the JSON is nested more than %d levels deep", jsontext.MaxDepth)
	case jsontext.BadEscape:
		return s.expected("an escape such as \\n or \\u00e9", f.At+1)
	case jsontext.HalfPair:
		return s.fail(f.At, `broken JSON: %s is half of a surrogate pair, without the other half`, s.line[f.At:][:len(`\ud83d`)])
	case jsontext.Control:
		return s.expected(`a closing " or a character that is not a control character`, f.At)
	case jsontext.NotUTF8:
		return s.fail(f.At, `broken JSON: \x%02x is not valid UTF-8`, s.line[f.At])
	case jsontext.NoValue:
		if digit, ok := jsontext.Number(s.line, f.At); !ok && digit > f.At {
			return s.expected("a digit", digit)
		}
	}
	return s.expected(missing[f.Problem], f.At)
}

func (s *Scanner) expected(what string, at int) int {
	found := "the end"
	if at < len(s.text) {
		_, size := utf8.DecodeRune(s.text[at:])
		found = fmt.Sprintf("%q", s.text[at:at+size])
	}
	return s.fail(at, "broken JSON: %s should stand where %s is", what, found)
}

// fail notes what is wrong at a position.
func (s *Scanner) fail(at int, format string, args ...any) int {
	s.err = fmt.Errorf(format+", at byte %d", append(args, at+1)...)
	return -1
}

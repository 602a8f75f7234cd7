package json

// extent finds where a value of a document ends, by its quotes, braces and brackets
// alone: whether it is JSON is seen when it is decoded. It goes on where it stopped
// when there is more text.
type extent struct {
	at        int    // where in the text it has come
	gone      int64  // bytes of the value that are no longer in the text
	lines     int64  // line ends among them
	lineStart int64  // behind the last of them, from the start of the value
	quoted    bool   // at lies in a string
	depth     int    // braces and brackets that are open
	objects   []bool // which of them are braces
	crossed   bool   // a brace is closed by a bracket, or the other way round
}

// What a byte is to extent.
const (
	plainByte = iota
	quoteByte
	escapeByte
	openByte
	closeByte
	feedByte
	gapByte // ends a word such as 12 or true
)

var classes = [256]uint8{'"': quoteByte, '\\': escapeByte, '{': openByte, '[': openByte, '}': closeByte, ']': closeByte,
	'\n': feedByte, ' ': gapByte, '\t': gapByte, '\r': gapByte, ',': gapByte}

// reset makes it one of a value that has not been looked at.
func (e *extent) reset() { *e = extent{objects: e.objects[:0]} }

// find goes on in text, which begins with the value or what is left of it, and
// reports whether the value ends in it: at is where, then.
func (e *extent) find(text []byte) bool {
	for ; e.at < len(text); e.at++ {
		switch classes[text[e.at]] {
		case plainByte:
		case quoteByte:
			if e.quoted = !e.quoted; !e.quoted && e.depth == 0 {
				e.at++
				return true
			}
		case escapeByte:
			if !e.quoted {
				continue
			}
			if e.at+1 == len(text) {
				return false
			}
			if c := text[e.at+1]; c == '"' || c == '\\' {
				e.at++
			}
		case feedByte:
			if e.depth == 0 && !e.quoted {
				return true
			}
			e.lines++
			e.lineStart = e.gone + int64(e.at) + 1
		default:
			if !e.quoted && e.bracket(text[e.at]) {
				return true
			}
		}
	}
	return false
}

// bracket follows a brace, bracket or gap, and reports that the value ends with or
// before it.
func (e *extent) bracket(c byte) bool {
	switch c {
	case '{', '[':
		e.objects = append(e.objects, c == '{')
		e.depth++
		return false
	case '}', ']':
		if e.depth == 0 {
			return true
		}
		e.depth--
		if e.objects[e.depth] != (c == '}') {
			e.crossed = true
			return true
		}
		if e.objects = e.objects[:e.depth]; e.depth == 0 {
			e.at++
			return true
		}
		return false
	}
	return e.depth == 0
}

// drop forgets the text, all of which has been looked at.
func (e *extent) drop(text []byte) {
	e.gone += int64(len(text))
	e.at -= len(text)
}

// isSound reports whether the strings of a value that is not JSON are plain to see: each
// stands on one line, between what may stand beside a string. Then quotes are not
// taken for others, and the value ends where extent finds its end.
func isSound(value []byte) bool {
	before := byte(':') // the last byte that is not blank
	for at := 0; at < len(value); at++ {
		c := value[at]
		switch {
		case c == '"':
			end, ok := stringEnd(value, at)
			if !ok || !mayStandBefore(before) || !mayStandBehind(value[end:]) {
				return false
			}
			at, before = end-1, '"'
		case c != ' ' && c != '\t' && c != '\r' && c != '\n':
			before = c
		}
	}
	return true
}

func mayStandBefore(c byte) bool { return c == ':' || c == ',' || c == '[' || c == '{' }

func mayStandBehind(text []byte) bool {
	for _, c := range text {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == ':' || c == ',' || c == ']' || c == '}'
		}
	}
	return true
}

// stringEnd returns the position behind a string that ends on its line.
func stringEnd(value []byte, at int) (int, bool) {
	for at++; at < len(value); at++ {
		switch value[at] {
		case '"':
			return at + 1, true
		case '\n':
			return 0, false
		case '\\':
			at++
		}
	}
	return 0, false
}

package json

// maxDepth is how deep values may be nested that nobody wants; those of the
// schema are as deep as it says.
const maxDepth = 200

// nest is the objects and lists that a position lies in, the innermost last.
type nest struct {
	objects [(maxDepth + 63) / 64]uint64 // bit i: level i is an object
	depth   int
}

func (n *nest) push(brace byte) {
	word, bit := &n.objects[n.depth>>6], uint64(1)<<(n.depth&63)
	*word &^= bit
	if brace == '{' {
		*word |= bit
	}
	n.depth++
}

func (n *nest) inObject() bool {
	i := n.depth - 1
	return n.objects[i>>6]>>(i&63)&1 != 0
}

// closing is the brace or bracket that ends the innermost level.
func (n *nest) closing() byte {
	if n.inObject() {
		return '}'
	}
	return ']'
}

// skip checks the value at a position and returns the position behind it.
func (d *Decoder) skip(buf []byte, at int) int {
	if c := buf[at]; c != '{' && c != '[' {
		return d.skipScalar(buf, at)
	}
	var n nest
	for {
		if at = d.descend(&n, buf, at); at < 0 {
			return at
		}
		if at = d.ascend(&n, buf, at); at < 0 || n.depth == 0 {
			return at
		}
	}
}

// descend goes from the start of a value to the end of the first one in it that
// holds no other.
func (d *Decoder) descend(n *nest, buf []byte, at int) int {
	for buf[at] == '{' || buf[at] == '[' {
		if n.depth == maxDepth {
			return d.fail(at, "the value is nested deeper than %d levels", maxDepth)
		}
		n.push(buf[at])
		at = blank(buf, at+1)
		if buf[at] == n.closing() {
			n.depth--
			return at + 1
		}
		if n.inObject() {
			if at = d.skipKey(buf, at); at < 0 {
				return at
			}
		}
	}
	return d.skipScalar(buf, at)
}

// ascend goes from the end of a value to the start of the next one, or to the
// end of the outermost.
func (d *Decoder) ascend(n *nest, buf []byte, at int) int {
	for n.depth > 0 {
		at = blank(buf, at)
		switch {
		case buf[at] == n.closing():
			n.depth--
			at++
		case buf[at] != ',' && n.inObject():
			return d.unexpected(buf, at, "a comma or a closing brace")
		case buf[at] != ',':
			return d.unexpected(buf, at, "a comma or a closing bracket")
		case n.inObject():
			return d.skipKey(buf, blank(buf, at+1))
		default:
			return blank(buf, at+1)
		}
	}
	return at
}

// skipKey returns the start of the value behind the key at a position.
func (d *Decoder) skipKey(buf []byte, at int) int {
	if buf[at] != '"' {
		return d.unexpected(buf, at, "a key in quotes")
	}
	end, _ := d.str(buf, at+1)
	if end < 0 {
		return end
	}
	if at = blank(buf, end+1); buf[at] != ':' {
		return d.unexpected(buf, at, "a colon")
	}
	return blank(buf, at+1)
}

func (d *Decoder) skipScalar(buf []byte, at int) int {
	end := -1
	switch buf[at] {
	case '"':
		if end, _ = d.str(buf, at+1); end < 0 {
			return end
		}
		return end + 1
	case 't':
		end = literal(buf, at, "true")
	case 'f':
		end = literal(buf, at, "false")
	case 'n':
		end = literal(buf, at, "null")
	default:
		end = scanNumber(buf, at)
	}
	if end < 0 {
		return d.unexpected(buf, at, "a value")
	}
	return end
}

// literal returns the position behind a word, or -1 where another one stands.
func literal(buf []byte, at int, word string) int {
	if len(buf)-at < len(word) || string(buf[at:at+len(word)]) != word {
		return -1
	}
	return at + len(word)
}

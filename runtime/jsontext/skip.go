package jsontext

// MaxDepth is how deep lists and objects may be nested.
const MaxDepth = 200

// nest is the objects and lists that a position lies in, the innermost last.
type nest struct {
	objects [(MaxDepth + 63) / 64]uint64 // bit i: level i is an object
	depth   int
	most    int // that depth may be
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

// Skip checks the value that begins at a position and returns the position behind it.
// depth is how many lists and objects of [MaxDepth] it lies in. It does not recurse, so
// that no text takes more stack than another.
func Skip(line []byte, at, depth int) (end int, fault *Fault) {
	if c := line[at]; c != '{' && c != '[' {
		return skipScalar(line, at)
	}
	n := nest{most: MaxDepth - depth}
	for {
		if at, fault = n.descend(line, at); fault != nil {
			return 0, fault
		}
		if at, fault = n.ascend(line, at); fault != nil || n.depth == 0 {
			return at, fault
		}
	}
}

// descend goes from the start of a value to the end of the first one in it that
// holds no other.
func (n *nest) descend(line []byte, at int) (int, *Fault) {
	var fault *Fault
	for line[at] == '{' || line[at] == '[' {
		if n.depth == n.most {
			return 0, &Fault{at, TooDeep}
		}
		n.push(line[at])
		at = Blank(line, at+1)
		if line[at] == n.closing() {
			n.depth--
			return at + 1, nil
		}
		if n.inObject() {
			if at, fault = skipKey(line, at); fault != nil {
				return 0, fault
			}
		}
	}
	return skipScalar(line, at)
}

// ascend goes from the end of a value to the start of the next one, or to the
// end of the outermost.
func (n *nest) ascend(line []byte, at int) (int, *Fault) {
	for n.depth > 0 {
		at = Blank(line, at)
		switch {
		case line[at] == n.closing():
			n.depth--
			at++
		case line[at] != ',' && n.inObject():
			return 0, &Fault{at, NoCommaOrBrace}
		case line[at] != ',':
			return 0, &Fault{at, NoCommaOrBracket}
		case n.inObject():
			return skipKey(line, Blank(line, at+1))
		default:
			return Blank(line, at+1), nil
		}
	}
	return at, nil
}

// skipKey returns the start of the value behind the key at a position.
func skipKey(line []byte, at int) (int, *Fault) {
	_, _, next, fault := Key(line, at)
	if fault != nil {
		return 0, fault
	}
	return Blank(line, next), nil
}

func skipScalar(line []byte, at int) (end int, fault *Fault) {
	switch line[at] {
	case '"':
		end, _, fault = String(line, at)
		return end, fault
	case 't':
		end = Literal(line, at, "true")
	case 'f':
		end = Literal(line, at, "false")
	case 'n':
		end = Literal(line, at, "null")
	default:
		var ok bool
		if end, ok = Number(line, at); !ok {
			end = -1
		}
	}
	if end < 0 {
		return 0, &Fault{at, NoValue}
	}
	return end, nil
}

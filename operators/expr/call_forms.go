package expr

// Some functions of the SQL standard have words between their arguments. They
// become calls of the usual form, and are printed as such.

// arguments reads the arguments of a call and the closing parenthesis.
func (p *parser) arguments(c *call) {
	switch c.name {
	case "trim":
		p.trimArguments(c)
	case "substring":
		p.substringArguments(c)
	case "position":
		p.positionArguments(c)
	case "extract":
		p.extractArguments(c)
	case "timestampdiff", "timestampadd":
		p.unitArguments(c)
	default:
		c.args = p.list(")")
	}
}

// trimArguments reads "[LEADING | TRAILING | BOTH] [characters] FROM text", or a list.
func (p *parser) trimArguments(c *call) {
	for word, name := range map[string]string{"LEADING": "ltrim", "TRAILING": "rtrim", "BOTH": "trim"} {
		if p.tok.isWord(word) && !p.isLastArgument() {
			p.advance()
			c.name = name
			if p.acceptWord("FROM") {
				c.args = []node{p.expr(lowest)}
				p.expect(")", "behind the text")
				return
			}
			p.trimFrom(c, p.expr(lowest))
			return
		}
	}
	first := p.expr(lowest)
	if p.tok.isWord("FROM") {
		p.trimFrom(c, first)
		return
	}
	c.args = p.listAfter(first, ")")
}

// trimFrom reads what stands behind the characters of TRIM.
func (p *parser) trimFrom(c *call, characters node) {
	if !p.acceptWord("FROM") {
		p.unexpected("FROM and the text to trim")
	}
	c.args = []node{p.expr(lowest), characters}
	p.expect(")", "behind the text")
}

// isLastArgument reports whether what is next ends with its first token, so that a
// column may be named like a word of the grammar.
func (p *parser) isLastArgument() bool {
	behind := p.lexer
	t, err := behind.next()
	return err == nil && (t.is(")") || t.is(","))
}

// substringArguments reads "text FROM position [FOR count]", or a list.
func (p *parser) substringArguments(c *call) {
	first := p.expr(lowest)
	if !p.acceptWord("FROM") {
		c.args = p.listAfter(first, ")")
		return
	}
	c.args = []node{first, p.expr(lowest)}
	if p.acceptWord("FOR") {
		c.args = append(c.args, p.expr(lowest))
	}
	p.expect(")", "or FOR and a count")
}

// positionArguments reads "part IN text", which is a call of strpos.
func (p *parser) positionArguments(c *call) {
	part := p.expr(otherLevel)
	if !p.accept("IN") {
		p.unexpected("IN and a text, as in POSITION('b' IN 'abc'),")
	}
	c.name = "strpos"
	c.args = []node{p.expr(lowest), part}
	p.expect(")", "behind the text")
}

// structOf reads "(x AS name, …)"; a column or a field keeps its name.
func (p *parser) structOf(start int) node {
	p.advance()
	n := &structOf{}
	for len(n.items) == 0 || p.accept(",") {
		at := p.tok.start
		x := p.expr(lowest)
		name := ownName(x)
		if p.accept("AS") {
			name = p.fieldName()
		} else if name == "" {
			p.fail(at, p.prevEnd, "a field of a struct has a name, as in struct(x + 1 AS next)")
		}
		n.items, n.names = append(n.items, x), append(n.names, name)
	}
	p.expect(")", "or a comma")
	n.place = p.over(start, n.items...)
	return n
}

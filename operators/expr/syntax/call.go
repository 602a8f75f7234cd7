package syntax

// Some functions of the SQL standard have words between their arguments. They
// become calls of the usual form, and are printed as such.

// arguments reads the arguments of a call and the closing parenthesis.
func (p *parser) arguments(c *Call) {
	switch c.Name {
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
		c.Args = p.list(")")
	}
}

// trimArguments reads "[LEADING | TRAILING | BOTH] [characters] FROM text", or a list.
func (p *parser) trimArguments(c *Call) {
	for word, name := range map[string]string{"LEADING": "ltrim", "TRAILING": "rtrim", "BOTH": "trim"} {
		if p.tok.isWord(word) && !p.isLastArgument() {
			p.advance()
			c.Name = name
			if p.acceptWord("FROM") {
				c.Args = []Node{p.expr(lowest)}
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
	c.Args = p.listAfter(first, ")")
}

// trimFrom reads what stands behind the characters of TRIM.
func (p *parser) trimFrom(c *Call, characters Node) {
	if !p.acceptWord("FROM") {
		p.unexpected("FROM and the text to trim")
	}
	c.Args = []Node{p.expr(lowest), characters}
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
func (p *parser) substringArguments(c *Call) {
	first := p.expr(lowest)
	if !p.acceptWord("FROM") {
		c.Args = p.listAfter(first, ")")
		return
	}
	c.Args = []Node{first, p.expr(lowest)}
	if p.acceptWord("FOR") {
		c.Args = append(c.Args, p.expr(lowest))
	}
	p.expect(")", "or FOR and a count")
}

// positionArguments reads "part IN text", which is a call of strpos.
func (p *parser) positionArguments(c *Call) {
	part := p.expr(otherLevel)
	if !p.accept("IN") {
		p.unexpected("IN and a text, as in POSITION('b' IN 'abc'),")
	}
	c.Name = "strpos"
	c.Args = []Node{p.expr(lowest), part}
	p.expect(")", "behind the text")
}

// structOf reads "(x AS name, …)"; a column or a field keeps its name.
func (p *parser) structOf(start int) Node {
	p.advance()
	n := &Struct{}
	for len(n.Items) == 0 || p.accept(",") {
		at := p.tok.start
		x := p.expr(lowest)
		name := ownName(x)
		if p.accept("AS") {
			name = p.fieldName()
		} else if name == "" {
			p.fail(at, p.prevEnd, "a field of a struct has a name, as in struct(x + 1 AS next)")
		}
		n.Items, n.Names = append(n.Items, x), append(n.Names, name)
	}
	p.expect(")", "or a comma")
	n.Place = p.over(start, n.Items...)
	return n
}

package syntax

import (
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// extractArguments reads "part FROM time", which is a call of date_part.
func (p *parser) extractArguments(c *Call) {
	t := p.tok
	if t.kind != nameToken && t.kind != stringToken || t.quoted {
		p.unexpected("the part to extract, as in EXTRACT(HOUR FROM t),")
		return
	}
	p.advance()
	part := &Literal{p.over(t.start), Value{Type: record.String, Text: strings.ToLower(t.text)}}
	if !p.acceptWord("FROM") {
		p.unexpected("FROM and a time")
		return
	}
	c.Name = "date_part"
	c.Args = []Node{part, p.expr(lowest)}
	p.expect(")", "behind the time")
}

// unitArguments reads a list whose first may be the bare name of a unit.
func (p *parser) unitArguments(c *Call) {
	t := p.tok
	if t.kind != nameToken || t.quoted {
		c.Args = p.list(")")
		return
	}
	p.unit()
	unit := &Literal{p.over(t.start), Value{Type: record.String, Text: strings.ToLower(t.text)}}
	p.expect(",", "behind the unit")
	c.Args = append([]Node{unit}, p.list(")")...)
}

// atZone reads what stands behind "x", which is AT TIME ZONE and the zone.
func (p *parser) atZone(start int, x Node) Node {
	p.advance()
	if !p.acceptWord("TIME") || !p.acceptWord("ZONE") {
		p.unexpected("TIME ZONE after AT")
	}
	zone := p.expr(negateLevel)
	return &AtZone{p.over(start, x, zone), x, zone}
}

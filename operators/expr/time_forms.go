package expr

import (
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// extractArguments reads "part FROM time", which is a call of date_part.
func (p *parser) extractArguments(c *call) {
	t := p.tok
	if t.kind != nameToken && t.kind != stringToken || t.quoted {
		p.unexpected("the part to extract, as in EXTRACT(HOUR FROM t),")
		return
	}
	p.advance()
	part := &literal{p.over(t.start), value{typ: record.String, s: strings.ToLower(t.text)}}
	if !p.acceptWord("FROM") {
		p.unexpected("FROM and a time")
		return
	}
	c.name = "date_part"
	c.args = []node{part, p.expr(lowest)}
	p.expect(")", "behind the time")
}

// unitArguments reads a list whose first may be the bare name of a unit.
func (p *parser) unitArguments(c *call) {
	t := p.tok
	if t.kind != nameToken || t.quoted {
		c.args = p.list(")")
		return
	}
	p.unit()
	unit := &literal{p.over(t.start), value{typ: record.String, s: strings.ToLower(t.text)}}
	p.expect(",", "behind the unit")
	c.args = append([]node{unit}, p.list(")")...)
}

// atZone reads what stands behind "x", which is AT TIME ZONE and the zone.
func (p *parser) atZone(start int, x node) node {
	p.advance()
	if !p.acceptWord("TIME") || !p.acceptWord("ZONE") {
		p.unexpected("TIME ZONE behind AT")
	}
	zone := p.expr(negateLevel)
	return &atZone{p.over(start, x, zone), x, zone}
}

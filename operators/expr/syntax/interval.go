package syntax

import (
	"math/big"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// interval reads what stands behind INTERVAL: '90' MINUTE, 90 MINUTE,
// (column) MINUTE, '1-2' YEAR TO MONTH, or text with units such as '1 day 2 hours'.
func (p *parser) interval(start int) Node {
	switch t := p.tok; {
	case p.accept("("):
		x := p.expr(lowest)
		p.expect(")", "and a unit")
		one := Value{Type: record.Interval}
		one.add(p.unit(), big.NewRat(1, 1))
		lit := &Literal{p.over(p.prevEnd), one}
		return &Binary{p.over(start, x, lit), "*", x, lit}
	case t.kind == numberToken:
		p.advance()
		return p.inUnits(start, t, t.text, p.unit())
	default:
		p.advance()
		if p.tok.kind != nameToken || p.tok.quoted {
			return p.intervalOf(start, t, intervalOfText)
		}
		return p.inUnits(start, t, t.text, p.unit())
	}
}

// inUnits reads the unit's end of a range, if there is one, and returns the interval.
func (p *parser) inUnits(start int, t token, text string, from calendar.Unit) Node {
	to := from
	if p.acceptWord("TO") {
		to = p.unit()
	}
	return p.intervalOf(start, t, func(string) (Value, error) {
		if to == from {
			return intervalIn(text, from)
		}
		return intervalOver(text, from, to)
	})
}

func (p *parser) intervalOf(start int, t token, read func(string) (Value, error)) Node {
	v, err := read(t.text)
	if err != nil {
		p.fail(t.start, t.end, "%v", err)
	}
	return &Literal{p.over(start), v}
}

// unit reads the name of a unit.
func (p *parser) unit() calendar.Unit {
	t := p.tok
	if t.kind != nameToken || t.quoted {
		p.unexpected("a unit of time, such as MINUTE,")
		return calendar.Unit{}
	}
	u, ok := calendar.UnitNamed(t.text)
	if !ok {
		p.fail(t.start, t.end, "there is no unit of time %s%s", t.text, component.Known(strings.ToLower(t.text), calendar.UnitNames()))
	}
	p.advance()
	return u
}

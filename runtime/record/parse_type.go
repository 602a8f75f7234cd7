package record

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseType reads the name of a type as [Type.String] writes it; white space may
// stand between its parts. The error says what is wrong, without a suggestion
// where the name of a simple type is not known: see [UnknownTypeError].
func ParseType(text string) (Type, error) {
	p := typeParser{rest: text}
	t, err := p.parse(0)
	if err == nil {
		if p.space(); p.rest != "" {
			err = fmt.Errorf("%q follows the type %v", p.rest, t)
		}
	}
	if err != nil {
		return Type{}, err
	}
	return t, nil
}

// UnknownTypeError says that there is no type of a name.
type UnknownTypeError struct {
	Name string
}

func (e *UnknownTypeError) Error() string { return fmt.Sprintf("there is no type %q", e.Name) }

type typeParser struct{ rest string }

func (p *typeParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take reads a symbol, if it stands next.
func (p *typeParser) take(symbol string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, symbol)
	p.rest = rest
	return ok
}

func (p *typeParser) expect(symbol, where string) error {
	if p.take(symbol) {
		return nil
	}
	return fmt.Errorf("%q is missing %s", symbol, where)
}

// name reads letters, digits and _.
func (p *typeParser) name() string {
	p.space()
	n := 0
	for n < len(p.rest) && (p.rest[n] == '_' || p.rest[n]-'0' <= 9 || p.rest[n]|0x20-'a' <= 'z'-'a') {
		n++
	}
	name := p.rest[:n]
	p.rest = p.rest[n:]
	return name
}

func (p *typeParser) parse(depth int) (Type, error) {
	if depth > MaxTypeDepth {
		return Type{}, fmt.Errorf("types are nested more than %d deep", MaxTypeDepth)
	}
	name := p.name()
	switch name {
	case "decimal":
		return p.decimal()
	case "list":
		return p.list(depth)
	case "struct":
		return p.structure(depth)
	case "":
		return Type{}, &UnknownTypeError{p.rest}
	}
	for _, t := range simpleTypes {
		if t.String() == name {
			return t, nil
		}
	}
	return Type{}, &UnknownTypeError{name}
}

func (p *typeParser) decimal() (Type, error) {
	var digits [2]int
	for i, before := range []string{"(", ","} {
		v, err := 0, error(nil)
		if p.take(before) {
			v, err = strconv.Atoi(p.name())
		} else if i == 0 {
			err = strconv.ErrSyntax
		}
		if err != nil {
			return Type{}, fmt.Errorf("a decimal says its digits, and how many of them follow the point, as in decimal(12,2)")
		}
		digits[i] = v
	}
	if err := p.expect(")", "after the digits of decimal"); err != nil {
		return Type{}, err
	}
	return DecimalOf(digits[0], digits[1])
}

func (p *typeParser) list(depth int) (Type, error) {
	if err := p.expect("<", "after list, as in list<string>"); err != nil {
		return Type{}, err
	}
	element, err := p.parse(depth + 1)
	if err != nil {
		return Type{}, err
	}
	return ListOf(element), p.expect(">", "behind "+element.String())
}

func (p *typeParser) structure(depth int) (Type, error) {
	if err := p.expect("<", "after struct, as in struct<lat float64, lon float64>"); err != nil {
		return Type{}, err
	}
	var fields []Field
	for len(fields) == 0 || p.take(",") {
		name, err := p.fieldName()
		if err != nil {
			return Type{}, err
		}
		t, err := p.parse(depth + 1)
		if err != nil {
			return Type{}, err
		}
		fields = append(fields, Field{name, t})
	}
	if err := p.expect(">", "after the fields of struct"); err != nil {
		return Type{}, err
	}
	return StructOf(fields...)
}

func (p *typeParser) fieldName() (string, error) {
	if !p.take(`"`) {
		name := p.name()
		if name == "" {
			return "", fmt.Errorf("a field of a struct has a name and a type, as in struct<lat float64, lon float64>")
		}
		return name, nil
	}
	var name strings.Builder
	for {
		before, rest, closed := strings.Cut(p.rest, `"`)
		name.WriteString(before)
		p.rest = rest
		if !closed || !utf8.ValidString(before) {
			return "", fmt.Errorf("the name %q has no closing quote", name.String())
		}
		if !strings.HasPrefix(rest, `"`) {
			return name.String(), nil
		}
		name.WriteByte('"')
		p.rest = rest[1:]
	}
}

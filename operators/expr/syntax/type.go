package syntax

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// typeAliases are the names that other dialects have for our types.
var typeAliases = map[string]string{
	"boolean": "bool", "int": "int32", "integer": "int32", "bigint": "int64", "double": "float64",
	"varchar": "string", "text": "string", "blob": "bytes", "bytea": "bytes", "varbinary": "bytes", "numeric": "decimal",
}

// typeName reads a type as [record.Type.String] writes it, in either case, with
// the names of other dialects; t[] is a list of t.
func (p *parser) typeName(depth int) record.Type {
	t := p.tok
	if t.kind != nameToken || t.quoted {
		p.unexpected(fmt.Sprintf("a type (%s)", strings.Join(record.TypeNames(), ", ")))
		return record.Bool
	}
	if depth > record.MaxTypeDepth {
		return p.deepType(t)
	}
	p.advance()
	typ := p.typeNamed(t, depth)
	for p.accept("[") {
		p.expect("]", "of a list such as string[]")
		if depth+typ.Depth() >= record.MaxTypeDepth {
			return p.deepType(t)
		}
		typ = record.ListOf(typ)
	}
	return typ
}

func (p *parser) deepType(t token) record.Type {
	p.fail(t.start, max(t.end, p.prevEnd), "types are nested more than %d deep", record.MaxTypeDepth)
	return record.Bool
}

// typeNamed reads what stands behind the name of a type.
func (p *parser) typeNamed(t token, depth int) record.Type {
	name := strings.ToLower(t.text)
	if own, ok := typeAliases[name]; ok {
		name = own
	}
	switch name {
	case "decimal":
		return p.decimalType(t)
	case "list":
		p.expect("<", "after list, as in list<string>")
		element := p.typeName(depth + 1)
		p.expect(">", "of list")
		return record.ListOf(element)
	case "struct":
		return p.structType(t, depth)
	}
	typ, err := record.ParseType(name)
	if err != nil {
		p.fail(t.start, t.end, "there is no type %q%s", t.text, component.Known(t.text, record.TypeNames()))
		return record.Bool
	}
	return typ
}

// decimalType reads the digits of a decimal; without a scale it is 0.
func (p *parser) decimalType(t token) record.Type {
	p.expect("(", "and the digits, as in decimal(12,2),")
	precision, scale := p.digits(), 0
	if p.accept(",") {
		scale = p.digits()
	}
	p.expect(")", "after the digits of decimal")
	typ, err := record.DecimalOf(precision, scale)
	if err != nil {
		p.fail(t.start, p.prevEnd, "%v", err)
		return record.Bool
	}
	return typ
}

func (p *parser) digits() int {
	n, err := strconv.Atoi(p.tok.text)
	if p.tok.kind != numberToken || err != nil {
		p.unexpected("a number of digits, as in decimal(12,2),")
		return 0
	}
	p.advance()
	return n
}

func (p *parser) structType(t token, depth int) record.Type {
	p.expect("<", "after struct, as in struct<lat float64, lon float64>")
	var fields []record.Field
	for len(fields) == 0 || p.accept(",") {
		name := p.fieldName()
		fields = append(fields, record.Field{Name: name, Type: p.typeName(depth + 1)})
	}
	p.expect(">", "of struct")
	typ, err := record.StructOf(fields...)
	if err != nil {
		p.fail(t.start, p.prevEnd, "%v", err)
		return record.Bool
	}
	return typ
}

// fieldName reads the name of a struct's field, which may be a keyword.
func (p *parser) fieldName() string {
	t := p.tok
	if t.kind != nameToken && t.kind != keywordToken {
		p.unexpected("the name of a field")
		return ""
	}
	p.advance()
	if t.kind == keywordToken {
		return p.lexer.text[t.start:t.end]
	}
	return t.text
}

package expr

import (
	"strings"

	"github.com/weirstream/weir/operators/expr/nested"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

func (c *checker) field(n *syntax.Field) *typed {
	if dotted := c.dottedColumn(n); dotted != "" {
		return c.errorf(n, `a column with a point in its name is written "%s"`, dotted)
	}
	x := c.check(n.X)
	if x == nil {
		return nil
	}
	switch x.typ.Kind {
	case record.KindStruct:
	case record.KindList:
		return c.errorf(n.X, "%s is %v; a field is of one element, as in %s[1].%s", c.excerpt(n.X), x.typ, c.excerpt(n.X), n.Name)
	default:
		return c.errorf(n.X, "%s is %v, not a struct with fields", c.excerpt(n.X), c.nameOf(x))
	}
	i := x.typ.Index(n.Name)
	if i < 0 {
		names := make([]string, len(x.typ.Fields()))
		for j, f := range x.typ.Fields() {
			names[j] = f.Name
		}
		return c.errorf(n, "%s has no field %q%s", c.excerpt(n.X), n.Name, component.Known(n.Name, names))
	}
	return c.typed(n, x.typ.Fields()[i].Type, nested.Field(i), x)
}

// nameOf returns the name of a piece's type for messages.
func (c *checker) nameOf(x *typed) string {
	if x.isUntyped() {
		return "NULL"
	}
	return x.typ.String()
}

// dottedColumn returns the name of the column that "a.b" stands for if it is read
// as one name, where there is no column a.
func (c *checker) dottedColumn(n *syntax.Field) string {
	path := []string{n.Name}
	for x := n.X; ; {
		switch y := x.(type) {
		case *syntax.Field:
			path, x = append([]string{y.Name}, path...), y.X
			continue
		case *syntax.Column:
			name := strings.Join(append([]string{y.Name}, path...), ".")
			if c.schema.Index(y.Name) < 0 && c.schema.Index(name) >= 0 {
				return name
			}
		}
		return ""
	}
}

func (c *checker) element(n *syntax.Element) *typed {
	args := c.all(n.X, n.Index)
	if args == nil {
		return nil
	}
	list, index := args[0], args[1]
	switch list.typ.Kind {
	case record.KindList:
	case record.KindStruct:
		return c.errorf(n.X, "%s is %v; a field is written with a point, as in %s.%s",
			c.excerpt(n.X), list.typ, c.excerpt(n.X), list.typ.Fields()[0].Name)
	default:
		return c.errorf(n.X, "%s is %v, not a list", c.excerpt(n.X), c.nameOf(list))
	}
	t, ok := index.fit(record.Int64)
	if !ok {
		return c.errorf(n.Index, "%s is %v; a position in a list is an int64, 1 of the first element", c.excerpt(n.Index), index.typ)
	}
	return c.typed(n, list.typ.Element(), nested.Element, list, c.convert(index, t))
}

func (c *checker) listOf(n *syntax.List) *typed {
	items := c.all(n.Items...)
	if items == nil {
		return nil
	}
	for _, x := range items {
		if !c.storable(x) {
			return nil
		}
	}
	t, items := c.unify(items, "the elements of a list")
	if items == nil {
		return nil
	}
	if t == (record.Type{}) {
		return c.errorf(n, "the type of the list's elements is not known here; write CAST(NULL AS int64) or another type")
	}
	return c.typed(n, record.ListOf(t), nested.List, items...)
}

func (c *checker) structOf(n *syntax.Struct) *typed {
	items := c.all(n.Items...)
	if items == nil {
		return nil
	}
	fields := make([]record.Field, len(items))
	for i, x := range items {
		if x.isUntyped() {
			return c.errorf(x.node, "the type of NULL is not known here; write CAST(NULL AS int64) or another type")
		}
		if !c.storable(x) {
			return nil
		}
		fields[i] = record.Field{Name: n.Names[i], Type: x.typ}
	}
	t, err := record.StructOf(fields...)
	if err != nil {
		return c.errorf(n, "%v", err)
	}
	return c.typed(n, t, nested.Struct, items...)
}

package expr

import (
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// kernelTypes are the types that kernels are tested with: of each kind at least one.
var kernelTypes = []record.Type{
	record.Bool, record.Int32, record.Int64, record.Float64, number.DecimalType(10, 2), number.DecimalType(38, 10), record.String,
	record.Bytes,
	record.Timestamp, record.Date, record.Local, record.Interval, record.Months,
	record.ListOf(record.String), record.ListOf(record.Int64), record.ListOf(itemType), geoType,
}

// argumentTypes returns the types that arguments for parameters may have.
func argumentTypes(params []record.Type) (all [][]record.Type) {
	if !slices.Contains(params, kernel.Common) {
		return typesWith(params, kernel.Common)
	}
	for _, bound := range kernelTypes {
		all = append(all, typesWith(params, bound)...)
	}
	return all
}

// typesWith returns those where common stands for one type.
func typesWith(params []record.Type, bound record.Type) [][]record.Type {
	all := [][]record.Type{nil}
	for _, p := range params {
		options := slices.DeleteFunc(slices.Clone(kernelTypes), func(t record.Type) bool { return t.Kind != p.Kind })
		switch p {
		case kernel.Common:
			options = []record.Type{bound}
		case kernel.AnyDecimal, kernel.AnyList:
		default:
			options = []record.Type{p}
		}
		var longer [][]record.Type
		for _, types := range all {
			for _, t := range options {
				longer = append(longer, append(slices.Clip(types), t))
			}
		}
		all = longer
	}
	return all
}

// constantTexts are texts that arguments must be at times: units, paths, patterns
// and zones.
var constantTexts = []string{"day", "month", "week", "microsecond", "$.a.b[1]", "%Y-%m-%d %H:%M:%S", "Europe/Berlin", "(l+)(o)?", "%l_"}

// literalsFor returns constants for the arguments whose bits are set, none where
// one has a type of which no constant is read.
func literalsFor(types []record.Type, constants int) [][]*syntax.Value {
	all := [][]*syntax.Value{nil}
	for i, t := range types {
		options := []*syntax.Value{nil}
		if constants>>i&1 != 0 {
			options = literalsOf(t)
		}
		var longer [][]*syntax.Value
		for _, literals := range all {
			for _, v := range options {
				longer = append(longer, append(slices.Clip(literals), v))
			}
		}
		all = longer
	}
	return all
}

func literalsOf(t record.Type) (all []*syntax.Value) {
	switch t {
	case record.String:
		for _, text := range constantTexts {
			all = append(all, &syntax.Value{Type: t, Text: text})
		}
	case record.Int64, record.Months:
		all = []*syntax.Value{{Type: t, Int: 2}}
	case record.Interval:
		all = []*syntax.Value{{Type: t, Int: 90 * calendar.MicrosPerMinute}}
	}
	return all
}

// formKernels returns the kernels of the forms of the grammar, for operands of each
// type.
func formKernels(t testing.TB) (all []kernelCase) {
	for _, of := range kernelTypes {
		if kernel.StoredType(of) != of {
			continue // no column has it
		}
		schema := record.MustSchema(record.Field{Name: "p", Type: record.Bool}, record.Field{Name: "a", Type: of},
			record.Field{Name: "b", Type: of}, record.Field{Name: "i", Type: record.Int64})
		for _, text := range formsOf(of) {
			all = append(all, kernelCase{mustCheck(t, text, schema), schema})
		}
	}
	return all
}

func formsOf(t record.Type) []string {
	texts := []string{
		"a IS NULL", "a IS NOT NULL", "CASE WHEN p THEN a ELSE b END", "CASE WHEN NOT p THEN a WHEN i > 1 THEN b END",
		"CASE WHEN 1 / i > 0 THEN a ELSE b END", "coalesce(a, b)", "coalesce(CASE WHEN p THEN a END, b)", "[a, b]", "[a, b][i]",
		"struct(a AS x, b AS y).y", "struct(a AS x, b AS y)",
	}
	switch {
	case t == geoType:
		return append(texts, "a.lat", "a.name || b.name", "[a, b][i].lat")
	case t.Kind == record.KindList:
		return append(texts, "a[1]", "a[i]", "cardinality(CASE WHEN p THEN a ELSE b END)")
	case t == record.Bool:
		texts = append(texts, "a IS TRUE", "a IS NOT TRUE", "a IS FALSE", "a IS NOT FALSE", "a AND 1 / i > 0", "a OR 1 / i > 0",
			"NOT (a AND NOT b)")
	case t == record.String:
		texts = append(texts, "a LIKE 'a%'", "a LIKE '%b%'", "a LIKE '_b'", "a ILIKE 'H%'", "a LIKE b", "a NOT ILIKE b", "a LIKE b ESCAPE '%'")
	case t == record.Timestamp:
		texts = append(texts, "EXTRACT(month FROM a)", "EXTRACT(epoch FROM a - b)", "a AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'Asia/Tokyo'")
	}
	values := interestingOf(t)
	in := func(cells ...cell) string {
		var list []string
		for _, v := range cells {
			list = append(list, literalOf(v, t))
		}
		return strings.Join(list, ", ")
	}
	return append(texts, "a IN (b, b)", "a NOT IN (b)", "a BETWEEN b AND a", "b NOT BETWEEN a AND a", "CASE a WHEN b THEN i ELSE 0 END",
		"a IN ("+in(values...)+")", "a NOT IN ("+in(values[0], nil)+")")
}

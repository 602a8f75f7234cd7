package expr

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// The reference computes an expression row by row, straight from the syntax
// tree, in the plainest way: numbers as fractions of any size. It shares with the
// code under test the parser, the types of pieces, which have golden files, and
// the text forms of package record.

var errRow = errors.New("no value")

type reference struct {
	schema *record.Schema
	types  map[syntax.Node]record.Type // of pieces seen before
}

func newReference(schema *record.Schema) reference {
	return reference{schema, map[syntax.Node]record.Type{}}
}

// typeOf returns the type of a piece; zero of one that is always NULL.
func (x reference) typeOf(n syntax.Node) record.Type {
	t, ok := x.types[n]
	if !ok {
		t = (&checker{schema: x.schema}).check(n).typ
		x.types[n] = t
	}
	return t
}

// eval returns the value of a piece for a row, or errRow.
func (x reference) eval(n syntax.Node, row map[string]cell) (cell, error) {
	switch n := n.(type) {
	case *syntax.Column:
		return row[n.Name], nil
	case *syntax.Literal:
		return cellOf(n.Value), nil
	case *syntax.Unary:
		v, err := x.eval(n.X, row)
		switch v := v.(type) {
		case bool:
			return !v, err
		case float64:
			return -v, err
		case nil:
			return nil, err
		default:
			return ratCell(new(big.Rat).Neg(ratOf(v)), x.typeOf(n))
		}
	case *syntax.Binary:
		return x.binary(n, row)
	case *syntax.Is:
		v, err := x.eval(n.X, row)
		if n.What == "NULL" {
			return (v == nil) != n.Not, err
		}
		return (v == map[string]cell{"TRUE": true, "FALSE": false}[n.What]) != n.Not, err
	case *syntax.In:
		v, err := x.anyEqual(n, row)
		return negated(v, n.Not), err
	case *syntax.Between:
		v, err := x.binary(&syntax.Binary{Op: "AND", Left: &syntax.Binary{Op: ">=", Left: n.X, Right: n.Low},
			Right: &syntax.Binary{Op: "<=", Left: n.X, Right: n.High}}, row)
		return negated(v, n.Not), err
	case *syntax.Like:
		return x.like(n, row)
	case *syntax.Case:
		return x.caseOf(n, row)
	case *syntax.Cast:
		v, err := x.eval(n.X, row)
		if err != nil || v == nil {
			return nil, err
		}
		if v, err = castCell(v, x.typeOf(n.X), n.Type); err != nil && n.Try {
			return nil, nil
		}
		return v, err
	case *syntax.Struct:
		fields := object{}
		for _, item := range n.Items {
			v, err := x.eval(item, row)
			if err != nil {
				return nil, err
			}
			fields = append(fields, v)
		}
		return fields, nil
	case *syntax.Field:
		v, err := x.eval(n.X, row)
		if err != nil || v == nil {
			return nil, err
		}
		return v.(object)[x.typeOf(n.X).Index(n.Name)], nil
	case *syntax.Element:
		return x.element(n, row)
	case *syntax.List:
		t, items := x.typeOf(n).Element(), list{}
		for _, item := range n.Items {
			v, err := x.as(item, t, row)
			if err != nil {
				return nil, err
			}
			items = append(items, v)
		}
		return items, nil
	case *syntax.Call:
		return x.call(n, row)
	}
	panic(fmt.Sprintf("no reference for %T", n))
}

// as returns the value of a piece as a t, which it converts to.
func (x reference) as(n syntax.Node, t record.Type, row map[string]cell) (cell, error) {
	v, err := x.eval(n, row)
	if err != nil || v == nil {
		return nil, err
	}
	if _, ok := n.(*syntax.Literal); ok && t == record.Float64 {
		f, err := strconv.ParseFloat(strings.Trim(drawCell(v), "'"), 64)
		return f, err
	}
	return castCell(v, x.typeOf(n), t)
}

func (x reference) element(n *syntax.Element, row map[string]cell) (cell, error) {
	v, err := x.eval(n.X, row)
	if err != nil {
		return nil, err
	}
	index, err := x.as(n.Index, record.Int64, row)
	if err != nil || v == nil || index == nil {
		return nil, err
	}
	items, at := v.(list), index.(int64)
	switch n := int64(len(items)); {
	case at >= 1 && at <= n:
		return items[at-1], nil
	case at <= -1 && at >= -n:
		return items[n+at], nil
	}
	return nil, nil
}

func cellOf(v syntax.Value) cell {
	switch {
	case v.IsNull():
		return nil
	case v.Type == record.Bool:
		return v.Int != 0
	case v.Type == record.Int64:
		return v.Int
	case v.Type == record.Float64:
		return v.Float
	case v.Type.Kind == record.KindDecimal:
		return dec{v.Decimal, int(v.Type.Scale)}
	case v.Type == record.Timestamp:
		return record.Time(v.Int)
	case v.Type == record.Date:
		return day(v.Int)
	case v.Type == record.Bytes:
		return raw(v.Text)
	}
	return v.Text
}

// ratOf returns an exact number.
func ratOf(v cell) *big.Rat {
	r, _ := new(big.Rat).SetString(drawCell(v))
	return r
}

// ratCell returns a number as an exact type, rounded half away from zero, or
// errRow where it is out of range.
func ratCell(v *big.Rat, t record.Type) (cell, error) {
	scale := int64(t.Scale)
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(scale), nil)
	scaled := new(big.Rat).Mul(v, new(big.Rat).SetInt(power))
	twice := new(big.Int).Add(new(big.Int).Lsh(new(big.Int).Abs(scaled.Num()), 1), scaled.Denom())
	whole := twice.Quo(twice, new(big.Int).Lsh(scaled.Denom(), 1))
	if v.Sign() < 0 {
		whole.Neg(whole)
	}
	switch t.Kind {
	case record.KindInt32:
		if whole.IsInt64() && int64(int32(whole.Int64())) == whole.Int64() {
			return int32(whole.Int64()), nil
		}
	case record.KindInt64:
		if whole.IsInt64() {
			return whole.Int64(), nil
		}
	case record.KindDecimal:
		limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Precision)), nil)
		if whole.CmpAbs(limit) < 0 {
			n, _, err := decimal.Parse([]byte(whole.String()), decimal.MaxPrecision, 0)
			return dec{n, int(t.Scale)}, err
		}
	}
	return nil, errRow
}

func negated(v cell, not bool) cell {
	if b, ok := v.(bool); ok {
		return b != not
	}
	return v
}

func (x reference) binary(n *syntax.Binary, row map[string]cell) (cell, error) {
	if n.Op == "AND" || n.Op == "OR" {
		return x.logic(n, row)
	}
	lt, rt := x.typeOf(n.Left), x.typeOf(n.Right)
	if lt == record.Float64 || rt == record.Float64 {
		left, err := x.as(n.Left, record.Float64, row)
		if err != nil {
			return nil, err
		}
		right, err := x.as(n.Right, record.Float64, row)
		if err != nil || left == nil || right == nil {
			return nil, err
		}
		if strings.Contains("+-*/%", n.Op) {
			return floatArithmetic(n.Op, left.(float64), right.(float64))
		}
		return related(n.Op, compareFloats(left.(float64), right.(float64))), nil
	}
	if lt == record.Date && rt == record.Timestamp {
		lt = rt
	} else if lt == record.Timestamp && rt == record.Date {
		rt = lt
	}
	left, err := x.as(n.Left, lt, row)
	if err != nil {
		return nil, err
	}
	right, err := x.as(n.Right, rt, row)
	switch {
	case err != nil || left == nil || right == nil:
		return nil, err
	case n.Op == "||":
		return left.(string) + right.(string), nil
	case strings.Contains("+-*/%", n.Op):
		return exactArithmetic(n.Op, ratOf(left), ratOf(right), x.typeOf(n))
	case lt.IsNumber():
		return related(n.Op, ratOf(left).Cmp(ratOf(right))), nil
	}
	return related(n.Op, compareCells(left, right)), nil
}

func related(op string, order int) bool {
	return map[string]bool{"=": order == 0, "<>": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op]
}

func (x reference) logic(n *syntax.Binary, row map[string]cell) (cell, error) {
	decider := n.Op == "OR"
	left, err := x.eval(n.Left, row)
	if err != nil || left == decider {
		return left, err
	}
	right, err := x.eval(n.Right, row)
	if err != nil || right == decider {
		return right, err
	}
	if left == nil || right == nil {
		return nil, nil
	}
	return !decider, nil
}

// exactArithmetic rounds the exact result to the type; integers are cut.
func exactArithmetic(op string, a, b *big.Rat, t record.Type) (cell, error) {
	v := new(big.Rat)
	if (op == "/" || op == "%") && b.Sign() == 0 {
		return nil, errRow
	}
	switch op {
	case "+":
		v.Add(a, b)
	case "-":
		v.Sub(a, b)
	case "*":
		v.Mul(a, b)
	case "/":
		if v.Quo(a, b); t.Kind != record.KindDecimal {
			v.SetInt(cut(v))
		}
	case "%":
		times := new(big.Rat).SetInt(cut(new(big.Rat).Quo(a, b)))
		v.Sub(a, times.Mul(times, b))
	}
	return ratCell(v, t)
}

// cut rounds towards zero.
func cut(v *big.Rat) *big.Int { return new(big.Int).Quo(v.Num(), v.Denom()) }

func floatArithmetic(op string, a, b float64) (cell, error) {
	if (op == "/" || op == "%") && b == 0 {
		return nil, errRow
	}
	switch op {
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	case "/":
		return a / b, nil
	}
	return math.Mod(a, b), nil
}

func compareFloats(a, b float64) int {
	switch aNaN, bNaN := math.IsNaN(a), math.IsNaN(b); {
	case aNaN && bNaN:
		return 0
	case aNaN:
		return 1
	case bNaN:
		return -1
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func compareCells(left, right cell) int {
	switch a := left.(type) {
	case record.Time, day:
		return microsOf(a).Cmp(microsOf(right))
	case string:
		return strings.Compare(a, right.(string))
	case raw:
		return strings.Compare(string(a), string(right.(raw)))
	case bool:
		return map[bool]int{false: 0, true: 1}[a] - map[bool]int{false: 0, true: 1}[right.(bool)]
	}
	return 0
}

// microsOf returns the µs since 1970 of a timestamp, or of the midnight of a date.
func microsOf(v cell) *big.Int {
	if d, ok := v.(day); ok {
		return new(big.Int).Mul(big.NewInt(int64(d)), big.NewInt((24 * time.Hour).Microseconds()))
	}
	return big.NewInt(int64(v.(record.Time)))
}

func (x reference) anyEqual(n *syntax.In, row map[string]cell) (cell, error) {
	any := cell(false)
	for _, item := range n.List {
		v, err := x.binary(&syntax.Binary{Op: "=", Left: n.X, Right: item}, row)
		switch {
		case err != nil:
			return nil, err
		case v == true:
			return true, nil
		case v == nil:
			any = nil
		}
	}
	return any, nil
}

func (x reference) caseOf(n *syntax.Case, row map[string]cell) (cell, error) {
	t := x.typeOf(n)
	for _, a := range n.Arms {
		when := a.When
		if n.Operand != nil {
			when = &syntax.Binary{Op: "=", Left: n.Operand, Right: a.When}
		}
		v, err := x.eval(when, row)
		if err != nil {
			return nil, err
		}
		if v == true {
			return x.as(a.Then, t, row)
		}
	}
	if n.Otherwise != nil {
		return x.as(n.Otherwise, t, row)
	}
	return nil, nil
}

func (x reference) call(n *syntax.Call, row map[string]cell) (cell, error) {
	if f, ok := referenceCalls[n.Name]; ok {
		return x.callEval(f, n, row)
	}
	t := x.typeOf(n)
	if n.Name == "greatest" || n.Name == "least" {
		return x.extreme(n, t, row)
	}
	for _, arg := range n.Args {
		v, err := x.as(arg, t, row)
		if err != nil {
			return nil, err
		}
		if v == nil {
			continue
		}
		if n.Name != "abs" {
			return v, nil
		}
		if f, ok := v.(float64); ok {
			return math.Abs(f), nil
		}
		return ratCell(new(big.Rat).Abs(ratOf(v)), t)
	}
	return nil, nil
}

// extreme returns the first of the greatest, or of the least, arguments.
func (x reference) extreme(n *syntax.Call, t record.Type, row map[string]cell) (best cell, err error) {
	wanted := map[string]int{"greatest": 1, "least": -1}[n.Name]
	var values []cell
	for _, arg := range n.Args {
		v, err := x.as(arg, t, row)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	if slices.Contains(values, nil) {
		return nil, nil
	}
	best = values[0]
	for _, v := range values[1:] {
		if order(v, best, t) == wanted {
			best = v
		}
	}
	return best, nil
}

// order compares values of a type.
func order(a, b cell, t record.Type) int {
	switch {
	case t == record.Float64:
		return compareFloats(a.(float64), b.(float64))
	case t.IsNumber():
		return ratOf(a).Cmp(ratOf(b))
	}
	return compareCells(a, b)
}

func castCell(v cell, from, to record.Type) (cell, error) {
	switch {
	case from == to:
		return v, nil
	case from == record.String:
		return castText(strings.TrimSpace(v.(string)), v.(string), to)
	case from == record.Bytes:
		if !utf8.ValidString(string(v.(raw))) {
			return nil, errRow
		}
		return string(v.(raw)), nil
	case to == record.String:
		return textOf(v, from), nil
	case to == record.Bool:
		return ratOf(v).Sign() != 0, nil
	case from == record.Bool:
		n := map[bool]int64{true: 1}[v.(bool)]
		return ratCell(big.NewRat(n, 1), to)
	case to == record.Timestamp:
		if micros := microsOf(v); micros.IsInt64() {
			return record.Time(micros.Int64()), nil
		}
		return nil, errRow
	case to == record.Date:
		return day(math.Floor(float64(v.(record.Time).GoTime().Unix()) / 86400)), nil
	case to == record.Float64:
		return toFloat(v), nil
	case from == record.Float64:
		f := v.(float64)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, errRow
		}
		if to.Kind != record.KindDecimal {
			return ratCell(new(big.Rat).SetFloat64(f), to)
		}
		shortest, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'e', -1, 64))
		return ratCell(shortest, to)
	}
	return ratCell(ratOf(v), to)
}

// textOf is how package record writes a value.
func textOf(v cell, t record.Type) string {
	c := record.NewPool().NewColumn(t, 1)
	appendCell(c, v)
	return string(c.AppendText(nil, 0))
}

func toFloat(v cell) float64 {
	switch v := v.(type) {
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	}
	d := v.(dec)
	return d.n.Float64(d.scale)
}

func castText(trimmed, whole string, to record.Type) (cell, error) {
	switch to.Kind {
	case record.KindBool:
		switch strings.ToLower(trimmed) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
	case record.KindInt32, record.KindInt64:
		if v, ok := new(big.Int).SetString(trimmed, 10); ok {
			return ratCell(new(big.Rat).SetInt(v), to)
		}
	case record.KindDecimal:
		if v, ok := new(big.Rat).SetString(trimmed); ok {
			return ratCell(v, to)
		}
	case record.KindFloat64:
		if v, err := strconv.ParseFloat(trimmed, 64); err == nil {
			return v, nil
		}
	case record.KindTimestamp:
		if t, err := record.ParseTime([]byte(trimmed)); err == nil {
			return t, nil
		}
		if t, err := time.Parse(time.DateOnly, trimmed); err == nil {
			return record.TimeOf(t), nil
		}
	case record.KindDate:
		if t, err := time.Parse(time.DateOnly, trimmed); err == nil {
			return day(math.Floor(float64(t.Unix()) / 86400)), nil
		}
	case record.KindBytes:
		return raw(whole), nil
	}
	return nil, errRow
}

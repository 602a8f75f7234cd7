package expr

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// The reference computes an expression row by row, straight from the syntax
// tree, in the plainest way. It shares with the code under test only the parser
// and the text forms of package record.

var errRow = errors.New("no value")

type reference struct{ schema *record.Schema }

// typeOf returns the type of a piece; zero of one that is always NULL.
func (x reference) typeOf(n node) record.Type {
	switch n := n.(type) {
	case *column:
		return x.schema.Field(x.schema.Index(n.name)).Type
	case *literal:
		return n.value.typ
	case *unary:
		if n.op == "NOT" {
			return record.Bool
		}
		return x.typeOf(n.x)
	case *binary:
		if strings.Contains("+-*/%", n.op) {
			return x.common(n.left, n.right)
		}
	case *caseOf:
		nodes := []node{}
		for _, a := range n.arms {
			nodes = append(nodes, a.then)
		}
		if n.otherwise != nil {
			nodes = append(nodes, n.otherwise)
		}
		return x.common(nodes...)
	case *cast:
		t, _ := record.ParseType(n.typ)
		return t
	case *call:
		return x.common(n.args...)
	}
	return record.Bool
}

func (x reference) common(nodes ...node) record.Type {
	var t record.Type
	for _, n := range nodes {
		if u := x.typeOf(n); t != record.Float64 && u != (record.Type{}) {
			t = u
		}
	}
	return t
}

// eval returns the value of a piece for a row, or errRow.
func (x reference) eval(n node, row map[string]cell) (cell, error) {
	switch n := n.(type) {
	case *column:
		return row[n.name], nil
	case *literal:
		return cellOf(n.value), nil
	case *unary:
		v, err := x.eval(n.x, row)
		switch v := v.(type) {
		case bool:
			return !v, err
		case float64:
			return -v, err
		case int64:
			return exact(new(big.Int).Neg(big.NewInt(v)))
		}
		return nil, err
	case *binary:
		return x.binary(n, row)
	case *is:
		v, err := x.eval(n.x, row)
		return (v == map[string]cell{"NULL": nil, "TRUE": true, "FALSE": false}[n.what]) != n.not, err
	case *in:
		v, err := x.anyEqual(n, row)
		return negated(v, n.not), err
	case *between:
		v, err := x.binary(&binary{op: "AND", left: &binary{op: ">=", left: n.x, right: n.low}, right: &binary{op: "<=", left: n.x, right: n.high}}, row)
		return negated(v, n.not), err
	case *caseOf:
		v, err := x.caseOf(n, row)
		return asType(v, x.typeOf(n)), err
	case *cast:
		v, err := x.eval(n.x, row)
		if err != nil || v == nil {
			return nil, err
		}
		return castCell(v, n.typ)
	case *call:
		return x.call(n, row)
	}
	panic(fmt.Sprintf("no reference for %T", n))
}

func cellOf(v value) cell {
	switch {
	case v.isNull():
		return nil
	case v.typ == record.Bool:
		return v.i != 0
	case v.typ == record.Int64:
		return v.i
	case v.typ == record.Float64:
		return v.f
	case v.typ == record.Timestamp:
		return record.Time(v.i)
	}
	return v.s
}

func negated(v cell, not bool) cell {
	if b, ok := v.(bool); ok {
		return b != not
	}
	return v
}

func asType(v cell, t record.Type) cell {
	if i, ok := v.(int64); ok && t == record.Float64 {
		return float64(i)
	}
	return v
}

func exact(v *big.Int) (cell, error) {
	if !v.IsInt64() {
		return nil, errRow
	}
	return v.Int64(), nil
}

func (x reference) binary(n *binary, row map[string]cell) (cell, error) {
	left, err := x.eval(n.left, row)
	if err != nil {
		return nil, err
	}
	if n.op == "AND" && left == false || n.op == "OR" && left == true {
		return left, nil
	}
	right, err := x.eval(n.right, row)
	switch {
	case err != nil:
		return nil, err
	case n.op == "AND" && right == false || n.op == "OR" && right == true:
		return right, nil
	case left == nil || right == nil:
		return nil, nil
	case n.op == "AND" || n.op == "OR":
		return left, nil // both are TRUE, or both FALSE
	}
	a, b, isFloat := floatsOf(left, right)
	if strings.Contains("+-*/%", n.op) {
		if isFloat {
			return floatArithmetic(n.op, a, b)
		}
		return intArithmetic(n.op, left.(int64), right.(int64))
	}
	order := compareCells(left, right)
	if isFloat {
		order = compareFloats(a, b)
	}
	return map[string]bool{"=": order == 0, "<>": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[n.op], nil
}

func floatsOf(left, right cell) (a, b float64, isFloat bool) {
	a, ok1 := asType(left, record.Float64).(float64)
	b, ok2 := asType(right, record.Float64).(float64)
	_, ints1 := left.(int64)
	_, ints2 := right.(int64)
	return a, b, ok1 && ok2 && !(ints1 && ints2)
}

func intArithmetic(op string, left, right int64) (cell, error) {
	a, b, v := big.NewInt(left), big.NewInt(right), new(big.Int)
	if (op == "/" || op == "%") && right == 0 {
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
		v.Quo(a, b)
	case "%":
		v.Rem(a, b)
	}
	return exact(v)
}

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
	case int64:
		if b, ok := right.(int64); ok {
			return big.NewInt(a).Cmp(big.NewInt(b))
		}
	case record.Time:
		return big.NewInt(int64(a)).Cmp(big.NewInt(int64(right.(record.Time))))
	case string:
		return strings.Compare(a, right.(string))
	case bool:
		return map[bool]int{false: 0, true: 1}[a] - map[bool]int{false: 0, true: 1}[right.(bool)]
	}
	return 0
}

func (x reference) anyEqual(n *in, row map[string]cell) (cell, error) {
	any := cell(false)
	for _, item := range n.list {
		v, err := x.binary(&binary{op: "=", left: n.x, right: item}, row)
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

func (x reference) caseOf(n *caseOf, row map[string]cell) (cell, error) {
	for _, a := range n.arms {
		when := a.when
		if n.operand != nil {
			when = &binary{op: "=", left: n.operand, right: a.when}
		}
		v, err := x.eval(when, row)
		if err != nil {
			return nil, err
		}
		if v == true {
			return x.eval(a.then, row)
		}
	}
	if n.otherwise != nil {
		return x.eval(n.otherwise, row)
	}
	return nil, nil
}

func (x reference) call(n *call, row map[string]cell) (cell, error) {
	for _, arg := range n.args {
		v, err := x.eval(arg, row)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case nil:
			continue
		case int64:
			if n.name == "abs" {
				return exact(new(big.Int).Abs(big.NewInt(v)))
			}
		case float64:
			if n.name == "abs" {
				return math.Abs(v), nil
			}
		}
		return asType(v, x.typeOf(n)), nil
	}
	return nil, nil
}

func castCell(v cell, to string) (cell, error) {
	switch v := v.(type) {
	case bool:
		switch to {
		case "int64":
			return map[bool]int64{true: 1}[v], nil
		case "string":
			return fmt.Sprint(v), nil
		}
	case int64:
		switch to {
		case "bool":
			return v != 0, nil
		case "float64":
			return float64(v), nil
		case "string":
			return fmt.Sprint(v), nil
		}
	case float64:
		switch to {
		case "int64":
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, errRow
			}
			whole, _ := big.NewFloat(v).Int(nil)
			return exact(whole)
		case "string":
			return string(record.AppendFloat(nil, v)), nil
		}
	case record.Time:
		if to == "string" {
			return v.String(), nil
		}
	case string:
		return castText(strings.TrimSpace(v), v, to)
	}
	return v, nil // to its own type
}

func castText(trimmed, whole, to string) (cell, error) {
	switch to {
	case "bool":
		switch strings.ToLower(trimmed) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return nil, errRow
	case "int64":
		v, ok := new(big.Int).SetString(trimmed, 10)
		if !ok {
			return nil, errRow
		}
		return exact(v)
	case "float64":
		v, err := strconv.ParseFloat(trimmed, 64)
		if err != nil {
			return nil, errRow
		}
		return v, nil
	case "timestamp":
		t, err := record.ParseTime([]byte(trimmed))
		if err != nil {
			return nil, errRow
		}
		return t, nil
	}
	return whole, nil
}

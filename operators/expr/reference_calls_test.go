package expr

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// referenceCall is a function that is NULL where an argument is, in the plainest
// way; the generator draws calls of it.
type referenceCall struct {
	params []record.Type
	result record.Type
	eval   func(a []cell) (cell, error)
}

// Parameters of functions.
var (
	ofFloatT   = []record.Type{record.Float64}
	ofIntInt   = []record.Type{record.Int64, record.Int64}
	ofIntT     = []record.Type{record.Int64}
	ofTextInt  = []record.Type{record.String, record.Int64}
	ofTextInts = []record.Type{record.String, record.Int64, record.Int64}
	ofTextT    = []record.Type{record.String}
	ofTexts2   = []record.Type{record.String, record.String}
	ofTexts3   = []record.Type{record.String, record.String, record.String}
	ofTextsInt = []record.Type{record.String, record.String, record.Int64}
)

func textCall(f func(s string) string) referenceCall {
	return referenceCall{ofTextT, record.String, func(a []cell) (cell, error) { return f(a[0].(string)), nil }}
}

func texts2Call(result record.Type, f func(s, t string) cell) referenceCall {
	return referenceCall{ofTexts2, result, func(a []cell) (cell, error) { return f(a[0].(string), a[1].(string)), nil }}
}

func floatCall(f func(float64) float64) referenceCall {
	return referenceCall{ofFloatT, record.Float64, func(a []cell) (cell, error) { return f(a[0].(float64)), nil }}
}

var referenceCalls = map[string]referenceCall{
	"lower":       textCall(strings.ToLower),
	"upper":       textCall(strings.ToUpper),
	"trim":        textCall(func(s string) string { return strings.Trim(s, " ") }),
	"ltrim":       textCall(func(s string) string { return strings.TrimLeft(s, " ") }),
	"rtrim":       textCall(func(s string) string { return strings.TrimRight(s, " ") }),
	"reverse":     textCall(func(s string) string { r := []rune(s); slices.Reverse(r); return string(r) }),
	"starts_with": texts2Call(record.Bool, func(s, t string) cell { return strings.HasPrefix(s, t) }),
	"ends_with":   texts2Call(record.Bool, func(s, t string) cell { return strings.HasSuffix(s, t) }),
	"contains":    texts2Call(record.Bool, func(s, t string) cell { return strings.Contains(s, t) }),
	"length": {ofTextT, record.Int64, func(a []cell) (cell, error) {
		return int64(utf8.RuneCountInString(a[0].(string))), nil
	}},
	"strpos": texts2Call(record.Int64, func(s, t string) cell {
		before, _, found := strings.Cut(s, t)
		if !found {
			return int64(0)
		}
		return int64(utf8.RuneCountInString(before) + 1)
	}),
	"replace": {ofTexts3, record.String, func(a []cell) (cell, error) {
		if a[1] == "" {
			return a[0], nil
		}
		return strings.ReplaceAll(a[0].(string), a[1].(string), a[2].(string)), nil
	}},
	"split_index": {ofTextsInt, record.String, func(a []cell) (cell, error) {
		parts := []string{a[0].(string)}
		if a[1] != "" {
			parts = strings.Split(a[0].(string), a[1].(string))
		}
		if i := a[2].(int64); i >= 0 && i < int64(len(parts)) {
			return parts[i], nil
		}
		return nil, nil
	}},
	"substring": {ofTextInts, record.String, func(a []cell) (cell, error) {
		return sliceText(a[0].(string), a[1].(int64), a[2].(int64))
	}},
	"repeat": {ofTextInt, record.String, func(a []cell) (cell, error) {
		s, n := a[0].(string), a[1].(int64)
		if s != "" && n > int64(1<<20/len(s)) {
			return nil, errRow
		}
		if s == "" {
			n = 0
		}
		return strings.Repeat(s, int(max(n, 0))), nil
	}},
	"round": floatCall(math.Round),
	"floor": floatCall(math.Floor),
	"ceil":  floatCall(math.Ceil),
	"trunc": floatCall(math.Trunc),
	"sqrt": {ofFloatT, record.Float64, func(a []cell) (cell, error) {
		if v := a[0].(float64); v < 0 {
			return nil, errRow
		}
		return math.Sqrt(a[0].(float64)), nil
	}},
	"sign": {ofIntT, record.Int64, func(a []cell) (cell, error) {
		return int64(big.NewInt(a[0].(int64)).Sign()), nil
	}},
	"mod": {ofIntInt, record.Int64, func(a []cell) (cell, error) { return exactArithmetic("%", ratOf(a[0]), ratOf(a[1]), record.Int64) }},
}

// sliceText takes characters from a position on, one by one.
func sliceText(s string, from, count int64) (cell, error) {
	if count < 0 {
		return nil, errRow
	}
	characters := []rune(s)
	first := new(big.Int).SetInt64(from)
	if from < 0 {
		first.Add(first, big.NewInt(int64(len(characters))+1))
	}
	behind := new(big.Int).Add(first, big.NewInt(count))
	var text strings.Builder
	for i, r := range characters {
		if at := big.NewInt(int64(i) + 1); at.Cmp(first) >= 0 && at.Cmp(behind) < 0 {
			text.WriteRune(r)
		}
	}
	return text.String(), nil
}

// callEval computes a call of referenceCalls.
func (x reference) callEval(f referenceCall, n *syntax.Call, row map[string]cell) (cell, error) {
	args, null := make([]cell, len(n.Args)), false
	var failed error
	for i, arg := range n.Args {
		v, err := x.as(arg, f.params[i], row)
		if err != nil && failed == nil {
			failed = err
		}
		args[i] = v
		null = null || v == nil
	}
	if failed != nil || null {
		return nil, failed
	}
	return f.eval(args)
}

// like computes LIKE and ILIKE without ESCAPE.
func (x reference) like(n *syntax.Like, row map[string]cell) (cell, error) {
	text, err := x.eval(n.X, row)
	if err != nil {
		return nil, err
	}
	pattern, err := x.eval(n.Pattern, row)
	if err != nil || text == nil || pattern == nil {
		return nil, err
	}
	a, b := text.(string), pattern.(string)
	if n.Folded {
		a, b = strings.ToLower(a), strings.ToLower(b)
	}
	return likeRegexp(b).MatchString(a) != n.Not, nil
}

// likeRegexp is a pattern of LIKE as a regular expression.
func likeRegexp(pattern string) *regexp.Regexp {
	wild := strings.NewReplacer("%", "(?s:.*)", "_", "(?s:.)")
	return regexp.MustCompile("^" + wild.Replace(regexp.QuoteMeta(pattern)) + "$")
}

// call draws a call that gives a t, or "" where no function does.
func (g generator) call(t record.Type, depth int) string {
	var names []string
	for name, f := range referenceCalls {
		if f.result == t {
			names = append(names, name)
		}
	}
	if t == record.Bool {
		names = append(names, "LIKE")
	}
	if t == record.String {
		names = append(names, "||")
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	name := names[g.IntN(len(names))]
	switch name {
	case "LIKE":
		return fmt.Sprintf("(%s) %s%s %s", g.expr(record.String, depth-1), g.pick("", "NOT "), g.pick("LIKE", "ILIKE"),
			g.pick("s", "'%'", "'_%'", "'%b%'", "'H_l%'", "'%1'"))
	case "||":
		return fmt.Sprintf("((%s) || (%s))", g.expr(record.String, depth-1), g.expr(record.String, depth-1))
	}
	var args []string
	for _, p := range referenceCalls[name].params {
		args = append(args, g.exactly(p, depth-1))
	}
	if name == "substring" { // a count below 0 is refused where it is written as such
		args[2] = g.pick("i", "j", "0", "2", "-j")
	}
	return fmt.Sprintf("%s(%s)", name, strings.Join(args, ", "))
}

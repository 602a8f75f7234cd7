package datagen

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// defaults is how columns are filled that the job says nothing about.
var defaults = map[record.Kind]string{
	record.KindInt32:     "uniform(0, 999999)",
	record.KindInt64:     "uniform(0, 999999)",
	record.KindFloat64:   "uniform(0, 1)",
	record.KindDecimal:   "uniform(0, 1)",
	record.KindString:    "keys(100)",
	record.KindBytes:     "keys(100)",
	record.KindBool:      "chance(0.5)",
	record.KindTimestamp: "clock(2024-01-01T00:00:00Z, 1ms, 0s)",
	record.KindDate:      "uniform(2024-01-01, 2024-12-31)",
}

// maxKeys bounds keys(n): the texts are kept in memory.
const maxKeys = 10_000_000

// parseColumns returns what fills the columns of a schema. Each text says
// "name = function(arguments)".
func parseColumns(schema *record.Schema, texts []string, splits int64) ([]column, error) {
	functions := make([]string, schema.Len())
	for i, f := range schema.Fields() {
		functions[i] = defaults[f.Type.Kind]
	}
	for _, text := range texts {
		name, function, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("%q does not say how a column is filled, such as price = uniform(1, 1000)", text)
		}
		name = strings.TrimSpace(name)
		i := schema.Index(name)
		if i < 0 {
			return nil, fmt.Errorf("%q: the schema has no column %q%s", text, name, component.Suggest(name, schema.Names()))
		}
		functions[i] = strings.TrimSpace(function)
	}
	columns := make([]column, schema.Len())
	for i, f := range schema.Fields() {
		var err error
		if columns[i], err = parseFunction(f.Type, functions[i], splits); err != nil {
			return nil, fmt.Errorf("column %q: %w", f.Name, err)
		}
	}
	return columns, nil
}

// functionsOf lists the functions that fill columns of a type, for messages.
var functionsOf = map[record.Kind]string{
	record.KindInt32:     "uniform(low, high) or sequence()",
	record.KindInt64:     "uniform(low, high) or sequence()",
	record.KindFloat64:   "uniform(low, high)",
	record.KindDecimal:   "uniform(low, high)",
	record.KindString:    "keys(n) or oneof(a, b, …)",
	record.KindBytes:     "keys(n) or oneof(a, b, …)",
	record.KindBool:      "chance(p)",
	record.KindTimestamp: "clock(start, step, disorder)",
	record.KindDate:      "uniform(low, high)",
}

func parseFunction(t record.Type, text string, splits int64) (column, error) {
	if t.IsNested() {
		return nil, fmt.Errorf("a column of type %v cannot be generated", t)
	}
	name, rest, ok := strings.Cut(text, "(")
	list, closed := strings.CutSuffix(rest, ")")
	if !ok || !closed {
		return nil, fmt.Errorf("%q is not a function such as %s", text, functionsOf[t.Kind])
	}
	var args []string
	if strings.TrimSpace(list) != "" {
		args = strings.Split(list, ",")
	}
	for i := range args {
		args[i] = strings.TrimSpace(args[i])
	}
	c, err := newColumn(t, strings.TrimSpace(name), args, splits)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	return c, nil
}

func newColumn(t record.Type, name string, args []string, splits int64) (column, error) {
	switch {
	case t == record.Int64 && name == "uniform" && len(args) == 2:
		low, span, err := parseRange(args, wholeNumber)
		return uniform[int64]{low, span}, err
	case t == record.Int32 && name == "uniform" && len(args) == 2:
		low, span, err := parseRange(args, wholeNumber32)
		return uniform[int32]{low, span}, err
	case t.Kind == record.KindDecimal && name == "uniform" && len(args) == 2:
		low, span, err := parseRange(args, decimalNumber(t))
		return uniformDecimals{low, span}, err
	case t == record.Date && name == "uniform" && len(args) == 2:
		low, span, err := parseRange(args, day)
		return uniform[int32]{low, span}, err
	case t == record.Int64 && name == "sequence" && len(args) == 0:
		return sequence[int64]{splits}, nil
	case t == record.Int32 && name == "sequence" && len(args) == 0:
		return sequence[int32]{splits}, nil
	case t == record.Float64 && name == "uniform" && len(args) == 2:
		return newUniformFloats(args)
	case isText(t) && name == "keys" && len(args) == 1:
		return newKeys(args[0])
	case isText(t) && name == "oneof" && len(args) > 0:
		return newOneOf(args), nil
	case t == record.Bool && name == "chance" && len(args) == 1:
		p, err := strconv.ParseFloat(args[0], 64)
		if err != nil || !(p >= 0 && p <= 1) {
			return nil, fmt.Errorf("%q is not a probability from 0 to 1", args[0])
		}
		return newChance(p), nil
	case t == record.Timestamp && name == "clock" && len(args) == 3:
		return newClock(args)
	}
	return nil, fmt.Errorf("a column of type %v is filled by %s", t, functionsOf[t.Kind])
}

func isText(t record.Type) bool { return t == record.String || t == record.Bytes }

// parseRange reads the arguments of uniform(low, high), which parse makes whole
// numbers of, and returns how many of them there are from low on.
func parseRange(args []string, parse func(string) (int64, error)) (low int64, span uint64, err error) {
	if low, err = parse(args[0]); err != nil {
		return 0, 0, err
	}
	high, err := parse(args[1])
	if err != nil {
		return 0, 0, err
	}
	if span = uint64(high) - uint64(low) + 1; low > high || span == 0 {
		return 0, 0, errors.New("low is not below high, or the range is too wide")
	}
	return low, span, nil
}

func wholeNumber(text string) (int64, error) {
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, errors.New("low and high have to be whole numbers")
	}
	return v, nil
}

func wholeNumber32(text string) (int64, error) {
	v, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, errors.New("low and high have to be whole numbers of 32 bits")
	}
	return v, nil
}

func day(text string) (int64, error) {
	v, err := record.ParseDate([]byte(text))
	return int64(v), err
}

// decimalNumber reads a decimal as the whole number of its digits.
func decimalNumber(t record.Type) func(string) (int64, error) {
	return func(text string) (int64, error) {
		n, exact, err := decimal.Parse([]byte(text), int(t.Precision), int(t.Scale))
		v, fits := n.Int64()
		if err != nil || !exact || !fits {
			return 0, fmt.Errorf("%q is not a %v of at most 18 digits", text, t)
		}
		return v, nil
	}
}

func newUniformFloats(args []string) (column, error) {
	low, err := strconv.ParseFloat(args[0], 64)
	high, err2 := strconv.ParseFloat(args[1], 64)
	if errors.Join(err, err2) != nil || !(low <= high) || math.IsInf(high-low, 0) {
		return nil, errors.New("low and high have to be numbers, low the lesser one")
	}
	return uniformFloats{low, high - low}, nil
}

func newKeys(arg string) (column, error) {
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 || n > maxKeys {
		return nil, fmt.Errorf("%q is not a number of keys from 1 to %d", arg, maxKeys)
	}
	texts := make([][]byte, n)
	for i := range texts {
		texts[i] = fmt.Appendf(nil, "key-%d", i)
	}
	return choice{texts}, nil
}

func newOneOf(args []string) column {
	texts := make([][]byte, len(args))
	for i, a := range args {
		texts[i] = []byte(a)
	}
	return choice{texts}
}

func newClock(args []string) (column, error) {
	start, err := record.ParseTime([]byte(args[0]))
	if err != nil {
		return nil, err
	}
	step, err := component.ParseDuration(args[1])
	if err != nil {
		return nil, err
	}
	disorder, err := component.ParseDuration(args[2])
	if err != nil {
		return nil, err
	}
	return clock{int64(start), step.Microseconds(), disorder.Microseconds()}, nil
}

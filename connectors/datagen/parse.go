package datagen

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// defaults is how columns are filled that the job says nothing about.
var defaults = map[record.Type]string{
	record.Int64:     "uniform(0, 999999)",
	record.Float64:   "uniform(0, 1)",
	record.String:    "keys(100)",
	record.Bool:      "chance(0.5)",
	record.Timestamp: "clock(2024-01-01T00:00:00Z, 1ms, 0s)",
}

// maxKeys bounds keys(n): the texts are kept in memory.
const maxKeys = 10_000_000

// parseColumns returns what fills the columns of a schema. Each text says
// "name = function(arguments)".
func parseColumns(schema *record.Schema, texts []string, splits int64) ([]column, error) {
	functions := make([]string, schema.Len())
	for i, f := range schema.Fields() {
		functions[i] = defaults[f.Type]
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
var functionsOf = map[record.Type]string{
	record.Int64:     "uniform(low, high) or sequence()",
	record.Float64:   "uniform(low, high)",
	record.String:    "keys(n) or oneof(a, b, …)",
	record.Bool:      "chance(p)",
	record.Timestamp: "clock(start, step, disorder)",
}

func parseFunction(t record.Type, text string, splits int64) (column, error) {
	name, rest, ok := strings.Cut(text, "(")
	list, closed := strings.CutSuffix(rest, ")")
	if !ok || !closed {
		return nil, fmt.Errorf("%q is not a function such as %s", text, functionsOf[t])
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
		return newUniformInts(args)
	case t == record.Int64 && name == "sequence" && len(args) == 0:
		return sequence{splits}, nil
	case t == record.Float64 && name == "uniform" && len(args) == 2:
		return newUniformFloats(args)
	case t == record.String && name == "keys" && len(args) == 1:
		return newKeys(args[0])
	case t == record.String && name == "oneof" && len(args) > 0:
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
	return nil, fmt.Errorf("a column of type %v is filled by %s", t, functionsOf[t])
}

func newUniformInts(args []string) (column, error) {
	low, err := strconv.ParseInt(args[0], 10, 64)
	high, err2 := strconv.ParseInt(args[1], 10, 64)
	switch span := uint64(high) - uint64(low) + 1; {
	case errors.Join(err, err2) != nil:
		return nil, errors.New("low and high are whole numbers")
	case low > high || span == 0:
		return nil, errors.New("low is not below high, or the range is too wide")
	default:
		return uniformInts{low, span}, nil
	}
}

func newUniformFloats(args []string) (column, error) {
	low, err := strconv.ParseFloat(args[0], 64)
	high, err2 := strconv.ParseFloat(args[1], 64)
	if errors.Join(err, err2) != nil || !(low <= high) || math.IsInf(high-low, 0) {
		return nil, errors.New("low and high are numbers, low the lesser one")
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

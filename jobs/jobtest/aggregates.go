package jobtest

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// aggregate is a column of results, in SQL and in the model, which has all rows
// of the group.
type aggregate struct {
	name, expression string
	of               func(rows []cells) cell
}

// aggregates are what results may hold; the first is in all of them.
var aggregates = []aggregate{
	{"n", "count(*)", func(rows []cells) cell { return integer(int64(len(rows))) }},
	{"total", "sum(value)", sum(value)},
	{"least", "min(value)", extreme(value, -1)},
	{"most", "max(value)", extreme(value, 1)},
	{"mean", "avg(value)", mean(value)},
	{"kinds", "count(distinct value)", distinct(value)},
	{"odd", "count(*) FILTER (WHERE value % 2 = 1)", func(rows []cells) cell {
		n := int64(0)
		for _, c := range rows {
			if !c[value].null() && new(big.Int).Rem(c[value].units, units(c[value], 2)).Cmp(units(c[value], 1)) == 0 {
				n++
			}
		}
		return integer(n)
	}},
	{"ids", "sum(id)", sum(id)},
	{"most_id", "max(id)", extreme(id, 1)},
	{"different_ids", "count(distinct id)", distinct(id)},
	{"spent", "sum(price)", sum(price)},
	{"mean_price", "avg(price)", mean(price)},
	{"lowest", "min(price)", extreme(price, -1)},
	{"highest", "max(price)", extreme(price, 1)},
	{"prices", "count(distinct price)", distinct(price)},
	{"first_day", "min(day)", extreme(day, -1)},
	{"last_day", "max(day)", extreme(day, 1)},
	{"days", "count(distinct day)", distinct(day)},
	{"first_tag", "min(tag)", extreme(tag, -1)},
	{"last_tag", "max(tag)", extreme(tag, 1)},
	{"tags", "count(distinct tag)", distinct(tag)},
	{"last_key", "max(key)", extreme(key, 1)},
	{"different_keys", "count(distinct key)", distinct(key)},
	{"last_at", "max(at)", extreme(at, 1)},
}

func sum(c column) func([]cells) cell {
	return func(rows []cells) (total cell) {
		for _, r := range rows {
			switch v := r[c]; {
			case v.null():
			case total.null():
				total = v
			default:
				total = number(new(big.Int).Add(total.units, v.units), v.scale)
			}
		}
		return total
	}
}

// mean is a float64 of integers, and of decimals a decimal of at least 6 places.
func mean(c column) func([]cells) cell {
	return func(rows []cells) cell {
		total, n := sum(c)(rows), int64(0)
		for _, r := range rows {
			if !r[c].null() {
				n++
			}
		}
		switch {
		case n == 0:
			return cell{}
		case total.scale == whole:
			f, _ := new(big.Float).SetInt(total.units).Float64()
			return cell{text: strconv.FormatFloat(f/float64(n), 'f', -1, 64)}
		}
		scale := max(6, total.scale)
		shifted := new(big.Int).Mul(total.units, power(scale-total.scale))
		return number(divideRounding(shifted, big.NewInt(n)), scale)
	}
}

// extreme is the least (-1) or the greatest (1).
func extreme(c column, direction int) func([]cells) cell {
	return func(rows []cells) (most cell) {
		for _, r := range rows {
			if v := r[c]; !v.null() && (most.null() || v.compare(most) == direction) {
				most = v
			}
		}
		return most
	}
}

func distinct(c column) func([]cells) cell {
	return func(rows []cells) cell {
		all := map[string]bool{}
		for _, r := range rows {
			if !r[c].null() {
				all[r[c].text] = true
			}
		}
		return integer(int64(len(all)))
	}
}

// drawAggregates draws some of them.
func (in *input) drawAggregates() {
	in.aggregates = aggregates[:1:1]
	for _, i := range in.random.Perm(len(aggregates) - 1)[:in.random.IntN(8)] {
		in.aggregates = append(in.aggregates, aggregates[1+i])
	}
}

func (in *input) aggregatesYAML() string {
	var b strings.Builder
	for _, a := range in.aggregates {
		fmt.Fprintf(&b, "      %s: %s\n", a.name, a.expression)
	}
	return b.String()
}

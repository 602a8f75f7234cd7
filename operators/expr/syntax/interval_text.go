package syntax

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// The texts of intervals: numbers of units, each of which is a whole number of µs or
// months.

var decimalText = regexp.MustCompile(`^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$`)

// add adds n units to an interval, and reports whether that is an interval.
func (v *Value) add(u calendar.Unit, n *big.Rat) bool {
	if u.Months > 0 {
		v.Type = record.Months
	}
	product := new(big.Rat).Mul(n, big.NewRat(max(u.Micros, u.Months), 1))
	sum := product.Add(product, new(big.Rat).SetInt64(v.Int))
	if !sum.IsInt() || !sum.Num().IsInt64() {
		return false
	}
	v.Int = sum.Num().Int64()
	return true
}

func intervalIn(text string, u calendar.Unit) (Value, error) {
	text = strings.TrimSpace(text)
	v := Value{Type: record.Interval}
	if !decimalText.MatchString(text) {
		return v, fmt.Errorf("%q is not a number of %ss", text, u.Name)
	}
	n, _ := new(big.Rat).SetString(text)
	if !v.add(u, n) {
		return v, notInterval(text, u)
	}
	return v, nil
}

func notInterval(text string, u calendar.Unit) error {
	least := "microseconds"
	if u.Months > 0 {
		least = "months"
	}
	return fmt.Errorf("%s %ss are not a whole number of %s within int64", text, u.Name, least)
}

// ranges are the units that "unit TO unit" can reach over, with what separates
// each from the one before and how many of it that one has.
var ranges = []struct {
	unit, separator string
	below           int64
}{
	{"year", "", 0}, {"month", "-", 12},
	{"day", "", 0}, {"hour", " ", 24}, {"minute", ":", 60}, {"second", ":", 60},
}

// intervalOver reads text such as '1-2' YEAR TO MONTH or '2 10:30' DAY TO MINUTE.
func intervalOver(text string, from, to calendar.Unit) (Value, error) {
	v := Value{Type: record.Interval}
	first, last := -1, -1
	for i, r := range ranges {
		if r.unit == from.Name {
			first = i
		}
		if r.unit == to.Name {
			last = i
		}
	}
	if first < 0 || last <= first || ranges[first].unit == "year" && last != 1 || ranges[first].unit == "month" {
		return v, fmt.Errorf("there are no intervals %s TO %s; there are YEAR TO MONTH, and those from DAY, HOUR or MINUTE to HOUR, "+
			"MINUTE or SECOND",
			strings.ToUpper(from.Name), strings.ToUpper(to.Name))
	}
	rest := strings.TrimSpace(text)
	digits, negative := strings.CutPrefix(rest, "-")
	for i := first; i <= last; i++ {
		part := digits
		if i < last {
			part, digits, _ = strings.Cut(digits, ranges[i+1].separator)
		}
		n, ok := new(big.Rat).SetString(part)
		u, _ := calendar.UnitNamed(ranges[i].unit)
		whole := i < last || u.Name != "second"
		switch {
		case !ok || !decimalText.MatchString(part) || part[0] == '-' || part[0] == '+' || whole && !n.IsInt():
			return v, fmt.Errorf("%q is not written as %s TO %s wants it: '%s'", text, strings.ToUpper(from.Name), strings.ToUpper(to.Name),
				rangeExample(first, last))
		case i > first && n.Cmp(big.NewRat(ranges[i].below, 1)) >= 0:
			return v, fmt.Errorf("%q has %s %ss, more than there are", text, part, u.Name)
		case negative:
			n.Neg(n)
		}
		if !v.add(u, n) {
			return v, notInterval(part, u)
		}
	}
	return v, nil
}

func rangeExample(first, last int) string {
	example := "1"
	for _, r := range ranges[first+1 : last+1] {
		example += r.separator + "10"
	}
	return example
}

// clockText is the end of an interval as a clock writes it.
var clockText = regexp.MustCompile(`^([+-]?)([0-9]{1,10}):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,6})?))?$`)

// intervalOfText reads numbers with units, and a clock's time behind them, as in
// '1 day 2 hours' or '2 days 10:30:00'.
func intervalOfText(text string) (Value, error) {
	v := Value{Type: record.Interval}
	words := strings.Fields(text)
	mixed := [2]bool{}
	for i := 0; i < len(words); i++ {
		if clock := clockText.FindStringSubmatch(words[i]); clock != nil && i == len(words)-1 {
			mixed[0] = true
			if !v.addClock(clock) {
				return v, fmt.Errorf("%q is out of range of intervals", text)
			}
			break
		}
		if !decimalText.MatchString(words[i]) || i+1 == len(words) {
			return v, fmt.Errorf("%q is not an interval such as '90 minutes' or '1 day 02:30:00'; a unit may also follow it: "+
				"INTERVAL '90' MINUTE", text)
		}
		u, ok := calendar.UnitNamed(words[i+1])
		if !ok {
			return v, fmt.Errorf("there is no unit of time %q%s", words[i+1], component.Known(strings.ToLower(words[i+1]), calendar.UnitNames()))
		}
		n, _ := new(big.Rat).SetString(words[i])
		if !v.add(u, n) {
			return v, notInterval(words[i], u)
		}
		mixed[min(1, u.Months)] = true
		i++
	}
	switch {
	case mixed[0] && mixed[1]:
		return v, fmt.Errorf("%q has months and shorter units, whose sum has no length; add one after the other: "+
			"+ INTERVAL '1' MONTH + INTERVAL '2' DAY", text)
	case len(words) == 0:
		return v, fmt.Errorf("the interval is empty; write a number and a unit, such as INTERVAL '90' MINUTE")
	}
	return v, nil
}

func (v *Value) addClock(parts []string) bool {
	for i, name := range []string{"hour", "minute", "second"} {
		if parts[i+2] == "" {
			continue
		}
		n, _ := new(big.Rat).SetString(parts[i+2])
		if parts[1] == "-" {
			n.Neg(n)
		}
		if u, _ := calendar.UnitNamed(name); !v.add(u, n) {
			return false
		}
	}
	return true
}

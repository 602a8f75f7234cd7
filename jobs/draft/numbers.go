package draft

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// numbers is what is known of the numbers at one place, by how they are written.
type numbers struct {
	whole, places int  // the most digits before the point, and behind it
	fraction      bool // some are not written as whole numbers
	exponent      bool
	beyond        bool // some whole ones are not of int64,
	uneven        bool // or would be rounded as float64
	endless       bool // some are not of float64
}

var number = regexp.MustCompile(`^[+-]?([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]+)?$`)

// add adds a number; any other text is none.
func (n *numbers) add(text string) {
	m := number.FindStringSubmatch(text)
	if m == nil {
		return
	}
	n.whole, n.places = max(n.whole, len(m[1])), max(n.places, len(m[2]))
	n.exponent = n.exponent || m[3] != ""
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		n.endless = true
	}
	if strings.ContainsAny(text, ".eE") {
		n.fraction = true
		return
	}
	v, err := strconv.ParseInt(text, 10, 64)
	n.beyond = n.beyond || err != nil
	n.uneven = n.uneven || err != nil || v != int64(float64(v))
}

// typ returns a type that holds all of the numbers. A whole one is not rounded: where
// neither int64 nor a decimal has room for it, the type is string.
func (n *numbers) typ() record.Type {
	switch {
	case !n.fraction && !n.beyond:
		return record.Int64
	case n.fraction && !n.uneven && !n.endless:
		return record.Float64
	case n.exponent:
		return record.String
	}
	t, err := record.DecimalOf(n.whole+n.places, n.places)
	if err != nil {
		return record.String // more digits than any decimal has
	}
	return t
}

// numbersOf returns what is known of the numbers among cells.
func numbersOf(cells []*string) (n numbers) {
	for _, c := range cells {
		if c != nil {
			n.add(*c)
		}
	}
	return n
}

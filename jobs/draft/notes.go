package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// note says what to know about a column.
func (t *table) note(c *Column, cells []*string) {
	var notes []string
	switch {
	case c.filler != "":
		c.doubtful = true
		notes = append(notes, fmt.Sprintf("would be %v but for %q", c.would, c.filler))
	case c.commas:
		c.doubtful = true
		notes = append(notes, "numbers with a decimal comma: "+c.amount()+" reads them")
	case c.odd > 0:
		c.doubtful = true
		_, first := oddOf(cells, c.guess)
		notes = append(notes, fmt.Sprintf("no time in %d of %d rows, which are dropped; the first is %.40q", c.odd, t.rows, first))
	case c.almost != (guess{}):
		c.doubtful = true
		odd, first := oddOf(cells, c.almost)
		notes = append(notes, fmt.Sprintf("%v in all but %d of %d rows, of which the first has %.40q; declared so, it can be the event time, "+
			"and on_error: drop leaves those rows out", c.almost, odd, t.rows, first))
	case c.dayMayBeFirst(t):
		c.doubtful = true
		notes = append(notes, "or is the day first? no row shows it")
	case c.typ.Kind == record.KindDecimal:
		notes = append(notes, "whole numbers that are too large for int64, or for float64")
	case c.typ == record.String && hasLeadingZero(cells) && t.fits(c.Name, guess{record.Int64, ""}):
		notes = append(notes, "numbers with leading zeros are taken as codes")
	case c.typ == record.String && allWithPlus(cells) && t.fits(c.Name, guess{record.Int64, ""}):
		notes = append(notes, "numbers with a plus sign are taken as codes")
	case c.typ == record.String && c.distinct != nil && len(c.distinct) <= 5 && len(c.distinct) < t.rows:
		if values := valuesText(c.distinct); values != "" {
			notes = append(notes, values)
		}
	case c.typ == record.String && misfits(cells) != "":
		c.doubtful = true
		notes = append(notes, misfits(cells))
	case c.typ == record.String && looksLikeTime(cells):
		c.doubtful = true
		notes = append(notes, "looks like a time, but no pattern of weir describes it")
	}
	if c.empty > 0 {
		notes = append(notes, fmt.Sprintf("empty in %d of %d rows", c.empty, t.rows))
	}
	c.Note = strings.Join(notes, "; ")
}

// oddOf returns how many cells are no time as guessed, and the first of them.
func oddOf(cells []*string, g guess) (odd int, first string) {
	for _, c := range cells {
		if c != nil && !g.reads(*c) {
			if odd++; odd == 1 {
				first = *c
			}
		}
	}
	return odd, first
}

var monthFirst = strings.NewReplacer("%m/%d", "%d/%m", "%-m/%-d", "%-d/%-m")

// dayMayBeFirst reports that all cells can be read with day and month swapped. Behind a
// year months come first.
func (c *Column) dayMayBeFirst(t *table) bool {
	swapped := monthFirst.Replace(c.pattern)
	return !strings.HasPrefix(c.pattern, "%Y") && swapped != c.pattern && t.fits(c.Name, guess{c.typ, swapped})
}

// misfits says which few cells keep a column from being one of numbers.
func misfits(cells []*string) string {
	first, count, all := "", 0, 0
	for _, c := range cells {
		if c == nil {
			continue
		}
		all++
		if _, err := strconv.ParseFloat(*c, 64); err != nil {
			if count++; count == 1 {
				first = *c
			}
		}
	}
	if count == 0 || count*10 > all {
		return ""
	}
	return fmt.Sprintf("a number in all but %d of %d rows, of which the first has %.40q", count, all, first)
}

// valuesText lists few values, unless they are long.
func valuesText(distinct map[string]int) string {
	var values []string
	for v := range distinct {
		if v == "" || len(v) > 20 || oneLine(v) != v {
			return ""
		}
		values = append(values, v)
	}
	slices.Sort(values)
	return strings.Join(values, ", ")
}

var timeShape = regexp.MustCompile(`^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}`)

func looksLikeTime(cells []*string) bool {
	for _, c := range cells {
		if c != nil && !timeShape.MatchString(*c) {
			return false
		}
	}
	return true
}

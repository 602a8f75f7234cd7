package draft

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
)

// guess is a type that a column may have, with the pattern of a timestamp.
type guess struct {
	typ     record.Type
	pattern string
}

// String writes the guess as a schema does.
func (g guess) String() string {
	switch {
	case g.pattern == "":
		return g.typ.String()
	case timeformat.IsEpoch(g.pattern):
		return "timestamp(" + g.pattern + ")"
	}
	return "timestamp('" + g.pattern + "')"
}

// reads reports whether a point in time is written as the guess has it.
func (g guess) reads(text string) bool {
	var err error
	switch {
	case g.typ == record.Date:
		_, err = record.ParseDate([]byte(text))
	case g.pattern == "":
		_, err = record.ParseTime([]byte(text))
	default:
		_, err = compiled()[g.pattern].Read([]byte(text))
	}
	return err == nil
}

// times are the ways of writing a point in time that are tried, the strictest
// first. Where the order of day and month cannot be told, months come first. They
// are many, and made when they are needed.
var times = sync.OnceValue(func() []guess {
	all := []guess{{record.Timestamp, ""}, {record.Date, ""}}
	days := []string{
		"%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d",
		"%-m/%-d/%Y", "%-d/%-m/%Y", "%-d.%-m.%Y", "%-m/%-d/%y", "%-d/%-m/%y", "%-d %b %Y", "%-d %B %Y", "%b %-d, %Y", "%B %-d, %Y",
		"%-d-%b-%Y", "%d/%b/%Y", "%b %d %Y", "%B %d %Y", "%a, %d %b %Y", "%a %d %b %Y", "%A, %d %B %Y", "%A, %B %d, %Y",
	}
	clocks := []string{
		"%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S,%f", "%H:%M", "%-H:%M:%S", "%-H:%M",
		"%-I:%M:%S %p", "%-I:%M %p", "%-I:%M:%S%p", "%-I:%M%p",
	}
	for _, day := range days {
		for _, clock := range clocks {
			for _, zone := range []string{"", "%z", " %z", " %Z"} {
				for _, between := range []string{" ", "T", ":", ", "} {
					all = append(all, guess{record.Timestamp, day + between + clock + zone})
				}
			}
		}
		if day != "%Y-%m-%d" && day != "%Y%m%d" { // a date, and a number
			all = append(all, guess{record.Timestamp, day})
		}
	}
	for _, pattern := range []string{
		"%Y%m%dT%H%M%S%z", "%Y%m%dT%H%M%S.%f%z", "%Y%m%dT%H%M%S", "%Y%m%d %H%M%S", "%Y-%m-%dT%H%M%S%z",
		"%A, %d-%b-%y %H:%M:%S %Z", "%A, %d-%b-%y %H:%M:%S %z",
		"%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Z %Y", "%b %d %H:%M:%S %Y",
	} {
		all = append(all, guess{record.Timestamp, pattern})
	}
	return all
})

// compiled is the patterns of times.
var compiled = sync.OnceValue(func() map[string]*timeformat.Pattern {
	patterns := map[string]*timeformat.Pattern{}
	for _, g := range times() {
		p, err := timeformat.Compile(g.pattern)
		if err != nil {
			panic("draft: " + err.Error())
		}
		patterns[g.pattern] = p
	}
	return patterns
})

// Column is a column of the file and what is known of it.
type Column struct {
	Name string
	Note string // what to know about it, for people

	guess
	nested   string         // the type of objects and lists, as a schema has it
	doubtful bool           // somebody should look at the note
	empty    int            // cells without a value
	distinct map[string]int // how often each value stands; nil where there are too many
	odd      int            // cells that are no time, in a column of times
	filler   string         // stands where there is no value, such as NA
	commas   bool           // numbers have a decimal comma
	points   bool           // and points between thousands
	would    guess          // what the column would be without filler or commas
	almost   guess          // how most cells write a point in time, in a column that is none of times
}

// maxDistinct is how many values a column may have to be one of few values.
const maxDistinct = 50

// guessColumn looks at the cells of a column.
func (t *table) guessColumn(name string) Column {
	cells := t.texts(name)
	c := Column{Name: name, guess: guess{record.String, ""}}
	c.count(cells)
	if firstOf(cells) < 0 {
		c.Note = "empty in all rows that were looked at"
		return c
	}
	if s := t.shapes[name]; s != nil && s.isNested() {
		c.distinct = nil
		if t.fits(name, guess{s.typ(), ""}) {
			c.nested = s.String()
		}
		return c
	}
	if g, ok := t.guessType(name, cells); ok {
		c.guess = g
	} else if g, odd := t.guessTime(name, cells); odd > 0 && odd <= max(1, (len(cells)-c.empty)/20) {
		c.guess, c.odd = g, odd // a few are broken in a file of some length
	} else {
		c.almost = g
		t.findFiller(&c, cells)
		c.findCommas(cells)
	}
	c.empty = t.nulls(name, c.guess)
	t.note(&c, cells)
	return c
}

func (c *Column) count(cells []*string) {
	c.distinct = map[string]int{}
	for _, cell := range cells {
		switch {
		case cell == nil:
			c.empty++
		case c.distinct != nil:
			if c.distinct[*cell]++; len(c.distinct) > maxDistinct {
				c.distinct = nil
			}
		}
	}
}

// digitTimes are times that would be numbers, if the column were not called like a time.
var digitTimes = []string{"%Y%m%d", "%Y%m%d%H%M%S", "%Y%m%d%H%M"}

// guessType returns the narrowest type that all cells have; a text is no guess.
func (t *table) guessType(name string, cells []*string) (guess, bool) {
	may := func(g guess) bool {
		s := t.shapes[name]
		return (s == nil || s.mayBe(g.typ)) && t.fits(name, g)
	}
	if g := (guess{record.Bool, ""}); areTruths(cells) && may(g) {
		return g, true
	}
	if timeName.MatchString(name) {
		for _, pattern := range digitTimes {
			if g := (guess{record.Timestamp, pattern}); may(g) {
				return g, true
			}
		}
	}
	if !hasLeadingZero(cells) && !allWithPlus(cells) { // a code: 007 is not 7
		if g := (guess{record.Int64, ""}); may(g) {
			return epoch(name, cells), true
		}
		if g := (guess{record.Float64, ""}); hasDigit(cells) { // inf and nan alone are words
			if n := numbersOf(t.normal(cells)); n.uneven {
				g.typ = n.typ()
			}
			if e := epoch(name, cells); e.typ == record.Timestamp && (may(e) || may(g)) && t.fits(name, e) {
				return e, true // JSON has epochs as numbers, and in quotes
			}
			if g.typ != record.String && may(g) {
				return g, true
			}
		}
	}
	first := *cells[firstOf(cells)]
	for _, g := range times() {
		if g.reads(first) && may(g) {
			return g, true
		}
	}
	return guess{}, false
}

// guessTime returns how most cells write a point in time, and how many do not. None
// means that it is no column of times.
func (t *table) guessTime(name string, cells []*string) (g guess, odd int) {
	full := slices.DeleteFunc(slices.Clone(cells), func(c *string) bool { return c == nil })
	if len(full) < 5 {
		return guess{}, 0
	}
	for _, g := range times() {
		if s := t.shapes[name]; s != nil && !s.mayBe(g.typ) || !slices.ContainsFunc(full[:5], func(c *string) bool { return g.reads(*c) }) {
			continue
		}
		odd = 0
		for _, c := range full {
			if !g.reads(*c) {
				odd++
			}
		}
		if odd*2 < len(full) {
			return g, odd
		}
	}
	return guess{}, 0
}

// schemaText writes the type of the column as a schema has it.
func (c *Column) schemaText() string {
	if c.nested != "" {
		return c.nested
	}
	return scalar(c.guess.String())
}

// firstOf returns which cell is the first that is not empty, in quotes or without; -1
// is none.
func firstOf(cells []*string) int {
	return slices.IndexFunc(cells, func(c *string) bool { return c != nil && *c != "" })
}

func hasLeadingZero(cells []*string) bool {
	return slices.ContainsFunc(cells, func(c *string) bool {
		return c != nil && len(*c) > 1 && (*c)[0] == '0' && (*c)[1] >= '0' && (*c)[1] <= '9'
	})
}

// areTruths reports that all cells are true or false. What else can be read as such, as
// 1 or n, may mean more.
func areTruths(cells []*string) bool {
	return !slices.ContainsFunc(cells, func(c *string) bool {
		return c != nil && *c != "" && !strings.EqualFold(*c, "true") && !strings.EqualFold(*c, "false")
	})
}

// allWithPlus reports cells that are all whole numbers with a plus sign, as telephone
// numbers are.
func allWithPlus(cells []*string) bool {
	return !slices.ContainsFunc(cells, func(c *string) bool {
		return c != nil && (!strings.HasPrefix(*c, "+") || strings.ContainsAny(*c, ".eE"))
	})
}

func hasDigit(cells []*string) bool {
	return slices.ContainsFunc(cells, func(c *string) bool { return c != nil && strings.ContainsAny(*c, "0123456789") })
}

var timeName = regexp.MustCompile(`(?i)(time|date|epoch|created|updated|occurred|^ts$|_ts$|^at$|_at$|_ms$|_us$)`)

// epoch tells numbers that count time since 1970 from others: by the name of the
// column, and because all lie between 1990 and 2100.
func epoch(name string, cells []*string) guess {
	if !timeName.MatchString(name) {
		return guess{record.Int64, ""}
	}
	const from, until = 631_152_000, 4_102_444_800 // in seconds
	for _, unit := range []struct {
		pattern string
		scale   int64
	}{{"s", 1}, {"ms", 1000}, {"us", 1_000_000}, {"ns", 1_000_000_000}} {
		outside := slices.ContainsFunc(cells, func(c *string) bool {
			if c == nil {
				return false
			}
			whole, _, _ := strings.Cut(*c, ".")
			v, err := strconv.ParseInt(whole, 10, 64)
			return err != nil || v < from*unit.scale || v >= until*unit.scale
		})
		if !outside {
			return guess{record.Timestamp, unit.pattern}
		}
	}
	return guess{record.Int64, ""}
}

package draft

import (
	"regexp"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// This file finds words for null, and how numbers are written. The format has both for
// all columns: they are keys of it where some column has a type with them only.

// style is a way of writing numbers.
type style struct{ thousands, decimal string }

var styles = []style{{"", ","}, {".", ","}, {",", "."}, {" ", ","}, {" ", "."}, {"\u00a0", ","}, {"\u202f", ","}, {"'", "."}, {"’", "."}}

// localize finds what the columns have in common and makes the format anew with it.
func (t *table) localize(r *component.Registry) error {
	var common style
	clash := false
	for _, name := range t.names {
		if name == "" {
			continue
		}
		words, others := splitWords(t.texts(name))
		if len(others) == 0 {
			continue
		}
		g, typed := t.typeOf(others)
		s, isNumber := style{}, false
		if !typed {
			s, isNumber = t.styleOf(others)
		}
		clash = clash || typed && hasPoints(g, others)
		if isNumber {
			clash = clash || common.decimal != "" && common.decimal != s.decimal ||
				common.thousands != "" && s.thousands != "" && common.thousands != s.thousands
			common.decimal = s.decimal
			if s.thousands != "" {
				common.thousands = s.thousands
			}
		}
		for _, w := range words {
			if (typed && !t.isType(g, w) || isNumber) && !slices.Contains(t.null, w) {
				t.null = append(t.null, w)
			}
		}
	}
	if common.decimal == "," && !clash {
		t.decimal = ","
	}
	if !(clash && common.decimal == ",") {
		t.thousands = common.thousands
	}
	var err error
	t.format, err = t.reading().format(r)
	return err
}

// hasPoints reports a column of numbers some of which have a point before a fraction.
func hasPoints(g guess, cells []*string) bool {
	return (g.typ == record.Float64 || g.typ.Kind == record.KindDecimal) &&
		slices.ContainsFunc(cells, func(c *string) bool { return strings.Contains(*c, ".") })
}

// splitWords tells the cells that may mean null from the others.
func splitWords(cells []*string) (words []string, others []*string) {
	for _, c := range cells {
		switch {
		case c == nil || *c == "":
		case slices.Contains(fillers, *c):
			if !slices.Contains(words, *c) {
				words = append(words, *c)
			}
		default:
			others = append(others, c)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return slices.Index(fillers, a) - slices.Index(fillers, b) })
	return words, others
}

// typeOf returns the type of cells by themselves; a text is none.
func (t *table) typeOf(cells []*string) (guess, bool) {
	var text strings.Builder
	text.WriteString("c\n")
	for _, c := range cells {
		text.WriteString(`"` + strings.ReplaceAll(*c, `"`, `""`) + "\"\n")
	}
	alone := &table{plain: t.plain, format: t.plain, text: []byte(text.String()), rows: len(cells), misfits: len(cells)}
	alone.head = alone.text
	return alone.guessType("c", cells)
}

// isType reports that a word is a value of a type, as NaN is one of float64.
func (t *table) isType(g guess, word string) bool {
	alone := &table{plain: t.plain, format: t.plain, text: []byte("c\n" + word + "\n")}
	alone.head = alone.text
	return alone.fits("c", g)
}

// styleOf returns the style that all cells are written in, if they leave no doubt.
func (t *table) styleOf(cells []*string) (style, bool) {
	for _, s := range styles {
		if len(t.names) == 1 && strings.ContainsAny(t.names[0], s.decimal+s.thousands) {
			continue // the only column is called a,b: that is no decimal comma
		}
		if s.fits(cells) && (s.isPlain(cells) || s.thousands == "," && t.delimiter == ",") {
			return s, true
		}
	}
	return style{}, false
}

// fits reports that all cells are numbers in this style, and some are in no plainer one.
func (s style) fits(cells []*string) bool {
	whole := `\d+`
	if s.thousands != "" {
		whole = `(\d+|\d{1,3}(` + regexp.QuoteMeta(s.thousands) + `\d{3})+)`
	}
	mark := regexp.QuoteMeta(s.decimal)
	pattern := regexp.MustCompile(`^[+-]?(` + whole + `(` + mark + `\d*)?|` + mark + `\d+)([eE][+-]?\d+)?$`)
	uses := false
	for _, c := range cells {
		if !pattern.MatchString(*c) {
			return false
		}
		uses = uses || s.thousands != "" && strings.Contains(*c, s.thousands) || s.thousands == "" && strings.Contains(*c, s.decimal)
	}
	return uses
}

// isPlain reports that a cell shows which separator is which: where three digits follow
// each comma, and there is no other separator, it may be either.
func (s style) isPlain(cells []*string) bool {
	if s.thousands != "" && s.thousands != "," {
		return s.decimal == "." || s.thousands != "." || slices.ContainsFunc(cells, func(c *string) bool {
			return strings.Contains(*c, s.decimal) || strings.Count(*c, s.thousands) > 1
		})
	}
	return slices.ContainsFunc(cells, func(c *string) bool {
		whole, fraction, found := strings.Cut(*c, s.decimal)
		if s.thousands == "," {
			return strings.Count(whole, ",") > 1 || strings.Contains(whole, ",") && found
		}
		return found && (len(fraction) != 3 || len(strings.TrimLeft(whole, "+-")) > 3 || strings.TrimLeft(whole, "+-0") == "")
	})
}

// normal returns cells with numbers as they are written elsewhere.
func (t *table) normal(cells []*string) []*string {
	if t.decimal == "" && t.thousands == "" {
		return cells
	}
	var all []*string
	for _, c := range cells {
		if c != nil {
			text := *c
			if t.thousands != "" {
				text = strings.ReplaceAll(text, t.thousands, "")
			}
			if t.decimal != "" {
				text = strings.Replace(text, t.decimal, ".", 1)
			}
			c = &text
		}
		all = append(all, c)
	}
	return all
}

// reading is the dialect in which to read the sample column by column. It may have been
// written anew.
func (t *table) reading() *dialect {
	d := t.dialect
	if t.anew {
		d = simple
		d.null, d.decimal, d.thousands = t.null, t.decimal, t.thousands
	} else if t.headless {
		d.header = t.names
	}
	return &d
}

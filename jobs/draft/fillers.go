package draft

import (
	"regexp"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// This file is about numbers that are not written as such: where a word stands for no
// value, or a comma for the point.

// fillers are what people write where there is no value.
var fillers = []string{"NA", "N/A", "n/a", "NULL", "null", "None", "none", "NaN", "nan", "-", "?", `\N`, "NIL", "nil",
	"na", "Null", "NaT", "<NA>", "#N/A", "N.A.", "n.a.", "(null)", "missing", "Missing", "--", "---", ".", ".."}

// findFiller finds out whether the column would have a type but for a filler. A cell
// of quotes only is a text in the expressions that read such a column, and no number.
func (t *table) findFiller(c *Column, cells []*string) {
	if slices.ContainsFunc(cells, func(c *string) bool { return c != nil && *c == "" }) {
		return
	}
	for _, filler := range fillers {
		var text strings.Builder
		text.WriteString("c\n")
		found := 0
		var others []*string
		for _, cell := range cells {
			if cell != nil && *cell == filler {
				found++
			} else if cell != nil {
				others = append(others, cell)
				text.WriteString(`"` + strings.ReplaceAll(*cell, `"`, `""`) + "\"\n")
			}
		}
		if found == 0 || len(others) == 0 {
			continue
		}
		rest := &table{format: t.plain, text: []byte(text.String())}
		rest.head, rest.rows = rest.text, len(others)
		if g, ok := rest.guessType("c", others); ok {
			c.filler, c.would = filler, g
			return
		}
	}
}

var commaNumber = regexp.MustCompile(`^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$`)

// findCommas finds out whether all cells are numbers with a decimal comma, and
// perhaps points between thousands. Where three digits follow each comma, and there
// are no points, it may be one between thousands itself. Nor is it one where the name of the
// column has a comma, too.
func (c *Column) findCommas(cells []*string) {
	decimal, points := false, false
	if strings.Contains(c.Name, ",") {
		return
	}
	for _, cell := range cells {
		if cell == nil {
			continue
		}
		if !commaNumber.MatchString(*cell) {
			return
		}
		whole, places, found := strings.Cut(*cell, ",")
		point := strings.Contains(whole, ".")
		decimal = decimal || found && (point || len(places) != 3)
		points = points || point
	}
	if decimal {
		c.commas, c.points, c.would = true, points, guess{record.Float64, ""}
	}
}

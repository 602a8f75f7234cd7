package draft

import (
	"fmt"
	"slices"
	"strings"
)

// This file is about what stands above the rows: lines that are no part of the table,
// and a header or none.

// mayBeSingle reports that the text may as well have one column, of texts with delimiters
// in them: there is one name on top, and no value below that shows a table. As a table, it
// would lose its first row to a header.
func (s *sniffed) mayBeSingle() bool {
	if s.first == 0 || slices.ContainsFunc(s.lines[:s.first], func(l line) bool { return len(l.cells) > 1 }) {
		return false
	}
	return !slices.ContainsFunc(s.lines[s.first:], func(l line) bool { return slices.ContainsFunc(l.cells, looksLikeValue) })
}

// single makes the dialect one of a single column, if there is a delimiter that the text
// has not.
func (s *sniffed) single(text string) bool {
	for _, d := range likely {
		if !strings.Contains(text, d) {
			s.delimiter, s.trim = d, false
			return true
		}
	}
	return false
}

// findSepLine takes a line that names the delimiter off the top. It may have as many cells
// as the rows, for the delimiter stands in it.
func (s *sniffed) findSepLine(text string) {
	if sepLine.MatchString(text) && s.first < 2 && len(s.lines) > 1 {
		s.first, s.named = 1, true
	}
}

// findPadded takes lines off the top that a spreadsheet has made as wide as the rows: a
// title, and nothing behind it but delimiters. The names below them fill a line, and there
// are values below those.
func (s *sniffed) findPadded() {
	if len(s.lines) == 0 || s.width < 2 || filled(s.lines[s.first]) != 1 || s.lines[s.first].cells[0] == "" {
		return
	}
	rows := s.lines[s.first:]
	i := slices.IndexFunc(rows[:min(len(rows), mostOnTop)], func(l line) bool { return len(l.cells) == s.width && filled(l) == s.width })
	if i > 0 && !slices.ContainsFunc(rows[i].cells, looksLikeValue) &&
		slices.ContainsFunc(rows[i+1:], func(l line) bool { return slices.ContainsFunc(l.cells, looksLikeValue) }) {
		s.first, s.named = s.first+i, true
	}
}

// filled returns how many cells of a line are not empty.
func filled(l line) (n int) {
	for _, c := range l.cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// findTop finds the lines on top, and how columns are named.
func (s *sniffed) findTop() {
	if len(s.lines) == 0 {
		return
	}
	rows := s.lines[s.first:]
	if s.first > 0 {
		s.skip = rows[0].at
		if names := s.otherHeader(s.lines[s.first-1].cells, rows); names != nil && !s.named {
			s.header = unique(names)
			s.headless = true
			return
		}
	}
	switch names := rows[0].cells; {
	case isRow(rows):
		s.headless = true
		if names := s.headerInComment(); names != nil {
			s.header = unique(names)
		}
	case isDoubled(names) && len(rows) > 1:
		s.header, s.headless, s.skip = unique(names), true, rows[1].at
	}
	s.trim = s.trim || areApart(rows)
}

// otherHeader returns the names of columns where the header has one cell less or more
// than the rows: because each of them ends in a delimiter, or it does; or because rows
// have a name in front, as some programs write them. nil says that it is no header.
func (s *sniffed) otherHeader(names []string, rows []line) []string {
	switch less := s.width - len(names); {
	case less == -1 && names[len(names)-1] == "":
		return names[:s.width]
	case less != 1 || slices.ContainsFunc(names, looksLikeValue):
		return nil
	case !slices.ContainsFunc(rows, func(l line) bool { return len(l.cells) == s.width && l.cells[s.width-1] != "" }):
		return append(slices.Clone(names), "end")
	case len(names) > 1 && slices.ContainsFunc(rows[0].cells, looksLikeValue):
		return append([]string{"row"}, names...)
	}
	return nil
}

// headerInComment returns the names in the last comment above the rows, if it has as
// many cells as they have.
func (s *sniffed) headerInComment() []string {
	if s.comment == "" || s.above == "" {
		return nil
	}
	lines := s.dialect.scan(strings.TrimLeft(strings.TrimPrefix(s.above, s.comment), " "), 1, false)
	if len(lines) == 1 && len(lines[0].cells) == s.width && s.width > 1 && !slices.ContainsFunc(lines[0].cells, looksLikeValue) {
		return lines[0].cells
	}
	return nil
}

// isRow reports that the first record is a row, and names no columns: it has a number or
// a time where the others have one, and no text where the others have none.
func isRow(rows []line) bool {
	evidence := false
	for i, cell := range rows[0].cells {
		values, others := 0, 0
		for _, l := range rows[1:] {
			switch {
			case i >= len(l.cells) || l.cells[i] == "" || slices.Contains(fillers, l.cells[i]):
			case looksLikeValue(l.cells[i]) || isYear(l.cells[i]):
				values++
			default:
				others++
			}
		}
		switch isValue := looksLikeValue(cell); {
		case isValue && (values > others || len(rows) == 1):
			evidence = true
		case cell != "" && !isValue && !isYear(cell) && !slices.Contains(fillers, cell) && values > 0 && others == 0:
			return false
		}
	}
	return evidence
}

func isDoubled(names []string) bool {
	for i, n := range names {
		if n != "" && slices.Contains(names[:i], n) {
			return true
		}
	}
	return false
}

// unique gives columns names that differ.
func unique(names []string) []string {
	var all []string
	for i, n := range names {
		if strings.TrimSpace(n) == "" {
			n = fmt.Sprintf("column_%d", i+1)
		}
		name := n
		for k := 2; slices.Contains(all, name); k++ {
			name = fmt.Sprintf("%s_%d", n, k)
		}
		all = append(all, name)
	}
	return all
}

// areApart reports that blanks stand behind all delimiters, or in front of all: they are
// no part of the cells.
func areApart(rows []line) bool {
	behind, before, cells := true, true, 0
	for _, l := range rows {
		for i, c := range l.cells {
			if strings.Trim(c, " ") == "" {
				continue
			}
			cells++
			behind = behind && (i == 0 || strings.HasPrefix(c, " "))
			before = before && (i == len(l.cells)-1 || strings.HasSuffix(c, " "))
		}
	}
	return cells > len(rows) && len(rows) > 1 && len(rows[0].cells) > 1 && (behind || before)
}

package draft

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A text is looked at in many dialects, and so not much of it.
const (
	sniffBytes = 256 << 10
	sniffLines = 300
	mostOnTop  = 50 // lines above the header
)

// sniffed is a dialect and what a text is in it.
type sniffed struct {
	dialect
	lines []line
	width int     // cells of most records
	first int     // which line is the first of that width
	share float64 // of the lines that fit
	named bool    // what stands above the rows is known to be no header
	above string  // the last comment above the first line
}

// sniff finds the dialect in which most of the records of a text have as many cells. Of
// several, it is the one that takes the fewest keys.
func sniff(text string) sniffed {
	text = strings.TrimPrefix(text, "\xEF\xBB\xBF")
	cut := len(text) > sniffBytes
	if cut {
		text = text[:sniffBytes]
	}
	best := sniffed{dialect: simple, share: -1}
	for i, d := range variants(text) {
		if i > 0 && !best.wants(&d, text) {
			continue
		}
		found := d.measureAll(text, cut)
		if i == 0 || found.beats(&best) {
			best = found
		}
	}
	best.above = lastComment(text, best.comment)
	if best.mayBeSingle() && best.single(text) {
		best = best.dialect.measure(text, cut)
	}
	best.findSepLine(text)
	best.findPadded()
	best.findTop()
	return best
}

// lastComment returns the last of the comments that a text begins with.
func lastComment(text, prefix string) (last string) {
	for l := range strings.Lines(text) {
		if prefix == "" || !strings.HasPrefix(l, prefix) {
			break
		}
		last = l
	}
	return last
}

// variants are the dialects to try, but for delimiters, the plainest first.
func variants(text string) (all []dialect) {
	quoting := []dialect{simple, simple, simple, simple, simple, simple, simple}
	quoting[1].quote = '\''
	quoting[2].trim = true
	quoting[3].trim, quoting[3].quote = true, '\''
	quoting[4].escape = true
	quoting[5].quotes = "lenient"
	quoting[6].quotes = "none"
	all = append(all, quoting...)
	for _, comment := range []string{"#", "//", "%", "--", "!", ";"} {
		if !strings.HasPrefix(text, comment) && !strings.Contains(text, "\n"+comment) {
			continue
		}
		for _, d := range quoting {
			d.comment = comment
			all = append(all, d)
		}
	}
	return all
}

// beats reports that a dialect explains the text better than a plainer one does.
func (s *sniffed) beats(plainer *sniffed) bool {
	if s.quote == '\'' {
		return s.quoted() && s.share >= plainer.share && !plainer.quoted()
	}
	return s.share > plainer.share+1e-9
}

// wants reports that there is something in the text that another way of quoting may
// explain.
func (s *sniffed) wants(d *dialect, text string) bool {
	switch {
	case d.quote == '\'':
		return strings.Contains(text, "'")
	case d.escape && strings.Contains(text, `\`+s.delimiter):
		return true
	case d.escape || d.trim || d.quotes != "":
		return slices.ContainsFunc(s.lines, func(l line) bool { return l.bad })
	}
	return true
}

// quoted reports that cells of every other line at least stand in quotes, two at least, or
// all those of the first line.
func (s *sniffed) quoted() bool {
	if len(s.lines) > 1 && s.width > 1 && s.lines[0].quoted == s.width {
		return true
	}
	n := 0
	for _, l := range s.lines {
		if l.quoted > 0 {
			n++
		}
	}
	return n >= 2 && n*2 >= len(s.lines)
}

var (
	likely   = []string{",", ";", "\t", "|"}
	unlikely = []string{"\x01", "\x1f", "\x1e", "¦", "§", "^", "~"}
	several  = regexp.MustCompile(`[^\pL\pN\s"'.+\-/_\\]{2,8}`)
	sepLine  = regexp.MustCompile(`^"?sep=([^"\r\n]{1,16}?)"?\r?\n`)
)

// delimiters are those to try, the likeliest first.
func delimiters(text string) []string {
	if m := sepLine.FindStringSubmatch(text); m != nil {
		return []string{m[1]}
	}
	all := slices.Clone(likely)
	lines := headOf(text)
	for _, l := range lines {
		for _, d := range several.FindAllString(l, -1) {
			if !slices.Contains(all, d) && len(all) < 16 && (d == "||" || standsAlone(d, lines)) {
				all = append(all, d)
			}
		}
	}
	if strings.Contains(text, `" "`) || strings.Contains(text, "' '") {
		all = append(all, " ") // as R writes tables
	}
	for _, d := range unlikely {
		if strings.Contains(text, d) {
			all = append(all, d)
		}
	}
	return all
}

// headOf returns the first lines of a text.
func headOf(text string) []string {
	lines := strings.SplitN(text, "\n", 12)
	return lines[:min(len(lines), 11)]
}

// standsAlone reports that a delimiter of one character several times stands nowhere as
// fewer or more of them: else that one delimits, if it ever does, as a colon does not.
func standsAlone(d string, lines []string) bool {
	c := d[:1]
	if strings.Trim(d, c) != "" || !slices.Contains(likely, c) && !slices.Contains(unlikely, c) {
		return true
	}
	for _, l := range lines {
		if strings.Contains(strings.ReplaceAll(l, d, "\n"), c) || strings.Contains(l, d+c) {
			return false
		}
	}
	return true
}

// measureAll finds the delimiter that suits a dialect best. Where none gives records of
// several cells, it is one that does not occur.
func (d dialect) measureAll(text string, cut bool) (best sniffed) {
	best.share = -1
	single := ""
	score := -1.0
	for _, delimiter := range delimiters(text) {
		if !strings.Contains(text, delimiter) {
			if single == "" {
				single = delimiter
			}
			continue
		}
		if delimiter == d.comment {
			continue
		}
		d.delimiter = delimiter
		s := d.measure(text, cut)
		points := s.share + float64(min(s.width, 1000))/1e6
		if utf8.RuneCountInString(delimiter) > 1 && standsAlone(delimiter, headOf(text)) {
			points += 0.01
		}
		if s.width > 1 && s.share > 0.5 && points > score {
			best, score = s, points
		}
	}
	if best.width == 0 {
		if d.delimiter = single; single == "" {
			d.delimiter = simple.delimiter
		}
		best = d.measure(text, cut)
		if !best.quoted() {
			best.share-- // worse than any with several cells
		}
	}
	return best
}

// measure looks at a text in a dialect.
func (d dialect) measure(text string, cut bool) sniffed {
	s := sniffed{dialect: d, lines: d.scan(text, sniffLines, cut)}
	counts := map[int]int{}
	for i, l := range s.lines {
		if l.bad {
			continue
		}
		n := len(l.cells)
		counts[n]++
		if i == 0 {
			counts[n]++ // a header, if in doubt
		}
		if counts[n] > counts[s.width] || counts[n] == counts[s.width] && n > s.width {
			s.width = n
		}
	}
	good := 0.0
	s.first = -1
	for i, l := range s.lines {
		fits := !l.bad && len(l.cells) == s.width
		switch {
		case fits:
			good++
			if s.first < 0 {
				s.first = i
			}
		case s.first < 0 && i < mostOnTop && !l.bad:
			good += 0.5 // it may stand on top
		}
	}
	s.first = max(s.first, 0)
	s.share = good / float64(max(len(s.lines), 1))
	return s
}

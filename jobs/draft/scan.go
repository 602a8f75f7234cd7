package draft

import "strings"

// line is a record of CSV as it is written.
type line struct {
	cells  []string
	quoted int  // how many of the cells stand in quotes
	bad    bool // a quote stands where none may
	at     int  // lines before it
}

// isEmpty reports a line without anything in it.
func (l *line) isEmpty() bool {
	return !l.bad && len(l.cells) == 1 && l.cells[0] == "" && l.quoted == 0
}

// scan cuts a text into records, at most so many, without empty lines and comments. It
// is for looking at what a text would be in a dialect; the rows are those of the format.
// Of a text that is cut it leaves out the last record.
func (d *dialect) scan(text string, most int, cut bool) (lines []line) {
	s := scanner{dialect: d, text: text, budget: 4 * len(text)}
	for s.at < len(s.text) && len(lines) < most && s.budget >= 0 {
		if d.comment != "" && strings.HasPrefix(s.text[s.at:], d.comment) {
			s.nextLine()
			continue
		}
		l := s.record()
		if cut && (s.open || s.at == len(s.text)) && len(lines) > 0 {
			break
		}
		if !l.isEmpty() {
			lines = append(lines, l)
		}
	}
	return lines
}

type scanner struct {
	*dialect
	text  string
	at    int
	lines int  // before it
	open  bool // a quote is not closed
	// budget is how many bytes in quotes are looked at, for quotes that are never closed.
	budget int
}

// nextLine moves behind the line, which it returns.
func (s *scanner) nextLine() string {
	rest := s.text[s.at:]
	i := strings.IndexByte(rest, '\n')
	if i < 0 {
		i = len(rest) - 1
	}
	s.at += i + 1
	s.lines++
	return rest[:i+1]
}

func (s *scanner) record() line {
	l := line{at: s.lines}
	s.open = false
	begin := s.at
	for {
		cell, quoted, ok := s.cell()
		l.cells = append(l.cells, cell)
		if quoted {
			l.quoted++
		}
		if !ok {
			s.at, l.bad = begin, true
			s.nextLine()
			return l
		}
		if s.at >= len(s.text) || s.text[s.at] == '\n' {
			break
		}
		s.at += len(s.delimiter)
	}
	s.at = min(s.at+1, len(s.text))
	s.lines += strings.Count(s.text[begin:s.at], "\n")
	return l
}

// cell reads a cell up to what ends it. It returns false where a quote stands in the wrong
// place.
func (s *scanner) cell() (text string, quoted, ok bool) {
	begin := s.at
	if s.trim {
		s.blanks()
	}
	if s.quotes != "none" && s.at < len(s.text) && s.text[s.at] == s.quote {
		if text, ok := s.inQuotes(); ok || s.quotes == "" {
			return text, true, ok
		}
		s.at = begin
	}
	var b strings.Builder
	for s.at < len(s.text) && s.text[s.at] != '\n' && !s.ends() {
		c := s.text[s.at]
		if c == s.quote && s.quotes == "" {
			return "", false, false
		}
		if s.escapes() {
			s.at++
			c = s.text[s.at]
		}
		b.WriteByte(c)
		s.at++
	}
	text = strings.TrimSuffix(b.String(), "\r")
	if s.trim {
		text = strings.Trim(text, " \t")
	}
	return text, false, true
}

// inQuotes reads a cell from its opening quote on.
func (s *scanner) inQuotes() (string, bool) {
	var b strings.Builder
	for s.at++; s.at < len(s.text) && s.budget >= 0; s.at++ {
		s.budget--
		c := s.text[s.at]
		switch {
		case s.escapes():
			s.at++
			c = s.text[s.at]
		case c != s.quote:
		case s.at+1 < len(s.text) && s.text[s.at+1] == s.quote:
			s.at++
		default:
			quote := s.at
			s.at++
			if s.trim {
				s.blanks()
			}
			if rest := s.text[s.at:]; strings.HasPrefix(rest, "\r\n") || rest == "\r" {
				s.at++
			}
			if s.at == len(s.text) || s.text[s.at] == '\n' || s.ends() {
				return b.String(), true
			}
			if s.quotes == "" {
				return "", false
			}
			s.at = quote
		}
		b.WriteByte(c)
	}
	s.open = true
	return "", false
}

func (s *scanner) ends() bool { return strings.HasPrefix(s.text[s.at:], s.delimiter) }

func (s *scanner) escapes() bool {
	rest := s.text[s.at:]
	return s.escape && len(rest) > 1 && rest[0] == '\\' &&
		(rest[1] == s.quote || rest[1] == '\\' || rest[1] == '\n' || strings.HasPrefix(rest[1:], s.delimiter))
}

func (s *scanner) blanks() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\t') && !s.ends() {
		s.at++
	}
}

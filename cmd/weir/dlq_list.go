package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/weirstream/weir/jobs/deadletter"
	"github.com/weirstream/weir/runtime/env"
)

// lister prints the dead letters of a box that have not been fed.
type lister struct {
	box   *deadletter.Box
	out   io.Writer
	step  string // "" is all
	kind  string // "" is all
	limit int    // 0 is the default
}

// defaultLimit is how many letters a table shows.
const defaultLimit = 50

// each calls f with the letters that are asked for.
func (l *lister) each(f func(deadletter.Letter) error) error {
	files, err := l.box.Files()
	if err != nil {
		return err
	}
	for _, name := range files {
		err := deadletter.Read(env.Real(), name, func(letter deadletter.Letter) error {
			if l.step != "" && letter.Step != l.step || l.kind != "" && string(letter.Kind) != l.kind {
				return nil
			}
			return f(letter)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// table prints letters, and how many there are.
func (l *lister) table() error {
	limit := l.limit
	if limit == 0 {
		limit = defaultLimit
	}
	rows := [][]string{{"step", "position", "error", "raw"}}
	by, total := map[string]int{}, 0
	err := l.each(func(letter deadletter.Letter) error {
		total++
		by[letter.Step]++
		if len(rows) <= limit {
			rows = append(rows, []string{letter.Step, clip(letter.Position, 60), clip(brief(letter.Error), 100), clip(string(letter.Raw), 60)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if total == 0 {
		_, err := fmt.Fprintf(l.out, "%s holds no dead letters that wait.\n", l.box)
		return err
	}
	writeColumns(l.out, rows)
	fmt.Fprintf(l.out, "\n%s in %s: %s.%s\n", plural(total, "dead letter"), l.box, deadletter.Count(by), more(total, limit))
	return nil
}

func more(total, limit int) string {
	if total <= limit {
		return ""
	}
	return fmt.Sprintf(" The first %d are shown; --limit N shows more, --summary counts them.", limit)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// brief returns an error without the advice behind it.
func brief(text string) string {
	text, _, _ = strings.Cut(text, "; ")
	return text
}

// variable is what may differ between errors of one kind: texts, but for names of
// columns, and numbers.
var variable = regexp.MustCompile(`column "(?:[^"\\]|\\.)*"|"(?:[^"\\]|\\.)*"|-?\b[0-9][0-9.]*`)

// errorKind is the errors of a step that differ in variable parts only.
type errorKind struct {
	step, first string
	position    string // of the first
	count       int
	values      []string // the variable parts of the first
	differ      []bool   // whether others have another value there
}

// kindKey returns what errors of one kind have in common.
func kindKey(step, text string) string {
	return step + "\x00" + variable.ReplaceAllStringFunc(text, func(v string) string {
		if strings.HasPrefix(v, "column ") {
			return v
		}
		return "…"
	})
}

func (k *errorKind) add(text string) {
	k.count++
	for i, v := range variable.FindAllString(text, -1) {
		k.differ[i] = k.differ[i] || v != k.values[i]
	}
}

// String draws the first error without what differs.
func (k *errorKind) String() string {
	i := -1
	return variable.ReplaceAllStringFunc(k.first, func(v string) string {
		if i++; k.differ[i] {
			return "…"
		}
		return v
	})
}

// summary counts the letters by step and kind of error, the most frequent first.
func (l *lister) summary() error {
	byKey := map[string]*errorKind{}
	var kinds []*errorKind
	err := l.each(func(letter deadletter.Letter) error {
		text := brief(letter.Error)
		k := byKey[kindKey(letter.Step, text)]
		if k == nil {
			k = &errorKind{step: letter.Step, first: text, position: letter.Position, values: variable.FindAllString(text, -1)}
			k.differ = make([]bool, len(k.values))
			byKey[kindKey(letter.Step, text)] = k
			kinds = append(kinds, k)
		}
		k.add(text)
		return nil
	})
	if err != nil {
		return err
	}
	if len(kinds) == 0 {
		_, err := fmt.Fprintf(l.out, "%s holds no dead letters that wait.\n", l.box)
		return err
	}
	slices.SortStableFunc(kinds, func(a, b *errorKind) int { return b.count - a.count })
	rows := [][]string{{"letters", "step", "error", "first"}}
	for i, k := range kinds {
		if l.limit > 0 && i == l.limit {
			break
		}
		rows = append(rows, []string{strconv.Itoa(k.count), k.step, clip(k.String(), 100), clip(k.position, 60)})
	}
	writeColumns(l.out, rows)
	return nil
}

// errEnough ends a listing.
var errEnough = errors.New("enough")

// json prints letters as JSON.
func (l *lister) json() error {
	n := 0
	err := l.each(func(letter deadletter.Letter) error {
		line, err := json.Marshal(asJSON(letter))
		if err == nil {
			_, err = l.out.Write(append(line, '\n'))
		}
		if n++; err == nil && n == l.limit {
			return errEnough
		}
		return err
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// letterJSON is a letter for programs, with raw in one of two forms.
type letterJSON struct {
	Step      string  `json:"step"`
	Position  string  `json:"position"`
	Error     string  `json:"error"`
	Kind      string  `json:"kind"`
	EventTime string  `json:"event_time,omitempty"`
	Header    string  `json:"header,omitempty"`
	Raw       *string `json:"raw,omitempty"`
	RawBase64 string  `json:"raw_base64,omitempty"`
}

func asJSON(l deadletter.Letter) letterJSON {
	j := letterJSON{Step: l.Step, Position: l.Position, Error: l.Error, Kind: string(l.Kind), Header: string(l.Header)}
	if l.Time != nil {
		j.EventTime = l.Time.String()
	}
	switch raw := string(l.Raw); {
	case l.Raw == nil:
	case utf8.Valid(l.Raw):
		j.Raw = &raw
	default:
		j.RawBase64 = base64.StdEncoding.EncodeToString(l.Raw)
	}
	return j
}

// raw prints the raw records of one step and kind behind their header.
func (l *lister) raw() error {
	var first *deadletter.Letter
	err := l.each(func(letter deadletter.Letter) error {
		if !letter.IsWhole() {
			return nil
		}
		if first == nil {
			first = &letter
			if letter.Header != nil {
				fmt.Fprintf(l.out, "%s\n", letter.Header)
			}
		}
		if err := l.fits(first, &letter); err != nil {
			return err
		}
		_, err := fmt.Fprintf(l.out, "%s\n", letter.Raw)
		return err
	})
	if err == nil && first == nil {
		err = fmt.Errorf("%s holds no such dead letters that wait", l.box)
	}
	return err
}

// fits refuses a letter that does not make one file with the first.
func (l *lister) fits(first, letter *deadletter.Letter) error {
	switch {
	case letter.Step != first.Step:
		return fmt.Errorf("%s holds dead letters of %s and of %s, which do not make one file; choose with --step", l.box, first.Step, letter.Step)
	case letter.Kind != first.Kind:
		return fmt.Errorf("%s holds records of %s and, as JSON, rows; they do not make one file; choose with --kind record or --kind row", l.box, letter.Step)
	case string(letter.Header) != string(first.Header):
		return fmt.Errorf("%s holds records with different headers, %q (%s) and %q (%s), which do not make one file; name one of its files",
			l.box, first.Header, first.Position, letter.Header, letter.Position)
	}
	return nil
}

// clip returns the first n characters of a text on one line, with what a terminal
// cannot show escaped.
func clip(text string, n int) string {
	var b strings.Builder
	for i, r := range text {
		if n--; n < 0 {
			b.WriteString("…")
			break
		}
		switch {
		case r == utf8.RuneError:
			_, size := utf8.DecodeRuneInString(text[i:])
			fmt.Fprintf(&b, `\x%02x`, text[i:i+size])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

package csv

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// marks are the characters that stand in no number, timestamp or bool.
const marks = "\t ,;|\"'`!#$%&()*/<=>?@[\\]^_{}~"

// maxDelimiter is how long a delimiter may be, in bytes.
const maxDelimiter = 16

func newFormat(c component.Config) (stream.Format, error) {
	f := Default
	f.delimiter, f.comment = c.Text("delimiter"), c.Text("comment")
	f.lenient, f.trim, f.cr = c.Text("quotes") == "lenient", c.Bool("trim"), c.Text("line_end") == "cr"
	f.skip, f.nulls = int(c.Int("skip")), c.List("null")
	f.decimal, f.thousands = c.Text("decimal")[0], c.Text("thousands")
	for _, read := range []func(component.Config) error{f.readQuotes, f.readDelimiter, f.readHeader, f.readComment, f.readNulls,
		f.readThousands} {
		if err := read(c); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// readMark reads the value of a key that is one character.
func readMark(c component.Config, key string) (byte, error) {
	text := c.Text(key)
	if len(text) != 1 || !isMark(text[0]) {
		return 0, c.Problemf(key, "%q is not a tab, a space or one of %s", text, marks[2:])
	}
	return text[0], nil
}

// isMark reports a character that can be a delimiter or a quote: one of [marks], or of
// those that cannot be printed.
func isMark(c byte) bool {
	return strings.IndexByte(marks, c) >= 0 || c < ' ' && c != '\n' && c != '\r' && c != 0
}

func (f *Format) readQuotes(c component.Config) (err error) {
	if f.quote, err = readMark(c, "quote"); err != nil {
		return err
	}
	if c.Text("quotes") == "none" {
		if c.Has("quote") {
			return c.Problemf("quotes", "with none, no character is a quote; leave out the key quote, or this one")
		}
		f.quote = '\n' // which is looked for anyway
	}
	if !c.Has("escape") {
		return nil
	}
	if f.escape, err = readMark(c, "escape"); err == nil && f.escape == f.quote {
		return c.Problemf("escape", "%q is the quote, which stands for itself where it is doubled; leave the key out", c.Text("escape"))
	}
	return err
}

func (f *Format) readDelimiter(c component.Config) error {
	problem := func(format string, args ...any) error { return c.Problemf("delimiter", format, args...) }
	if len(f.delimiter) == 1 && !isMark(f.delimiter[0]) {
		_, err := readMark(c, "delimiter")
		return err
	}
	switch {
	case f.delimiter == "" || len(f.delimiter) > maxDelimiter:
		return problem("%q has %d bytes; a delimiter has 1 to %d", f.delimiter, len(f.delimiter), maxDelimiter)
	case strings.ContainsAny(f.delimiter, "\r\n\x00"):
		return problem("%q has a line end in it, or a zero byte", f.delimiter)
	case !strings.ContainsFunc(f.delimiter, func(r rune) bool { return !isWord(r) }):
		return problem("%q is all letters and digits, which cells are made of", f.delimiter)
	case len(f.delimiter) == 1 && f.delimiter[0] == f.quote:
		return c.Problemf("quote", "%q is the delimiter, too", string(f.quote))
	case strings.IndexByte(f.delimiter, f.quote) >= 0:
		return c.Problemf("quote", "%q stands in the delimiter, too", string(f.quote))
	case f.escape != 0 && strings.IndexByte(f.delimiter, f.escape) >= 0:
		return c.Problemf("escape", "%q stands in the delimiter, too", string(f.escape))
	case len(f.delimiter) > 1 && strings.Trim(f.delimiter, " \t") == "":
		return problem("%q is all blanks; where their number varies, replace them by one tab each, as with sed -E 's/[ \\t]+/\\t/g'", f.delimiter)
	case f.trim && strings.Trim(f.delimiter, " ") == "":
		return c.Problemf("trim", "spaces are the delimiter; leave the key out")
	}
	return nil
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func (f *Format) readHeader(c component.Config) error {
	names := c.List("header")
	switch {
	case c.IsList("header"):
		f.headless, f.names = true, names
	case names[0] == "false":
		f.headless = true
	case names[0] != "true":
		return c.Problemf("header", "%q is not true, false or a list of names, such as [%s]", names[0], names[0])
	}
	if c.IsList("header") && len(names) == 0 {
		return c.Problemf("header", "the list names no column; write false, and the columns are those of the schema")
	}
	for i, name := range f.names {
		if strings.TrimSpace(name) == "" {
			return c.Problemf("header", "column %d has no name; give it one, which the schema need not pick", i+1)
		}
		if first := slices.Index(f.names, name); first < i {
			return c.Problemf("header", "columns %d and %d are both called %q; rename one of them", first+1, i+1, name)
		}
	}
	return nil
}

func (f *Format) readComment(c component.Config) error {
	if !c.Has("comment") {
		return nil
	}
	problem := func(why string) error { return c.Problemf("comment", "%q %s", f.comment, why) }
	switch text := f.comment; {
	case text == "":
		return problem("begins every line; write what comments begin with, such as '#', or leave the key out")
	case strings.ContainsAny(text, "\r\n"):
		return problem("has a line end in it")
	case text[0] == f.quote:
		return problem("begins with the quote, as rows may")
	case strings.HasPrefix(text, f.delimiter):
		return problem("begins with the delimiter, as rows do whose first cell is empty")
	case isWord([]rune(text)[0]) || isBlank(text[0]):
		return problem("begins with a letter, digit or blank, as rows may")
	}
	return nil
}

func (f *Format) readNulls(c component.Config) error {
	for _, text := range f.nulls {
		switch {
		case strings.Trim(text, " \t") == "":
			return c.Problemf("null", "%q is blank; an empty cell is NULL as it is, and trim: true makes cells of blanks empty", text)
		case strings.ContainsAny(text, "\r\n"):
			return c.Problemf("null", "%q has a line end in it, which a cell without quotes has not", text)
		case strings.Contains(text, f.delimiter):
			return c.Problemf("null", "%q has the delimiter in it, which a cell without quotes has not", text)
		case strings.HasPrefix(text, string(f.quote)):
			return c.Problemf("null", "%q begins with a quote, and in quotes nothing means NULL; write the text without", text)
		case f.trim && strings.Trim(text, " \t") != text:
			return c.Problemf("null", "%q has spaces around it, which trim takes off; write %q", text, strings.Trim(text, " \t"))
		}
	}
	return nil
}

func (f *Format) readThousands(c component.Config) error {
	if !c.Has("thousands") {
		return nil
	}
	r, size := utf8.DecodeRuneInString(f.thousands)
	switch {
	case size == 0 || size < len(f.thousands) || isWord(r) || strings.ContainsRune("+-\r\n\t", r) || r == utf8.RuneError:
		return c.Problemf("thousands", "%q is not one character such as , . ' _ or a space", f.thousands)
	case f.thousands == string(f.decimal):
		return c.Problemf("thousands", "%q is what stands before the fraction; the key decimal says what that is", f.thousands)
	}
	return nil
}

// reading are the keys of which a sink can make no use, with what to do instead.
var reading = map[string]string{
	"quotes":    "a sink quotes what needs quotes",
	"skip":      "a sink writes no other line than the header; header: false writes none",
	"comment":   "a sink writes no comments",
	"trim":      "a sink writes texts as they are; the function trim takes spaces off",
	"thousands": "a sink writes numbers without them",
	"line_end":  "a sink ends lines in LF",
}

// writes finds what a sink can make no use of.
func writes(c component.Config) error {
	var problems component.Problems
	for _, f := range spec.Fields {
		if why := reading[f.Name]; why != "" && c.Has(f.Name) {
			problems = append(problems, c.Problemf(f.Name, "is for reading only: %s", why))
		}
	}
	if c.IsList("header") {
		problems = append(problems, c.Problemf("header", "takes names for reading only: a sink names the columns of its input; rename them "+
			"with select in a step, such as total AS sum, or write true or false"))
	}
	for _, text := range c.List("null") {
		if isValue(text) {
			problems = append(problems, c.Problemf("null", "%q is a value as well, so that the rows would not say which of them are NULL; choose "+
				"a word", text))
		}
	}
	if problems == nil {
		return nil
	}
	return problems
}

// isValue reports a text that a column of another type than string may have.
func isValue(text string) bool {
	_, isNumber := parseFloat([]byte(text))
	_, isBool := record.ParseBool([]byte(text))
	_, isDate := record.ParseDate([]byte(text))
	_, isTime := record.ParseTime([]byte(text))
	return isNumber == nil || isBool == nil || isDate == nil || isTime == nil
}

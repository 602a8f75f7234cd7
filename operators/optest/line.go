package optest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// A line is a command: a word, and behind it other words and arguments name=value.
type line struct {
	word  string
	words []string
	args  map[string]string
}

func parseLine(text string) line {
	l := line{args: map[string]string{}}
	for _, w := range strings.Fields(text) {
		if name, value, ok := strings.Cut(w, "="); ok && l.word != "" {
			l.args[name] = value
		} else {
			l.words = append(l.words, w)
		}
		l.word = l.words[0]
	}
	l.words = l.words[1:]
	return l
}

// first returns the word behind the command, or "".
func (l line) first() string {
	if len(l.words) == 0 {
		return ""
	}
	return l.words[0]
}

// input returns which one of so many inputs the line is about.
func (l line) input(usual stream.InputID, inputs int) (stream.InputID, error) {
	if text, ok := l.args["in"]; ok {
		in, err := strconv.Atoi(text)
		if err != nil || in < 0 || in >= inputs {
			return 0, fmt.Errorf("in=%s is none of %d inputs", text, inputs)
		}
		return stream.InputID(in), nil
	}
	return usual, nil
}

// row returns the row of a line "record".
func (l line) row(schema *record.Schema) (row Row, err error) {
	row.Watermark = record.MinTime
	if kind := slices.Index(kindWords[:], l.first()); kind >= 0 {
		row.Kind = record.RowKind(kind)
	}
	if row.Time, err = parseTime(l.args["t"]); err != nil {
		return row, err
	}
	if w, ok := l.args["w"]; ok {
		if row.Watermark, err = parseTime(w); err != nil {
			return row, err
		}
	}
	for _, f := range schema.Fields() {
		v, err := parseValue(f.Type, l.args[f.Name])
		if err != nil {
			return row, fmt.Errorf("%s: %w", f.Name, err)
		}
		row.Values = append(row.Values, v)
	}
	return row, nil
}

// parseValue reads a value; nothing at all is null.
func parseValue(t record.Type, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	switch t.Kind {
	case record.KindInt64:
		return strconv.ParseInt(text, 10, 64)
	case record.KindFloat64:
		return strconv.ParseFloat(text, 64)
	case record.KindBool:
		return strconv.ParseBool(text)
	case record.KindTimestamp:
		return parseTime(text)
	}
	return text, nil
}

func parseTime(text string) (record.Time, error) {
	switch text {
	case "min":
		return record.MinTime, nil
	case "max":
		return record.MaxTime, nil
	}
	if strings.HasSuffix(text, "Z") {
		return record.ParseTime([]byte(text))
	}
	d, err := time.ParseDuration(text)
	return record.Time(d.Microseconds()), err
}

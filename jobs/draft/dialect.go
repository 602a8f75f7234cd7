package draft

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// dialect is how a file of CSV is written, by the keys of the format.
type dialect struct {
	delimiter string
	quote     byte
	quotes    string // lenient or none; "" is strict
	escape    bool   // by a backslash
	trim      bool
	cr        bool
	comment   string
	skip      int
	headless  bool     // no line names the columns
	header    []string // names in the place of those in the file; nil is none
	null      []string
	decimal   string // "" is a point
	thousands string
}

// simple is CSV as it is without options.
var simple = dialect{delimiter: ",", quote: '"'}

// setting is a key of the format with its value.
type setting struct {
	key   string
	texts []string
	list  bool
}

// settings returns the keys that are not as they are without options.
func (d *dialect) settings() (all []setting) {
	add := func(given bool, key string, texts ...string) {
		if given {
			all = append(all, setting{key, texts, false})
		}
	}
	add(d.delimiter != simple.delimiter, "delimiter", d.delimiter)
	add(d.quote != simple.quote && d.quotes != "none", "quote", string(d.quote))
	add(d.quotes != "", "quotes", d.quotes)
	add(d.escape, "escape", `\`)
	add(d.skip > 0, "skip", strconv.Itoa(d.skip))
	add(d.comment != "", "comment", d.comment)
	add(d.headless && d.header == nil, "header", "false")
	if d.header != nil {
		all = append(all, setting{"header", d.header, true})
	}
	add(d.trim, "trim", "true")
	if d.null != nil {
		all = append(all, setting{"null", d.null, true})
	}
	add(d.decimal != "", "decimal", d.decimal)
	add(d.thousands != "", "thousands", d.thousands)
	add(d.cr, "line_end", "cr")
	return all
}

// format makes the format.
func (d *dialect) format(r *component.Registry) (stream.Format, error) {
	csv := r.Format("csv")
	var given []component.Entry
	for _, s := range d.settings() {
		v := component.ListOf(s.texts...)
		if !s.list {
			v = component.TextValue(s.texts[0])
		}
		given = append(given, component.Entry{Key: s.key, Value: v})
	}
	config, problems := component.NewConfig(&csv.Spec, component.Position{}, given)
	if problems != nil {
		return nil, problems
	}
	return csv.New(config)
}

// yaml writes the format as a job file has it.
func (d *dialect) yaml() string {
	var keys []string
	for _, s := range d.settings() {
		var texts []string
		for _, text := range s.texts {
			texts = append(texts, value(text))
		}
		switch text := strings.Join(texts, ", "); {
		case s.list:
			keys = append(keys, s.key+": ["+text+"]")
		case s.key == "header", s.key == "trim", s.key == "skip":
			keys = append(keys, s.key+": "+s.texts[0])
		default:
			keys = append(keys, s.key+": "+text)
		}
	}
	if keys == nil {
		return "csv"
	}
	return "{ csv: { " + strings.Join(keys, ", ") + " } }"
}

// notes says what was seen in the file, but for the delimiter.
func (d *dialect) notes() (notes []string) {
	add := func(seen bool, format string, args ...any) {
		if seen {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	add(d.cr, "lines end in CR alone")
	add(d.skip == 1, "the first line is passed over")
	add(d.skip > 1, "the first %d lines are passed over", d.skip)
	add(d.comment != "", "lines that begin with %s are passed over as comments", d.comment)
	add(d.headless && d.header == nil, "no line names the columns: they are called column_1 and so on; rename them in the schema")
	add(d.header != nil, "the names of the columns stand in the job: those in the file are too few or too many, or not unique")
	add(d.quote == '\'' && d.quotes != "none", "cells stand in single quotes")
	add(d.escape, "backslashes stand before quotes or delimiters that are text")
	add(d.quotes == "lenient", "quotes stand inside of cells, and are taken as text")
	add(d.quotes == "none", "quotes enclose no cells, and are taken as text")
	add(d.trim, "blanks around cells are taken off")
	add(d.null != nil, "no value is what these stand for: %s", strings.Join(d.null, ", "))
	add(d.decimal != "", "a comma stands before fractions")
	add(d.thousands != "", "%q stands between thousands", d.thousands)
	return notes
}

package csv

import "github.com/weirstream/weir/runtime/component"

var spec = component.Spec{
	Name:    "csv",
	Summary: "Comma-separated values, and the dialects of them.",
	Details: details,
	Fields: []component.Field{
		{Name: "delimiter", Summary: "What stands between cells: one character or several.", Kind: component.Text, Default: ",",
			Example: "';'"},
		{Name: "quote", Summary: "The character around cells that hold delimiters, quotes or line ends; doubled, it stands for itself.",
			Kind: component.Text, Default: `"`, Example: `"'"`},
		{Name: "quotes", Summary: "What a quote in the wrong place is. `strict`: the row fails. `lenient`: text, as in `5\" pipe` or " +
			"`\"say \"hi\"\"`. `none`: every quote is text. Reading only.",
			Kind: component.Enum, Options: []string{"strict", "lenient", "none"}, Default: "strict"},
		{Name: "escape", Summary: "A character that makes a quote, delimiter, line end, or itself behind it text, as `\\\"` within quotes " +
			"or `\\,` without; before any other character it is text itself.", Kind: component.Text, Example: `'\'`},
		{Name: "header", Summary: "`true`: the first line names the columns. `false`: there is no such line, and the columns are those of the " +
			"schema, all of them and in its order. A list of names: there is no such line, and these are the columns.",
			Kind: component.TextList, Default: "true", Example: "[at, kind, amount]"},
		{Name: "skip", Summary: "How many lines to pass over at the start of each file, before the header. Reading only.",
			Kind: component.Int, Least: 0, Most: maxSkip, Default: "0", Example: "3"},
		{Name: "comment", Summary: "What lines begin with that are comments, and passed over. Reading only.", Kind: component.Text,
			Example: "'#'"},
		{Name: "trim", Summary: "Whether spaces and tabs around cells are no part of them; within quotes they are. Reading only.",
			Kind: component.Bool, Default: "false"},
		{Name: "null", Summary: "Texts that mean NULL, beside the empty cell. In quotes they are text where the column is one of texts or " +
			"bytes. A sink writes NULL as the first of them.", Kind: component.TextList, Example: `[NA, "-"]`},
		{Name: "decimal", Summary: "The character before the fraction of a number.", Kind: component.Enum, Options: []string{".", ","},
			Default: ".", Example: "','"},
		{Name: "thousands", Summary: "The character between groups of three digits of a number. Reading only.", Kind: component.Text,
			Example: "'.'"},
		{Name: "line_end", Summary: "How lines end. `lf`: in LF or CRLF. `cr`: in CR alone, as old programs write them. Reading only.",
			Kind: component.Enum, Options: []string{"lf", "cr"}, Default: "lf"},
	},
	Examples: []component.Example{
		{Title: "Semicolons", YAML: "format: { csv: { delimiter: ';' } }"},
		{Title: "No header, and words for NULL", YAML: "format: { csv: { header: [at, kind, amount], null: [NA, \"-\"] } }"},
		{Title: "A European export: two lines on top, 1.234,56", YAML: `format:
  csv: { delimiter: ';', skip: 2, decimal: ',', thousands: '.' }`},
		{Title: "A database dump: backslashes and \\N", YAML: `format:
  csv: { delimiter: "\t", quotes: none, escape: '\', null: ['\N'], header: false }`},
	},
}

const details = "The first line names the columns, in any order; a schema picks some of them. Lines end in LF or CRLF. Cells may " +
	"be in quotes. An empty cell is NULL, and an empty one in quotes is an empty string; empty lines are skipped.\n\n" +
	"Bools are read from true, t, yes, y, 1 and false, f, no, n, 0, in any case.\n\n" +
	"A row fails, and `on_error` decides what happens to it, if it has more or fewer cells than the header, a cell that does not " +
	"fit the type in the schema, more than 1 MiB in a cell or 16 MiB in all, or a quote that is never closed. A file without a " +
	"header is damaged, and `on_damage` decides; one that lacks a column of the schema fails the job.\n\n" +
	"A sink writes LF, and quotes only where they are needed. `weir new --from FILE` finds out how a file is written."

// maxSkip is how many lines skip may pass over.
const maxSkip = 10_000

package text

import (
	"bytes"
	"slices"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Area is the functions of strings and bytes, those that look into JSON included.
var Area = kernel.Area{Functions: slices.Concat(functions, jsonFunctions), Overloads: overloads, Casts: casts}

// types is shorthand for parameters.
type types = []record.Type

var (
	textT  = types{record.String}
	bytesT = types{record.Bytes}
	texts2 = types{record.String, record.String}
	texts3 = types{record.String, record.String, record.String}

	textInt     = types{record.String, record.Int64}
	textInts    = types{record.String, record.Int64, record.Int64}
	textIntText = types{record.String, record.Int64, record.String}
	textsInt    = types{record.String, record.String, record.Int64}
)

// functions are the functions on strings.
var functions = kernel.InGroup("text", []kernel.Function{
	{
		Name: "lower", Params: "text",
		Summary:   "The text in lower case, each character mapped as Unicode says.",
		Examples:  [][2]string{{"lower('Weir ÉCLUSE')", "'weir écluse'"}},
		Overloads: []kernel.Overload{{Params: textT, Result: record.String, Build: kernel.EachRow(lowerRows)}},
	},
	{
		Name: "upper", Params: "text",
		Summary:   "The text in upper case, each character mapped as Unicode says.",
		Examples:  [][2]string{{"upper('Weir écluse')", "'WEIR ÉCLUSE'"}},
		Overloads: []kernel.Overload{{Params: textT, Result: record.String, Build: kernel.EachRow(upperRows)}},
	},
	{
		Name: "trim", Params: "text characters",
		Summary: "The text with spaces, or the given characters, removed from both ends. Also `TRIM([LEADING | TRAILING | BOTH] " +
			"[characters] FROM text)`.",
		Examples: [][2]string{{"trim('  a b ')", "'a b'"}, {"trim('xyayx', 'xy')", "'a'"}, {"TRIM(BOTH '0' FROM '0070')", "'7'"}},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.String, Build: kernel.EachRow(trimming(sides{true, true}))},
			{Params: texts2, Result: record.String, Build: kernel.EachRow(trimmingSet(sides{true, true}))},
		},
	},
	{
		Name: "ltrim", Params: "text characters",
		Summary:  "The text with spaces, or the given characters, removed from its beginning.",
		Examples: [][2]string{{"ltrim('  a ')", "'a '"}, {"ltrim('0070', '0')", "'70'"}},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.String, Build: kernel.EachRow(trimming(sides{left: true}))},
			{Params: texts2, Result: record.String, Build: kernel.EachRow(trimmingSet(sides{left: true}))},
		},
	},
	{
		Name: "rtrim", Params: "text characters",
		Summary:  "The text with spaces, or the given characters, removed from its end.",
		Examples: [][2]string{{"rtrim('  a ')", "'  a'"}, {"rtrim('0070', '0')", "'007'"}},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.String, Build: kernel.EachRow(trimming(sides{right: true}))},
			{Params: texts2, Result: record.String, Build: kernel.EachRow(trimmingSet(sides{right: true}))},
		},
	},
	{
		Name: "substring", Aliases: []string{"substr"}, Params: "text from count",
		Summary: "The characters from a position on, all of them or `count`. Position 1 is the first character, -1 the last; " +
			"positions outside the text are left out, and a negative count fails. Also `SUBSTRING(text FROM from [FOR count])`.",
		Examples: [][2]string{{"substring('weirstream', 5)", "'stream'"}, {"substring('weirstream', 1, 4)", "'weir'"},
			{"substring('weirstream', -6, 3)", "'str'"}, {"SUBSTRING('weir' FROM 2 FOR 2)", "'ei'"}},
		Overloads: []kernel.Overload{
			{Params: textInt, Result: record.String, Build: kernel.EachRow(substringRows)},
			{Params: textInts, Result: record.String, Fails: true, Prepare: prepareSubstring},
		},
	},
	{
		Name: "left", Params: "text count",
		Summary:   "The first `count` characters; if the count is negative, all but that many at the end.",
		Examples:  [][2]string{{"left('weir', 2)", "'we'"}, {"left('weir', -1)", "'wei'"}},
		Overloads: []kernel.Overload{{Params: textInt, Result: record.String, Build: kernel.EachRow(leftRows)}},
	},
	{
		Name: "right", Params: "text count",
		Summary:   "The last `count` characters; if the count is negative, all but that many at the beginning.",
		Examples:  [][2]string{{"right('weir', 2)", "'ir'"}, {"right('weir', -1)", "'eir'"}},
		Overloads: []kernel.Overload{{Params: textInt, Result: record.String, Build: kernel.EachRow(rightRows)}},
	},
	{
		Name: "length", Aliases: []string{"char_length", "character_length"}, Params: "text",
		Summary:   "How many characters (Unicode code points) the text has.",
		Examples:  [][2]string{{"length('écluse')", "6"}},
		Overloads: []kernel.Overload{{Params: textT, Result: record.Int64, Build: kernel.EachRow(lengthRows)}},
	},
	{
		Name: "octet_length", Params: "x",
		Summary:  "How many bytes the value has; a text is counted in UTF-8.",
		Examples: [][2]string{{"octet_length('écluse')", "7"}},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.Int64, Build: kernel.EachRow(octetLengthRows)},
			{Params: bytesT, Result: record.Int64, Build: kernel.EachRow(octetLengthRows)},
		},
	},
	{
		Name: "concat", Params: "text",
		Summary:   "Joins the texts. NULLs are left out, whereas `||` gives NULL.",
		Examples:  [][2]string{{"concat('a', NULL, 'b')", "'ab'"}, {"'a' || NULL", "NULL"}},
		Overloads: []kernel.Overload{{Params: textT, Variadic: true, Result: record.String, Build: kernel.EachRowWithNulls(concatRows)}},
	},
	{
		Name: "concat_ws", Params: "separator text",
		Summary:   "Joins the texts that are not NULL, with the separator between them; NULL if the separator is NULL.",
		Examples:  [][2]string{{"concat_ws('-', 'a', NULL, 'b')", "'a-b'"}},
		Overloads: []kernel.Overload{{Params: texts2, Variadic: true, Result: record.String, Build: kernel.EachRowWithNulls(concatWithRows)}},
	},
	{
		Name: "replace", Params: "text part by",
		Summary:   "The text with each occurrence of `part` replaced by `by`, from left to right. An empty `part` occurs nowhere.",
		Examples:  [][2]string{{"replace('a-b-c', '-', '')", "'abc'"}},
		Overloads: []kernel.Overload{{Params: texts3, Result: record.String, Fails: true, Build: kernel.EachRow(replaceRows)}},
	},
	{
		Name: "split_index", Params: "text separator index",
		Summary: "Splits the text at the separators and gives the part at `index`, counted from 0; NULL if there is none. An " +
			"empty separator splits nothing.",
		Examples:  [][2]string{{"split_index('a,b,c', ',', 1)", "'b'"}, {"split_index('a,b,c', ',', 3)", "NULL"}},
		Overloads: []kernel.Overload{{Params: textsInt, Result: record.String, Build: kernel.EachRow(splitIndexRows)}},
	},
	{
		Name: "strpos", Aliases: []string{"instr"}, Params: "text part",
		Summary: "Where `part` begins in the text, counted in characters from 1; 0 if it does not occur. Also `POSITION(part " +
			"IN text)`.",
		Examples:  [][2]string{{"strpos('weir', 'ir')", "3"}, {"POSITION('x' IN 'weir')", "0"}},
		Overloads: []kernel.Overload{{Params: texts2, Result: record.Int64, Build: kernel.EachRow(positionRows)}},
	},
	{
		Name: "starts_with", Params: "text part",
		Summary:   "Whether the text begins with `part`.",
		Examples:  [][2]string{{"starts_with('weir', 'we')", "true"}},
		Overloads: []kernel.Overload{{Params: texts2, Result: record.Bool, Build: kernel.EachRow(asking(bytes.HasPrefix))}},
	},
	{
		Name: "ends_with", Params: "text part",
		Summary:   "Whether the text ends with `part`.",
		Examples:  [][2]string{{"ends_with('weir', 'ir')", "true"}},
		Overloads: []kernel.Overload{{Params: texts2, Result: record.Bool, Build: kernel.EachRow(asking(bytes.HasSuffix))}},
	},
	{
		Name: "contains", Params: "text part",
		Summary:   "Whether the text contains `part`.",
		Examples:  [][2]string{{"contains('weir', 'ei')", "true"}},
		Overloads: []kernel.Overload{{Params: texts2, Result: record.Bool, Build: kernel.EachRow(asking(bytes.Contains))}},
	},
	{
		Name: "lpad", Params: "text length fill",
		Summary: "The text made `length` characters long: cut at its end, or padded at its beginning with spaces or `fill`. " +
			"Fails if it needs padding and `fill` is empty, or needs more than 262,144 characters of it.",
		Examples: [][2]string{{"lpad('7', 3, '0')", "'007'"}, {"lpad('weir', 2)", "'we'"}},
		Overloads: []kernel.Overload{
			{Params: textInt, Result: record.String, Fails: true, Build: kernel.EachRow(padLeftRows)},
			{Params: textIntText, Result: record.String, Fails: true, Build: kernel.EachRow(padLeftRows)},
		},
	},
	{
		Name: "rpad", Params: "text length fill",
		Summary: "The text made `length` characters long: cut or padded at its end, with spaces or `fill`. Fails if it needs " +
			"padding and `fill` is empty, or needs more than 262,144 characters of it.",
		Examples: [][2]string{{"rpad('7', 3, '0')", "'700'"}, {"rpad('weir', 2)", "'we'"}},
		Overloads: []kernel.Overload{
			{Params: textInt, Result: record.String, Fails: true, Build: kernel.EachRow(padRightRows)},
			{Params: textIntText, Result: record.String, Fails: true, Build: kernel.EachRow(padRightRows)},
		},
	},
	{
		Name: "repeat", Params: "text count",
		Summary:   "The text repeated `count` times; empty if the count is below 1. Fails above 1 MiB.",
		Examples:  [][2]string{{"repeat('ab', 3)", "'ababab'"}},
		Overloads: []kernel.Overload{{Params: textInt, Result: record.String, Fails: true, Build: kernel.EachRow(repeatRows)}},
	},
	{
		Name: "reverse", Params: "text",
		Summary:   "The characters (Unicode code points) of the text in reverse order.",
		Examples:  [][2]string{{"reverse('weir')", "'riew'"}},
		Overloads: []kernel.Overload{{Params: textT, Result: record.String, Build: kernel.EachRow(reverseRows)}},
	},
	{
		Name: "regexp_like", Params: "text pattern",
		Summary: "Whether any part of the text matches a regular expression; `^` and `$` match the beginning and end of the " +
			"text.",
		Examples:  [][2]string{{"regexp_like('UA-1545', '^[A-Z]{2}-\\d+$')", "true"}},
		Overloads: []kernel.Overload{{Params: texts2, Result: record.Bool, Fails: true, Prepare: withPattern(regexpLike, likeNeverFails)}},
	},
	{
		Name: "regexp_extract", Params: "text pattern group",
		Summary: "The leftmost part of the text that matches a regular expression, or what a group in it matched; NULL if " +
			"nothing did. Group 0, the default, is the whole match.",
		Examples: [][2]string{{"regexp_extract('UA-1545', '\\d+')", "'1545'"}, {"regexp_extract('UA-1545', '([A-Z]+)-(\\d+)', 1)", "'UA'"},
			{"regexp_extract('UA', '\\d+')", "NULL"}},
		Overloads: []kernel.Overload{
			{Params: texts2, Result: record.String, Fails: true, Prepare: withPattern(regexpExtract, extractNeverFails)},
			{Params: textsInt, Result: record.String, Fails: true, Prepare: withPattern(regexpExtract, extractNeverFails)},
		},
	},
	{
		Name: "regexp_replace", Params: "text pattern by",
		Summary: "The text with every match of a regular expression replaced. In the replacement, `\\1` to `\\9` stand for what a " +
			"group matched, `\\0` for the whole match and `\\\\` for a backslash.",
		Examples:  [][2]string{{"regexp_replace('2013-01-31', '(\\d+)-(\\d+)-(\\d+)', '\\3.\\2.\\1')", "'31.01.2013'"}},
		Overloads: []kernel.Overload{{Params: texts3, Result: record.String, Fails: true, Prepare: withPattern(regexpReplace, checkReplacement)}},
	},
	{
		Name: "md5", Params: "x",
		Summary:  "The MD5 sum of the value's bytes, as 32 hexadecimal digits. Use it to tell values apart, not to keep secrets.",
		Examples: [][2]string{{"md5('weir')", "'57c6838eabf401f73f6dd50093408e33'"}},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.String, Build: kernel.EachRow(md5Rows)},
			{Params: bytesT, Result: record.String, Build: kernel.EachRow(md5Rows)},
		},
	},
	{
		Name: "sha256", Params: "x",
		Summary:  "The SHA-256 sum of the value's bytes, as 64 hexadecimal digits.",
		Examples: [][2]string{{"sha256('weir')", "'9e1bd4e58bdc27cb9abf4c558b21963a3f3fb6b08c715e8e2bb6c795162994bc'"}},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.String, Build: kernel.EachRow(sha256Rows)},
			{Params: bytesT, Result: record.String, Build: kernel.EachRow(sha256Rows)},
		},
	},
	{
		Name: "xxhash", Params: "x",
		Summary:  "The 64-bit xxHash (XXH64, seed 0) of the value's bytes, as a number, which may be negative.",
		Examples: [][2]string{{"xxhash('weir')", "2723438343022078094"}},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.Int64, Build: kernel.EachRow(xxhashRows)},
			{Params: bytesT, Result: record.Int64, Build: kernel.EachRow(xxhashRows)},
		},
	},
	{
		Name: "hex", Aliases: []string{"to_hex"}, Params: "x",
		Summary:  "The value's bytes as hexadecimal digits, two per byte.",
		Examples: [][2]string{{"hex(X'00ff')", "'00FF'"}, {"hex('weir')", "'77656972'"}},
		Overloads: []kernel.Overload{
			{Params: bytesT, Result: record.String, Build: kernel.EachRow(hexRows)},
			{Params: textT, Result: record.String, Build: kernel.EachRow(hexRows)},
		},
	},
	{
		Name: "unhex", Aliases: []string{"from_hex"}, Params: "text",
		Summary:   "The bytes that the hexadecimal digits stand for. Any other text fails.",
		Examples:  [][2]string{{"unhex('00ff')", "X'00FF'"}},
		Overloads: []kernel.Overload{{Params: textT, Result: record.Bytes, Fails: true, Build: kernel.EachRow(unhexRows)}},
	},
	{
		Name: "to_base64", Params: "x",
		Summary:  "The value's bytes in base64, with padding.",
		Examples: [][2]string{{"to_base64(X'00ff')", "'AP8='"}},
		Overloads: []kernel.Overload{
			{Params: bytesT, Result: record.String, Build: kernel.EachRow(base64Rows)},
			{Params: textT, Result: record.String, Build: kernel.EachRow(base64Rows)},
		},
	},
	{
		Name: "from_base64", Params: "text",
		Summary:   "The bytes that a padded base64 text stands for. Any other text fails.",
		Examples:  [][2]string{{"from_base64('AP8=')", "X'00FF'"}},
		Overloads: []kernel.Overload{{Params: textT, Result: record.Bytes, Fails: true, Build: kernel.EachRow(unbase64Rows)}},
	},
})

package expr

import (
	"bytes"

	"github.com/weirstream/weir/runtime/record"
)

var (
	textT  = []record.Type{record.String}
	bytesT = []record.Type{record.Bytes}
	texts2 = []record.Type{record.String, record.String}
	texts3 = []record.Type{record.String, record.String, record.String}

	textInt     = []record.Type{record.String, record.Int64}
	textInts    = []record.Type{record.String, record.Int64, record.Int64}
	textIntText = []record.Type{record.String, record.Int64, record.String}
	textsInt    = []record.Type{record.String, record.String, record.Int64}
)

// textFunctions are the functions on strings.
var textFunctions = inGroup("text", []function{
	{
		name: "lower", params: "text",
		summary:   "The text with small letters, as Unicode maps each of its characters.",
		examples:  [][2]string{{"lower('Weir ÉCLUSE')", "'weir écluse'"}},
		overloads: []overload{{params: textT, result: record.String, build: eachRow(lowerRows)}},
	},
	{
		name: "upper", params: "text",
		summary:   "The text with capital letters, as Unicode maps each of its characters.",
		examples:  [][2]string{{"upper('Weir écluse')", "'WEIR ÉCLUSE'"}},
		overloads: []overload{{params: textT, result: record.String, build: eachRow(upperRows)}},
	},
	{
		name: "trim", params: "text characters",
		summary: "The text without spaces at both ends, or without the given characters. " +
			"Also `TRIM([LEADING | TRAILING | BOTH] [characters] FROM text)`.",
		examples: [][2]string{{"trim('  a b ')", "'a b'"}, {"trim('xyayx', 'xy')", "'a'"}, {"TRIM(BOTH '0' FROM '0070')", "'7'"}},
		overloads: []overload{
			{params: textT, result: record.String, build: eachRow(trimming(sides{true, true}))},
			{params: texts2, result: record.String, build: eachRow(trimmingSet(sides{true, true}))},
		},
	},
	{
		name: "ltrim", params: "text characters",
		summary:  "The text without spaces at its beginning, or without the given characters.",
		examples: [][2]string{{"ltrim('  a ')", "'a '"}, {"ltrim('0070', '0')", "'70'"}},
		overloads: []overload{
			{params: textT, result: record.String, build: eachRow(trimming(sides{left: true}))},
			{params: texts2, result: record.String, build: eachRow(trimmingSet(sides{left: true}))},
		},
	},
	{
		name: "rtrim", params: "text characters",
		summary:  "The text without spaces at its end, or without the given characters.",
		examples: [][2]string{{"rtrim('  a ')", "'  a'"}, {"rtrim('0070', '0')", "'007'"}},
		overloads: []overload{
			{params: textT, result: record.String, build: eachRow(trimming(sides{right: true}))},
			{params: texts2, result: record.String, build: eachRow(trimmingSet(sides{right: true}))},
		},
	},
	{
		name: "substring", aliases: []string{"substr"}, params: "text from count",
		summary: "The characters from a position on, all or so many. Position 1 is the first character, -1 the last; " +
			"what lies outside of the text is left out, and a negative count fails. Also `SUBSTRING(text FROM from [FOR count])`.",
		examples: [][2]string{{"substring('weirstream', 5)", "'stream'"}, {"substring('weirstream', 1, 4)", "'weir'"},
			{"substring('weirstream', -6, 3)", "'str'"}, {"SUBSTRING('weir' FROM 2 FOR 2)", "'ei'"}},
		overloads: []overload{
			{params: textInt, result: record.String, build: eachRow(substringRows)},
			{params: textInts, result: record.String, fails: true, prepare: prepareSubstring},
		},
	},
	{
		name: "left", params: "text count",
		summary:   "The first characters, so many; of a negative count, all but the last so many.",
		examples:  [][2]string{{"left('weir', 2)", "'we'"}, {"left('weir', -1)", "'wei'"}},
		overloads: []overload{{params: textInt, result: record.String, build: eachRow(leftRows)}},
	},
	{
		name: "right", params: "text count",
		summary:   "The last characters, so many; of a negative count, all but the first so many.",
		examples:  [][2]string{{"right('weir', 2)", "'ir'"}, {"right('weir', -1)", "'eir'"}},
		overloads: []overload{{params: textInt, result: record.String, build: eachRow(rightRows)}},
	},
	{
		name: "length", aliases: []string{"char_length", "character_length"}, params: "text",
		summary:   "How many characters, which are Unicode code points, the text has.",
		examples:  [][2]string{{"length('écluse')", "6"}},
		overloads: []overload{{params: textT, result: record.Int64, build: eachRow(lengthRows)}},
	},
	{
		name: "octet_length", params: "x",
		summary:  "How many bytes the value has, a text in UTF-8.",
		examples: [][2]string{{"octet_length('écluse')", "7"}},
		overloads: []overload{
			{params: textT, result: record.Int64, build: eachRow(octetLengthRows)},
			{params: bytesT, result: record.Int64, build: eachRow(octetLengthRows)},
		},
	},
	{
		name: "concat", params: "text",
		summary:   "The texts one behind the other. Those that are NULL are left out; `||` is NULL then.",
		examples:  [][2]string{{"concat('a', NULL, 'b')", "'ab'"}, {"'a' || NULL", "NULL"}},
		overloads: []overload{{params: textT, variadic: true, result: record.String, build: eachRowWithNulls(concatRows)}},
	},
	{
		name: "concat_ws", params: "separator text",
		summary:   "The texts that are not NULL, with the separator between them; NULL if the separator is.",
		examples:  [][2]string{{"concat_ws('-', 'a', NULL, 'b')", "'a-b'"}},
		overloads: []overload{{params: texts2, variadic: true, result: record.String, build: eachRowWithNulls(concatWithRows)}},
	},
	{
		name: "replace", params: "text part by",
		summary:   "The text with each occurrence of a part replaced, from the left. An empty part occurs nowhere.",
		examples:  [][2]string{{"replace('a-b-c', '-', '')", "'abc'"}},
		overloads: []overload{{params: texts3, result: record.String, fails: true, build: eachRow(replaceRows)}},
	},
	{
		name: "split_index", params: "text separator index",
		summary: "The part with that number, counted from 0, of those between the separators; NULL where there is none. " +
			"An empty separator separates nothing.",
		examples:  [][2]string{{"split_index('a,b,c', ',', 1)", "'b'"}, {"split_index('a,b,c', ',', 3)", "NULL"}},
		overloads: []overload{{params: textsInt, result: record.String, build: eachRow(splitIndexRows)}},
	},
	{
		name: "strpos", aliases: []string{"instr"}, params: "text part",
		summary:   "Where a part begins in the text, in characters from 1; 0 where it does not occur. Also `POSITION(part IN text)`.",
		examples:  [][2]string{{"strpos('weir', 'ir')", "3"}, {"POSITION('x' IN 'weir')", "0"}},
		overloads: []overload{{params: texts2, result: record.Int64, build: eachRow(positionRows)}},
	},
	{
		name: "starts_with", params: "text part",
		summary:   "Whether the text begins with a part.",
		examples:  [][2]string{{"starts_with('weir', 'we')", "true"}},
		overloads: []overload{{params: texts2, result: record.Bool, build: eachRow(asking(bytes.HasPrefix))}},
	},
	{
		name: "ends_with", params: "text part",
		summary:   "Whether the text ends with a part.",
		examples:  [][2]string{{"ends_with('weir', 'ir')", "true"}},
		overloads: []overload{{params: texts2, result: record.Bool, build: eachRow(asking(bytes.HasSuffix))}},
	},
	{
		name: "contains", params: "text part",
		summary:   "Whether the text contains a part.",
		examples:  [][2]string{{"contains('weir', 'ei')", "true"}},
		overloads: []overload{{params: texts2, result: record.Bool, build: eachRow(asking(bytes.Contains))}},
	},
	{
		name: "lpad", params: "text length fill",
		summary: "The text made so many characters long: cut at its end, or filled up at its beginning with spaces or with `fill`. " +
			"Fails where an empty `fill` would be needed, or more than 262,144 characters of it.",
		examples: [][2]string{{"lpad('7', 3, '0')", "'007'"}, {"lpad('weir', 2)", "'we'"}},
		overloads: []overload{
			{params: textInt, result: record.String, fails: true, build: eachRow(padLeftRows)},
			{params: textIntText, result: record.String, fails: true, build: eachRow(padLeftRows)},
		},
	},
	{
		name: "rpad", params: "text length fill",
		summary: "The text made so many characters long: cut or filled up at its end, with spaces or with `fill`. " +
			"Fails where an empty `fill` would be needed, or more than 262,144 characters of it.",
		examples: [][2]string{{"rpad('7', 3, '0')", "'700'"}, {"rpad('weir', 2)", "'we'"}},
		overloads: []overload{
			{params: textInt, result: record.String, fails: true, build: eachRow(padRightRows)},
			{params: textIntText, result: record.String, fails: true, build: eachRow(padRightRows)},
		},
	},
	{
		name: "repeat", params: "text count",
		summary:   "The text so many times; none at all of a count below 1. Fails above 1 MiB.",
		examples:  [][2]string{{"repeat('ab', 3)", "'ababab'"}},
		overloads: []overload{{params: textInt, result: record.String, fails: true, build: eachRow(repeatRows)}},
	},
	{
		name: "reverse", params: "text",
		summary:   "The characters of the text, which are Unicode code points, in reverse order.",
		examples:  [][2]string{{"reverse('weir')", "'riew'"}},
		overloads: []overload{{params: textT, result: record.String, build: eachRow(reverseRows)}},
	},
	{
		name: "regexp_like", params: "text pattern",
		summary:   "Whether a part of the text matches a regular expression; `^` and `$` are its beginning and end.",
		examples:  [][2]string{{"regexp_like('UA-1545', '^[A-Z]{2}-\\d+$')", "true"}},
		overloads: []overload{{params: texts2, result: record.Bool, fails: true, prepare: withPattern(regexpLike, likeNeverFails)}},
	},
	{
		name: "regexp_extract", params: "text pattern group",
		summary: "The leftmost part of the text that matches a regular expression, or what a group of it matched; NULL where there is none. " +
			"Group 0, the whole match, is meant where none is given.",
		examples: [][2]string{{"regexp_extract('UA-1545', '\\d+')", "'1545'"}, {"regexp_extract('UA-1545', '([A-Z]+)-(\\d+)', 1)", "'UA'"},
			{"regexp_extract('UA', '\\d+')", "NULL"}},
		overloads: []overload{
			{params: texts2, result: record.String, fails: true, prepare: withPattern(regexpExtract, extractNeverFails)},
			{params: textsInt, result: record.String, fails: true, prepare: withPattern(regexpExtract, extractNeverFails)},
		},
	},
	{
		name: "regexp_replace", params: "text pattern by",
		summary: "The text with every match of a regular expression replaced. In the replacement `\\1` to `\\9` is what a group matched, " +
			"`\\0` the whole match and `\\\\` a backslash.",
		examples:  [][2]string{{"regexp_replace('2013-01-31', '(\\d+)-(\\d+)-(\\d+)', '\\3.\\2.\\1')", "'31.01.2013'"}},
		overloads: []overload{{params: texts3, result: record.String, fails: true, prepare: withPattern(regexpReplace, checkReplacement)}},
	},
	{
		name: "md5", params: "x",
		summary:  "The MD5 sum of the bytes of the value in 32 hexadecimal digits. To tell values apart, not to keep secrets.",
		examples: [][2]string{{"md5('weir')", "'57c6838eabf401f73f6dd50093408e33'"}},
		overloads: []overload{
			{params: textT, result: record.String, build: eachRow(md5Rows)},
			{params: bytesT, result: record.String, build: eachRow(md5Rows)},
		},
	},
	{
		name: "sha256", params: "x",
		summary:  "The SHA-256 sum of the bytes of the value in 64 hexadecimal digits.",
		examples: [][2]string{{"sha256('weir')", "'9e1bd4e58bdc27cb9abf4c558b21963a3f3fb6b08c715e8e2bb6c795162994bc'"}},
		overloads: []overload{
			{params: textT, result: record.String, build: eachRow(sha256Rows)},
			{params: bytesT, result: record.String, build: eachRow(sha256Rows)},
		},
	},
	{
		name: "xxhash", params: "x",
		summary:  "The 64-bit xxHash (XXH64, seed 0) of the bytes of the value, as a number that may be negative.",
		examples: [][2]string{{"xxhash('weir')", "2723438343022078094"}},
		overloads: []overload{
			{params: textT, result: record.Int64, build: eachRow(xxhashRows)},
			{params: bytesT, result: record.Int64, build: eachRow(xxhashRows)},
		},
	},
	{
		name: "hex", aliases: []string{"to_hex"}, params: "x",
		summary:  "The bytes of the value in hexadecimal digits, two each.",
		examples: [][2]string{{"hex(X'00ff')", "'00FF'"}, {"hex('weir')", "'77656972'"}},
		overloads: []overload{
			{params: bytesT, result: record.String, build: eachRow(hexRows)},
			{params: textT, result: record.String, build: eachRow(hexRows)},
		},
	},
	{
		name: "unhex", aliases: []string{"from_hex"}, params: "text",
		summary:   "The bytes that hexadecimal digits stand for. Other text fails.",
		examples:  [][2]string{{"unhex('00ff')", "X'00FF'"}},
		overloads: []overload{{params: textT, result: record.Bytes, fails: true, build: eachRow(unhexRows)}},
	},
	{
		name: "to_base64", params: "x",
		summary:  "The bytes of the value in base64, with padding.",
		examples: [][2]string{{"to_base64(X'00ff')", "'AP8='"}},
		overloads: []overload{
			{params: bytesT, result: record.String, build: eachRow(base64Rows)},
			{params: textT, result: record.String, build: eachRow(base64Rows)},
		},
	},
	{
		name: "from_base64", params: "text",
		summary:   "The bytes that a base64 text with padding stands for. Other text fails.",
		examples:  [][2]string{{"from_base64('AP8=')", "X'00FF'"}},
		overloads: []overload{{params: textT, result: record.Bytes, fails: true, build: eachRow(unbase64Rows)}},
	},
})

package expr

import (
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/component"
)

// elsewhere says what to do about functions that other systems have, and that we
// have under a name far from theirs, or for a reason not.
var elsewhere = map[string]string{
	"charindex":           "write strpos(text, part)",
	"decode":              "write CASE",
	"get_json_object":     "write json_value",
	"if":                  "write CASE WHEN … THEN … ELSE … END",
	"ifnull":              "write coalesce",
	"iif":                 "write CASE WHEN … THEN … ELSE … END",
	"isnull":              "write x IS NULL, or coalesce(x, y)",
	"json_extract":        "write json_value for strings and numbers, json_query for JSON",
	"json_extract_scalar": "write json_value",
	"json_extract_string": "write json_value",
	"len":                 "write length",
	"locate":              "write strpos(text, part)",
	"log":                 "write ln, log10 or log2",
	"nvl":                 "write coalesce",
	"rand":                noRandom,
	"random":              noRandom,
	"regexp":              "write regexp_like",
	"regexp_matches":      "write regexp_like",
	"regexp_substr":       "write regexp_extract",
	"rlike":               "write regexp_like",
	"split":               "write split_index(text, separator, index), which counts from 0",
	"split_part":          "write split_index(text, separator, index), which counts from 0",
	"strlen":              "write octet_length for bytes, length for characters",
	"ucase":               "write upper",
	"lcase":               "write lower",
	"xxhash64":            "write xxhash",
}

const (
	noRandom = "results depend on the rows alone; a hash such as xxhash(id) % 100 = 0 samples rows, the same ones each time"
)

// noFunction is what a message says about a function that there is not.
func noFunction(name string) string {
	if instead := elsewhere[name]; instead != "" {
		return "; " + instead
	}
	return component.Known(name, functionNames())
}

// changing are what SQL has for values that are others on each run.
var changing = []string{"now", "current_timestamp", "current_date", "current_time", "localtimestamp", "random", "rand", "uuid",
	"gen_random_uuid"}

// whyAbsent explains why there is no such function or column.
func whyAbsent(name string) string {
	if slices.Contains(changing, strings.ToLower(name)) {
		return ", since a job gives the same result whenever it runs; of times it has those of its records"
	}
	return ""
}

package draft

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/weirstream/weir/operators/expr"
)

// plain is a text that YAML takes as it stands, also within { and }.
var plain = regexp.MustCompile(`^[A-Za-z_./][A-Za-z0-9_./()*%+-]*( [A-Za-z0-9_./()*%+-]+)*$`)

// word is a text that YAML takes for something else than text.
var word = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null|\.nan|[+-]?\.inf)$`)

// scalar writes a text as YAML, in quotes where it needs them.
func scalar(text string) string {
	if plain.MatchString(text) && !word.MatchString(text) {
		return text
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string has a JSON form
	return strings.TrimSuffix(b.String(), "\n")
}

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// value writes a text as a value, in which ${NAME} would be replaced.
func value(text string) string { return scalar(variable.ReplaceAllString(text, "$${{$1}}")) }

// columnText writes the name of a column as expressions do.
func columnText(name string) string {
	if item, errs := expr.ParseSelectItem(name); errs == nil && item.Name == name {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// comment returns a comment behind a line; nothing where there is no text.
func comment(text string) string {
	if text == "" {
		return ""
	}
	return " # " + strings.Join(strings.Fields(text), " ")
}

var notIdentifier = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// identifier makes a name of letters, digits and _ out of a text.
func identifier(text string) string {
	name := strings.Trim(notIdentifier.ReplaceAllString(text, "_"), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "_" + name
	}
	return name[:min(len(name), 60)]
}

package draft

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
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
	return strconv.Quote(text) // its escapes are YAML's, too
}

// longKey is about how long a key may be that YAML is to know as one by the colon
// behind it; that allows 1024 characters.
const longKey = 1000

// key writes a text as a key of YAML, up to where its value begins. A long one has a
// question mark in front, and its value follows behind a separator.
func key(text, separator string) string {
	if k := scalar(text); len(k) > longKey {
		return "? " + k + separator + ": "
	}
	return scalar(text) + ": "
}

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// value writes a text as a value, in which ${NAME} would be replaced.
func value(text string) string { return scalar(variable.ReplaceAllString(text, "$${{$1}}")) }

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// comment returns a comment behind a line; nothing where there is no text.
func comment(text string) string {
	if text == "" {
		return ""
	}
	return " # " + oneLine(text)
}

// oneLine writes a text so that it can stand in a comment.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
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

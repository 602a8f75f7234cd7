package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind tells tokens apart as far as the lexer can.
type tokenKind uint8

const (
	endToken     tokenKind = iota
	nameToken              // a column or function; text is the name, unquoted
	keywordToken           // text is in upper case
	numberToken            // text is as written
	stringToken            // text is the value
	symbolToken            // an operator or a parenthesis
)

// token is a piece of the text; start and end are byte offsets.
type token struct {
	kind       tokenKind
	text       string
	quoted     bool // of a name: written in double quotes
	start, end int
}

// is reports whether the token is the given keyword or symbol.
func (t token) is(text string) bool {
	return (t.kind == keywordToken || t.kind == symbolToken) && t.text == text
}

// isWord reports whether the token is an unquoted name that, in its place, has
// a meaning of its own, such as TIMESTAMP before a string.
func (t token) isWord(upper string) bool {
	return t.kind == nameToken && !t.quoted && strings.EqualFold(t.text, upper)
}

// keywords can be column names only in double quotes. Words that the grammar
// knows in one place only (TIMESTAMP, FILTER, WHERE) are not among them.
var keywords = map[string]bool{
	"AND": true, "AS": true, "BETWEEN": true, "CASE": true, "CAST": true, "DISTINCT": true,
	"ELSE": true, "END": true, "FALSE": true, "IN": true, "IS": true, "NOT": true, "NULL": true,
	"OR": true, "THEN": true, "TRUE": true, "WHEN": true,
}

// symbols, longer ones first.
var symbols = []string{"<>", "!=", "<=", ">=", "||", "::", "+", "-", "*", "/", "%", "=", "<", ">", "(", ")", "[", "]", ",", "."}

// lexer cuts a text into tokens.
type lexer struct {
	text string
	at   int
}

// next returns the next token, or what is wrong with it.
func (l *lexer) next() (token, *Error) {
	for l.at < len(l.text) && strings.IndexByte(" \t\r\n", l.text[l.at]) >= 0 {
		l.at++
	}
	if l.at == len(l.text) {
		return token{start: l.at, end: l.at}, nil
	}
	switch c := l.text[l.at]; {
	case c == '\'' || c == '"':
		return l.quoted(c)
	case isDigit(c) || c == '.' && l.at+1 < len(l.text) && isDigit(l.text[l.at+1]):
		return l.number()
	}
	if r, size := utf8.DecodeRuneInString(l.text[l.at:]); r == '_' || unicode.IsLetter(r) {
		return l.name(size), nil
	}
	return l.symbol()
}

func (l *lexer) token(kind tokenKind, start int) token {
	return token{kind: kind, text: l.text[start:l.at], start: start, end: l.at}
}

// name reads a name or keyword whose first letter is size bytes long.
func (l *lexer) name(size int) token {
	start := l.at
	for size > 0 {
		l.at += size
		var r rune
		if r, size = utf8.DecodeRuneInString(l.text[l.at:]); r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
	}
	t := l.token(nameToken, start)
	if upper := strings.ToUpper(t.text); keywords[upper] {
		t.kind, t.text = keywordToken, upper
	}
	return t
}

// number reads digits, a fraction and an exponent; what follows must not
// continue it, so that "12abc" is no number beside a name.
func (l *lexer) number() (token, *Error) {
	start := l.at
	l.digits()
	if l.at+1 < len(l.text) && l.text[l.at] == '.' && isDigit(l.text[l.at+1]) {
		l.at++
		l.digits()
	}
	if rest := l.text[l.at:]; rest != "" && (rest[0] == 'e' || rest[0] == 'E') {
		exponent := strings.TrimLeft(rest[1:], "+-")
		if len(rest)-len(exponent) <= 2 && exponent != "" && isDigit(exponent[0]) {
			l.at = len(l.text) - len(exponent)
			l.digits()
		}
	}
	if r, _ := utf8.DecodeRuneInString(l.text[l.at:]); r == '_' || r == '.' || unicode.IsLetter(r) {
		end := l.at + utf8.RuneLen(r)
		return token{}, &Error{start, end, fmt.Sprintf("%q is not a number such as 12, 0.5 or 1e6", l.text[start:end])}
	}
	return l.token(numberToken, start), nil
}

func (l *lexer) digits() {
	for l.at < len(l.text) && isDigit(l.text[l.at]) {
		l.at++
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// quoted reads a string or a quoted name; a doubled quote stands for one.
func (l *lexer) quoted(quote byte) (token, *Error) {
	start := l.at
	var value strings.Builder
	for l.at++; ; l.at++ {
		n := strings.IndexByte(l.text[l.at:], quote)
		if n < 0 {
			what := "string"
			if quote == '"' {
				what = "name"
			}
			return token{}, &Error{start, len(l.text), fmt.Sprintf("the %s that begins here has no closing %c", what, quote)}
		}
		value.WriteString(l.text[l.at : l.at+n])
		l.at += n + 1
		if l.at == len(l.text) || l.text[l.at] != quote {
			break
		}
		value.WriteByte(quote)
	}
	t := l.token(stringToken, start)
	t.text = value.String()
	if quote == '"' {
		t.kind, t.quoted = nameToken, true
		if t.text == "" {
			return token{}, &Error{start, l.at, `"" names no column; a string is written in single quotes: ''`}
		}
	}
	return t, nil
}

func (l *lexer) symbol() (token, *Error) {
	start, rest := l.at, l.text[l.at:]
	if strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "/*") {
		return token{}, &Error{start, start + 2, fmt.Sprintf("an expression holds no comments; if %q is meant as two signs, "+
			"put a space between them", rest[:2])}
	}
	if strings.HasPrefix(rest, "==") {
		return token{}, &Error{start, start + 2, "== has no meaning here; write ="}
	}
	for _, s := range symbols {
		if strings.HasPrefix(rest, s) {
			l.at += len(s)
			return l.token(symbolToken, start), nil
		}
	}
	_, size := utf8.DecodeRuneInString(rest)
	return token{}, &Error{start, start + size, fmt.Sprintf("%q has no meaning here%s", rest[:size], mistaken[rest[0]])}
}

// mistaken says what people who write a character of another language want.
var mistaken = map[byte]string{
	'&': "; write AND", '|': "; write OR, or || to join strings", '!': "; write NOT", '`': `; write a name as "name"`,
	'{': "; write a list as (1, 2)", ';': "; an expression ends without it",
}

package jsontext

// Fault is why a text is no JSON. Callers put it into words: they know whether they
// read a file, and what can be done about it.
type Fault struct {
	At      int // where in the line
	Problem Problem
}

// Problem is what is wrong at the place of a [Fault].
type Problem uint8

const (
	// NoValue: what stands there is no value, or begins like one and goes wrong, as
	// 1.e5 and nul do.
	NoValue Problem = iota
	// NoKey: a key in quotes has to stand there.
	NoKey
	// NoColon: a colon has to stand there, behind a key.
	NoColon
	// NoCommaOrBrace: the object neither goes on nor ends there.
	NoCommaOrBrace
	// NoCommaOrBracket: the list neither goes on nor ends there.
	NoCommaOrBracket
	// TooDeep: the bracket or brace there is one level too deep.
	TooDeep

	// BadEscape: the backslash there begins no escape.
	BadEscape
	// HalfPair: the escape there is half of a surrogate pair, and the other half does
	// not stand behind it.
	HalfPair
	// Control: the character there, in a string, has to be escaped; a line feed is
	// the end of the line.
	Control
	// NotUTF8: the byte there, in a string, is part of no character.
	NotUTF8
)

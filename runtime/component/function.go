package component

// FunctionDoc describes a function, an aggregate function, or a form of the
// grammar that acts as a function. Reference pages derive from it.
type FunctionDoc struct {
	// Name is the name in lower case, or of a form its keyword or sign, such as
	// "CASE" or "||".
	Name string
	// Aliases are other names that mean the same.
	Aliases []string
	// Group is the chapter that tells of it; aggregates, which have one alone, have
	// none.
	Group string
	// Signatures are the ways to call it, such as "length(text string) → int64".
	Signatures []string
	// Summary says what it gives, NULL and failure included, in Markdown.
	Summary string
	// Examples are calls as a job writes them, each with the text of what it gives:
	// a literal, or "error: " and the reason where there is no value; nothing where
	// that depends on rows.
	Examples [][2]string
}

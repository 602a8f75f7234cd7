package stream

// Changelog declares that the rows of an output do not only add to a result but
// also replace and withdraw what earlier ones said, by their row kinds.
type Changelog struct {
	// Key is the columns that tell which row of the result a row speaks of; nil
	// means all of them.
	Key []string
	// UpdateBefore says that each UpdateAfter stands right behind an UpdateBefore, in
	// the same batch, with the row that it replaces. Without them a consumer finds
	// that row by Key.
	UpdateBefore bool
}

// ChangelogSource is a source that may read a changelog, such as that of a
// database table. Changelog returns nil where it reads plain rows.
type ChangelogSource interface {
	Source
	Changelog() *Changelog
}

package stream

// Changelog declares that the rows of an output do not only add to a result but
// also replace and withdraw what earlier ones said, by their row kinds.
type Changelog struct {
	// Key is the columns that tell which row of the result a row speaks of; nil
	// means all of them. Equal rows are then told apart by their number.
	Key []string
	// UpdateBefore says that each UpdateAfter stands right behind an UpdateBefore
	// with the row that it replaces, in the same batch: whoever leaves out one of
	// the two, or sends them different ways, makes a change of its own of the other,
	// which it knows by that. Without them a consumer finds the row by Key.
	UpdateBefore bool
}

// ChangelogSource is a source that may read a changelog, such as that of a
// database table. Changelog returns nil where it reads plain rows.
type ChangelogSource interface {
	Source
	Changelog() *Changelog
}

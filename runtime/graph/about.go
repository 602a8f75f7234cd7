package graph

// About is what a step tells people of itself. Nothing that runs depends on it.
type About struct {
	// Kind is what the step is, in a few words, such as "file source".
	Kind string
	// Details are its settings in the words of the job file; secrets are not in them.
	Details []Detail
	// State is what the step keeps in checkpoints, "" if that is nothing.
	State string
	// Caveats say what of the step's output, or of its recovery, depends on more
	// than the data, a sentence each.
	Caveats []string
	// OrderCaveats are those that hold only where rows may arrive in another order
	// in another run.
	OrderCaveats []string
}

// Detail is one setting of a step.
type Detail struct {
	Name  string
	Texts []string // one, or a list
}

// Add adds a detail, unless it says nothing.
func (a *About) Add(name string, texts ...string) {
	if len(texts) > 1 || len(texts) == 1 && texts[0] != "" {
		a.Details = append(a.Details, Detail{name, texts})
	}
}

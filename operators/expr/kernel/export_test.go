package kernel

// LimitText lets the results of a batch hold so few bytes together, until undo.
func LimitText(bytes int) (undo func()) {
	before := mostBatchText
	mostBatchText = bytes
	return func() { mostBatchText = before }
}

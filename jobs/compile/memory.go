package compile

// Unbounded is the memory of a job that may take as much as it needs.
const Unbounded = -1

// RowsOf returns which part of a job's memory rows of state may take: the other half is for
// batches on their way, for what is decoded and encoded, and for what the collector of garbage
// has not come by yet.
func RowsOf(memory int64) int64 { return memory / 2 }

// memory returns the value of the key, 0 where it is missing.
func (s section) memory() int64 {
	const key = "memory"
	n := s.scalar(key)
	if n == nil {
		return 0
	}
	v, word, err := s.spec.Field(key).ParseSize(n.Text)
	switch {
	case err != nil:
		s.problem(n.At(), key, "%v", err)
	case word != "":
		return Unbounded
	case v == 0:
		s.problem(n.At(), key, "%q is no memory to run in; none sets no bound", n.Text)
	}
	return v
}

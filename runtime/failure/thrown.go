package failure

// Thrown is what to panic with where an error of the outside world, such as a disk that fails,
// comes up under calls that return none. Whoever calls a component guards it, and makes it an
// error again: it is no bug.
type Thrown struct{ Err error }

// Error lets a panic that nobody guards show the error.
func (t Thrown) Error() string { return t.Err.Error() }

package kernel

// Cache holds what has been compiled of texts that come with the rows, such as
// patterns, so that a text that comes again is not compiled again. It is emptied
// when it is full. The zero value with Compile set is ready.
type Cache[T any] struct {
	Compile func(text string) (T, error)
	entries map[string]cached[T]
	bytes   int
}

type cached[T any] struct {
	value T
	err   error
}

// How much a cache holds, of texts and of their bytes.
const (
	mostCached      = 256
	mostCachedBytes = 64 << 10
)

// Get returns what Compile gives for a text.
func (c *Cache[T]) Get(text []byte) (T, error) {
	if e, ok := c.entries[string(text)]; ok {
		return e.value, e.err
	}
	if c.entries == nil {
		c.entries = map[string]cached[T]{}
	}
	if c.bytes += len(text); len(c.entries) == mostCached || c.bytes > mostCachedBytes {
		clear(c.entries)
		c.bytes = len(text)
	}
	value, err := c.Compile(string(text))
	c.entries[string(text)] = cached[T]{value, err}
	return value, err
}

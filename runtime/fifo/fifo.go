// Package fifo is a first-in-first-out queue that keeps its memory.
package fifo

// Queue is a queue of T; the zero value is empty.
type Queue[T any] struct {
	items []T
	head  int
}

// Len returns the number of items.
func (q *Queue[T]) Len() int { return len(q.items) - q.head }

// Push adds an item at the end. Where the memory is used up and mostly free at
// its start, the items move there: a few moves for each push on average.
func (q *Queue[T]) Push(item T) {
	if q.head > len(q.items)/2 && len(q.items) == cap(q.items) {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, item)
}

// Peek returns the first item of a queue that is not empty.
func (q *Queue[T]) Peek() T { return q.items[q.head] }

// Last returns the last item of a queue that is not empty.
func (q *Queue[T]) Last() T { return q.items[len(q.items)-1] }

// Pop removes the first item of a queue that is not empty.
func (q *Queue[T]) Pop() T {
	var zero T
	item := q.items[q.head]
	q.items[q.head] = zero
	if q.head++; q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return item
}

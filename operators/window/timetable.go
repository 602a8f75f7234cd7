package window

import (
	"slices"

	"github.com/weirstream/weir/state"
)

// A timetable lists rows by the number of the pane or window that they belong
// to. It follows from the table and is never part of a snapshot.
type timetable struct {
	numbers []int64 // those that have a list, ascending
	lists   map[int64]*list
	latest  *list // the one added to last
	spare   []*list
}

// A list is the rows of one number. Those in front of next are dealt with.
type list struct {
	number int64
	rows   []state.RowID
	next   int
}

func newTimetable() *timetable { return &timetable{lists: map[int64]*list{}} }

func (t *timetable) add(number int64, r state.RowID) {
	if t.latest == nil || t.latest.number != number {
		t.latest = t.open(number)
	}
	t.latest.rows = append(t.latest.rows, r)
}

// open returns the list of a number, which it makes if there is none.
func (t *timetable) open(number int64) *list {
	if l := t.lists[number]; l != nil {
		return l
	}
	l := &list{}
	if n := len(t.spare); n > 0 {
		l, t.spare = t.spare[n-1], t.spare[:n-1]
	}
	l.number = number
	t.lists[number] = l
	at, _ := slices.BinarySearch(t.numbers, number)
	t.numbers = slices.Insert(t.numbers, at, number)
	return l
}

// from returns the list of the least number ≥ number, or nil.
func (t *timetable) from(number int64) *list {
	at, _ := slices.BinarySearch(t.numbers, number)
	if at == len(t.numbers) {
		return nil
	}
	return t.lists[t.numbers[at]]
}

// least returns the list of the least number, or nil.
func (t *timetable) least() *list {
	if len(t.numbers) == 0 {
		return nil
	}
	return t.lists[t.numbers[0]]
}

// maxSpare bounds the lists that are kept for later.
const maxSpare = 64

// close removes a list.
func (t *timetable) close(l *list) {
	delete(t.lists, l.number)
	if at, _ := slices.BinarySearch(t.numbers, l.number); at == 0 {
		t.numbers = t.numbers[1:]
	} else {
		t.numbers = slices.Delete(t.numbers, at, at+1)
	}
	if t.latest == l {
		t.latest = nil
	}
	if l.rows, l.next = l.rows[:0], 0; len(t.spare) < maxSpare {
		t.spare = append(t.spare, l)
	}
}

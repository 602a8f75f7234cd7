package state

import "unsafe"

// array is a growing array in pages of [pageWords] elements, which never move once
// they are whole.
type array[T any] struct{ pages [][]T }

// grow makes room for n elements. New ones are zero.
func (a *array[T]) grow(n int) {
	if have := len(a.pages); have > 0 && len(a.pages[0]) < min(n, pageWords) {
		first := make([]T, firstPageWords(n, 2*len(a.pages[0])))
		copy(first, a.pages[0])
		a.pages[0] = first
	}
	for len(a.pages)<<pageShift < n {
		size := pageWords
		if len(a.pages) == 0 {
			size = firstPageWords(n, firstWords)
		}
		a.pages = append(a.pages, make([]T, size))
	}
}

// firstPageWords doubles size until it holds n words or is a whole page.
func firstPageWords(n, size int) int {
	for size < n && size < pageWords {
		size *= 2
	}
	return min(size, pageWords)
}

func (a *array[T]) at(i uint32) *T { return &a.pages[i>>pageShift][i&pageMask] }

// piece returns elements from one on. REQUIRES: they are of one page.
func (a *array[T]) piece(from, n uint32) []T {
	at := from & pageMask
	return a.pages[from>>pageShift][at : at+n : at+n]
}

func (a *array[T]) bytes() (bytes int) {
	var element T
	for _, p := range a.pages {
		bytes += int(unsafe.Sizeof(element)) * len(p)
	}
	return bytes
}

package files

import (
	"cmp"
	"strings"
)

// compareNames compares names of files as people number them: runs of digits by the
// number that they are, all else byte by byte. So part-2 comes before part-10. Names
// that differ only by zeros in front of numbers go by their bytes.
func compareNames(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if !isDigit(a[i]) || !isDigit(b[j]) {
			if a[i] != b[j] {
				return cmp.Compare(a[i], b[j])
			}
			i, j = i+1, j+1
			continue
		}
		m, n := numberAt(a, i), numberAt(b, j)
		if c := compareNumbers(a[i:m], b[j:n]); c != 0 {
			return c
		}
		i, j = m, n
	}
	return cmp.Or(cmp.Compare(len(a)-i, len(b)-j), strings.Compare(a, b))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// numberAt returns the end of the run of digits that begins at i.
func numberAt(name string, i int) int {
	for i < len(name) && isDigit(name[i]) {
		i++
	}
	return i
}

// compareNumbers compares runs of digits of any length.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

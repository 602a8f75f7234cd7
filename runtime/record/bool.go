package record

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/weirstream/weir/runtime/excerpt"
)

// words are the texts that are read as bools, in lower case; any case will do.
var words = [...]struct {
	text  string
	value bool
}{
	{"true", true}, {"false", false}, {"yes", true}, {"no", false},
	{"t", true}, {"f", false}, {"y", true}, {"n", false}, {"1", true}, {"0", false},
}

// ParseBool reads a text as a bool: true, t, yes, y, 1 or false, f, no, n, 0, in
// whatever case.
func ParseBool(text []byte) (bool, error) {
	for i := range words {
		if w := &words[i]; len(w.text) == len(text) && bytes.EqualFold([]byte(w.text), text) {
			return w.value, nil
		}
	}
	return false, fmt.Errorf("%s is neither true nor false, nor yes or no, 1 or 0, t or f, y or n", strconv.Quote(excerpt.Of(text)))
}

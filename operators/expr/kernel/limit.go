package kernel

import (
	"errors"

	"github.com/weirstream/weir/runtime/record"
)

// mostBatchText is the most bytes that the results of a batch hold together.
var mostBatchText = record.MaxStringBytes

var errBatchText = errors.New("the results of a batch of rows exceed 2 GiB together")

// Fits reports whether a column can hold texts of so many bytes together; where it
// cannot, the row that comes last fails.
func (r *Run) Fits(row int32, bytes int) bool {
	if bytes > mostBatchText {
		r.fail(row, errBatchText)
		return false
	}
	return true
}

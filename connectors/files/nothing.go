package files

import (
	"bufio"
	"io"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// noText decodes a file in which there is no text.
type noText struct{}

func (noText) Next() (*record.Batch, []stream.FailedRecord, error) { return nil, nil, io.EOF }
func (noText) Bookmark() stream.Bookmark                           { return stream.Bookmark{} }
func (noText) Close()                                              {}

// peek looks whether nothing was compressed in a file of a folder or pattern, as in that of a
// partition without rows. It is passed over like a file without a byte. One that is named by
// itself should have something, as should one that is not compressed: its length told.
func (s *split) peek(path string, input io.ReadCloser) (again io.ReadCloser, empty bool) {
	if _, plain := input.(io.Seeker); plain || slices.Contains(s.reader.source.paths, path) {
		return input, false
	}
	text := bufio.NewReaderSize(input, 16)
	_, err := text.Peek(1)
	return struct {
		io.Reader
		io.Closer
	}{text, input}, err == io.EOF
}

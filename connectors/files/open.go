package files

import (
	"io"

	"github.com/weirstream/weir/runtime/env"
)

// Open opens a file as the source reads it: the suffix .gz or .zst chooses the
// decompression.
func Open(files env.FS, path string) (io.ReadCloser, error) {
	f, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	return decompress(f, path, "auto")
}

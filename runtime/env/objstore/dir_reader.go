package objstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/weirstream/weir/runtime/env"
)

// dirReader is an object of a Dir that is open for reading.
type dirReader struct {
	ctx  context.Context
	dir  *Dir
	path string
	file env.File
	at   io.ReaderAt // the file, too
	size int64
}

// newDirReader reads a file. Its size is that of the open file, whatever has the name
// by now.
func newDirReader(ctx context.Context, d *Dir, path string, file env.File) (Reader, error) {
	ranged, ok := file.(interface {
		io.ReaderAt
		io.Seeker
	})
	err := fmt.Errorf("%s: this file system cannot read in the middle of a file", path)
	var size int64
	if ok {
		size, err = ranged.Seek(0, io.SeekEnd)
	}
	if err != nil {
		_ = file.Close() // the error that led here says more
		return nil, d.blocked(path, err)
	}
	return &dirReader{ctx, d, path, file, ranged, size}, nil
}

// Size is that of the file.
func (r *dirReader) Size() int64 { return r.size }

// ReadAt reads a range of the file.
func (r *dirReader) ReadAt(p []byte, offset int64) (n int, err error) {
	for piece := range slices.Chunk(p, pieceBytes) {
		if err := r.ctx.Err(); err != nil {
			return n, err
		}
		read, err := r.at.ReadAt(piece, offset+int64(n))
		n += read
		if errors.Is(err, io.EOF) {
			return n, io.EOF
		}
		if err != nil {
			return n, r.dir.blocked(r.path, err)
		}
	}
	return n, nil
}

// ReadNow implements [env.NowReader], as far as the file does.
func (r *dirReader) ReadNow(p []byte, offset int64) bool {
	now, ok := r.file.(env.NowReader)
	return ok && now.ReadNow(p, offset)
}

// Close closes the file.
func (r *dirReader) Close() error { return r.file.Close() }

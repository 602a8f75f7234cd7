package files

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"sync"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
)

// staged is a file that waits for its commit, as the checkpoint names it. Paths
// are relative to the output folder, so that the folder can be moved.
type staged struct {
	Staging string `json:"staging"`
	Final   string `json:"final"` // a name in the output folder
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
}

// stagingFile is a file that is being written.
type stagingFile struct {
	file    env.File
	name    string // within the output folder
	path    string
	counter int
	begun   time.Time
	encoder stream.Encoder
	bytes   int64 // as stored
	hash    hash.Hash

	compression string
	compressor  compressor // nil where there is none

	ending sync.Once
	err    error // of the end
}

// newStagingFile takes over a file that was created. Its header is yet to be
// written.
func newStagingFile(file env.File, compression string) *stagingFile {
	f := &stagingFile{file: file, compression: compression, hash: sha256.New()}
	if compression != "none" {
		f.compressor = newCompressor(compression, f)
	}
	return f
}

// text is what the rows are encoded into.
func (f *stagingFile) text() io.Writer {
	if f.compressor != nil {
		return f.compressor
	}
	return f
}

// Write writes what is stored.
func (f *stagingFile) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	f.hash.Write(p[:n])
	f.bytes += int64(n)
	return n, err
}

// finish ends the file and makes its content durable; its name is yet to be. It
// may be called more than once and on any goroutine, once nothing more is
// written.
func (f *stagingFile) finish() error {
	f.ending.Do(func() {
		f.err = f.end()
		f.encoder, f.compressor = nil, nil // a checkpoint may have thousands of files, and these have buffers
	})
	return f.err
}

func (f *stagingFile) end() error {
	var err error
	if f.compressor != nil {
		err = f.compressor.Close()
		freeCompressor(f.compression, f.compressor)
	}
	if err == nil {
		err = f.file.Sync()
	}
	if closeErr := f.file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// abandon closes a file whose rows nobody will see.
func (f *stagingFile) abandon() error {
	f.ending.Do(func() { f.err = f.file.Close() })
	return f.err
}

// staged describes a finished file that is to have a final name.
func (f *stagingFile) staged(final string) staged {
	return staged{Staging: f.name, Final: final, Bytes: f.bytes, SHA256: hex.EncodeToString(f.hash.Sum(nil))}
}

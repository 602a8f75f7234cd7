package files

import (
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compressor compresses one stream after the other.
type compressor interface {
	io.WriteCloser
	Reset(to io.Writer)
}

// zstdWindow is how far back a zstd encoder looks. Beyond a mebibyte rows repeat
// little that is new, and memory is taken per file that is open.
const zstdWindow = 1 << 20

// compressors are used again, because each takes about a megabyte. They work on
// the goroutine of their caller.
var compressors = map[string]*sync.Pool{
	"gzip": {New: func() any { return gzip.NewWriter(nil) }},
	"zstd": {New: func() any {
		z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(zstdWindow))
		if err != nil {
			panic(err) // the options are constants
		}
		return z
	}},
}

// newCompressor returns a compressor for one stream, to be given back by
// freeCompressor.
func newCompressor(compression string, to io.Writer) compressor {
	c := compressors[compression].Get().(compressor)
	c.Reset(to)
	return c
}

func freeCompressor(compression string, c compressor) {
	c.Reset(nil)
	compressors[compression].Put(c)
}

// suffixes are what compression adds to the name of a file.
var suffixes = map[string]string{"none": "", "gzip": ".gz", "zstd": ".zst"}

package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// decompress returns the text of a file, which it takes over. The result is an
// [io.Seeker] if the file is one and is not compressed.
func decompress(f io.ReadCloser, path, compression string) (io.ReadCloser, error) {
	if compression == "auto" {
		compression = compressionOf(path)
	}
	if compression == "none" {
		return f, nil
	}
	d := &decompressor{file: f, name: compression}
	if err := d.open(); err != nil {
		f.Close()
		return nil, fmt.Errorf("file source: %s: %w", path, d.explain(err))
	}
	return d, nil
}

func compressionOf(path string) string {
	switch {
	case strings.HasSuffix(path, ".gz"):
		return "gzip"
	case strings.HasSuffix(path, ".zst"):
		return "zstd"
	}
	return "none"
}

// readBytes is how much of a compressed file is read at once.
const readBytes = 32 << 10

// decompressor is the text of a compressed file.
type decompressor struct {
	file   io.ReadCloser
	name   string
	text   io.Reader
	finish func()
}

func (d *decompressor) open() error {
	if d.name == "zstd" {
		z, err := zstd.NewReader(d.file, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return err
		}
		d.text, d.finish = z, z.Close
		return nil
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(d.file, readBytes))
	if err != nil {
		return err
	}
	d.text, d.finish = z, func() { z.Close() }
	return nil
}

func (d *decompressor) Read(p []byte) (int, error) {
	n, err := d.text.Read(p)
	if err != nil && err != io.EOF {
		err = d.explain(err)
	}
	return n, err
}

// explain says what an error of the decompression means for the user.
func (d *decompressor) explain(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF {
		return fmt.Errorf("the %s data is cut short; copy the file again: %w", d.name, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("the %s data cannot be decompressed: %w", d.name, err)
}

func (d *decompressor) Close() error {
	d.finish()
	return d.file.Close()
}

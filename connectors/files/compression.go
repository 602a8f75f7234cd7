package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/weirstream/weir/runtime/stream"
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
	d := &decompressor{file: &noted{ReadCloser: f}, path: path, name: compression}
	if err := d.open(); err != nil {
		f.Close()
		return nil, fmt.Errorf("file source: %w", d.explain(err))
	}
	return d, nil
}

// noted is a file that remembers the error that reading it ended with, so that
// trouble with reading can be told from damage to what was read.
type noted struct {
	io.ReadCloser
	err error
}

func (n *noted) Read(p []byte) (int, error) {
	read, err := n.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		n.err = err
	}
	return read, err
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

// maxWindow bounds the memory that a zstd file can ask for. The levels up to 19
// take 8 MiB at most.
const maxWindow = 32 << 20

// readBytes is how much of a compressed file is read at once.
const readBytes = 32 << 10

// decompressor is the text of a compressed file.
type decompressor struct {
	file   *noted
	path   string
	name   string // of the compression
	text   io.Reader
	read   bool // some text has been read
	finish func()
}

func (d *decompressor) open() error {
	if d.name == "zstd" {
		z, err := zstd.NewReader(d.file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return err
		}
		d.text, d.finish = z, z.Close
		return nil
	}
	m := &members{from: bufio.NewReaderSize(d.file, readBytes)}
	var err error
	if m.Reader, err = gzip.NewReader(m.from); err != nil {
		return err
	}
	m.Multistream(false)
	d.text, d.finish = m, func() { m.Close() }
	return nil
}

// members is the text of a gzip file, which may consist of several ones. Whatever
// follows one of them and does not begin another is none of its data, however short: the
// file is not cut short then. That holds for zeros, too. Some tools pad with them, but
// they also stand where a file system has lost data.
type members struct {
	*gzip.Reader
	from *bufio.Reader
}

const gzipMagic = "\x1f\x8b"

func (m *members) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if err != io.EOF {
		return n, err
	}
	head, err := m.from.Peek(len(gzipMagic))
	switch {
	case len(head) == 0:
		return n, err
	case !strings.HasPrefix(gzipMagic, string(head)):
		return n, gzip.ErrHeader
	}
	if err = m.Reset(m.from); err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	m.Multistream(false)
	return n, err
}

func (d *decompressor) Read(p []byte) (int, error) {
	n, err := d.text.Read(p)
	d.read = d.read || n > 0
	if err != nil && err != io.EOF {
		err = d.explain(err)
	}
	return n, err
}

// explain says what an error of the decompression means for the user.
func (d *decompressor) explain(err error) error {
	switch {
	case d.file.err != nil:
		return fmt.Errorf("%s: %w", d.path, d.file.err)
	case errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF:
		err = fmt.Errorf("the %s data is cut short; copy the file again: %w", d.name, io.ErrUnexpectedEOF)
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		err = fmt.Errorf("the zstd data needs a window of more than %d MiB; compress it without --long and --ultra", maxWindow>>20)
	case d.read && (errors.Is(err, gzip.ErrHeader) || errors.Is(err, zstd.ErrMagicMismatch)):
		err = fmt.Errorf("what follows the %s data is not %s data; cut it off: %w", d.name, d.name, err)
	case d.read && (errors.Is(err, gzip.ErrChecksum) || errors.Is(err, zstd.ErrCRCMismatch)):
		err = fmt.Errorf("the file is damaged, and nobody can tell where: the checksum behind the %s data is wrong, "+
			"and rows from before it have been read; copy the file again, and start afresh: %w", d.name, err)
		return &stream.DamagedError{Where: d.path, Err: err, Before: true}
	default:
		err = fmt.Errorf("the %s data cannot be decompressed: %w", d.name, err)
	}
	return &stream.DamagedError{Where: d.path, Err: err}
}

func (d *decompressor) Close() error {
	d.finish()
	return d.file.Close()
}

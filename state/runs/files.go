package runs

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"

	"github.com/weirstream/weir/runtime/env"
)

// Files is a [ChunkStore] in a folder: a file to each run, which holds its chunks one
// behind the other. A file is written once, and never synced: whoever goes on behind a crash
// has checkpoints for that. What a crash leaves is missing, too short, or does not pass the
// checks of its chunks.
type Files struct {
	files env.FS
	dir   string
	made  *atomic.Bool // the folder, by this store
}

var _ ChunkStore = Files{}

// OpenFiles returns the store in a folder. What is in it stays. Where there is none, the first
// run makes it: a store that nothing is written to leaves nothing.
func OpenFiles(files env.FS, dir string) (Files, error) {
	if _, err := files.ReadDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Files{}, fmt.Errorf("runs: opening the folder of a store: %w", err)
	}
	return Files{files, dir, new(atomic.Bool)}, nil
}

func (f Files) name(run ID) string { return fmt.Sprintf("%s/%016x.run", f.dir, uint64(run)) }

// Create implements [ChunkStore].
func (f Files) Create(run ID) (RunWriter, error) {
	if err := f.makeFolder(); err != nil {
		return nil, fmt.Errorf("runs: making the folder of %v: %w", run, err)
	}
	file, err := f.files.Create(f.name(run))
	if err != nil {
		return nil, fmt.Errorf("runs: creating %v: %w", run, err)
	}
	return &fileWriter{run: run, file: file, buffered: bufio.NewWriterSize(file, writtenAtOnce)}, nil
}

// makeFolder makes the folder, before the first run.
func (f Files) makeFolder() error {
	if f.made.Load() {
		return nil
	}
	err := f.files.MkdirAll(f.dir)
	f.made.Store(err == nil)
	return err
}

// Open implements [ChunkStore]. It also opens what a crash has left of a run.
func (f Files) Open(run ID) (RunReader, error) {
	file, err := f.files.Open(f.name(run))
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: there is no file %s", ErrNoRun, f.name(run))
	}
	if err != nil {
		return nil, fmt.Errorf("runs: opening %v: %w", run, err)
	}
	r, ok := file.(io.ReaderAt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("runs: opening %v: %s cannot be read at an offset", run, f.name(run)), file.Close())
	}
	return fileReader{newSection(r, 0), file}, nil
}

// Drop implements [ChunkStore].
func (f Files) Drop(run ID) error {
	if err := f.files.Remove(f.name(run)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("runs: dropping %v: %w", run, err)
	}
	return nil
}

// writtenAtOnce is how many bytes of chunks a file is given at once.
const writtenAtOnce = 64 << 10

// fileWriter writes a run of Files.
type fileWriter struct {
	run      ID
	file     env.File
	buffered *bufio.Writer
}

func (w *fileWriter) WriteChunk(_ Chunk, content []byte) error {
	_, err := w.buffered.Write(content)
	return err
}

func (w *fileWriter) Close() error {
	err := w.buffered.Flush() // or the error of a write before
	if closed := w.file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("runs: completing %v: %w", w.run, err)
	}
	return nil
}

// fileReader reads a run of Files.
type fileReader struct {
	section
	file env.File
}

func (r fileReader) Close() error { return r.file.Close() }

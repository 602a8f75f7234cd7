package files

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"path"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
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

// noFile is a pending commit that shows nothing.
var noFile = stream.Pending("{}")

// writer writes the rows of one subtask to staging files, one a checkpoint.
type writer struct {
	context stream.WriterContext
	format  stream.Format
	folder  folder
	made    bool // the staging folder is there
	counter int  // files begun
	open    *stagingFile
	// replaces has the first Prepare return something to commit even without
	// rows, so that the output of other runs goes.
	replaces bool
}

// Write adds the rows of a batch to the open file.
func (w *writer) Write(b *record.Batch) error {
	defer b.Release()
	if b.Len() == 0 {
		return nil
	}
	if w.open == nil {
		if err := w.begin(); err != nil {
			return fmt.Errorf("file sink: %w", err)
		}
	}
	if err := w.open.encoder.Encode(b); err != nil {
		return fmt.Errorf("file sink: writing %s: %w", w.open.path, err)
	}
	return nil
}

// begin opens the next file. The first one makes the staging folder, durably.
func (w *writer) begin() error {
	dir := w.folder.staging(w.context.Generation)
	if !w.made {
		if err := w.makeStaging(dir); err != nil {
			return err
		}
		w.made = true
	}
	name := path.Join(dir, fmt.Sprintf("%d-%d%s", w.context.Subtask, w.counter, w.folder.extension))
	file, err := w.context.Env.Files.Create(w.folder.at(name))
	if err != nil {
		return err
	}
	f := &stagingFile{file: file, name: name, path: w.folder.at(name), hash: sha256.New(), counter: w.counter}
	w.counter++
	w.open = f
	if f.encoder, err = w.format.NewEncoder(w.context.Schema, f); err == nil {
		err = f.encoder.Header()
	}
	return err
}

func (w *writer) makeStaging(dir string) error {
	files := w.context.Env.Files
	if err := files.MkdirAll(w.folder.at(dir)); err != nil {
		return err
	}
	for _, parent := range w.folder.parents(dir) {
		if err := files.SyncDir(parent); err != nil {
			return err
		}
	}
	return nil
}

// Prepare ends the open file; finish makes it durable.
func (w *writer) Prepare(id stream.CheckpointID) (func() (stream.Pending, error), error) {
	f := w.open
	w.open = nil
	var nothing stream.Pending
	if w.replaces {
		nothing, w.replaces = noFile, false
	}
	if f == nil {
		return func() (stream.Pending, error) { return nothing, nil }, nil
	}
	final := w.folder.part(w.context.Generation, id, w.context.Subtask, f.counter)
	return func() (stream.Pending, error) {
		if err := f.finish(w.context.Env.Files); err != nil {
			return nil, fmt.Errorf("file sink: making %s durable: %w", f.path, err)
		}
		return json.Marshal(staged{
			Staging: f.name, Final: final,
			Bytes: f.bytes, SHA256: hex.EncodeToString(f.hash.Sum(nil)),
		})
	}, nil
}

// Close gives up the open file, whose rows nobody will see.
func (w *writer) Close() error {
	if w.open == nil {
		return nil
	}
	f := w.open
	w.open = nil
	return f.file.Close()
}

// stagingFile is a file that is being written.
type stagingFile struct {
	file    env.File
	name    string // within the output folder
	path    string
	encoder stream.Encoder
	counter int
	bytes   int64
	hash    hash.Hash
}

// Write writes what the encoder made of one batch.
func (f *stagingFile) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	f.hash.Write(p[:n])
	f.bytes += int64(n)
	return n, err
}

// finish makes the file and its name durable.
func (f *stagingFile) finish(files env.FS) error {
	err := f.file.Sync()
	if closeErr := f.file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return files.SyncDir(path.Dir(f.path))
}

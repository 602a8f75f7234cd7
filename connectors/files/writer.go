package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// nothing is a pending commit that shows nothing.
var nothing = stream.Pending("[]")

// maxUnfinished is how many files that were ended early may wait to become
// durable; then writing waits for the oldest. It bounds open files, and memory.
const maxUnfinished = 8

// writer writes the rows of one subtask to staging files, one a checkpoint or,
// where size and age are limited, more.
type writer struct {
	context stream.WriterContext
	sink    *sink
	folder  folder
	made    bool // the staging folder is there
	counter int  // files begun
	open    *stagingFile
	ended   []*stagingFile // since the last Prepare, in order
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
	if err := w.makeReady(); err != nil {
		return fmt.Errorf("file sink: %w", withRemedy(err))
	}
	if err := w.open.encoder.Encode(b); err != nil {
		return fmt.Errorf("file sink: writing %s: %w", w.open.path, withRemedy(err))
	}
	if limit := w.sink.rollSize; limit > 0 && w.open.bytes >= limit {
		return w.roll()
	}
	return nil
}

// makeReady opens a file for the next rows, where none is open or where that is
// too old.
func (w *writer) makeReady() error {
	if w.open != nil && w.sink.rollEvery > 0 && w.now().Sub(w.open.begun) >= w.sink.rollEvery {
		if err := w.roll(); err != nil {
			return err
		}
	}
	if w.open == nil {
		return w.begin()
	}
	return nil
}

func (w *writer) now() time.Time { return w.context.Env.Clock.Now() }

// begin opens the next file. The first one makes the staging folder, durably.
func (w *writer) begin() error {
	dir := w.staging()
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
	f := newStagingFile(file, w.sink.compression)
	f.name, f.path, f.counter, f.begun = name, w.folder.at(name), w.counter, w.now()
	w.counter++
	w.open = f
	if f.encoder, err = w.sink.format.NewEncoder(w.context.Schema, f.text()); err == nil {
		err = f.encoder.Header()
	}
	return err
}

// staging is where this subtask's files wait, within the output folder.
func (w *writer) staging() string { return w.folder.staging(w.context.Generation) }

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

// roll ends the open file before its checkpoint. That its content becomes
// durable is begun at once, in the background: the checkpoint has less to wait
// for.
func (w *writer) roll() error {
	f := w.open
	w.open = nil
	w.ended = append(w.ended, f)
	if w.context.Background != nil {
		w.context.Background(func() { f.finish() }) // Prepare asks how it went
	}
	if i := len(w.ended) - 1 - maxUnfinished; i >= 0 {
		return durable(w.ended[i])
	}
	return nil
}

func durable(f *stagingFile) error {
	if err := f.finish(); err != nil {
		return fmt.Errorf("file sink: making %s durable: %w", f.path, withRemedy(err))
	}
	return nil
}

// Prepare ends the open file; finish makes all files since the last Prepare
// durable.
func (w *writer) Prepare(id stream.CheckpointID) (func() (stream.Pending, error), error) {
	files := w.ended
	if w.open != nil {
		files = append(files, w.open)
	}
	w.ended, w.open = nil, nil
	var empty stream.Pending
	if w.replaces {
		empty, w.replaces = nothing, false
	}
	return func() (stream.Pending, error) {
		if len(files) == 0 {
			return empty, nil
		}
		return w.settle(id, files)
	}, nil
}

// settle makes files durable and returns what shows them.
func (w *writer) settle(id stream.CheckpointID, files []*stagingFile) (stream.Pending, error) {
	all := make([]staged, len(files))
	for i, f := range files {
		if err := durable(f); err != nil {
			return nil, err
		}
		all[i] = f.staged(w.folder.part(w.context.Generation, id, w.context.Subtask, f.counter))
	}
	if err := w.context.Env.Files.SyncDir(w.folder.at(w.staging())); err != nil {
		return nil, fmt.Errorf("file sink: making the names in %s durable: %w", w.folder.at(w.staging()), withRemedy(err))
	}
	return json.Marshal(all)
}

// Close gives up the files that were not prepared, whose rows nobody will see.
func (w *writer) Close() error {
	var errs []error
	if w.open != nil {
		errs = append(errs, w.open.abandon())
	}
	for _, f := range w.ended {
		errs = append(errs, f.abandon())
	}
	w.open, w.ended = nil, nil
	return errors.Join(errs...)
}

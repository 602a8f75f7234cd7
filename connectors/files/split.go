package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// split is one file, or several that are read one after the other.
type split struct {
	reader *reader
	id     stream.SplitID
	files  []file
	paused bool
	watch  *watch // nil: there are no files but these

	listing  listing // as a checkpoint has it; nil where files are watched, or one a split
	isListed bool    // it is by position in files
	untold   bool    // it has changed since it was last returned

	next     int      // the file that at is in; behind the last one: none, more may come
	at       position // behind the rows returned
	decoder  stream.Decoder
	input    io.Closer
	starving bool // standard input had nothing more
}

// restore sets the split to where it was.
func (s *split) restore(from stream.Split) error {
	s.at = position{File: s.files[0].name}
	if len(from.Position) == 0 {
		return nil
	}
	if err := s.restoreListing(from.Notes); err != nil {
		return err
	}
	if err := s.decode(from.Position); err != nil {
		return err
	}
	s.next = slices.IndexFunc(s.files, func(f file) bool { return f.name == s.at.File })
	if s.next < 0 {
		return failure.Fatal(fmt.Errorf("file source: the checkpoint stopped in %q, which is no longer among the files; put it back, "+
			"or start afresh", s.at.File))
	}
	return s.compareListing()
}

func (s *split) decode(p stream.Position) error {
	if err := json.Unmarshal(p, &s.at); err != nil {
		return failure.Fatal(fmt.Errorf("file source: the position %q of split %q is damaged: %w", p, s.id, err))
	}
	return nil
}

// fetch reads the next batch. It may return neither rows nor news, between two
// files.
func (s *split) fetch(ctx context.Context) (fetched, error) {
	if s.watch != nil && s.next == len(s.files) {
		return s.await(ctx)
	}
	if err := s.list(); err != nil {
		return fetched{}, err
	}
	if s.decoder == nil {
		if err := s.open(); err != nil {
			if s.tookAway(err) {
				return fetched{}, nil
			}
			return s.giveUp(err)
		}
	}
	batch, failed, err := s.decoder.Next()
	bookmark := s.decoder.Bookmark()
	s.at.Record, s.at.Line, s.at.Offset = bookmark.Record, bookmark.Line, bookmark.Offset
	f := fetched{stream.Piece{Split: s.id, Failed: failed}, batch}
	switch {
	case errors.Is(err, stream.ErrNotReady) && s.reader.isDraining():
		// A record that has not come as a whole has not been read.
		s.close()
		f.Finished = true
	case errors.Is(err, stream.ErrNotReady):
		f.CaughtUp, s.starving = true, true
	case err == io.EOF:
		if err := s.checkEnd(); err != nil {
			return fetched{}, err
		}
		s.close()
		f.Finished = !s.nextFile() || s.reader.isDraining()
	case err != nil:
		return s.giveUp(err)
	}
	return s.place(f)
}

// checkEnd refuses a file that has ended before its length: of one that is cut
// off while it is read, the rows behind the cut would be missing without a word.
func (s *split) checkEnd() error {
	if _, plain := s.input.(io.Seeker); plain && s.at.Offset < s.at.Size {
		return s.at.changedLength(s.files[s.next].path, s.at.Offset)
	}
	return nil
}

// giveUp makes a damaged file's rest one failed record and goes on with the next
// file. Other errors stay errors.
func (s *split) giveUp(err error) (fetched, error) {
	var damage *stream.DamagedError
	if !errors.As(err, &damage) {
		return fetched{}, err
	}
	f := fetched{Piece: stream.Piece{Split: s.id, Failed: []stream.FailedRecord{{Where: damage.Where, Err: damage.Err}}}}
	s.close()
	f.Finished = !s.nextFile()
	return s.place(f)
}

// nextFile moves to the file behind the one that has been read; false at the end
// of the last pass.
func (s *split) nextFile() bool {
	if s.watch != nil {
		s.moveTo(s.next + 1)
		return true
	}
	pass := s.at.Pass
	if s.next++; s.next == len(s.files) {
		if pass+1 == s.reader.source.repeat {
			return false
		}
		s.next, pass = 0, pass+1
	}
	s.at = position{Pass: pass, File: s.files[s.next].name}
	return true
}

// open opens the file that at is in, where at says.
func (s *split) open() error {
	f, start := s.files[s.next], s.at.bookmark()
	var input io.ReadCloser
	var err error
	if f.path == standard {
		input, err = s.reader.openStandardInput(start)
	} else {
		input, err = s.openFile(f.path, start)
	}
	if err != nil {
		return err
	}
	if start == (stream.Bookmark{}) {
		var empty bool
		if input, empty = s.peek(f.path, input); empty {
			s.decoder, s.input = noText{}, input
			return nil
		}
	}
	r := s.reader
	s.decoder, err = r.source.format.NewDecoder(stream.DecoderContext{
		Name: f.path, Schema: r.source.schema, Patterns: r.source.patterns,
		Input: input, Pool: r.context.Pool, BatchRows: r.context.BatchRows, Read: r.context.Read, Start: start,
	})
	if err != nil {
		input.Close()
		return err
	}
	s.input = input
	return nil
}

func (s *split) openFile(path string, start stream.Bookmark) (io.ReadCloser, error) {
	if path == "" { // as a restored split has those that are gone
		return nil, fs.ErrNotExist
	}
	if err := s.measure(path, start); err != nil {
		return nil, err
	}
	f, err := s.reader.context.Env.Files.Open(path)
	if err != nil {
		return nil, fmt.Errorf("file source: %s: %w", path, err)
	}
	text, err := decompress(f, path, s.reader.source.compression)
	var damage *stream.DamagedError
	if start != (stream.Bookmark{}) && errors.As(err, &damage) { // it was sound when it was read up to there
		return nil, s.at.changed(path, damage.Err.Error())
	}
	return text, err
}

// measure notes the length of the file, which is that of before if there is one.
func (s *split) measure(path string, start stream.Bookmark) error {
	size, err := s.reader.context.Env.Files.Size(path)
	switch {
	case err != nil:
		return fmt.Errorf("file source: %s: %w", path, err)
	case start != (stream.Bookmark{}) && size != s.at.Size:
		return s.at.changedLength(path, size)
	case s.watch != nil && size != s.watch.known[s.next].Size:
		return fileChanged(path, size, s.watch.known[s.next].Size)
	}
	s.at.Size = size
	s.noteSize(size)
	return nil
}

// close closes the open file; fetch opens it again at the same place.
func (s *split) close() {
	if s.decoder == nil {
		return
	}
	s.decoder.Close()
	s.input.Close() // was only read
	s.decoder, s.input = nil, nil
}

// readsStandardInput reports whether the split is in the middle of standard input.
func (s *split) readsStandardInput() bool {
	return s.decoder != nil && s.watch == nil && s.files[s.next].path == standard
}

// canWait reports whether the split can give up its place among the open ones.
// Standard input cannot be opened again.
func (s *split) canWait() bool {
	return s.paused && (s.watch != nil || s.files[s.next].path != standard)
}

// starved reports whether the split has to wait for input.
func (s *split) starved() bool {
	if s.starving && s.reader.stdin.ready() {
		s.starving = false
	}
	return s.starving
}

package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/gzip"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
)

// This file is about files that are not watched: those of one split, or of all
// splits that are read side by side. They are listed at the beginning, so that a
// job which goes on in the middle notices what would make rows missing without a
// word: a file that is gone, one that has changed since it was read, and a new one
// where nobody will come by any more.

// listing is the files in the order of reading. Each has the length that it had
// when it was read or, before that, when it was listed.
type listing []knownFile

// pack writes a listing as the notes of a split: compressed, as each checkpoint has
// them and names of files have much in common.
func (l listing) pack() ([]byte, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z := newCompressor("gzip", &packed)
	defer freeCompressor("gzip", z)
	_, err = z.Write(text)
	err = errors.Join(err, z.Close())
	return packed.Bytes(), err
}

// unpack is the reverse of pack. Notes of a watched split are no such thing.
func unpack(notes []byte) (l listing, err error) {
	z, err := gzip.NewReader(bytes.NewReader(notes))
	if err == gzip.ErrHeader {
		return nil, errWatchChanged
	}
	var text []byte
	if err == nil {
		text, err = io.ReadAll(z) // to the checksum at its end
	}
	if err == nil {
		err = json.Unmarshal(text, &l)
	}
	if err != nil {
		err = failure.Fatal(fmt.Errorf("file source: the notes in the checkpoint are damaged: %w", err))
	}
	return l, err
}

// listFiles lists files, and measures those whose size is not known. What goes away
// meanwhile is missed when it is opened.
func listFiles(files env.FS, all []file, sizes map[string]int64) (listing, error) {
	l := make(listing, len(all))
	for i, f := range all {
		size, known := sizes[f.name]
		if !known {
			var err error
			if size, err = sizeOf(files, f); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("file source: %w", err)
			}
		}
		l[i] = knownFile{f.name, size}
	}
	return l, nil
}

// sizeOf returns the length of a file; standard input has none.
func sizeOf(files env.FS, f file) (int64, error) {
	if f.path == standard {
		return 0, nil
	}
	return files.Size(f.path)
}

// compare holds a listing against the files that are there now. wasRead says which
// have been read; of the others it takes over the lengths. passed says which of those
// that are new would not be read any more.
func (l listing) compare(files env.FS, now []file, wasRead func(name string) bool, passed func(i int) bool) error {
	paths, names := pathsOf(now), known(l).names()
	for i, f := range l {
		path := paths[f.Name]
		if path == "" {
			return failure.Fatal(fmt.Errorf("file source: %q was there when the job began and is gone or no longer a file; put it back, "+
				"or start afresh", f.Name))
		}
		size, err := sizeOf(files, file{f.Name, path})
		switch {
		case err != nil:
			return fmt.Errorf("file source: %w", err)
		case size != f.Size && wasRead(f.Name):
			return failure.Fatal(fmt.Errorf("file source: %s has %d bytes but had %d when it was read. "+
				"Put the old file back, or start afresh; a file has to be complete before it is read", path, size, f.Size))
		}
		l[i].Size = size
	}
	for i, f := range now {
		if !names[f.name] && passed(i) {
			return failure.Fatal(fmt.Errorf("file source: %s is new, and the job is past the place where it would have been read: "+
				"move it away, or start afresh", f.path))
		}
	}
	return nil
}

// restoreListing takes over what the notes of a checkpoint have of the files; those
// of versions before there were any have nothing.
func (s *split) restoreListing(notes []byte) (err error) {
	if notes == nil {
		return nil
	}
	s.listing, err = unpack(notes)
	return err
}

// compareListing holds the files of the checkpoint against those that are there.
// Of a source that repeats its files all have been read once the first pass is done.
func (s *split) compareListing() error {
	if s.listing == nil {
		return nil
	}
	read := map[string]bool{}
	for i, f := range s.files {
		read[f.name] = i < s.next || s.at.Pass > 0
	}
	return s.listing.compare(s.reader.context.Env.Files, s.files,
		func(name string) bool { return read[name] },
		func(i int) bool { return i < s.next || s.at.Pass > 0 })
}

// list makes the listing one of the files that are there: those that are new are to
// be read yet.
func (s *split) list() (err error) {
	if s.watch != nil || s.reader.source.parallel || s.isListed {
		return nil
	}
	sizes := make(map[string]int64, len(s.listing))
	for _, f := range s.listing {
		sizes[f.Name] = f.Size
	}
	s.listing, err = listFiles(s.reader.context.Env.Files, s.files, sizes)
	s.isListed, s.untold = err == nil, true
	return err
}

// noteSize notes the length of the file that is being opened.
func (s *split) noteSize(size int64) {
	if s.isListed && s.listing[s.next].Size != size {
		s.listing[s.next].Size, s.untold = size, true
	}
}

// place completes what a fetch brought: with the place behind its rows and, where
// the listing has changed, with that. The listing alone is no news: whoever breaks off
// behind each fetch would come by nothing else.
func (s *split) place(f fetched) (fetched, error) {
	var err error
	if s.untold && f.isNews() {
		if f.Notes, err = s.listing.pack(); err != nil {
			return f, err
		}
		s.untold = false
	}
	f.Next, err = json.Marshal(s.at)
	return f, err
}

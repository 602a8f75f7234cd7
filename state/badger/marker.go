package badger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"path/filepath"

	"github.com/weirstream/weir/runtime/env"
)

// marker is what the file CLEAN says, that a store writes last when it is closed: which
// checkpoint it matches, which runs are complete and where they lie, and what each file
// must be. It is taken away before the store is changed, so it is there after no crash.
//
// The runs stand here and nowhere in Badger. What has no marker is deleted, so no run
// needs to be found in a database by itself.
type marker struct {
	Checkpoint string           `json:"checkpoint"`
	Key        uint64           `json:"key"`
	Number     uint64           `json:"number"`
	Databases  []markedDatabase `json:"databases"`
	Runs       []markedRun      `json:"runs"`
}

type markedDatabase struct {
	Number uint64 `json:"number"`
	Bytes  int64  `json:"bytes"`
	Files  []file `json:"files"`
}

// file is a file of a database.
type file struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Sum  uint32 `json:"crc32c"` // of all of it, but of a value log only of its head: the rest is verified as it is read
}

type markedRun struct {
	ID     uint64        `json:"id"`
	Key    uint64        `json:"key"`
	Pieces []markedPiece `json:"pieces"`
}

type markedPiece struct {
	Database uint64 `json:"database"`
	First    int    `json:"first"`
	Chunks   int    `json:"chunks"`
	Bytes    int64  `json:"bytes"`
}

const (
	markerName = "CLEAN"
	markerNew  = "CLEAN.new"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode returns the marker as a line of JSON and one with its CRC-32C.
func (m marker) encode() ([]byte, error) {
	line, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(line, "\n%08x\n", crc32.Checksum(line, castagnoli)), nil
}

func decodeMarker(encoded []byte) (m marker, err error) {
	line, rest, _ := bytes.Cut(encoded, []byte("\n"))
	if want := fmt.Sprintf("%08x\n", crc32.Checksum(line, castagnoli)); string(rest) != want {
		return marker{}, fmt.Errorf("%d bytes that do not end with their CRC-32C", len(encoded))
	}
	return m, json.Unmarshal(line, &m)
}

// readMarker returns the marker of a store. One that is not there is an [fs.ErrNotExist].
func readMarker(dir string) (marker, error) {
	encoded, err := env.ReadFile(env.OS{}, filepath.Join(dir, markerName))
	if err != nil {
		return marker{}, err
	}
	return decodeMarker(encoded)
}

// write writes the marker, durably and in one piece.
func (m marker) write(dir string) error {
	encoded, err := m.encode()
	if err != nil {
		return err
	}
	files, aside, name := env.OS{}, filepath.Join(dir, markerNew), filepath.Join(dir, markerName)
	if err = remove(files, aside); err == nil {
		err = env.WriteFile(files, aside, encoded)
	}
	if err == nil {
		err = files.Rename(aside, name)
	}
	if err == nil {
		err = files.SyncDir(dir)
	}
	return err
}

// unmark takes the marker away, durably, before the first change.
func (s *Store) unmark() error {
	s.beginning.Lock()
	defer s.beginning.Unlock()
	s.mu.Lock()
	marked, closed := s.mu.marked, s.mu.closed
	s.mu.Unlock()
	if closed {
		return errClosed
	}
	if !marked {
		return nil
	}
	if err := removeMarker(s.dir); err != nil {
		return err
	}
	s.mu.Lock()
	s.mu.marked = false
	s.mu.Unlock()
	return nil
}

func removeMarker(dir string) error {
	files := env.OS{}
	err := errors.Join(remove(files, filepath.Join(dir, markerName)), remove(files, filepath.Join(dir, markerNew)), files.SyncDir(dir))
	if err != nil {
		return fmt.Errorf("taking the marker of the last clean end away: %w", err)
	}
	return nil
}

func remove(files env.FS, name string) error {
	if err := files.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

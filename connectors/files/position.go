package files

import (
	"encoding/json"
	"fmt"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// position is a place in a split. It names the file's length so that one that has
// changed since is not read on by mistake.
type position struct {
	Pass   int64  `json:"pass,omitempty"` // how many times all files were read before
	File   string `json:"file"`
	Size   int64  `json:"size"` // of the file as it is stored
	Record int64  `json:"record"`
	Line   int64  `json:"line"`
	Offset int64  `json:"offset"` // of the decompressed text
}

func (p *position) bookmark() stream.Bookmark {
	return stream.Bookmark{Record: p.Record, Line: p.Line, Offset: p.Offset}
}

// changed is the error for a file that is not the one that was read up to p.
func (p *position) changed(path, how string) error {
	return failure.Fatal(fmt.Errorf("file source: %s:%d: the file has changed since it was read up to here, byte %d of its text: %s. "+
		"Put the old file back, or start afresh; a file has to be complete before it is read", path, p.Line+1, p.Offset, how))
}

// changedLength is the error for a file that has another length. One that has only
// grown is refused as well: its length does not tell that, and what was its last
// line may have been read in part.
func (p *position) changedLength(path string, size int64) error {
	how := "shrunk"
	if size > p.Size {
		how = "grown"
	}
	return p.changed(path, fmt.Sprintf("it has %s from %d bytes to %d", how, p.Size, size))
}

// Locate implements stream.Locator.
func (r *reader) Locate(id stream.SplitID, p stream.Position) string {
	var at position
	if err := json.Unmarshal(p, &at); err != nil {
		return fmt.Sprintf("%s of %s", p, id)
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line+1)
}

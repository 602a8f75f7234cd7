package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
)

// known is the files of a watched split in the order of reading: those that have
// been read, for as long as they are there, and those that the last look found.
// Its notes are this list, so that each file is read once, whatever its name and
// however often the job restarts.
type known []knownFile

type knownFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // as it was found
}

func (k known) names() map[string]bool {
	names := make(map[string]bool, len(k))
	for _, f := range k {
		names[f.Name] = true
	}
	return names
}

// notes returns the list as checkpoints keep it. It is never empty.
func (k known) notes() ([]byte, error) {
	if k == nil {
		k = known{}
	}
	return json.Marshal(k)
}

// check finds files that have changed since they were found, of so many that were
// read last.
func (k known) check(files env.FS, paths map[string]string, last int) error {
	for _, f := range k[max(0, len(k)-last):] {
		switch size, err := files.Size(paths[f.Name]); {
		case errors.Is(err, fs.ErrNotExist): // taken away since the look
		case err != nil:
			return fmt.Errorf("file source: %w", err)
		case size != f.Size:
			return fileChanged(paths[f.Name], size, f.Size)
		}
	}
	return nil
}

func fileChanged(path string, size, before int64) error {
	return failure.Fatal(fmt.Errorf("file source: %s has %d bytes but had %d when it was found: "+
		"a file must be complete when it appears in a watched folder, and its name must not be used again; "+
		"write it elsewhere, or under a name that begins with . or _ or ends in .tmp or .part, and rename it then. To go on, "+
		"move this file away", path, size, before))
}

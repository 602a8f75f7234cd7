package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
)

// recheck is how many of the files that were read last are held against their
// lengths at each look.
const recheck = 100

// done is the files that a watched split has read, for as long as they are
// there. They are in its positions, so that each file is read once, whatever its
// name and however often the job restarts.
type done struct {
	files   []doneFile // in the order of reading, as far as this process knows it
	names   map[string]bool
	text    []byte // files, as a position has them
	checked bool   // the lengths of those that a position had
}

type doneFile struct {
	name string
	size int64
}

// restore takes over the files of a position.
func (d *done) restore(files map[string]int64) {
	for name, size := range files {
		d.files = append(d.files, doneFile{name, size})
	}
	slices.SortFunc(d.files, func(a, b doneFile) int { return strings.Compare(a.name, b.name) })
	d.index()
}

func (d *done) has(name string) bool { return d.names[name] }

// add remembers one more file.
func (d *done) add(name string, size int64) {
	f := doneFile{name, size}
	d.files = append(d.files, f)
	d.note(f)
}

// keep forgets the files that are not there any more.
func (d *done) keep(there map[string]string) {
	before := len(d.files)
	d.files = slices.DeleteFunc(d.files, func(f doneFile) bool { return there[f.name] == "" })
	if len(d.files) < before {
		d.index()
	}
}

// index makes what follows from files.
func (d *done) index() {
	clear(d.names)
	d.text = d.text[:0]
	for _, f := range d.files {
		d.note(f)
	}
}

func (d *done) note(f doneFile) {
	if d.names == nil {
		d.names = map[string]bool{}
	}
	d.names[f.name] = true
	if len(d.text) > 0 {
		d.text = append(d.text, ',')
	}
	quoted, _ := json.Marshal(f.name) // cannot fail for a string
	d.text = append(append(d.text, quoted...), ':')
	d.text = strconv.AppendInt(d.text, f.size, 10)
}

// addTo adds the files to a position. It is made anew with each batch, they are
// not.
func (d *done) addTo(p stream.Position) stream.Position {
	const key = `,"done":{`
	out := make([]byte, 0, len(p)+len(key)+len(d.text)+1)
	out = append(append(out, p[:len(p)-1]...), key...)
	return append(append(out, d.text...), "}}"...)
}

// check finds files that have changed since they were read: of all the first
// time, later of those that were read last, which may have been taken while they
// were still being written.
func (d *done) check(files env.FS, paths map[string]string) error {
	from := 0
	if d.checked {
		from = max(0, len(d.files)-recheck)
	}
	d.checked = true
	for _, f := range d.files[from:] {
		size, err := files.Size(paths[f.name])
		switch {
		case errors.Is(err, fs.ErrNotExist): // taken away since the look
		case err != nil:
			return fmt.Errorf("file source: %w", err)
		case size != f.size:
			return fmt.Errorf("file source: %s has %d bytes but had %d when it was read: a file must be complete when it comes to a watched folder, and its name must not come again; "+
				"write it elsewhere, or under a name that begins with . or _ or ends in .tmp or .part, and rename it then. To go on, move this file away", paths[f.name], size, f.size)
		}
	}
	return nil
}

package files

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// sourceFolder is a folder of files, and where a source is in it.
type sourceFolder struct {
	c         *trial.Case
	env       env.Env
	json      bool
	values    map[string]string // of the source
	batchRows int
	tables    []*table
	happened  string // to one of them
	grows     bool   // the last one, while the first is read
	added     *table // nil: there is no new file
	read      progress
}

// table is a file of rows of one width.
type table struct {
	name   string
	header string
	ids    []int64
	bytes  string // as it is stored; "" is no file
	taken  int    // how many rows were read, in all passes
	had    int    // how many there were then
	size   int    // and bytes
}

func (t *table) path() string { return "in/" + t.name }

func (t *table) compression() string { return compressionOf(t.name) }

// append adds rows with ids from first on.
func (t *table) append(first int64, rows int) {
	for i := range int64(rows) {
		t.ids = append(t.ids, first+i)
	}
}

// drawFolder draws a folder, in which the ids of the i-th file begin with 1000(i+1),
// and its name with i.
func drawFolder(c *trial.Case) *sourceFolder {
	f := &sourceFolder{
		c: c, json: c.Random.IntN(2) == 0, values: map[string]string{"path": "in/"}, batchRows: 1 + c.Random.IntN(4),
	}
	f.env, _ = memEnv()
	f.env.Clock = newClock()
	switch c.Random.IntN(4) {
	case 0:
		f.values["parallel"] = "true"
	case 1:
		f.values["watch"] = "2s"
	case 2:
		f.values["repeat"] = "2"
	}
	for i := range 1 + c.Random.IntN(6) {
		t := &table{name: fmt.Sprint(i, ".csv"), header: "id,text\n"}
		if f.json {
			t.name, t.header = fmt.Sprint(i, ".jsonl"), ""
		}
		t.name += suffixes[[]string{"none", "gzip", "zstd"}[c.Random.IntN(3)]]
		t.append(1000*int64(i+1), 1+c.Random.IntN(10))
		f.tables = append(f.tables, t)
		f.store(t)
	}
	return f
}

// store makes a file what its header and its rows say.
func (f *sourceFolder) store(t *table) {
	text, line := t.header, "%d,x\n"
	if f.json {
		line = `{"id":%d,"text":"x"}` + "\n"
	}
	for _, id := range t.ids {
		text += fmt.Sprintf(line, id)
	}
	if t.compression() != "none" {
		text = compressed(f.c, t.compression(), text)
	}
	f.put(t, text)
}

// add adds a file behind or before another: with what that held or, where it is there
// still, with rows of its own. Its name follows from the digit of that.
func (f *sourceFolder) add(t *table, behind, bytes string) {
	f.added = &table{name: t.name[:1] + "-" + t.name[1:], header: t.header}
	if behind != "" {
		f.added.name = t.name[:1] + "x" + t.name[1:]
	}
	if bytes == "" {
		f.added.append(9000, 2)
		f.store(f.added)
		return
	}
	f.added.ids = t.ids
	f.put(f.added, bytes)
}

func (f *sourceFolder) put(t *table, bytes string) {
	if t.bytes != "" {
		if err := f.env.Files.Remove(t.path()); err != nil {
			f.c.Fatal(err)
		}
	}
	if t.bytes = bytes; bytes != "" {
		writeFile(f.c, f.env.Files, t.path(), bytes)
	}
}

// split is the split that a file is part of.
func (f *sourceFolder) split(t *table) (s stream.Split, at position) {
	s.ID = oneSplit
	if f.values["parallel"] != "" {
		s.ID = stream.SplitID(t.name)
	}
	if i := slices.IndexFunc(f.read.splits, func(other stream.Split) bool { return other.ID == s.ID }); i >= 0 {
		s = f.read.splits[i]
	}
	if s.Position != nil {
		if err := json.Unmarshal(s.Position, &at); err != nil {
			f.c.Fatal(err)
		}
	}
	return s, at
}

// state is how far a file has been read.
type state string

const (
	fresh state = "not begun"
	begun state = "begun"
	done  state = "read"
)

func (f *sourceFolder) state(t *table) state {
	switch s, at := f.split(t); {
	case t == f.added:
		return fresh
	case f.read.finished[s.ID]:
		return done
	case s.Position == nil || at.File == t.name && at.bookmark() == (stream.Bookmark{}):
		return fresh
	case at.File == t.name:
		return begun
	case at.File == "" || at.File > t.name: // behind all files, or in a later one
		return done
	}
	return fresh
}

// describe draws the case.
func (f *sourceFolder) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v, batches of %d\n", f.values, f.batchRows)
	for _, t := range f.tables {
		_, at := f.split(t)
		fmt.Fprintf(&b, "%s: %q %v, %d bytes; %s, %d rows, up to %+v\n", t.name, t.header, t.ids, len(t.bytes), f.state(t), t.taken, at)
	}
	fmt.Fprintf(&b, "Of one: %s.", f.happened)
	return b.String()
}

package draft

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

// Draft is a job file to begin with.
type Draft struct {
	Text   string
	Source string // the id of the job's source
	// Notes say what was guessed and why, a line each.
	Notes []string
}

// Options says what a draft is made from.
type Options struct {
	Registry *component.Registry
	Files    env.FS
	Name     string // of the job
	Path     string // of the file to look at
	// Written is the path as the job file is to have it; "" is Path.
	Written string
	// File is what the job file is called, for the comments in it.
	File string
	// Watch drafts a job that watches the folder of the file for more like it.
	Watch bool
}

// FromFile drafts a job that reads a file of CSV or, by its name or beginning, JSON.
// Of the file it reads the beginning, and then as much as verifies the draft.
func FromFile(o Options) (*Draft, error) {
	written := cmp.Or(o.Written, o.Path)
	if err := o.checkPattern(written); err != nil {
		return nil, err
	}
	s, err := readSample(o.Registry, o.Files, o.Path)
	if err != nil {
		return nil, err
	}
	w, err := guessAll(o, &s)
	if err != nil {
		return nil, err
	}
	t := w.table
	w.path = written
	w.clock = t.chooseClock(w.columns, s)
	w.group = t.chooseGroup(w.columns)
	w.measures = chooseMeasures(w.columns, w.group)
	if o.Watch {
		if err := w.watch(o); err != nil {
			return nil, err
		}
	}
	w.write()
	return &Draft{Text: w.text.String(), Source: w.source(), Notes: w.notes}, nil
}

// checkPattern refuses what would be taken for a file name pattern. A file that is called
// so is that file, but for the folder of a job that watches it.
func (o Options) checkPattern(written string) error {
	const meta = "*?["
	if o.Watch {
		for _, p := range []string{written, o.Path} { // a job beside its file has the path of its folder in front
			if dir := path.Dir(p); strings.ContainsAny(dir, meta) {
				return fmt.Errorf("%s would be taken for a file name pattern; rename that folder", dir)
			}
		}
	}
	if _, err := o.Files.Size(o.Path); err != nil && strings.ContainsAny(o.Path, meta) {
		return fmt.Errorf("%s: no file is called so (%w); a draft is made from one file: name one of those that the pattern is for, "+
			"and then write the pattern into the job", o.Path, err)
	}
	return nil
}

// guessAll looks at the sample, and then at the file as it was guessed to be: with what
// does not fit, it guesses anew.
func guessAll(o Options, s *sample) (*writer, error) {
	for pass := 1; ; pass++ {
		t, err := newTable(o.Registry, o.Path, *s)
		if err != nil {
			return nil, err
		}
		w := &writer{table: t, whole: s.whole && t.rows+t.broken < sampleRows, job: o.Name, file: o.File}
		w.guessColumns()
		if w.whole {
			return w, nil
		}
		if w.verdict, err = verify(o, t, w.columns); err != nil {
			return nil, err
		}
		if s.misfits == nil {
			s.text = s.text[:min(t.end, len(s.text))]
		}
		if pass == mostPasses || t.rowsAt != "" || !s.add(w.verdict.misfit) {
			w.nullable()
			return w, nil
		}
	}
}

func (w *writer) guessColumns() {
	for _, name := range w.table.names {
		if name == "" {
			w.note("a column without a name is left out")
			continue
		}
		w.columns = append(w.columns, w.table.guessColumn(name))
	}
}

// nullable notes the columns that have nulls behind the sample: none of them can be the
// event time.
func (w *writer) nullable() {
	for i := range w.columns {
		if c := &w.columns[i]; c.empty == 0 && w.verdict.null[c.Name] {
			c.empty = 1
			c.Note = strings.TrimPrefix(c.Note+"; empty in some rows", "; ")
		}
	}
}

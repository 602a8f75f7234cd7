package deadletter

import (
	"fmt"
	"path"
	"slices"

	"github.com/weirstream/weir/jobs"
)

// Feeder feeds the letters of a box to a job, round by round.
type Feeder struct {
	box     *Box
	load    func() (*jobs.Job, error)
	options jobs.Options
	waiting []string // the names that the box held at first: what fails again waits for another time
}

// NewFeeder returns a feeder. load, which is called once a round, returns the job
// with sinks that add to what they hold ([LoadAppending]). Of options, StateDir is
// the feeder's own.
func NewFeeder(box *Box, load func() (*jobs.Job, error), o jobs.Options) (*Feeder, error) {
	waiting, err := box.letterFiles(".")
	return &Feeder{box: box, load: load, options: o, waiting: waiting}, err
}

// maxExamples is how many letters a round keeps as examples.
const maxExamples = 5

// Round is some files of letters on their way through a job.
type Round struct {
	// Resumed says that another run of the feeder began the round.
	Resumed bool
	// Fed counts the letters by step.
	Fed map[string]int
	// Unfit counts the letters that do not hold all of a record, and cannot be fed;
	// the first of them are in Examples.
	Unfit    int
	Examples []Letter
	Job      *jobs.Job

	feeder *Feeder
}

// Next prepares the next round, nil where there is nothing left: it takes up the
// one that is unfinished or, moving files, begins one. Nothing is moved unless the
// job can take all letters.
func (f *Feeder) Next() (*Round, error) {
	unfinished, err := f.unfinished()
	switch {
	case err != nil:
		return nil, err
	case len(unfinished) > 0:
		return f.round(feedingFolder, unfinished)
	case len(f.waiting) == 0:
		return nil, nil
	}
	names := f.oneFormat()
	r, err := f.round(".", names)
	if err != nil {
		return nil, err
	}
	f.waiting = f.waiting[len(names):]
	return r, f.box.claim(names)
}

// unfinished returns the files of a round that is not done. One without files was
// about to end.
func (f *Feeder) unfinished() ([]string, error) {
	there, err := f.box.isFeeding()
	if err != nil || !there {
		return nil, err
	}
	whole := &Box{known: f.box.known, files: f.box.files, dir: f.box.dir}
	names, err := whole.letterFiles(feedingFolder)
	switch {
	case err != nil:
		return nil, err
	case len(names) == 0:
		return nil, f.box.retire()
	}
	f.waiting = slices.DeleteFunc(f.waiting, func(n string) bool { return slices.Contains(names, n) })
	return names, whole.dropClaimed(names)
}

// round makes a round of files of the box.
func (f *Feeder) round(in string, names []string) (*Round, error) {
	r := &Round{feeder: f, Resumed: in == feedingFolder, Fed: map[string]int{}}
	feed, err := r.read(in, names)
	if err != nil {
		return nil, err
	}
	if r.Job, err = f.load(); err != nil {
		return nil, err
	}
	return r, feed.rewire(r.Job, path.Join(f.box.dir, feedingFolder), extension(names[0]))
}

// oneFormat returns the first of the waiting files and those behind it that have
// its format.
func (f *Feeder) oneFormat() []string {
	for i, n := range f.waiting {
		if extension(n) != extension(f.waiting[0]) {
			return f.waiting[:i]
		}
	}
	return f.waiting
}

// read takes stock of the letters in files of the box.
func (r *Round) read(in string, names []string) (*feed, error) {
	feed := newFeed(r.feeder.box)
	for _, n := range names {
		err := r.feeder.box.Read(r.feeder.options.Env, path.Join(r.feeder.box.dir, in, n), func(l Letter) error {
			if !l.IsWhole() {
				if r.Unfit++; r.Unfit <= maxExamples {
					r.Examples = append(r.Examples, l)
				}
				return nil
			}
			r.Fed[l.Step]++
			feed.add(&l)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return feed, nil
}

// Start runs the job over the letters. When it has finished, and only then, the
// caller calls [Round.Finish].
func (r *Round) Start() (*jobs.Run, error) {
	o := r.feeder.options
	o.StateDir = r.feeder.box.stateDir()
	r.Job.CheckpointInterval = 0 // none but the last: all is written or nothing
	return jobs.Start(r.Job, o)
}

// Finish puts the files away as fed.
func (r *Round) Finish() error { return r.feeder.box.retire() }

// Steps returns the steps that letters are fed to, sorted.
func (r *Round) Steps() []string {
	var steps []string
	for step := range r.Fed {
		steps = append(steps, step)
	}
	slices.Sort(steps)
	return steps
}

// String says how many letters go where, as "2 of events, 1 of sums".
func (r *Round) String() string { return Count(r.Fed) }

// Count draws numbers by step.
func Count(by map[string]int) string {
	text := ""
	for _, step := range (&Round{Fed: by}).Steps() {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%d of %s", by[step], step)
	}
	return text
}

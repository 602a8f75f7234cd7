package jobtest

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestSavepoints moves jobs from one folder of checkpoints to another by savepoints, at any
// point, through kills, power cuts and files that fail, those of savepoints among them, and
// at another parallelism each time. What comes out is what an undisturbed run commits. A
// savepoint that was taken while the job went on, and begun elsewhere, gives the rest of it.
func TestSavepoints(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // all is small and short-lived
	var all struct {
		sync.Mutex
		traveller
	}
	plan := trial.Plan{Seeds: 120, Fresh: time.Second, Parallel: true}
	whole := plan.Run(t, func(c *trial.Case) {
		v, err := newTraveller(c.Seed)
		if err != nil {
			c.Fatal(err)
		}
		c.Describe(v.String)
		if err := v.travel(); err != nil {
			c.Fatalf("seed %d: %v\n%v", c.Seed, err, v)
		}
		all.Lock()
		defer all.Unlock()
		all.add(v)
	})
	t.Logf("%d moves, %d of them with output to commit, %d savepoints that failed, %d copies", all.moves, all.owing, all.failed, all.copies)
	if whole && !t.Failed() && (min(all.moves, all.failed, all.copies) < 20 || all.owing < 3) {
		t.Error("too tame")
	}
}

// traveller is a campaign that savepoints lead from folder to folder.
type traveller struct {
	*Campaign
	taken  []*asked // while the job went on
	folder int      // the last one that was named

	moves, owing, failed, copies int
}

// asked is a savepoint that a running job was asked for.
type asked struct {
	dir string
	id  stream.CheckpointID // 0 as long as there is none
}

func newTraveller(seed uint64) (*traveller, error) {
	c, err := NewCampaign(seed, NewScenario)
	return &traveller{Campaign: c}, err
}

func (v *traveller) add(w *traveller) {
	v.moves, v.owing, v.failed, v.copies = v.moves+w.moves, v.owing+w.owing, v.failed+w.failed, v.copies+w.copies
}

// name returns a name for a folder that is not there.
func (v *traveller) name(of string) string {
	v.folder++
	return fmt.Sprintf("%s-%d", of, v.folder)
}

func (v *traveller) travel() error {
	finished := false
	for range v.random.IntN(8) {
		var err error
		if finished, err = v.stay(); err != nil {
			return err
		}
		if finished {
			break
		}
		if v.random.IntN(2) == 0 {
			if err := v.move(); err != nil {
				return fmt.Errorf("move: %w", err)
			}
		}
	}
	if !finished {
		if err := v.toTheEnd(); err != nil {
			return err
		}
	}
	return v.runCopies()
}

// stay runs the job for a while, in which savepoints may be asked for, and ends it somehow.
func (v *traveller) stay() (finished bool, err error) {
	v.drawTrouble()
	if v.random.IntN(3) == 0 { // the destination is down, so that output is owed
		v.trouble = trouble{kind: showing, failing: 1 + v.random.IntN(2)}
	}
	if err := v.start(); err != nil {
		return false, v.startFailed(err)
	}
	spell := func() { v.run(some(v.random, 1500)) }
	for spell(); v.left == nil && !v.owner().over && v.random.IntN(3) > 0; spell() {
		if err := v.ask(); err != nil {
			return false, err
		}
	}
	if v.left == nil && v.random.IntN(3) == 0 {
		v.owner().job.Stop()
		if err := v.runOut("stop"); err != nil {
			return false, err
		}
	}
	if done, err := v.ended(); done || err != nil {
		return done, err
	}
	v.kill()
	return false, nil
}

// ask asks the running job for a savepoint.
func (v *traveller) ask() error {
	a := &asked{dir: v.name("running")}
	store, err := objstore.OpenDir(v.files, a.dir)
	if err != nil {
		return v.injected(err)
	}
	v.owner().job.Savepoint(store, func(id stream.CheckpointID, err error) {
		switch a.id = id; {
		case v.left != nil: // whatever it is, the machine has died
		case err == nil:
			v.taken = append(v.taken, a)
		case v.injected(err) != nil && !strings.Contains(err.Error(), "the job has ended before"):
			v.wrong = fmt.Errorf("savepoint %s: %w", a.dir, err)
		}
	})
	return nil
}

// injected passes over errors that an injected fault accounts for.
func (v *traveller) injected(err error) error {
	if errors.Is(err, errDead) || errors.Is(err, errInjected) {
		v.failed++
		return nil
	}
	return err
}

// move has the job, which does not run, go on in another folder.
func (v *traveller) move() error {
	v.drawTrouble()
	dir := v.name("savepoint")
	_, err := jobs.Save(context.Background(), v.files, v.machine.state, dir)
	if v.left != nil {
		v.kill()
	}
	v.trouble = trouble{}
	switch {
	case err != nil && strings.Contains(err.Error(), "there is no checkpoint"), err != nil && strings.Contains(err.Error(), "is not there"),
		err != nil && strings.Contains(err.Error(), "the job has finished"): // in a run that was killed then
		return nil
	case err != nil:
		return v.injected(err)
	}
	v.moves++
	if v.owes(dir) {
		v.owing++
	}
	v.machine.state, v.savepoint = v.name("state"), dir
	return nil
}

// owes reports whether a savepoint holds output that is to be committed.
func (v *traveller) owes(dir string) bool {
	saved, err := checkpoint.ReadSavepoint(context.Background(), objstore.ViewDir(v.files, dir))
	if err != nil || saved.Committed {
		return false
	}
	for sink := range v.scenario.outputs() {
		if saved.Manifest.Due(sink) > 0 {
			return true
		}
	}
	return false
}

// runCopies begins with each savepoint of a running job, beside it: with other folders for the
// output. With what that job had shown by then, its output is the answer.
func (v *traveller) runCopies() error {
	for _, a := range v.taken {
		if err := v.runCopy(a); err != nil {
			return fmt.Errorf("begun with %s, of checkpoint %d: %w", a.dir, a.id, err)
		}
		v.copies++
	}
	return nil
}

func (v *traveller) runCopy(a *asked) error {
	var sets []string
	for sink := range v.scenario.outputs() {
		sets = append(sets, fmt.Sprintf("sinks.%s.file.path=beside/%s", sink, sink))
	}
	m := &machine{random: v.random, files: v.files.Clone(), state: "beside-state", savepoint: a.dir}
	job, err := v.scenario.Load(m.files, sets...)
	if err != nil {
		return err
	}
	m.job, m.changed = job, true
	m.files.Inject(m.operation)
	if err := m.start(); err != nil {
		return err
	}
	m.run(stepLimit)
	if last, err := m.ending(); err != nil || last.State != status.Finished {
		return fmt.Errorf("it is %s: %w", last.State, err)
	}
	m.files.Inject(nil)
	return v.scenario.Check(v.together(m.files, a.id))
}

// together returns files with what the job had shown at a checkpoint, and what was shown
// beside it.
func (v *traveller) together(beside env.FS, id stream.CheckpointID) env.FS {
	all := memfs.New()
	copied := func(from, name, to string) {
		content, err := env.ReadFile(beside, path.Join(from, name))
		if err == nil {
			err = errors.Join(all.MkdirAll(to), env.WriteFile(all, path.Join(to, name), content))
		}
		if err != nil {
			panic(err)
		}
	}
	for sink := range v.scenario.outputs() {
		shown, _ := beside.ReadDir(sink) // it may be missing
		for _, name := range shown {
			if of, ok := checkpointOf(name); ok && of <= id {
				copied(sink, name, sink)
			}
		}
		rest, _ := beside.ReadDir("beside/" + sink)
		for _, name := range rest {
			if !strings.HasPrefix(name, ".") {
				copied("beside/"+sink, name, sink)
			}
		}
	}
	return all
}

// checkpointOf returns the checkpoint that a part file belongs to.
func checkpointOf(name string) (stream.CheckpointID, bool) {
	parts := strings.Split(name, "-")
	if len(parts) < 4 || parts[0] != "part" {
		return 0, false
	}
	id, err := strconv.ParseUint(parts[len(parts)-3], 10, 64)
	return stream.CheckpointID(id), err == nil
}

package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestSimulation runs jobs on a disk that fails and loses power, in processes
// that are killed, sleep, wake up and compete. It checks at every step that
// each sink holds a prefix of the rows, each once, and at the end that it holds
// all of them.
func TestSimulation(t *testing.T) {
	var total tally
	whole := trial.Run(t, 200, func(c *trial.Case) {
		w := newWorld(c)
		c.Describe(w.tale)
		w.run()
		total.add(w.tally)
	})
	t.Logf("%+v", total)
	if whole && !total.complete() {
		t.Error("some faults never happened")
	}
}

// tally counts what happened, to show that everything did.
type tally struct {
	PowerCuts, Kills, Faults, LostReplies, Damages, Interleavings, TakeOvers int
	Decided, Replayed, Lost, Stopped, Finished, Aborted                      int
	Outages, Carried, LeftOver, Again                                        int
}

func (a *tally) add(b tally) {
	a.PowerCuts += b.PowerCuts
	a.Kills += b.Kills
	a.Faults += b.Faults
	a.LostReplies += b.LostReplies
	a.Damages += b.Damages
	a.Interleavings += b.Interleavings
	a.TakeOvers += b.TakeOvers
	a.Decided += b.Decided
	a.Replayed += b.Replayed
	a.Lost += b.Lost
	a.Stopped += b.Stopped
	a.Finished += b.Finished
	a.Aborted += b.Aborted
	a.Outages += b.Outages
	a.Carried += b.Carried
	a.LeftOver += b.LeftOver
	a.Again += b.Again
}

func (a *tally) complete() bool {
	return a.PowerCuts > 0 && a.Kills > 0 && a.LostReplies > 0 && a.Damages > 0 && a.Interleavings > 0 &&
		a.Replayed > 0 && a.Lost > 0 && a.Stopped > 0 && a.Finished > 0 && a.Aborted > 0 &&
		a.Outages > 0 && a.Carried > 0 && a.LeftOver > 0 && a.Again > 0
}

// world is one disk, the sinks, and the processes that work on them.
type world struct {
	t         *testing.T
	random    *rand.Rand
	files     *memfs.FS
	sinks     []*modelSink
	processes []*process
	running   *process // whose code is on the stack
	depth     int      // of processes that run while another is in the middle of an operation
	calm      bool     // no more faults
	rows      int      // of the input
	drained   bool     // some process was asked to drain: the job may end earlier
	ids       map[stream.CheckpointID]bool
	damaged   map[string]bool
	written   map[string]string // what state objects were written with, by name
	tally     tally
	story     []string // what happened, for people
}

func newWorld(c *trial.Case) *world {
	w := &world{t: c.T, random: c.Random, ids: map[stream.CheckpointID]bool{}, damaged: map[string]bool{}, written: map[string]string{}}
	w.rows = 10 + w.random.IntN(60)
	for _, name := range []string{"board", "audit"} {
		w.sinks = append(w.sinks, &modelSink{w: w, name: name, staged: map[string]segment{}, final: map[string]segment{}})
	}
	w.plug(memfs.New())
	return w
}

func (w *world) fatalf(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf(format, args...)
}

// tale is the end of the story.
func (w *world) tale() string {
	return strings.Join(w.story[max(0, len(w.story)-60):], "\n")
}

// tell adds a line to the story.
func (w *world) tell(p *process, format string, args ...any) {
	who := "world"
	if p != nil && p.owner != nil {
		who = fmt.Sprintf("generation %d", p.owner.Generation)
	}
	w.story = append(w.story, fmt.Sprintf("%s%s: %s", strings.Repeat("  ", w.depth), who, fmt.Sprintf(format, args...)))
}

// chance is true once in n times, never in a calm world.
func (w *world) chance(n int) bool { return !w.calm && w.random.IntN(n) == 0 }

// plug makes files the disk.
func (w *world) plug(files *memfs.FS) {
	w.files = files
	files.Inject(w.fault)
}

var (
	errDead  = errors.New("the process is dead")
	errFault = errors.New("fault")
)

// fault is called before every operation on the disk.
func (w *world) fault(op memfs.Op) memfs.Outcome {
	p := w.running
	if p == nil {
		return memfs.Outcome{} // the test itself
	}
	if !p.dead {
		w.disturb()
	}
	switch {
	case p.dead:
		return memfs.Outcome{Err: errDead}
	case op.Changes() && w.chance(80):
		w.tally.LostReplies++
		w.tell(p, "reply lost: %v", op)
		return memfs.Outcome{Err: errFault, After: true}
	case w.chance(120):
		w.tally.Faults++
		w.tell(p, "fault: %v", op)
		return memfs.Outcome{Err: errFault, Written: w.random.IntN(1 + op.Bytes)}
	}
	return memfs.Outcome{}
}

// disturb lets something happen while a process is in the middle of its work.
func (w *world) disturb() {
	switch {
	case w.chance(900):
		w.powerCut()
	case w.chance(600):
		w.kill(w.running)
	case w.depth < 2 && w.chance(60):
		w.tally.Interleavings++
		p := w.running
		w.depth++
		for range 1 + w.random.IntN(30) {
			w.act(p)
		}
		w.depth--
		w.running = p
	}
}

func (w *world) kill(p *process) {
	w.tally.Kills++
	w.tell(p, "killed")
	p.dead = true
}

func (w *world) powerCut() {
	w.tally.PowerCuts++
	w.tell(nil, "power cut")
	for _, p := range w.processes {
		p.dead = true
	}
	w.plug(w.files.CrashClone(w.random))
}

// run lets things happen, then leaves one process in peace until it has finished.
func (w *world) run() {
	for range 600 {
		w.act(nil)
	}
	w.calm = true
	for _, p := range w.processes {
		p.dead = true
	}
	for range 5000 {
		if w.act(nil); w.done() {
			break
		}
	}
	if !w.done() {
		w.fatalf("the job did not finish in peace")
	}
	want := w.end()
	if want != w.rows && !w.drained {
		w.fatalf("the job ended at row %d of %d", want, w.rows)
	}
	for _, s := range w.sinks {
		if got := s.check(); got != want {
			w.fatalf("sink %s has %d rows of %d", s.name, got, want)
		}
	}
}

// end returns the position in the last decided checkpoint.
func (w *world) end() (position int) {
	decided := w.decided()
	w.peek(func(s store) {
		m, err := s.manifest(ctx, decided[0])
		if err == nil {
			err = json.Unmarshal(m.Step("source").Subtasks[0].Meta, &position)
		}
		if err != nil {
			w.fatalf("%v", err)
		}
	})
	return position
}

// done reports whether the log says that the job has finished.
func (w *world) done() bool {
	last := w.last()
	return last != nil && last.Kind == finishedSlot
}

// peek runs f as the test itself, without faults.
func (w *world) peek(f func(s store)) {
	p := w.running
	w.running = nil
	defer func() { w.running = p }()
	d, err := objstore.OpenDir(w.files.Clone(), "checkpoints")
	if err != nil {
		w.fatalf("%v", err)
	}
	f(store{d})
}

// last returns the last slot, nil if there is none.
func (w *world) last() (last *slot) {
	w.peek(func(s store) {
		h, err := s.history(ctx)
		if err == nil {
			last, _, err = h.last(ctx)
		}
		if err != nil {
			w.fatalf("%v", err)
		}
	})
	return last
}

// decided returns the decided checkpoints that are still in the log, latest first.
func (w *world) decided() (all []*slot) {
	w.peek(func(s store) {
		h, err := s.history(ctx)
		if err != nil {
			w.fatalf("%v", err)
		}
		h.decided(ctx, func(s *slot, err error) bool {
			all = append(all, s)
			return err == nil
		})
	})
	return all
}

// manifests returns those of the decided checkpoints, as far as they are still there.
func (w *world) manifests() (all []*Manifest) {
	for _, s := range w.decided() {
		if s == nil {
			continue
		}
		w.peek(func(store store) {
			if m, err := store.manifest(ctx, s); err == nil { // an old one may be deleted before its slot is
				all = append(all, m)
			}
		})
	}
	return all
}

// act lets one process, or the world, do one thing. busy is in the middle of
// something and must not be used.
func (w *world) act(busy *process) {
	w.processes = slices.DeleteFunc(w.processes, func(p *process) bool { return p.dead && p != busy })
	switch {
	case w.chance(400):
		w.powerCut()
		return
	case w.chance(100):
		w.damage()
		return
	}
	for _, s := range w.sinks {
		s.down = w.chance(200) || s.down && !w.chance(100)
	}
	limit := 2
	if w.calm {
		limit = 1
	}
	if len(w.processes) < limit && (len(w.processes) == 0 || w.chance(25)) {
		w.launch()
	}
	if len(w.processes) == 0 {
		return
	}
	if p := w.processes[w.random.IntN(len(w.processes))]; p != busy && p.coordinator != nil && !p.dead {
		if w.chance(200) {
			w.kill(p)
			return
		}
		p.as(p.act)
	}
	for _, s := range w.sinks {
		s.check()
	}
	if w.random.IntN(40) == 0 {
		w.checkState()
	}
}

// checkState makes sure that the state objects of the last decided checkpoint are as
// they were written, whoever has tidied up meanwhile.
func (w *world) checkState() {
	decided := w.decided()
	if len(decided) == 0 {
		return
	}
	w.peek(func(s store) {
		m, err := s.manifest(ctx, decided[0])
		if err != nil {
			w.fatalf("%v", err)
		}
		for ref := range m.Objects() {
			if err := s.verify(ctx, ref); err != nil {
				w.fatalf("checkpoint %d needs it: %v", m.Checkpoint, err)
			}
		}
	})
}

// damage spoils one copy of a slot or manifest whose other copy is whole. It
// does not make the name of a slot disappear: that name is the lock itself.
func (w *world) damage() {
	var victim string
	w.peek(func(s store) {
		var whole []string
		for _, kind := range []string{"slot", "manifest"} {
			names, _ := s.objects.List(ctx, kind+"s/")
			for _, name := range names {
				base := strings.TrimSuffix(name, copySuffix)
				a, errA := objstore.Get(ctx, s.objects, base)
				b, errB := objstore.Get(ctx, s.objects, base+copySuffix)
				if errA == nil && errB == nil && bytes.Equal(a, b) && unseal(kind, a, &json.RawMessage{}) == nil {
					whole = append(whole, name)
				}
			}
		}
		if len(whole) > 0 {
			victim = whole[w.random.IntN(len(whole))]
		}
	})
	if victim == "" {
		return
	}
	w.tally.Damages++
	w.tell(nil, "damage to %s", victim)
	w.damaged[victim] = true
	p := w.running
	w.running = nil
	defer func() { w.running = p }()
	file := "checkpoints/" + victim
	content, _ := env.ReadFile(w.files, file)
	_ = w.files.Remove(file)
	isLock := strings.HasPrefix(victim, slotPrefix) && !strings.HasSuffix(victim, copySuffix)
	if isLock || w.random.IntN(3) > 0 {
		content = bytes.Clone(content)
		content[w.random.IntN(len(content))] ^= 1 << w.random.IntN(8)
		_ = env.WriteFile(w.files, file, content)
	}
	_ = w.files.SyncDir("checkpoints/" + strings.SplitN(victim, "/", 2)[0])
}

package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
)

// process is a run of the job: one source, a step with state, two sinks.
type process struct {
	w           *world
	dead        bool
	owner       *Owner
	coordinator *Coordinator
	now         time.Time
	works       []Work
	acks        []Ack

	position, prepared int
	silent             bool                 // nothing is read any more
	drained            bool                 // the input ends where it is
	unacked            map[string][]segment // by sink
	chain              []ObjectRef          // of the last completed checkpoint
	chains             map[stream.CheckpointID][]ObjectRef
}

func simSteps() []StepInfo {
	return []StepInfo{
		{ID: "source", Parallelism: 1, Source: true},
		{ID: "count", Parallelism: 1, Stateful: true, Definition: stream.Definition{{Text: "count"}}},
		{ID: "board", Parallelism: 1, Sink: true},
		{ID: "audit", Parallelism: 1, Sink: true},
	}
}

// as runs f as the process's code.
func (p *process) as(f func()) {
	before := p.w.running
	p.w.running = p
	f()
	p.w.running = before
}

// lost reports whether a later owner is in the log.
func (p *process) lost() bool {
	return p.w.last().Generation > p.owner.Generation
}

func (w *world) launch() {
	p := &process{w: w, chains: map[stream.CheckpointID][]ObjectRef{}, unacked: map[string][]segment{}}
	w.processes = append(w.processes, p)
	p.as(func() {
		err := p.start()
		if err != nil && !p.dead && !errors.Is(err, errFault) && !errors.Is(err, ErrFinished) {
			w.fatalf("a start failed though nothing was wrong: %v", err)
		}
		p.dead = p.dead || err != nil
	})
}

func (p *process) start() error {
	w := p.w
	d, err := objstore.OpenDir(w.files, "checkpoints")
	if err != nil {
		return err
	}
	p.owner, err = TakeOver(ctx, d, Options{
		Job: "sim", Steps: simSteps(), Retain: 1 + w.random.IntN(3),
		Random: rand.New(rand.NewPCG(w.random.Uint64(), 2)),
	})
	if err != nil {
		var damage *DamagedError
		if errors.As(err, &damage) && !p.dead {
			w.fatalf("one whole copy should do: %v", err)
		}
		return err
	}
	w.tally.TakeOvers++
	w.tell(p, "took over at slot %d from slot %d", p.owner.takeover.Number, p.owner.takeover.Restores)
	if p.owner.decided != nil {
		w.tally.Replayed++
	}
	var sinks []Sink
	for _, s := range w.sinks {
		sinks = append(sinks, Sink{s.name, committer{s, p}})
	}
	if err := p.recover(sinks); err != nil {
		return err
	}
	if err := p.restore(); err != nil {
		return err
	}
	p.coordinator = NewCoordinator(p.owner, Timing{Interval: 10 * time.Second, Timeout: time.Minute})
	p.step(Started{})
	return nil
}

// recover tries again what is due, as often as it likes.
func (p *process) recover(sinks []Sink) error {
	for {
		err := p.owner.Recover(ctx, sinks)
		var due *Uncommitted
		if p.dead || !errors.As(err, &due) || !due.Again() || p.w.chance(10) {
			return err
		}
		p.w.tally.Again++
		p.w.act(p)
	}
}

func (p *process) restore() error {
	if p.owner.Manifest == nil {
		return nil
	}
	if err := json.Unmarshal(p.owner.Manifest.Step("source").Subtasks[0].Meta, &p.position); err != nil {
		p.w.fatalf("%v", err)
	}
	if string(p.owner.Manifest.Step("source").Enumerator) != fmt.Sprint(p.position) {
		p.w.fatalf("the enumerator does not fit the position")
	}
	p.prepared = p.position
	p.chain = p.owner.Manifest.Step("count").Subtasks[0].Objects
	for i, ref := range p.chain {
		content, err := readObject(p.owner, ref)
		if errors.Is(err, errDamaged) && !p.dead && !p.lost() {
			p.w.fatalf("state is gone: %v", err)
		}
		if err != nil {
			return err
		}
		if want := p.w.written[ref.Name]; string(content) != want {
			p.w.fatalf("object %d is %q instead of %q", i, content, want)
		}
	}
	for _, s := range p.w.sinks {
		if rows := s.check(); rows < p.position || rows > p.position && !p.lost() {
			p.w.fatalf("sink %s has %d rows, restored at %d", s.name, rows, p.position)
		}
	}
	return nil
}

// act does one thing that a process may do next.
func (p *process) act() {
	switch p.w.random.IntN(8) {
	case 0:
		p.advance()
	case 1:
		if p.w.chance(10) {
			p.now = p.now.Add(2 * time.Minute)
		}
		p.now = p.now.Add(time.Duration(p.w.random.IntN(4000)) * time.Millisecond)
		p.step(Tick{p.now})
	case 2, 3:
		p.acknowledge()
	case 4:
		for p.w.chance(60) { // more than once, in any order
			p.step(StopRequested{Drain: p.w.random.IntN(2) == 0})
		}
	default:
		p.work()
	}
}

// advance processes rows; behind the last one the subtasks finish.
func (p *process) advance() {
	if p.position < p.w.rows && !p.drained {
		if !p.silent {
			p.position = min(p.w.rows, p.position+1+p.w.random.IntN(4))
		}
		return
	}
	if unfinished := p.coordinator.unfinished; len(unfinished) > 0 {
		p.step(SubtaskFinished{unfinished[0].step, unfinished[0].index})
	}
}

func (p *process) acknowledge() {
	if len(p.acks) == 0 {
		return
	}
	i := p.w.random.IntN(len(p.acks))
	a := p.acks[i]
	p.acks = slices.Delete(p.acks, i, i+1)
	if p.w.chance(60) {
		p.step(Decline{a.Checkpoint, a.Step, a.Subtask, errFault})
		return
	}
	if a.Step == "count" {
		entry, err := p.store(a.Checkpoint)
		if err != nil {
			p.step(Decline{a.Checkpoint, a.Step, a.Subtask, err})
			return
		}
		a.Entry = entry
	}
	p.step(a)
}

// store writes the state of the counting step: a full one, or a delta, in one object or
// in two.
func (p *process) store(id stream.CheckpointID) (Entry, error) {
	chain := slices.Clone(p.chain)
	if len(chain) >= 3 {
		chain = nil
	}
	for i := range 1 + p.w.random.IntN(2) {
		content := fmt.Sprintf("part %d of checkpoint %d of generation %d", i, id, p.owner.Generation)
		ref, err := p.owner.WriteObject(ctx, id, "count", 0, func(_ string, out io.Writer) error {
			_, err := io.WriteString(out, content[:10])
			if err == nil {
				_, err = io.WriteString(out, content[10:])
			}
			return err
		})
		if err != nil {
			return Entry{}, err
		}
		if p.w.written[ref.Name] != "" {
			p.w.fatalf("%s is written twice", ref.Name)
		}
		p.w.written[ref.Name] = content
		chain = append(chain, ref)
	}
	p.chains[id] = chain
	return Entry{Objects: chain}, nil
}

func (p *process) work() {
	if len(p.works) == 0 {
		return
	}
	i := p.w.random.IntN(len(p.works))
	w := p.works[i]
	p.works = slices.Delete(p.works, i, i+1)
	p.step(w.Do(ctx))
}

// step hands an event to the coordinator and carries out the effects.
func (p *process) step(e Event) {
	if p.dead {
		return
	}
	for _, effect := range p.coordinator.Step(e) {
		p.w.tell(p, "%v", effect)
		switch effect := effect.(type) {
		case Trigger:
			if p.drained && len(p.coordinator.unfinished) > 0 {
				p.w.fatalf("checkpoint %d begins while sources drain, and holds the end of some of them only", effect.Barrier.ID)
			}
			p.snapshot(effect.Barrier)
		case Drain:
			p.silent, p.drained, p.w.drained = true, true, true
		case Completed:
			p.completed(effect.ID)
		case Aborted:
			p.w.tally.Aborted++
		case Work:
			p.works = append(p.works, effect)
		case Ended:
			p.ended(effect)
		}
	}
}

func (p *process) ended(e Ended) {
	p.dead = true
	switch e.Outcome {
	case OutcomeLost:
		p.w.tally.Lost++
		last := p.coordinator.last.Number
		if !p.lost() && !p.w.damaged[slotName(last)] && !p.w.damaged[slotName(last+1)] {
			p.w.fatalf("generation %d gave up, and there is no later one", p.owner.Generation)
		}
	case OutcomeStopped:
		p.w.tally.Stopped++
		if len(p.coordinator.Uncommitted()) > 0 {
			p.w.tally.LeftOver++
		}
	case OutcomeFinished:
		p.w.tally.Finished++
	}
}

// snapshot is every subtask's part, taken at once, as aligned barriers do.
func (p *process) snapshot(b stream.Barrier) {
	if p.w.ids[b.ID] {
		p.w.fatalf("checkpoint id %d is used again", b.ID)
	}
	p.w.ids[b.ID] = true
	p.silent = p.silent || b.Stop
	ack := func(step string, subtask int, e Entry) {
		p.acks = append(p.acks, Ack{b.ID, step, subtask, e})
	}
	ack("source", Enumerator, Entry{Enumerator: fmt.Append(nil, p.position)})
	ack("source", 0, Entry{Meta: json.RawMessage(fmt.Sprint(p.position))})
	ack("count", 0, Entry{})
	for _, s := range p.w.sinks {
		ack(s.name, 0, Entry{Pending: p.prepare(s, b.ID)})
	}
	p.prepared = p.position
}

// prepare stages the rows since the last barrier and returns all that is not
// decided yet.
func (p *process) prepare(s *modelSink, id stream.CheckpointID) (pending []stream.Pending) {
	if p.prepared < p.position {
		seg := segment{fmt.Sprintf("g%d-c%d", p.owner.Generation, id), p.owner.Generation, id, p.prepared, p.position}
		s.staged[seg.Key] = seg
		p.unacked[s.name] = append(p.unacked[s.name], seg)
	}
	for _, seg := range p.unacked[s.name] {
		encoded, _ := json.Marshal(seg)
		pending = append(pending, encoded)
	}
	return pending
}

// completed: the checkpoint is in the log, and it is ours.
func (p *process) completed(id stream.CheckpointID) {
	p.w.tally.Decided++
	at := slices.IndexFunc(p.w.decided(), func(s *slot) bool { return s != nil && s.Checkpoint == id })
	if at < 0 && !p.lost() {
		p.w.fatalf("checkpoint %d is said to be completed, and no slot decides it", id)
	}
	p.chain = p.chains[id]
	for name, segments := range p.unacked {
		p.unacked[name] = slices.DeleteFunc(segments, func(s segment) bool { return s.ID <= id })
	}
}

package checkpoint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/stream"
)

// TestScripts runs testdata/*.txt, scripts of commands; [script.run] lists them.
func TestScripts(t *testing.T) {
	golden.Files(t, "testdata/*.txt", func(t *testing.T, file string) {
		s := &script{t: t, random: rand.New(rand.NewPCG(1, 1)), down: map[string]bool{}, stores: map[string]*objstore.Memory{}}
		s.objects = s.storeNamed("job")
		s.steps = "src:source map:stateful out:sink"
		golden.Script(t, file, func(input string) string {
			s.out = &strings.Builder{}
			for _, command := range golden.Commands(input) {
				s.run(strings.Fields(command))
			}
			return s.out.String()
		})
	})
}

// script is one owner at a time on a store in memory, driven line by line.
type script struct {
	t       *testing.T
	out     *strings.Builder
	objects *objstore.Memory
	stores  map[string]*objstore.Memory
	random  *rand.Rand
	nonces  []string // of the owners so far; scripts call them owner1, owner2, …
	steps   string
	options Options
	timing  Timing
	now     time.Time

	coordinator *Coordinator
	works       []Work
	commitError error                 // of the next commit
	shown       []stream.CheckpointID // by all sinks
	spoiled     stream.CheckpointID   // what was prepared for it is damaged
	down        map[string]bool       // sinks that can show nothing
}

func (s *script) printf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for i, nonce := range s.nonces {
		text = strings.ReplaceAll(text, nonce, fmt.Sprintf("owner%d", i+1))
	}
	fmt.Fprintln(s.out, text)
}

// run carries out one command:
//
//	steps a:source b:stateful c:sink  the job, for the starts that follow; a:source*2 has two subtasks,
//	                                  a:source=x has the definition x (parseDefinition), c:witness can be looked at, c:keeper remembers
//	options retain=1 interval=10s timeout=1m commit-timeout=1m allow-changed allow-duplicates
//	start                             whatever runs is gone; a new owner takes over and recovers
//	preview                           what a start would say of the job
//	other                             another process takes over meanwhile
//	tick 10s                          so much time passes
//	ack map-0 [x [n]]                 with a state object, or with pending x for a sink, and more of n bytes
//	ack all                           everyone who is awaited
//	decline map-0 why…                finished map-0, finished all, stop, drain, fail why…
//	crowded, room                     there is no room for checkpoints; there is again
//	request                           asks for a checkpoint
//	save NAME [running]               the last checkpoint as a savepoint, in another store; or that of the running job
//	store NAME                        from here on the commands are about this store; the first is job
//	begin NAME                        the store begins with that savepoint
//	do slot                           the first waiting work whose name begins so; run: all, until none waits
//	fault create slots/ [after]       the next such operation fails, before or after its effect
//	commit-fails [fatal]              the next commit does
//	down board, up board              commits of the sink fail from now on; they do not any more
//	spoil 7                           what sinks have prepared for checkpoint 7 is damaged
//	damage NAME, remove NAME          show NAME, objects [prefix]
//	copy FROM TO, put NAME text…      an object that nobody wrote
//	describe
func (s *script) run(words []string) {
	args := words[1:]
	switch words[0] {
	case "steps":
		s.steps = strings.Join(args, " ")
	case "options":
		s.parseOptions(args)
	case "start":
		s.start()
	case "preview":
		s.preview()
	case "other":
		s.other()
	case "tick":
		d, err := time.ParseDuration(args[0])
		s.check(err)
		s.now = s.now.Add(d)
		s.step(Tick{s.now})
	case "ack":
		s.ack(args)
	case "decline":
		step, i := splitSubtask(args[0])
		s.step(Decline{s.coordinator.id, step, i, errors.New(strings.Join(args[1:], " "))})
	case "finished":
		s.finished(args[0])
	case "crowded":
		s.step(Crowded{Full: true})
	case "room":
		s.step(Crowded{})
	case "request":
		s.step(CheckpointRequested{})
	case "stop":
		s.step(StopRequested{})
	case "drain":
		s.step(StopRequested{Drain: true})
	case "do":
		s.do(args[0])
	case "run":
		for len(s.works) > 0 {
			s.do("")
		}
	case "fault":
		s.fault(args)
	case "commit-fails":
		s.commitError = errors.New("disk full")
		if len(args) > 0 {
			s.commitError = failure.Fatal(errors.New("exists with other content"))
		}
	case "down", "up":
		s.down[args[0]] = words[0] == "down"
	case "spoil":
		_, err := fmt.Sscan(args[0], &s.spoiled)
		s.check(err)
	case "describe":
		s.printf("%s", s.coordinator.Describe())
	default:
		s.runOnStore(words[0], args)
	}
}

func (s *script) runOnStore(command string, args []string) {
	name := strings.Join(args, " ")
	for i, nonce := range s.nonces {
		name = strings.Replace(name, fmt.Sprintf("state/owner%d-", i+1), "state/"+nonce+"-", 1)
	}
	switch command {
	case "save":
		s.save(args)
	case "store":
		s.objects = s.storeNamed(name)
	case "begin":
		s.begin(name)
	case "objects":
		names, err := s.objects.List(ctx, name)
		s.check(err)
		for _, n := range names {
			s.printf("%s", n)
		}
	case "show":
		content, err := objstore.Get(ctx, s.objects, name)
		s.check(err)
		s.printf("%s", bytes.TrimSpace(content))
	case "damage":
		content, err := objstore.Get(ctx, s.objects, name)
		s.check(err)
		content[len(content)/2] ^= 1
		s.check(objstore.Put(ctx, s.objects, name, content))
	case "remove":
		s.check(s.objects.Delete(ctx, name))
	case "copy":
		content, err := objstore.Get(ctx, s.objects, args[0])
		s.check(err)
		s.check(objstore.Put(ctx, s.objects, args[1], content))
	case "put":
		s.check(objstore.Put(ctx, s.objects, args[0], []byte(strings.Join(args[1:], " "))))
	default:
		s.t.Fatalf("unknown command %q", command)
	}
}

func (s *script) check(err error) {
	if err != nil {
		s.t.Helper()
		s.t.Fatal(err)
	}
}

func (s *script) parseOptions(args []string) {
	var err error
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "retain":
			s.options.Retain, err = strconv.Atoi(value)
		case "interval":
			s.timing.Interval, err = time.ParseDuration(value)
		case "timeout":
			s.timing.Timeout, err = time.ParseDuration(value)
		case "commit-timeout":
			s.timing.CommitTimeout, err = time.ParseDuration(value)
		case "allow-changed":
			s.options.AllowChanged = value != "no"
		case "allow-duplicates":
			s.options.AllowDuplicates = value != "no"
		default:
			s.t.Fatalf("unknown option %q", arg)
		}
		s.check(err)
	}
}

func splitSubtask(text string) (step string, index int) {
	i := strings.LastIndexByte(text, '-')
	if text[i+1:] == "enumerator" {
		return text[:i], Enumerator
	}
	index, _ = strconv.Atoi(text[i+1:])
	return text[:i], index
}

// takeOver makes a new owner and lets it recover; nil where it is refused.
func (s *script) takeOver() *Owner {
	o := s.startOptions()
	owner, err := TakeOver(ctx, s.objects, o)
	if err != nil {
		s.printf("refused: %v", err)
		return nil
	}
	s.nonces = append(s.nonces, owner.nonce)
	var sinks []Sink
	for _, step := range o.Steps {
		if step.Sink {
			sinks = append(sinks, Sink{step.ID, s.sink(step.ID)})
		}
	}
	from := "nothing"
	if owner.Manifest != nil {
		from = fmt.Sprintf("checkpoint %d", owner.Manifest.Checkpoint)
		for _, step := range owner.Manifest.Steps {
			from += " " + step.ID
		}
	}
	if owner.Changed != nil {
		s.printf("%s", owner.Changed.Accepted())
	}
	for _, w := range owner.Warnings {
		s.printf("warning: %v", w)
	}
	s.printf("generation %d goes on from %s", owner.Generation, from)
	if err := owner.Recover(ctx, sinks); err != nil {
		s.printf("recovery failed: %v", err)
		return nil
	}
	return owner
}

func (s *script) sink(name string) stream.Committer {
	if strings.Contains(s.steps, name+":keeper") {
		return scriptKeeper{scriptSink{s, name}}
	}
	return scriptSink{s, name}
}

// startOptions are those of the next start.
func (s *script) startOptions() Options {
	o := s.options
	o.Job, o.Steps, o.Random = "delays", parseSteps(s.steps), s.random
	for i := range o.Steps {
		if strings.Contains(s.steps, o.Steps[i].ID+":witness") {
			o.Steps[i].Witness = func(string) stream.Witness { return scriptSink{s, o.Steps[i].ID} }
		}
	}
	o.Retain = max(o.Retain, 1)
	return o
}

func (s *script) start() {
	s.works, s.coordinator = nil, nil
	if owner := s.takeOver(); owner != nil {
		s.coordinator = NewCoordinator(owner, s.timing)
		s.step(Started{s.now})
	}
}

func (s *script) other() {
	steps := s.steps
	s.takeOver()
	s.steps = steps
}

func (s *script) step(e Event) {
	for _, effect := range s.coordinator.Step(e) {
		s.printf("%v", effect)
		if w, ok := effect.(Work); ok {
			s.works = append(s.works, w)
		}
	}
}

func (s *script) ack(args []string) {
	if args[0] == "all" {
		for _, sub := range slices.Clone(s.coordinator.awaited) {
			s.ack([]string{sub.String(), "x"})
		}
		return
	}
	c := s.coordinator
	step, i := splitSubtask(args[0])
	a := Ack{Checkpoint: c.id, Step: step, Subtask: i}
	info := StepInfo{}
	for _, one := range c.owner.options.Steps {
		if one.ID == step {
			info = one
		}
	}
	switch {
	case len(args) == 1:
	case i == Enumerator:
		a.Entry.Enumerator = []byte(args[1])
	case info.Sink:
		a.Entry.Pending = []stream.Pending{stream.Pending(fmt.Sprintf("%s-%d of %d", args[1], i, c.id))}
		if len(args) > 2 { // so many bytes
			n, err := strconv.Atoi(args[2])
			s.check(err)
			a.Entry.Pending = append(a.Entry.Pending, bytes.Repeat([]byte(args[1]), n/len(args[1])))
		}
		s.check(c.owner.Slim(ctx, c.id, step, i, &a.Entry))
	case info.Stateful:
		ref, err := c.owner.WriteObject(ctx, c.id, step, i, text(args[1]))
		s.check(err)
		a.Entry.Objects = []ObjectRef{ref}
	case info.Source:
		a.Entry.Meta = []byte(strconv.Quote(args[1]))
	}
	s.step(a)
}

func (s *script) finished(who string) {
	for _, sub := range slices.Clone(s.coordinator.unfinished) {
		if who == "all" || who == sub.String() {
			s.step(SubtaskFinished{sub.step, sub.index})
		}
	}
}

func (s *script) do(prefix string) {
	i := slices.IndexFunc(s.works, func(w Work) bool { return strings.HasPrefix(w.Name, prefix) })
	if i < 0 {
		s.printf("no work %q waits", prefix)
		return
	}
	w := s.works[i]
	s.works = slices.Delete(s.works, i, i+1)
	s.step(w.Do(ctx))
}

func (s *script) fault(args []string) {
	s.objects.Inject(func(op objstore.Op) objstore.Outcome {
		if string(op.Kind) != args[0] || !strings.HasPrefix(op.Name, args[1]) {
			return objstore.Outcome{}
		}
		if args[len(args)-1] != "always" {
			s.objects.Inject(nil)
		}
		return objstore.Outcome{Err: errors.New("connection reset"), After: slices.Contains(args, "after")}
	})
}

// scriptSink prints what its committer is told.
type scriptSink struct {
	s    *script
	name string
}

func (k scriptSink) Commit(_ context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	if err := k.s.commitError; err != nil {
		k.s.commitError = nil
		return err
	}
	if k.s.down[k.name] {
		return errors.New("connection refused")
	}
	if err := k.Whole(id, pending); err != nil {
		return err
	}
	k.s.shown = append(k.s.shown, id)
	for i, p := range pending {
		if len(p) > 100 {
			pending[i] = fmt.Appendf(nil, "%.3s… of %d bytes", p, len(p))
		}
	}
	k.s.printf("  %s commits %d: %s", k.name, id, pending)
	return nil
}

// scriptKeeper keeps the last checkpoint that it has shown.
type scriptKeeper struct{ scriptSink }

// Keep implements stream.Keeper.
func (k scriptKeeper) Keep() []byte { return fmt.Append(nil, k.s.shown[len(k.s.shown)-1]) }

// ShownAfter implements stream.Witness.
func (k scriptSink) ShownAfter(id stream.CheckpointID) (shown []stream.Shown, err error) {
	for _, s := range k.s.shown {
		if s > id {
			shown = append(shown, stream.Shown{Name: fmt.Sprintf("part-%d", s), Checkpoint: s})
		}
	}
	return shown, nil
}

// Whole implements stream.Witness.
func (k scriptSink) Whole(id stream.CheckpointID, _ []stream.Pending) error {
	if id == k.s.spoiled {
		return failure.Fatal(fmt.Errorf("part-%d is %w: it is not what was prepared", id, stream.ErrDamaged))
	}
	return nil
}

func (k scriptSink) Abort(context.Context) error {
	k.s.printf("  %s aborts what was not decided", k.name)
	return nil
}

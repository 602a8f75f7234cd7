package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestOperations writes down every operation on the disk from the first start of
// a job to its second checkpoint: testdata/operations.golden is the durability
// protocol, to be read and reviewed.
func TestOperations(t *testing.T) {
	files := memfs.New()
	files.StartLog()
	var out strings.Builder
	note := func(title string) {
		fmt.Fprintf(&out, "# %s\n", title)
		for _, op := range files.TakeLog() {
			fmt.Fprintln(&out, op)
		}
		out.WriteString("\n")
	}
	d, err := objstore.OpenDir(files, "job")
	if err != nil {
		t.Fatal(err)
	}
	note("open the store")
	owner := takeOver(t, d, 1)
	note("take over")
	if err := owner.Recover(ctx, []Sink{{"out", quietSink{}}}); err != nil {
		t.Fatal(err)
	}
	note("recover")

	c := NewCoordinator(owner, Timing{Interval: time.Second})
	effects := c.Step(Started{})
	for len(effects) > 0 {
		effect := effects[0]
		effects = effects[1:]
		switch effect := effect.(type) {
		case Trigger:
			ref, err := owner.WriteObject(ctx, effect.Barrier.ID, "map", 0, text("state"))
			if err != nil {
				t.Fatal(err)
			}
			note(fmt.Sprintf("checkpoint %d: the state object of map-0", effect.Barrier.ID))
			effects = append(effects, c.Step(Ack{effect.Barrier.ID, "map", 0, Entry{Objects: []ObjectRef{ref}}})...)
			effects = append(effects, c.Step(Ack{effect.Barrier.ID, "out", 0, Entry{Pending: []stream.Pending{[]byte("p")}}})...)
		case Work:
			event := effect.Do(ctx)
			note(effect.Name)
			effects = append(effects, c.Step(event)...)
			if c.phase == idle && c.decided < 2 {
				effects = append(effects, c.Step(Tick{c.now.Add(time.Second)})...)
			}
		}
	}
	golden.Text(t, "testdata/operations.golden", strings.ReplaceAll(strings.TrimSuffix(out.String(), "\n"), owner.nonce, "owner1"))
}

func takeOver(t *testing.T, objects objstore.Store, seed uint64) *Owner {
	t.Helper()
	owner, err := TakeOver(ctx, objects, Options{
		Job: "job", Retain: 1, Random: rand.New(rand.NewPCG(seed, 0)),
		Steps: parseSteps("map:stateful out:sink"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return owner
}

// quietSink has nothing to do.
type quietSink struct{}

func (quietSink) Commit(context.Context, stream.CheckpointID, []stream.Pending) error { return nil }
func (quietSink) Abort(context.Context) error                                         { return nil }

// text returns what writes a text.
func text(content string) func(string, io.Writer) error {
	return func(_ string, w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	}
}

// readObject returns the whole of a state object, if it is what was written.
func readObject(o *Owner, ref ObjectRef) ([]byte, error) {
	if err := o.store.verify(ctx, ref); err != nil {
		return nil, o.damagedObject(ref, err)
	}
	object, err := o.OpenObject(ctx, ref)
	if err != nil {
		return nil, err
	}
	defer object.Close()
	return io.ReadAll(io.NewSectionReader(object, 0, object.Size()))
}

// TestDamagedObject: state is not handed out unless it is what was written, and
// the error says what is at stake.
func TestDamagedObject(t *testing.T) {
	objects := objstore.NewMemory()
	owner := takeOver(t, objects, 1)
	owner.decided = &slot{Checkpoint: 7}
	ref, err := owner.WriteObject(ctx, 7, "map", 0, text("state"))
	if err != nil {
		t.Fatal(err)
	}
	if content, err := readObject(owner, ref); err != nil || string(content) != "state" {
		t.Errorf("read %q, %v", content, err)
	}
	for name, spoil := range map[string]func() error{
		"changed": func() error { return objstore.Put(ctx, objects, ref.Name, []byte("stale")) },
		"cut off": func() error { return objstore.Put(ctx, objects, ref.Name, []byte("stat")) },
		"missing": func() error { return objects.Delete(ctx, ref.Name) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		_, err := readObject(owner, ref)
		var damage *DamagedError
		if !errors.As(err, &damage) {
			t.Errorf("%s: error %v", name, err)
			continue
		}
		for _, part := range []string{ref.Name, "sink out", "checkpoint 7", "allow duplicates"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: the error does not name %s:\n%v", name, part, err)
			}
		}
	}
}

// TestOtherJob: a store is one job's.
func TestOtherJob(t *testing.T) {
	objects := objstore.NewMemory()
	takeOver(t, objects, 1)
	_, err := TakeOver(ctx, objects, Options{Job: "other", Random: rand.New(rand.NewPCG(2, 0))})
	if err == nil || !strings.Contains(err.Error(), `belongs to job "job"`) {
		t.Errorf("error %v", err)
	}
}

// TestGivesUp: a job whose checkpoints all fail fails, before it runs out of the
// ids that the next owner takes for used.
func TestGivesUp(t *testing.T) {
	c := NewCoordinator(takeOver(t, objstore.NewMemory(), 1), Timing{Interval: time.Second})
	c.Step(c.Step(Started{})[0].(Work).Do(ctx))
	for range maxAttempts {
		c.Step(Tick{c.now.Add(time.Second)})
		c.Step(Decline{c.id, "map", 0, errors.New("no")})
	}
	if c.id != maxAttempts {
		t.Errorf("after %d attempts the id is %d", maxAttempts, c.id)
	}
	effects := c.Step(Tick{c.now.Add(time.Second)})
	if len(effects) != 1 || !strings.Contains(effects[0].String(), "100 checkpoints in a row") {
		t.Errorf("effects %v", effects)
	}
	if at, ok := c.Wake(); ok {
		t.Errorf("wants to be woken at %v", at)
	}
}

// TestWake: a tick at the time that Wake names changes something, one before it
// does not.
func TestWake(t *testing.T) {
	trial.Run(t, 20, func(c *trial.Case) { testWake(c, c.Random) })
}

func testWake(t *trial.Case, random *rand.Rand) {
	c := NewCoordinator(takeOver(t.T, objstore.NewMemory(), 1), Timing{Interval: 10 * time.Second, Timeout: 30 * time.Second})
	t.Describe(c.Describe)
	var works []Work
	keep := func(effects []Effect) {
		for _, e := range effects {
			if w, ok := e.(Work); ok {
				works = append(works, w)
			}
		}
	}
	keep(c.Step(Started{}))
	for range 1000 {
		if len(works) > 0 && random.IntN(2) == 0 {
			w := works[0]
			works = works[1:]
			event := w.Do(ctx)
			if random.IntN(3) == 0 {
				event = workDone{w, errors.New("fault")}
			}
			keep(c.Step(event))
			continue
		}
		if c.phase == aligning && random.IntN(2) == 0 {
			keep(c.Step(Ack{c.id, "map", 0, Entry{}}))
			keep(c.Step(Ack{c.id, "out", 0, Entry{}}))
			continue
		}
		at, ok := c.Wake()
		if !ok {
			continue
		}
		if early := c.Step(Tick{at.Add(-1)}); len(early) > 0 {
			t.Fatalf("a tick before %v gave %v", at, early)
		}
		effects := c.Step(Tick{at})
		if len(effects) == 0 {
			t.Fatalf("a tick at %v gave nothing: %s", at, c.Describe())
		}
		keep(effects)
	}
	if c.decided == 0 {
		t.Error("no checkpoint was decided")
	}
}

package manager

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// inCrowd is how many jobs there are besides those that misbehave.
const inCrowd = 47

// Of fifty jobs in one process one panics, again and again, one needs much more memory than it
// may take, and one stands still, since its disk is full. They do so while the others are in the
// middle of their input, and what these put out is what they put out in a process that has
// no such jobs. The job with little memory has all its rows, and so has the other when there is room.
func TestJobsLeaveEachOtherAlone(t *testing.T) {
	calm := newCrowd(t, false)
	calm.waitForOthers()
	calm.wait("full")
	calm.end()
	want := calm.output()

	c := newCrowd(t, true)
	c.poll(func() string {
		switch {
		case c.panics.Load() < 3:
			return fmt.Sprintf("the job that panics was started again %d times", c.panics.Load())
		case c.files.spilled.Load() == 0:
			return "no row of the job with little memory went to disk"
		case !c.waits.Load():
			return "the job whose disk is full does not wait"
		}
		return ""
	})
	c.mu.Lock()
	if len(c.ended) > 1 { // but the one with little memory, which has an input of its own
		t.Errorf("before anybody had read its input to the end, jobs were over: %v", c.ended)
	}
	c.mu.Unlock()
	c.files.release()
	c.waitForOthers()
	if got := c.rows("full"); len(got) > 0 {
		t.Errorf("the job whose disk is full has shown %d rows", len(got))
	}
	c.files.full.Store(false)
	c.wait("full")
	c.end()
	if len(c.rows("broken")) > 0 {
		t.Error("the job that panics has shown rows")
	}
	for name, got := range c.output() {
		if len(want[name]) == 0 || !slices.Equal(got, want[name]) {
			t.Errorf("%s has put out %d rows that are not the %d that it puts out undisturbed", name, len(got), len(want[name]))
		}
	}
}

// crowd is a manager with its jobs.
type crowd struct {
	*testing.T
	files  *crowdFiles
	stop   context.CancelFunc
	over   chan error
	panics atomic.Int64 // restarts of the job that panics
	waits  atomic.Bool  // the job whose disk is full has said so

	mu    sync.Mutex
	ended map[string]error // jobs whose last run is over
}

// newCrowd starts the jobs; disturbed says that some of them misbehave.
func newCrowd(t *testing.T, disturbed bool) *crowd {
	c := &crowd{T: t, files: &crowdFiles{FS: memfs.New(), goOn: make(chan struct{})}, over: make(chan error, 1), ended: map[string]error{}}
	c.files.full.Store(disturbed)
	for _, dir := range []string{"jobs", "state", "in", "out"} {
		if err := c.files.MkdirAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for i := range inCrowd {
		c.write(fmt.Sprintf("in/%d.csv", i), crowdRows(i))
		c.write(fmt.Sprintf("jobs/%d.yaml", i), crowdJob(i))
	}
	memory := ""
	if disturbed {
		memory = "memory: 64KiB\n"
		c.write("jobs/broken.yaml", brokenJob)
	} else {
		c.files.release()
	}
	c.write("jobs/hungry.yaml", manyKeys("hungry")+memory)
	c.write("jobs/full.yaml", manyKeys("full"))
	registry := builtin.Registry()
	registry.Formats = append(registry.Formats, component.FormatType{
		Spec: component.Spec{Name: "broken"},
		New:  func(component.Config) (stream.Format, error) { return brokenFormat{}, nil },
	})
	m := New(Options{Folder: "jobs", StateDir: "state", Registry: registry, Watch: c, Env: func() env.Env {
		e := env.Real()
		e.Files = c.files
		return e
	}})
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	go func() { c.over <- m.Run(ctx) }()
	t.Cleanup(c.end)
	return c
}

func (c *crowd) write(name, content string) {
	if err := env.WriteFile(c.files, name, []byte(content)); err != nil {
		c.Fatal(err)
	}
}

// Begins implements Watcher.
func (c *crowd) Begins(name string) jobs.Options {
	return jobs.Options{Warn: func(err error) {
		switch text := err.Error(); {
		case name == "broken" && strings.Contains(text, "started again"):
			c.panics.Add(1)
		case name == "full" && strings.Contains(text, "nearly full"):
			c.waits.Store(true)
		default:
			c.Errorf("%s: %v", name, err)
		}
	}}
}

// Began implements Watcher.
func (c *crowd) Began(string, *jobs.Kept) {}

// Ended implements Watcher.
func (c *crowd) Ended(name string, _ status.Job, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended[name] = err
}

// Gone implements Watcher.
func (c *crowd) Gone(string) {}

// waitForOthers waits until all jobs have finished that nothing keeps from it.
func (c *crowd) waitForOthers() {
	c.Helper()
	for i := range inCrowd {
		c.wait(fmt.Sprint("job-", i))
	}
	c.wait("hungry")
}

// wait waits until a job has finished.
func (c *crowd) wait(name string) {
	c.Helper()
	c.poll(func() string {
		c.mu.Lock()
		defer c.mu.Unlock()
		err, over := c.ended[name]
		if err != nil {
			c.Fatalf("%s has failed: %v", name, err)
		}
		if !over {
			return name + " has not finished"
		}
		return ""
	})
}

// poll waits until nothing is missing any more.
func (c *crowd) poll(missing func() string) {
	c.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range 30_000 {
		if missing() == "" {
			return
		}
		if c.Failed() {
			c.FailNow()
		}
		<-tick.C
	}
	c.Fatal(missing())
}

// end ends the jobs, whatever they wait for.
func (c *crowd) end() {
	c.files.release()
	c.files.full.Store(false)
	c.stop()
	if err := <-c.over; err != nil {
		c.Error(err)
	}
	c.over <- nil // for the next
}

// output returns what the jobs have shown, by job, late rows included.
func (c *crowd) output() map[string][]string {
	all := map[string][]string{"hungry": c.rows("hungry"), "full": c.rows("full")}
	for i := range inCrowd {
		name := fmt.Sprint("job-", i)
		all[name] = slices.Concat(c.rows(name), c.rows(name+"-late"))
	}
	return all
}

// rows returns the lines that a job has shown, in order.
func (c *crowd) rows(name string) (all []string) {
	c.Helper()
	names, _ := c.files.ReadDir("out/" + name) // there is none before the first row
	for _, file := range names {
		if !strings.HasSuffix(file, ".csv") {
			continue
		}
		content, err := env.ReadFile(c.files.FS, "out/"+name+"/"+file)
		if err != nil {
			c.Fatal(err)
		}
		all = append(all, strings.Split(strings.TrimSpace(string(content)), "\n")[1:]...)
	}
	slices.Sort(all)
	return all
}

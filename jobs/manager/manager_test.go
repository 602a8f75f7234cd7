package manager

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
)

// ward is a manager under test, on files in memory, with what it tells.
type ward struct {
	t     *testing.T
	files *memfs.FS
	stop  context.CancelFunc
	over  chan error

	manager *Manager

	mu    sync.Mutex
	told  []string
	kept  map[string]*jobs.Kept
	rings chan struct{}
}

func watch(t *testing.T, files map[string]string) *ward {
	return watchWith(t, builtin.Registry(), files)
}

func watchWith(t *testing.T, r *component.Registry, files map[string]string) *ward {
	w := &ward{t: t, files: memfs.New(), over: make(chan error, 1), kept: map[string]*jobs.Kept{}, rings: make(chan struct{}, 1)}
	for _, dir := range []string{"jobs", "state", "in", "out"} {
		if err := w.files.MkdirAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		w.write("jobs/"+name, content)
	}
	m := New(Options{Folder: "jobs", StateDir: "state", Registry: r, Every: 2 * time.Millisecond, Watch: w,
		Env: func() env.Env {
			e := env.Real()
			e.Files = w.files
			return e
		}})
	ctx, stop := context.WithCancel(t.Context())
	w.manager, w.stop = m, stop
	go func() { w.over <- m.Run(ctx) }()
	return w
}

func (w *ward) write(name, content string) {
	w.t.Helper()
	aside := name + ".new"
	err := env.WriteFile(w.files, aside, []byte(content))
	if err == nil {
		err = w.files.Rename(aside, name)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *ward) tell(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, fmt.Sprintf(format, args...))
	select {
	case w.rings <- struct{}{}:
	default:
	}
}

// Begins implements Watcher.
func (w *ward) Begins(string) jobs.Options { return jobs.Options{} }

// Began implements Watcher.
func (w *ward) Began(name string, k *jobs.Kept) {
	w.mu.Lock()
	w.kept[name] = k
	w.mu.Unlock()
	w.tell("%s begins", name)
}

// Ended implements Watcher.
func (w *ward) Ended(name string, _ status.Job, err error) {
	if err == nil {
		w.tell("%s ends", name)
		return
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	w.tell("%s fails: %s", name, text)
}

// Gone implements Watcher.
func (w *ward) Gone(name string) { w.tell("%s is gone", name) }

// until waits until so much was told, in any order.
func (w *ward) until(want ...string) {
	w.t.Helper()
	for {
		w.mu.Lock()
		told := slices.Clone(w.told)
		w.mu.Unlock()
		missing := slices.DeleteFunc(slices.Clone(want), func(text string) bool {
			return slices.ContainsFunc(told, func(line string) bool { return strings.HasPrefix(line, text) })
		})
		if len(missing) == 0 {
			w.mu.Lock()
			w.told = nil
			w.mu.Unlock()
			return
		}
		select {
		case <-w.rings:
		case <-time.After(20 * time.Second):
			w.t.Fatalf("never told: %q; told was %q", missing, told)
		}
	}
}

// has checks that so much was told already.
func (w *ward) has(want ...string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, text := range want {
		if !slices.ContainsFunc(w.told, func(line string) bool { return strings.HasPrefix(line, text) }) {
			w.t.Errorf("%q was not told; told was %q", text, w.told)
		}
	}
	w.told = nil
}

// end stops the manager.
func (w *ward) end() {
	w.t.Helper()
	w.stop()
	if err := <-w.over; err != nil {
		w.t.Error(err)
	}
}

// rows are those that a job has written.
func (w *ward) rows(folder string) (all []string) {
	w.t.Helper()
	names, _ := w.files.ReadDir(folder) // there is none before the first row
	for _, name := range names {
		if !strings.HasSuffix(name, ".csv") {
			continue
		}
		content, err := env.ReadFile(w.files, folder+"/"+name)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, strings.Split(strings.TrimSpace(string(content)), "\n")[1:]...)
	}
	slices.Sort(all)
	return all
}

// follows is a job that reads whatever comes into a folder.
func follows(name, out, where string) string {
	return fmt.Sprintf(`name: %s
sources: { in: { file: { path: ../in/*.csv, watch: 10ms }, format: csv, schema: { n: int64 } } }
steps: [{ id: some, where: "%s" }]
sinks: { out: { file: { path: ../out/%s }, format: csv } }
checkpoint: { interval: 5ms }
`, name, where, out)
}

// shows waits until a job has written rows.
func (w *ward) shows(folder string, want ...string) {
	w.t.Helper()
	w.poll(fmt.Sprintf("%s has %q", folder, want), func() bool { return slices.Equal(w.rows(folder), want) })
}

// poll waits until something holds that nobody tells.
func (w *ward) poll(what string, holds func() bool) {
	w.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 20_000 {
		if holds() {
			return
		}
		<-tick.C
	}
	w.t.Fatalf("it never came to this: %s; jobs: %v", what, w.told)
}

// A folder of job files is run, and changes of it are taken up, with no row lost or doubled.
func TestFolder(t *testing.T) {
	w := watch(t, map[string]string{"a.yaml": follows("first", "a", "n > 0"), "b.yml": follows("second", "b", "n < 0"),
		"notes.txt": "no job", "broken.yaml": "name: x\nsauces: {}\n"})
	w.until("first begins", "second begins", "broken.yaml fails: jobs/broken.yaml:")
	w.write("in/1.csv", "n\n1\n-1\n2\n")
	w.shows("out/a", "1", "2")
	w.shows("out/b", "-1")

	w.write("jobs/a.yaml", follows("first", "a", "n > 10")) // goes on behind what it has read
	w.until("first ends", "first begins")
	w.write("in/2.csv", "n\n3\n12\n-2\n")
	w.shows("out/a", "1", "12", "2")
	w.shows("out/b", "-1", "-2")

	w.write("jobs/c.yaml", follows("first", "c", "true"))
	w.until(`c.yaml fails: a.yaml has a job of the name "first", too; give one of them another name`)
	w.write("jobs/broken.yaml", follows("third", "d", "n = 3"))
	w.until("broken.yaml is gone", "third begins")
	w.shows("out/d", "3")

	if err := w.files.Remove("jobs/b.yml"); err != nil {
		t.Fatal(err)
	}
	w.until("second ends", "second is gone")
	w.end()
	w.until("first ends", "third ends")
	for _, name := range []string{"first", "third"} {
		if s := w.kept[name].Status(); s.State != status.Stopped {
			t.Errorf("%s is %s", name, s.State)
		}
	}
}

// A file that is renamed is the same job, and goes on; so does the second of two of one name when
// the first has gone, and one that is put back before its run has ended.
func TestNames(t *testing.T) {
	w := watch(t, map[string]string{"a.yaml": follows("first", "a", "n > 0")})
	w.until("first begins")
	w.write("in/1.csv", "n\n1\n")
	w.shows("out/a", "1")
	if err := w.files.Rename("jobs/a.yaml", "jobs/z.yaml"); err != nil {
		t.Fatal(err)
	}
	w.until("first ends", "first begins")
	w.write("jobs/b.yaml", follows("first", "a", "n > 1"))
	w.until("b.yaml fails: z.yaml has a job of the name")
	if err := w.files.Remove("jobs/z.yaml"); err != nil {
		t.Fatal(err)
	}
	w.until("first ends", "first is gone", "first begins")
	w.write("in/2.csv", "n\n1\n2\n")
	w.shows("out/a", "1", "2")
	for range 20 { // whatever of it is seen
		if err := w.files.Remove("jobs/b.yaml"); err != nil {
			t.Fatal(err)
		}
		w.poll("a look", func() bool { return true })
		w.write("jobs/b.yaml", follows("first", "a", "n > 1"))
	}
	w.write("in/3.csv", "n\n1\n3\n")
	w.shows("out/a", "1", "2", "3")
	w.end()
}

// A folder that goes and comes back is told of once, and its jobs go on.
func TestFolderThatGoes(t *testing.T) {
	w := watch(t, map[string]string{"a.yaml": follows("first", "a", "n > 0")})
	w.until("first begins")
	lost := errors.New("planted: gone")
	w.files.Inject(func(op memfs.Op) memfs.Outcome {
		if strings.HasPrefix(op.String(), "readdir jobs") {
			return memfs.Outcome{Err: lost}
		}
		return memfs.Outcome{}
	})
	w.until("jobs/ fails: the folder of job files: ")
	w.write("in/1.csv", "n\n1\n")
	w.shows("out/a", "1")
	w.mu.Lock()
	told := slices.Clone(w.told)
	w.mu.Unlock()
	if len(told) > 0 {
		t.Errorf("it tells more: %q", told)
	}
	w.files.Inject(nil)
	w.until("jobs/ is gone")
	w.end()
}

// Of the jobs of a process one that fails leaves the others alone, and is started again.
func TestFailingJob(t *testing.T) {
	failing := strings.Replace(follows("failing", "bad", "true"), "schema: { n: int64 }", "schema: { m: int64 }", 1)
	w := watch(t, map[string]string{"a.yaml": follows("first", "a", "n > 0"), "b.yaml": failing})
	w.until("first begins", "failing begins")
	w.write("in/1.csv", "n\n1\n2\n")
	w.poll("two restarts", func() bool { return w.kept["failing"].Status().Restarts.Count >= 2 })
	w.write("in/2.csv", "n\n3\n")
	w.shows("out/a", "1", "2", "3")
	w.end()
	w.until("first ends")
}

// A folder that is not there is an error at once.
func TestNoFolder(t *testing.T) {
	m := New(Options{Folder: "nowhere", Env: func() env.Env { return env.Env{Files: memfs.New()} }})
	if err := m.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("it says %v", err)
	}
}

package manager

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
)

func (w *ward) submit(s Submission) (name string, err error) {
	return w.manager.Submit(w.t.Context(), s)
}

func yaml(text string) []byte { return []byte(text) }

// A job that is handed in is a file in the folder and runs when that is answered; it is replaced only
// where that is meant, restarted, and deleted with its state or without.
func TestSubmit(t *testing.T) {
	w := watch(t, nil)
	w.write("in/1.csv", "n\n1\n2\n")
	name, err := w.submit(Submission{Content: yaml(follows("first", "a", "n > 0"))})
	if name != "first" || err != nil {
		t.Fatalf("it is %q: %v", name, err)
	}
	w.has("first begins")
	w.shows("out/a", "1", "2")
	if content, err := env.ReadFile(w.files, "jobs/first.yaml"); err != nil || string(content) != follows("first", "a", "n > 0") {
		t.Errorf("the file is %q %v", content, err)
	}
	for _, s := range []Submission{{}, {File: "other.yml"}, {File: "first.yaml"}} {
		s.Content = yaml(follows("first", "a", "n > 1"))
		if _, err := w.submit(s); !errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), "first.yaml is there, for job \"first\"") {
			t.Fatalf("%s taken twice: %v", s.File, err)
		}
	}
	if _, err := w.submit(Submission{File: "first.yaml", Content: yaml(follows("second", "b", "true")), Replace: true}); !errors.Is(err, ErrTaken) {
		t.Errorf("another's file: %v", err)
	}
	if _, err := w.submit(Submission{File: "other.yml", Content: yaml(follows("first", "a", "n > 1")), Replace: true}); err != nil {
		t.Fatal(err)
	}
	w.has("first ends", "first begins")
	w.write("in/2.csv", "n\n1\n3\n")
	w.shows("out/a", "1", "2", "3")
	if names, _ := w.files.ReadDir("jobs"); !slices.Equal(names, []string{"first.yaml"}) {
		t.Errorf("the folder has %q", names)
	}
	if err := w.manager.Restart(t.Context(), "first", Beginning{}); err != nil {
		t.Fatal(err)
	}
	w.has("first ends", "first begins")
	if s := w.kept["first"].Status(); s.Restored == 0 {
		t.Errorf("it begins from nothing: %+v", s)
	}
	if err := w.manager.Delete(t.Context(), "first", false); err != nil {
		t.Fatal(err)
	}
	w.has("first ends", "first is gone")
	if _, err := w.files.Size("jobs/first.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its file: %v", err)
	}
	if _, err := w.submit(Submission{Content: yaml(follows("first", "a", "n > 1"))}); err != nil {
		t.Fatal(err)
	}
	w.write("in/3.csv", "n\n4\n")
	w.shows("out/a", "1", "2", "3", "4") // it went on
	if err := w.manager.Delete(t.Context(), "first", true); err != nil {
		t.Fatal(err)
	}
	if left, err := w.files.ReadDir("state/first"); err == nil {
		t.Errorf("of its state %q is left", left)
	}
	for _, err := range []error{w.manager.Restart(t.Context(), "first", Beginning{}), w.manager.Delete(t.Context(), "first", false)} {
		if !errors.Is(err, ErrNoJob) {
			t.Errorf("of a job that is gone: %v", err)
		}
	}
	w.end()
	if _, err := w.submit(Submission{Content: yaml(follows("late", "a", "n > 0"))}); !errors.Is(err, errEnded) {
		t.Errorf("behind the end: %v", err)
	}
}

// What is wrong with a job that is handed in is said of the file as it was handed in, and nothing of
// it stays.
func TestSubmitRefuses(t *testing.T) {
	w := watch(t, map[string]string{"broken.yaml": "name: x\nsauces: {}\n"})
	w.until("broken.yaml fails")
	for _, c := range []struct {
		s    Submission
		want string
	}{
		{Submission{File: "my.yaml", Content: yaml("name: x\nsauces: {}\n")}, "my.yaml:1:1: needs the key"},
		{Submission{Content: yaml("name: x\nsauces: {}\n")}, "job:1:1: needs the key"},
		{Submission{File: "../my.yaml"}, `"../my.yaml" is no name of a job file`},
		{Submission{File: ".my.yaml"}, `".my.yaml" is no name of a job file`},
		{Submission{File: "my.txt"}, `"my.txt" is no name of a job file`},
		{Submission{File: "a\nb.yaml"}, `"a\nb.yaml" is no name of a job file`},
		{Submission{File: "\x00.yaml"}, `"\x00.yaml" is no name of a job file`},
		{Submission{File: strings.Repeat("a", 200) + ".yaml"}, `"aaaa`},
		{Submission{File: "broken.yaml", Content: yaml(follows("x", "a", "true"))}, "broken.yaml is there"},
	} {
		if _, err := w.submit(c.s); err == nil || !strings.HasPrefix(strings.TrimPrefix(err.Error(), ErrTaken.Error()+": "), c.want) {
			t.Errorf("%s: %v, not %s", c.s.File, err, c.want)
		}
	}
	if names, _ := w.files.ReadDir("jobs"); !slices.Equal(names, []string{"broken.yaml"}) {
		t.Errorf("the folder has %q", names)
	}
	if _, err := w.submit(Submission{File: "broken.yaml", Content: yaml(follows("x", "a", "true")), Replace: true}); err != nil {
		t.Error(err)
	}
	w.has("broken.yaml is gone", "x begins")
	w.write("jobs/broken.yaml", "sauces: {}")
	w.until("x fails")
	if err := w.manager.Delete(t.Context(), "x", false); err != nil {
		t.Error(err)
	}
	w.write("jobs/broken.yaml", "sauces: {}")
	w.until("broken.yaml fails")
	if err := w.manager.Delete(t.Context(), "broken.yaml", true); err == nil || !strings.Contains(err.Error(), "broken.yaml cannot be read") {
		t.Errorf("its checkpoints: %v", err)
	}
	if err := w.manager.Delete(t.Context(), "broken.yaml", false); err != nil {
		t.Error(err)
	}
	w.end()
}

// A job that is another one than at its last checkpoint begins where that is allowed, for that start
// alone, and one may begin with a savepoint.
func TestBeginnings(t *testing.T) {
	w := watch(t, map[string]string{"a.yaml": counts("first", "all")})
	w.write("in/1.csv", "n,t\n1,1\n2,2\n")
	w.until("first begins")
	w.poll("rows taken in", func() bool { return w.accepted("first") == 2 })
	if err := w.kept["first"].StopWithSavepoint("saved"); err != nil {
		t.Fatal(err)
	}
	w.until("first ends")
	w.write("jobs/a.yaml", counts("first", "other"))
	w.until("first fails")
	if err := w.manager.Restart(t.Context(), "first", Beginning{}); err != nil {
		t.Fatal(err)
	}
	w.has("first fails")
	if err := w.manager.Restart(t.Context(), "first", Beginning{AllowChanged: true}); err != nil {
		t.Fatal(err)
	}
	w.has("first begins")
	w.write("jobs/a.yaml", counts("first", "third"))
	w.until("first ends", "first fails") // it was allowed once
	w.write("jobs/a.yaml", "name: [")
	w.until("first fails")
	if err := w.manager.Restart(t.Context(), "first", Beginning{AllowChanged: true}); err != nil {
		t.Fatal(err)
	}
	w.has("first fails")
	w.write("jobs/a.yaml", counts("first", "fourth"))
	w.until("first fails: checkpoints in state/first: the job has changed") // it was allowed for a start that could not be
	if _, err := w.submit(Submission{Content: yaml(counts("second", "all")), Beginning: Beginning{Savepoint: "saved"}}); err != nil {
		t.Fatal(err)
	}
	w.has("second fails") // it is the savepoint of another job
	if err := w.manager.Delete(t.Context(), "first", true); err != nil {
		t.Fatal(err)
	}
	if _, err := w.submit(Submission{Content: yaml(counts("first", "all")), Beginning: Beginning{Savepoint: "saved"}}); err != nil {
		t.Fatal(err)
	}
	w.has("first begins")
	if s := w.kept["first"].Status(); s.Restored == 0 {
		t.Errorf("it has not begun with the savepoint: %+v", s)
	}
	w.end()
}

// counts is a job that keeps a state, in a step of any name.
func counts(name, step string) string {
	return fmt.Sprintf(`name: %s
sources: { in: { file: { path: ../in/*.csv, watch: 10ms }, format: csv, schema: { n: int64, t: timestamp(s) }, event_time: { column: t, watermark_delay: 1s } } }
steps: [{ id: %s, window: { tumble: 1h }, aggregate: { rows: count(*) } }]
sinks: { out: { file: { path: ../out/%s }, format: csv } }
`, name, step, name)
}

// accepted returns how many rows the source of a job has taken in.
func (w *ward) accepted(name string) int64 {
	w.mu.Lock()
	k := w.kept[name]
	w.mu.Unlock()
	for _, step := range k.Status().Steps {
		if step.ID == "in" {
			return step.Counters.Accepted
		}
	}
	return 0
}

// A job that cannot begin for what may pass is tried again, and says so.
func TestBeginsAgain(t *testing.T) {
	w := watch(t, nil)
	var mu sync.Mutex
	left := 2
	w.files.Inject(func(op memfs.Op) memfs.Outcome {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(op.String(), "mkdir state/first") && left > 0 {
			left--
			return memfs.Outcome{Err: errors.New("planted: no answer")}
		}
		return memfs.Outcome{}
	})
	text := follows("first", "a", "n > 0") + "restart: { delay: 5ms, max_delay: 20ms }\n"
	if _, err := w.submit(Submission{Content: yaml(text)}); err != nil {
		t.Fatal(err)
	}
	w.until("first fails: state/first cannot hold checkpoints", "first begins")
	w.end()
}

// Of two managers on one folder of checkpoints the second is refused.
func TestOneManager(t *testing.T) {
	w := watch(t, map[string]string{"a.yaml": follows("first", "a", "n > 0")})
	w.until("first begins")
	var locked *env.LockedError
	if err := New(w.manager.options).Run(t.Context()); !errors.As(err, &locked) {
		t.Errorf("it says %v", err)
	}
	w.end()
}

// Whatever several people ask for at once, each answer holds, and no row is lost or doubled.
func TestManyAsk(t *testing.T) {
	w := watch(t, nil)
	w.write("in/1.csv", "n\n1\n2\n")
	var asking sync.WaitGroup
	for i := range 4 {
		asking.Go(func() {
			name := fmt.Sprint("job", i%2)
			for n := range 20 {
				s := Submission{Content: yaml(follows(name, name, fmt.Sprintf("n > 0 or n = -%d", n))), Replace: true}
				var err error
				switch n % 4 {
				case 3:
					err = w.manager.Delete(t.Context(), name, false)
				case 2:
					err = w.manager.Restart(t.Context(), name, Beginning{})
				default:
					_, err = w.submit(s)
				}
				if err != nil && !errors.Is(err, ErrNoJob) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	asking.Wait()
	for _, name := range []string{"job0", "job1"} {
		if _, err := w.submit(Submission{Content: yaml(follows(name, name, "n > 0")), Replace: true}); err != nil {
			t.Fatal(err)
		}
		w.shows("out/"+name, "1", "2")
		w.mu.Lock()
		s := w.kept[name].Status()
		w.mu.Unlock()
		if s.State != status.Running {
			t.Errorf("%s is %s", name, s.State)
		}
	}
	w.end()
}

// A file that cannot be read is not taken for the job that is called like it.
func TestBrokenNamesake(t *testing.T) {
	w := watch(t, map[string]string{"a.yaml": follows("bee", "a", "true")})
	w.until("bee begins")
	w.write("jobs/bee.yaml", "name: [")
	w.until("bee.yaml fails")
	if err := w.manager.Restart(t.Context(), "bee", Beginning{}); err != nil {
		t.Fatal(err)
	}
	w.has("bee ends", "bee begins")
	if err := w.files.Remove("jobs/bee.yaml"); err != nil {
		t.Fatal(err)
	}
	w.until("bee.yaml is gone")
	if err := w.manager.Delete(t.Context(), "bee", true); err != nil {
		t.Fatal(err)
	}
	w.has("bee ends", "bee is gone")
	if names, _ := w.files.ReadDir("jobs"); len(names) > 0 {
		t.Errorf("the folder has %q", names)
	}
	w.end()
}

// A job that is handed in as it is already begins again, as was said with it, and nothing of that is
// left for a later start. A file that nobody has seen yet is not overwritten.
func TestSubmitTheSame(t *testing.T) {
	w := watch(t, map[string]string{"a.yaml": counts("first", "all")})
	w.until("first begins")
	again := Submission{Content: yaml(counts("first", "all")), Replace: true, Beginning: Beginning{AllowChanged: true}}
	for range 3 {
		if _, err := w.submit(again); err != nil {
			t.Fatal(err)
		}
		w.has("first ends", "first begins")
	}
	w.write("in/1.csv", "n,t\n1,1\n")
	w.poll("a row taken in", func() bool { return w.accepted("first") == 1 })
	w.write("jobs/a.yaml", counts("first", "other"))
	w.until("first ends", "first fails")
	w.manager.mu.Lock() // so that it does not look
	w.write("jobs/b.yaml", counts("by-hand", "all"))
	_, err := w.manager.fileFor("second", Submission{File: "b.yaml"})
	w.manager.mu.Unlock()
	if !errors.Is(err, ErrTaken) {
		t.Errorf("it is overwritten: %v", err)
	}
	w.end()
}

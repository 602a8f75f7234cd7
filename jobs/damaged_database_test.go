package jobs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/diskspace"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/badger"
)

// startInBadger starts the reopening job in a folder, with rows in Badger.
func startInBadger(t *testing.T, dir string) *Run {
	t.Helper()
	loaded, err := Load(builtin.Registry(), env.OS{}, filepath.Join(dir, "job.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	e := env.Real()
	e.Random = env.NewRandom(rand.New(rand.NewPCG(rand.Uint64(), 0))) // no two starts name the same
	run, err := Start(loaded, Options{Env: e, StateDir: filepath.Join(dir, "state"), Parallelism: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trial.Guard(t, func() string { return fmt.Sprintf("%+v", run.Status()) }))
	return run
}

// databaseFiles returns the files of the databases below a folder of state.
func databaseFiles(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(dir, "state"), func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.Contains(name, "/"+rowsFolder) && e.Name() != "LOCK" {
			names = append(names, name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted meanwhile
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// overwrite changes the beginning of a file, which somebody else has open. The rest is room that the
// database has taken.
func overwrite(name string, change func(is []byte)) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	is := make([]byte, databaseBegins)
	n, err := f.ReadAt(is, 0)
	if err != nil && err != io.EOF {
		return err
	}
	change(is[:n])
	_, err = f.WriteAt(is[:n], 0)
	return err
}

// databaseBegins is how many bytes at the beginning of each file there are at most.
const databaseBegins = 4 << 20

// folderInMemory returns an empty folder, in memory where there is enough of that.
func folderInMemory(t *testing.T) string {
	const memory = "/dev/shm"
	if free, err := diskspace.Free(memory); err != nil || free < 1<<30 {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "weir-jobs-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestDamagedDatabase: whatever becomes of the files of the database that rows of state have gone
// to, while the job runs, it ends and has the right rows when it is started again, or they do not
// matter.
func TestDamagedDatabase(t *testing.T) {
	older := map[string][]byte{} // what files were in the middle of the input
	flip := func(ext string) func(string) error {
		return func(name string) error {
			return overwrite(name, func(is []byte) {
				for at := 64; at < len(is) && filepath.Ext(name) == ext; at += 512 {
					is[at] ^= 4
				}
			})
		}
	}
	for what, test := range map[string]struct {
		damage func(name string) error
		hurts  bool // and is not in what memory has
	}{
		"bits of values are turned": {flip(".vlog"), true},
		"bits of tables are turned": {flip(".sst"), false},
		"bits of logs are turned":   {flip(".mem"), false},
		"files are zeros":           {func(name string) error { return overwrite(name, func(is []byte) { clear(is) }) }, true},
		"files are older":           {func(name string) error { return overwrite(name, func(is []byte) { copy(is, older[name]) }) }, false},
		"files are cut off":         {func(name string) error { return os.Truncate(name, 0) }, true},
		"files are gone":            {os.Remove, false},
	} {
		t.Run(what, func(t *testing.T) {
			clear(older)
			if dir := os.Getenv(damagedIn); dir != "" { // this is the other process
				damageWhileItRuns(t, dir, older, test.damage, test.hurts)
				return
			}
			dir := folderInMemory(t)
			hasEnded := false
			if what == "files are cut off" {
				hasEnded = damageElsewhere(t, dir)
			} else {
				hasEnded = damageWhileItRuns(t, dir, older, test.damage, test.hurts)
			}
			if hasEnded {
				if err := endAfter(startInBadger(t, dir), "sums", 3*reopenedKinds); err != nil {
					t.Fatal(err)
				}
			}
			got := rows(t, env.OS{}, filepath.Join(dir, "out"))
			slices.Sort(got)
			if want := reopenedRows(3); !slices.Equal(got, want) {
				t.Errorf("%d rows, want %d, or they differ: %q, want %q", len(got), len(want), got[:1], want[:1])
			}
		})
	}
}

// reopenedRows returns the rows that come of so many hours of all kinds.
func reopenedRows(hours int) (rows []string) {
	for k := range reopenedKinds {
		total := 0
		for hour := range hours {
			total += k%7 + hour
		}
		rows = append(rows, fmt.Sprintf("%d,2013-01-01T00:00:00Z,2013-01-02T00:00:00Z,%d,%d,%d", k, total, k%7, hours))
	}
	slices.Sort(rows)
	return rows
}

// TestDatabaseOfAnotherRun: a database that a run has left, closed well and with the name of a
// checkpoint, is none to go on from: the job reads its own checkpoint, and removes it.
func TestDatabaseOfAnotherRun(t *testing.T) {
	dir := folderInMemory(t)
	for name, content := range map[string]string{"job.yaml": reopeningJob + "memory: 64KiB\nrow_store: badger\n", "in/0.csv": kinds(0, 0)} {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, "in"), 0o755), os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	run := startInBadger(t, dir)
	untilRowsReach(t, run, "sums", reopenedKinds)
	run.Stop()
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, "state", rowsFolder+"00000000000000ff")
	store, _, err := badger.Open(left, "", badger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close("state/manifests/g1-c1"); err != nil {
		t.Fatal(err)
	}
	if marker, err := os.ReadFile(filepath.Join(left, "CLEAN")); err != nil || !bytes.Contains(marker, []byte("g1-c1")) {
		t.Fatalf("there is no marker: %q, %v", marker, err)
	}
	if err := endAfter(startInBadger(t, dir), "sums", reopenedKinds); err != nil {
		t.Fatal(err)
	}
	got := rows(t, env.OS{}, filepath.Join(dir, "out"))
	if slices.Sort(got); !slices.Equal(got, reopenedRows(1)) {
		t.Errorf("%d rows, or they differ", len(got))
	}
	if names := databaseFiles(t, dir); len(names) > 0 {
		t.Errorf("left: %q", names)
	}
}

// damageWhileItRuns damages the files of the database of a job that runs in a folder, and reports
// whether that has ended the job, which it has to if it hurts.
func damageWhileItRuns(t *testing.T, dir string, older map[string][]byte, damage func(name string) error, hurts bool) (hasEnded bool) {
	t.Helper()
	put := func(name, content string) { // whole at once: the job reads all that its folder has
		aside := filepath.Join(dir, "new")
		err := os.WriteFile(aside, []byte(content), 0o600)
		if err == nil {
			err = os.Rename(aside, filepath.Join(dir, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	put("job.yaml", reopeningJob+"memory: 64KiB\nrow_store: badger\n")
	put("in/0.csv", kinds(0, 0))
	run := startInBadger(t, dir)
	untilRowsReach(t, run, "sums", reopenedKinds)
	for _, name := range databaseFiles(t, dir) {
		if f, err := os.Open(name); err == nil {
			older[name], _ = io.ReadAll(io.LimitReader(f, databaseBegins)) // or some of it
			_ = f.Close()
		}
	}
	put("in/1.csv", kinds(0, 1))
	untilRowsReach(t, run, "sums", 2*reopenedKinds)
	untilCheckpoint(t, run, run.Status().Checkpoint+2)
	names := databaseFiles(t, dir)
	for _, name := range names {
		if err := damage(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	put("in/2.csv", kinds(0, 2))
	err := endAfter(run, "sums", 3*reopenedKinds)
	if err == nil && hurts || len(names) == 0 {
		t.Errorf("nobody has noticed; there are the files %q", names)
	}
	if err == nil {
		return false
	}
	t.Log(err)
	if failure.ClassOf(err) != failure.ClassRestart || strings.Contains(err.Error(), "bug") {
		t.Errorf("the message is of class %q: %v", failure.ClassOf(err), err)
	}
	return true
}

// damagedIn is the variable that names the folder to the process of damageElsewhere.
const damagedIn = "WEIR_DAMAGED_DATABASE"

// damageElsewhere is damageWhileItRuns in a process of its own: Badger writes to maps of files, and
// the system may end a process that writes where a file was cut off (SIGBUS). That is the end of
// the job, too.
func damageElsewhere(t *testing.T, dir string) (hasEnded bool) {
	t.Helper()
	pattern := "^" + strings.ReplaceAll(t.Name(), "/", "$/^") + "$"
	other := exec.Command(os.Args[0], "-test.run", pattern, "-test.count", "1")
	other.Env = append(os.Environ(), damagedIn+"="+dir)
	output, err := other.CombinedOutput()
	if err != nil && !strings.Contains(string(output), "SIGBUS") {
		t.Fatalf("%v\n%s", err, output)
	}
	return true
}

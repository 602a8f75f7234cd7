package jobs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/failure"
)

// twiceJob is the reopening job with a second step that has the same state under another name.
var twiceJob = strings.NewReplacer("20ms", "1h", "sinks:\n", `  - id: more
    input: events
    key_by: [kind]
    window: { tumble: 1d }
    aggregate: { total: sum(n), least: min(n), rows: count(*) }
sinks:
  out2: { input: more, file: { path: out2 }, format: csv }
`).Replace(reopeningJob) + "memory: 64KiB\n"

// stoppedThrice returns the files of a job that was stopped three times, its state objects, and the
// same object of each subtask as it was the time before.
func stoppedThrice(t *testing.T) (fs *memfs.FS, objects []string, older map[string][]byte) {
	fs = files(t, map[string]string{"job.yaml": twiceJob, "in/0.csv": kinds(0, 0)})
	older = map[string][]byte{}
	seen, last := map[string]bool{}, map[string]string{} // by step and subtask
	for life := range 3 {
		if life > 0 {
			write(t, fs, fmt.Sprintf("in/%d.csv", life), kinds(0, life))
		}
		run := startReopening(t, fs, uint64(life), Options{Parallelism: 2})
		for _, step := range []string{"sums", "more"} {
			untilRowsReach(t, run, step, int64(reopenedKinds*(life+1)))
		}
		run.Stop()
		if _, err := run.Wait(); err != nil {
			t.Fatal(err)
		}
		objects = nil
		for _, name := range filesBelow(t, fs, "state/state") {
			if seen[name] {
				continue
			}
			seen[name] = true
			objects = append(objects, name)
			subtask := subtaskOf(name)
			if was := last[subtask]; was != "" {
				older[name] = content(t, fs, was)
			}
			last[subtask] = name
		}
	}
	if len(objects) != 4 {
		t.Fatalf("the last checkpoint has the objects %q", objects)
	}
	return fs, objects, older
}

// subtaskOf returns the step and subtask in the name of a state object.
func subtaskOf(name string) string {
	parts := strings.SplitN(path.Base(name), "-", 3)
	return parts[2]
}

func content(t *testing.T, fs env.FS, name string) []byte {
	t.Helper()
	b, err := env.ReadFile(fs, name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// regions returns where the parts of a state object with one table end, as
// state/snapshot/FORMAT.md draws them.
func regions(object []byte) (names []string, ends []int) {
	n := len(object)
	metas, index := int(binary.LittleEndian.Uint64(object[n-32:])), int(binary.LittleEndian.Uint64(object[n-24:]))
	header, cells := int(binary.LittleEndian.Uint64(object[index:])), int(binary.LittleEndian.Uint64(object[index+8:]))
	return []string{"magic", "version", "header", "cells", "chunks", "meta", "index", "footer"},
		[]int{8, 12, 12 + header, 12 + header + cells, metas, index, n - 32, n}
}

// objectDamage is what may become of an object; nil is no file.
type objectDamage struct {
	what string
	is   []byte
}

// damagesOf returns all that may become of an object: a bit turned at the beginning, in the middle
// and at the end of each of its parts, others in its place, and what else happens to files.
func damagesOf(object []byte, others ...objectDamage) []objectDamage {
	var all []objectDamage
	parts, ends := regions(object)
	begin := 0
	for i, part := range parts {
		for _, at := range []int{begin, (begin + ends[i]) / 2, ends[i] - 1} {
			flipped := slices.Clone(object)
			flipped[at] ^= 1 << (at % 8)
			all = append(all, objectDamage{fmt.Sprintf("turned by a bit of its %s, in byte %d", part, at), flipped})
		}
		begin = ends[i]
	}
	return slices.Concat(all, []objectDamage{
		{"gone", nil},
		{"empty", []byte{}},
		{"cut in half", object[:len(object)/2]},
		{"cut by a byte", object[:len(object)-1]},
		{"longer by a byte", append(slices.Clone(object), 0)},
		{"zeros", make([]byte, len(object))},
	}, others)
}

// TestDamagedObjectsOfRowsBelow: whatever becomes of an object of a job whose state is larger than
// memory, it ends with a message that names the object and says what to do, and goes on from the
// checkpoint before if it may.
func TestDamagedObjectsOfRowsBelow(t *testing.T) {
	var fs *memfs.FS
	var objects []string
	var older map[string][]byte
	t.Run("before", func(t *testing.T) { fs, objects, older = stoppedThrice(t) })
	write(t, fs, "in/3.csv", kinds(500, 10))
	end := func(t *testing.T, fs *memfs.FS, o Options) ([]string, error) {
		if _, err := endReopened(t, fs, 4*reopenedKinds-500, o); err != nil {
			return nil, err
		}
		all := append(rows(t, fs, "out"), rows(t, fs, "out2")...)
		slices.Sort(all)
		return all, nil
	}
	var want []string
	t.Run("none", func(t *testing.T) {
		var err error
		if want, err = end(t, fs.Clone(), Options{}); err != nil || len(want) != 2*reopenedKinds {
			t.Fatalf("%d rows, %v", len(want), err)
		}
	})
	name := objects[0]
	object := content(t, fs, name)
	others := []objectDamage{{"the one before", older[name]}}
	for _, other := range objects[1:] {
		others = append(others, objectDamage{"that of " + subtaskOf(other), content(t, fs, other)})
	}
	if len(older[name]) != len(object) || !slices.ContainsFunc(others[1:], func(d objectDamage) bool { return len(d.is) == len(object) }) {
		t.Error("no other object is as long: their lengths alone tell them apart")
	}
	for _, d := range damagesOf(object, others...) {
		t.Run(d.what, func(t *testing.T) {
			damaged := fs.Clone()
			if err := damaged.Remove(name); err != nil {
				t.Fatal(err)
			}
			if d.is != nil {
				write(t, damaged, name, string(d.is))
			}
			_, err := end(t, damaged, Options{})
			var is *checkpoint.DamagedError
			if !errors.As(err, &is) || failure.ClassOf(err) != failure.ClassFatal || !strings.Contains(err.Error(), strings.TrimPrefix(name, "state/")) ||
				!strings.Contains(err.Error(), "allow duplicates") {
				t.Errorf("the message is of class %q: %v", failure.ClassOf(err), err)
			}
			if got, err := end(t, damaged, Options{AllowDuplicates: true}); err != nil || !slices.Equal(got, want) {
				t.Errorf("from an older checkpoint there are %d rows, want %d, or they differ: %v", len(got), len(want), err)
			}
		})
	}
}

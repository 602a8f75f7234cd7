package objstore

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/trial"
)

// TestDirsSideBySide has several processes open one directory and work in it,
// each in the middle of what others do, and sweep whenever they like. Nobody's
// work fails because of that, and each name is created once.
func TestDirsSideBySide(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		w := &sideBySide{t: c.T, random: c.Random, files: memfs.New(), created: map[string]string{}}
		c.Describe(w.String)
		w.files.Inject(w.between)
		for range 60 {
			w.act()
		}
		w.files.Inject(nil)
		d := openDir(c, w.files, "store")
		for name, content := range w.created {
			wantObject(c, d, name, content)
		}
	})
}

// sideBySide is a directory and the stores that are open on it.
type sideBySide struct {
	t       *testing.T
	random  *rand.Rand
	files   *memfs.FS
	idle    []*Dir
	opened  int
	depth   int // of stores that wait for others in the middle of an operation
	acts    int
	created map[string]string
}

func (w *sideBySide) String() string {
	return fmt.Sprintf("after %d acts of %d stores, %d of them under way", w.acts, w.opened, w.depth)
}

// between lets others act before an operation on a file.
func (w *sideBySide) between(memfs.Op) memfs.Outcome {
	if w.depth < 6 && w.random.IntN(6) == 0 {
		w.act()
	}
	return memfs.Outcome{}
}

// act has one more store opened, or one that does nothing do something.
func (w *sideBySide) act() {
	w.depth++
	defer func() { w.depth-- }()
	w.acts++
	if len(w.idle) == 0 || w.opened < 6 && w.random.IntN(4) == 0 {
		w.opened++
		w.idle = append(w.idle, openDir(w.t, w.files, "store"))
		return
	}
	i := w.random.IntN(len(w.idle))
	d := w.idle[i]
	w.idle = append(w.idle[:i:i], w.idle[i+1:]...)
	must(w.t, w.work(d))
	w.idle = append(w.idle, d)
}

func (w *sideBySide) work(d *Dir) error {
	mine := fmt.Sprintf("of act %d", w.acts)
	switch w.random.IntN(3) {
	case 0:
		return d.Sweep(ctx)
	case 1:
		name := fmt.Sprintf("objects/%d", w.acts)
		w.created[name] = mine
		return Stream(ctx, d, name, Replace, func(w io.Writer) error {
			_, err := io.WriteString(w, mine[:4])
			if err == nil {
				_, err = io.WriteString(w, mine[4:])
			}
			return err
		})
	}
	name := fmt.Sprintf("slots/%d", w.random.IntN(20))
	err := Create(ctx, d, name, []byte(mine))
	switch {
	case errors.Is(err, ErrExists):
		return nil
	case err == nil && w.created[name] != "":
		return fmt.Errorf("%s was created twice", name)
	case err == nil:
		w.created[name] = mine
	}
	return err
}

// TestDirsAtOnce opens a real directory from several goroutines at once, each of
// which creates, puts and sweeps: nobody fails, and one of them has each name.
func TestDirsAtOnce(t *testing.T) {
	trial.Run(t, 5, func(c *trial.Case) {
		const stores, names = 6, 5
		root := c.TempDir() + "/store"
		var mu sync.Mutex
		winners := map[string]int{}
		var all sync.WaitGroup
		for i := range stores {
			all.Go(func() {
				for name, err := range atOnce(root, i, names) {
					mu.Lock()
					switch {
					case err == nil:
						winners[name]++
					case !errors.Is(err, ErrExists):
						c.Errorf("store %d, %s: %v", i, name, err)
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for n := range names {
			if name := fmt.Sprintf("slots/%d", n); winners[name] != 1 {
				c.Errorf("%s was created %d times", name, winners[name])
			}
		}
	})
}

// atOnce opens a store and, after each name that it has tried to create, puts an
// object and sweeps. It yields how the creation went, or what else failed.
func atOnce(root string, i, names int) func(yield func(string, error) bool) {
	return func(yield func(string, error) bool) {
		d, err := OpenDir(env.OS{}, root)
		if err != nil {
			yield("opening", err)
			return
		}
		for n := range names {
			name := fmt.Sprintf("slots/%d", n)
			if !yield(name, Create(ctx, d, name, fmt.Append(nil, i))) {
				return
			}
			err := errors.Join(Put(ctx, d, fmt.Sprintf("state/%d-%d", i, n), nil), d.Sweep(ctx))
			if err != nil && !yield("behind "+name, err) {
				return
			}
		}
	}
}

// TestSweptForEver gives up, and says why, where every single write is swept.
func TestSweptForEver(t *testing.T) {
	files := memfs.New()
	d := openDir(t, files, "store")
	files.Inject(func(op memfs.Op) memfs.Outcome {
		if op.Kind == memfs.Link && strings.HasPrefix(op.To, "store/slots/") {
			must(t, openDir(t, files, "store").Sweep(ctx))
		}
		return memfs.Outcome{}
	})
	if err := Create(ctx, d, "slots/1", nil); !errors.Is(err, ErrSwept) {
		t.Errorf("the creation gave %v", err)
	}
	files.Inject(nil)
	must(t, Create(ctx, d, "slots/1", nil))
}

package objtest

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/trial"
)

// testSideBySide has writers work on a few names, each some of the time, and compares
// the store with a map: an object comes with its commit, as a whole.
func testSideBySide(t *testing.T, open func(t *testing.T) objstore.Store) {
	trial.Run(t, 20, func(c *trial.Case) {
		m := &model{t: c.T, random: c.Random, store: open(c.T), want: map[string]string{}}
		c.Describe(m.String)
		for range 60 {
			m.act()
			m.check()
		}
		for _, w := range m.writers {
			w.Discard()
		}
	})
}

// model is what a store must hold.
type model struct {
	t       *testing.T
	random  *rand.Rand
	store   objstore.Store
	want    map[string]string
	writers []*written
	acts    int
}

// written is an object that is being written.
type written struct {
	objstore.Writer
	name    string
	mode    objstore.Mode
	content strings.Builder
}

func (m *model) String() string {
	return fmt.Sprintf("after %d acts, %d objects and %d writers", m.acts, len(m.want), len(m.writers))
}

func (m *model) name() string { return fmt.Sprintf("things/%d", m.random.IntN(4)) }

// act begins a writer, or has one write, commit or give up; or it deletes an object.
func (m *model) act() {
	m.acts++
	if len(m.writers) == 0 || len(m.writers) < 5 && m.random.IntN(3) == 0 {
		w := &written{name: m.name(), mode: []objstore.Mode{objstore.Replace, objstore.IfFree}[m.random.IntN(2)]}
		var err error
		w.Writer, err = m.store.Write(ctx, w.name, w.mode)
		must(m.t, err)
		m.writers = append(m.writers, w)
		return
	}
	i := m.random.IntN(len(m.writers))
	w := m.writers[i]
	switch m.random.IntN(8) {
	case 0:
		w.Discard()
	case 1, 2:
		m.commit(w)
	case 3:
		name := m.name()
		must(m.t, m.store.Delete(ctx, name))
		delete(m.want, name)
		return
	default:
		piece := strings.Repeat(fmt.Sprintf("%d;", m.acts), m.random.IntN(100))
		_, err := io.WriteString(w, piece)
		must(m.t, err)
		w.content.WriteString(piece)
		return
	}
	m.writers = append(m.writers[:i], m.writers[i+1:]...)
}

func (m *model) commit(w *written) {
	_, taken := m.want[w.name]
	err := w.Commit()
	w.Discard()
	switch {
	case taken && w.mode == objstore.IfFree:
		if !errors.Is(err, objstore.ErrExists) {
			m.t.Errorf("%s is taken, and its commit gave %v", w.name, err)
		}
	case err != nil:
		m.t.Errorf("%s: its commit gave %v", w.name, err)
	default:
		m.want[w.name] = w.content.String()
	}
}

// check compares one name, whole and in a range.
func (m *model) check() {
	name := m.name()
	want, there := m.want[name]
	if !there {
		wantNone(m.t, m.store, name)
		return
	}
	wantObject(m.t, m.store, name, want)
	r, err := m.store.Open(ctx, name)
	must(m.t, err)
	defer r.Close()
	from := m.random.IntN(len(want) + 1)
	got := make([]byte, m.random.IntN(len(want)-from+1))
	if _, err := r.ReadAt(got, int64(from)); err != nil && err != io.EOF || string(got) != want[from:from+len(got)] {
		m.t.Errorf("%s from %d is %q (error %v)", name, from, got, err)
	}
}

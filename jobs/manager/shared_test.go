package manager

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env/shared"
	"github.com/weirstream/weir/runtime/stream"
)

// line is what sources of the tests share: opened once, and good for reading while it is open.
type line struct{ open *atomic.Int64 }

func (l *line) Close() error {
	l.open.Add(-1)
	return nil
}

// dialled is a source whose readers read over a line that all readers of the process share.
type dialled struct {
	stream.Source
	open *atomic.Int64 // lines
}

// dial makes a source of datagen's one.
func dial(t component.SourceType, open *atomic.Int64) component.SourceType {
	inner := t.New
	t.New = func(c component.Config, in component.SourceInputs) (stream.Source, error) {
		s, err := inner(c, in)
		return &dialled{s, open}, err
	}
	return t
}

// NewReader implements stream.Source.
func (d *dialled) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	lease, err := shared.Open(context.Background(), c.Env.Shared, "line", func() (*line, error) {
		if n := d.open.Add(1); n > 1 {
			return nil, fmt.Errorf("%d lines are open", n)
		}
		return &line{d.open}, nil
	})
	if err != nil {
		return nil, err
	}
	r, err := d.Source.NewReader(c)
	return &caller{r, lease}, err
}

type caller struct {
	stream.Reader
	lease *shared.Lease[*line]
}

// Fetch implements stream.Reader.
func (c *caller) Fetch(ctx context.Context) (stream.Fetched, error) {
	if c.lease.Value.open.Load() == 0 {
		return stream.Fetched{}, errors.New("the line is closed")
	}
	return c.Reader.Fetch(ctx)
}

// Close implements stream.Reader.
func (c *caller) Close() error { return errors.Join(c.Reader.Close(), c.lease.Close()) }

// Two jobs share what is opened once: the end of one, or its restart, takes nothing from the other, and
// with the last it is closed.
func TestJobsShare(t *testing.T) {
	var lines atomic.Int64
	r := builtin.Registry()
	for i, s := range r.Sources {
		if s.Spec.Name == "datagen" {
			r.Sources[i] = dial(s, &lines)
		}
	}
	w := watchWith(t, r, nil)
	for _, name := range []string{"first", "second", "third"} {
		text := fmt.Sprintf(`name: %s
sources: { in: { datagen: { rows_per_second: 2000, splits: 2, columns: ['n = sequence()'] }, schema: { n: int64 }, parallelism: 2 } }
sinks: { out: { blackhole: {} } }
`, name)
		if _, err := w.submit(Submission{Content: yaml(text)}); err != nil {
			t.Fatal(err)
		}
		w.has(name + " begins")
	}
	goesOn := func(name string) {
		t.Helper()
		seen := w.accepted(name)
		w.poll(name+" goes on", func() bool { return w.accepted(name) > seen })
	}
	goesOn("first")
	if err := w.manager.Delete(t.Context(), "second", true); err != nil {
		t.Fatal(err)
	}
	goesOn("first")
	if err := w.manager.Restart(t.Context(), "third", Beginning{}); err != nil {
		t.Fatal(err)
	}
	goesOn("first")
	goesOn("third")
	if n := lines.Load(); n != 1 {
		t.Errorf("%d lines are open", n)
	}
	w.end()
	if n := lines.Load(); n != 0 {
		t.Errorf("%d lines are open at the end", n)
	}
	for name, k := range w.kept {
		if s := k.Status(); s.Restarts.Count > 0 {
			t.Errorf("%s was restarted: %s", name, s.Restarts.Why)
		}
	}
}

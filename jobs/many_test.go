package jobs

import (
	"errors"
	"path"
	"strconv"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

const endlessJob = `
name: endless
sources:
  numbers: { datagen: { rows: 0, rows_per_second: 2000, columns: ["n = sequence()"] }, schema: { n: int64 } }
steps:
  - where: n % 2 = 0
sinks:
  out: { file: { path: out }, format: csv }
checkpoint: { interval: 5ms }
`

// TestOneOfManyGoesOn starts up to six processes at once on one state folder, a
// real one or a model. One goes on with the job, whichever it is; the others lose
// it and say so. All rows are there once.
func TestOneOfManyGoesOn(t *testing.T) {
	trial.Run(t, 6, func(c *trial.Case) {
		m := &many{Case: c, fs: memfs.New()}
		if c.Seed%2 == 0 {
			m.fs, m.dir = env.OS{}, c.TempDir()
		}
		if err := env.WriteFile(m.fs, m.at("job.yaml"), []byte(endlessJob)); err != nil {
			c.Fatal(err)
		}
		n := 2 + c.Random.IntN(5)
		m.start(n)
		for range n - 1 {
			lost := <-m.ends
			if !errors.Is(lost.err, master.ErrLost) {
				c.Fatalf("of %d processes one that ends is %s: %v", n, lost.last.State, lost.err)
			}
			delete(m.runs, lost.run)
		}
		m.stopTheLast()
		m.checkRows()
	})
}

// many is a folder with the processes that run the job in it.
type many struct {
	*trial.Case
	fs   env.FS
	dir  string
	runs map[*Run]bool // that go on
	ends chan ended
}

// ended is a process that has come to its end.
type ended struct {
	run  *Run
	last status.Job
	err  error
}

func (m *many) at(name string) string { return path.Join(m.dir, name) }

// start starts processes at once. One whose start fails has ended.
func (m *many) start(n int) {
	m.ends, m.runs = make(chan ended, n), map[*Run]bool{}
	started := make(chan *Run, n)
	for range n {
		go func() {
			run, err := m.startOne()
			started <- run
			if err != nil {
				m.ends <- ended{err: err}
				return
			}
			last, err := run.Wait()
			m.ends <- ended{run, last, err}
		}()
	}
	for range n {
		if run := <-started; run != nil {
			m.runs[run] = true
		}
	}
}

func (m *many) startOne() (*Run, error) {
	job, err := Load(builtin.Registry(), m.fs, m.at("job.yaml"), nil)
	if err != nil {
		return nil, err
	}
	o := Options{Env: env.Real(), StateDir: m.at("state")}
	o.Env.Files = m.fs
	return Start(job, o)
}

// stopTheLast stops the one process that goes on, when it has written something.
func (m *many) stopTheLast() {
	m.Helper()
	for run := range m.runs {
		untilRowsReach(m.T, run, "out", 1) // it may not have come to any yet
		run.Stop()
	}
	if stopped := <-m.ends; stopped.err != nil || stopped.last.State != status.Stopped {
		m.Errorf("the process that goes on is %s: %v", stopped.last.State, stopped.err)
	}
}

func (m *many) checkRows() {
	all := rows(m.T, m.fs, m.at("out"))
	seen := map[string]bool{}
	for _, row := range all {
		seen[row] = true
	}
	for i := range all {
		if n := strconv.Itoa(2 * i); !seen[n] {
			m.Fatalf("%s is not among the %d rows", n, len(all))
		}
	}
}

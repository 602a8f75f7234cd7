package jobtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

const watchJob = `name: inbox
sources:
  rows:
    file: { path: in/, watch: 100ms }
    format: csv
    schema: { id: int64 }
sinks:
  out: { input: rows, parallelism: 2, file: { path: out, roll_size: 1KiB }, format: csv }
checkpoint: { interval: 20ms }
`

// TestWatchedFolder has files come to a folder while the job that watches it is
// killed, stopped and taken over, and drains it in the end: every row is there,
// once.
func TestWatchedFolder(t *testing.T) {
	trial.Run(t, 30, func(c *trial.Case) {
		if err := watchFolder(c.Random); err != nil {
			c.Fatal(err)
		}
	})
}

func watchFolder(random *rand.Rand) error {
	scenario := &Scenario{Job: watchJob, Results: Output{Columns: []string{"id"}}}
	m, err := newMachine(random, scenario)
	if err != nil {
		return err
	}
	for range 3 + random.IntN(10) {
		if err := m.start(); err != nil {
			return err
		}
		for range 1 + random.IntN(3) {
			m.run(some(random, 1000))
			if err := m.moveIn(scenario); err != nil {
				return err
			}
		}
		if random.IntN(3) == 0 {
			m.owner().job.Stop()
			m.run(stepLimit)
		}
		if _, err := m.ending(); err != nil {
			return err
		}
		m.trouble.power = random.IntN(2) == 0
		m.kill()
	}
	return m.drain(scenario)
}

// moveIn puts one more file into the watched folder, under a random name.
func (m *machine) moveIn(s *Scenario) error {
	var text strings.Builder
	text.WriteString("id\n")
	for range m.random.IntN(30) {
		id := fmt.Sprint(len(s.Results.Rows))
		s.Results.Rows = append(s.Results.Rows, id+"|")
		fmt.Fprintln(&text, id)
	}
	if err := env.WriteFile(m.files, "aside", []byte(text.String())); err != nil {
		return err
	}
	if err := m.files.Rename("aside", fmt.Sprintf("in/%x.csv", m.random.Uint32())); err != nil {
		return err
	}
	return errors.Join(m.files.SyncDir("in"), m.files.SyncDir("."))
}

// drain runs the job until it has shown everything, and ends it as if no more
// files were to come.
func (m *machine) drain(s *Scenario) error {
	slices.Sort(s.Results.Rows)
	if err := m.start(); err != nil {
		return err
	}
	for range 100 {
		m.run(1000)
		if _, err := m.ending(); err != nil {
			return err
		}
		if s.Check(m.files) == nil {
			break
		}
	}
	m.owner().job.Drain()
	m.run(stepLimit)
	last, err := m.ending()
	if err != nil {
		return err
	}
	if last.State != status.Finished {
		return fmt.Errorf("drained, the job is %v", last.State)
	}
	return s.Check(m.files)
}

package jobtest

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestStoreOfYesterday puts an old copy of the state folder in place of a newer
// one, as from a backup, while the results stay. Nothing in the store tells of
// that. The next start is refused, and names a file, if results have come since;
// with the user's leave it goes on, and all rows are there, some of them twice.
func TestStoreOfYesterday(t *testing.T) {
	refused, accepted := 0, 0
	whole := trial.Run(t, 60, func(c *trial.Case) {
		s := NewScenario(c.Random, 200)
		m, err := newMachine(c.Random, s)
		if err != nil {
			c.Fatal(err)
		}
		c.Describe(func() string { return s.Job })
		news, err := m.forgetADay()
		if err == nil && len(news) > 0 {
			refused++
			err = m.checkRefusal(news)
		} else if err == nil {
			accepted++
		}
		if err == nil {
			err = m.finish()
		}
		if err == nil {
			err = s.covered(m)
		}
		if err == nil && !m.leave {
			err = s.Check(m.files)
		}
		if err != nil {
			c.Fatal(err)
		}
	})
	t.Logf("%d starts were refused, %d went on", refused, accepted)
	if whole && min(refused, accepted) < 5 {
		t.Errorf("too tame: %d starts were refused, %d went on", refused, accepted)
	}
}

// forgetADay runs the job for a while, copies its state, runs it for another while
// and puts the copy back. It returns what the second process has shown of its own.
func (m *machine) forgetADay() (news []string, err error) {
	if err := m.live(20); err != nil {
		return nil, err
	}
	saved := damage{}
	for _, name := range m.below("state") {
		saved.files = append(saved.files, spoiledFile{name: name, was: m.get(name)})
	}
	if err := m.live(2000); err != nil {
		return nil, err
	}
	for _, name := range m.below(".") {
		if parts := strings.Split(path.Base(name), "-"); len(parts) == 7 && parts[3] == "0002" {
			news = append(news, name)
		}
	}
	var errs []error
	for _, name := range m.below("state") {
		errs = append(errs, m.set(name, nil))
	}
	for _, f := range saved.files {
		errs = append(errs, m.set(f.name, f.was))
	}
	return news, errors.Join(errs...)
}

// live starts the job, and kills it so many steps, about, after its first
// checkpoint.
func (m *machine) live(steps int) error {
	if err := m.start(); err != nil {
		return err
	}
	for range 1000 {
		if m.run(1 + m.random.IntN(steps)); m.owner().over || m.owner().job.Status().Checkpoint > 0 {
			break
		}
	}
	_, err := m.ending()
	m.kill()
	return err
}

func (m *machine) checkRefusal(news []string) error {
	if err := m.start(); err != nil {
		return err
	}
	m.run(stepLimit)
	_, err := m.ending()
	m.kill()
	names := func(name string) bool { return strings.Contains(err.Error(), name) }
	if !errors.Is(err, stream.ErrDamaged) || !slices.ContainsFunc(news, names) {
		return fmt.Errorf("since that state was saved %q have been shown; the start says: %w", news, err)
	}
	m.leave = true
	return nil
}

// finish runs the job to its end.
func (m *machine) finish() error {
	if err := m.start(); err != nil {
		return err
	}
	m.run(stepLimit)
	last, err := m.ending()
	if err == nil && last.State != status.Finished {
		err = fmt.Errorf("within %d steps the job is %s", stepLimit, last.State)
	}
	return err
}

// covered holds results that may be there twice against the answer.
func (s *Scenario) covered(m *machine) error {
	for dir, want := range s.outputs() {
		got, err := committed(m.files, dir, want.Columns)
		if err != nil {
			return err
		}
		if diff := difference(slices.Compact(slices.Clone(want.Rows)), slices.Compact(got)); diff != "" {
			return fmt.Errorf("%s/ does not hold the answer (- missing, + too much):\n%s", dir, diff)
		}
	}
	return nil
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/diskspace"
	"github.com/weirstream/weir/runtime/master"
)

// room returns what knows whether the disk of the checkpoints, where rows of state go as well,
// has room: some of it always stays free. nil is that the environment cannot tell.
func (r *Run) room() *master.Room {
	_, total, err := r.files.Space(r.StateDir)
	if err != nil {
		return nil
	}
	guard := diskspace.Over(r.StateDir, diskspace.Reserve(total), func(dir string) (int64, error) {
		free, _, err := r.files.Space(dir)
		return free, err
	})
	return master.NewRoom(func(bytes int64) error {
		err := guard.Check(bytes)
		if !errors.As(err, new(*diskspace.FullError)) {
			return nil // what is wrong with the folder the write will say, and no wait would mend it
		}
		return err
	})
}

// askEvery is how much of a run is written between two questions for room.
const askEvery = 1 << 20

// waitForRoom is how long a write waits before it asks for room again.
const waitForRoom = 200 * time.Millisecond

// patientFiles are files whose writes wait while the disk has no room. Rows of state go to
// them that memory has no room for: their step has nowhere else to put them, and to fail the
// job would not help it. The job is told, reads nothing more meanwhile, and goes on in the
// middle of the write. Whoever waits at the end of the job gets an error.
type patientFiles struct {
	env.FS
	clock env.Clock
	ended context.Context // of the job
	room  *master.Room
}

// patient returns the files of an environment, whose writes wait for room until the job has
// ended.
func patient(ended context.Context, e env.Env, room *master.Room) env.FS {
	if room == nil {
		return e.Files
	}
	return &patientFiles{FS: e.Files, clock: e.Clock, ended: ended, room: room}
}

// MkdirAll implements [env.FS].
func (f *patientFiles) MkdirAll(name string) error {
	return f.patiently(func() error { return f.FS.MkdirAll(name) })
}

// Create implements [env.FS].
func (f *patientFiles) Create(name string) (file env.File, err error) {
	err = f.patiently(func() error {
		file, err = f.FS.Create(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &patientFile{File: file, files: f}, nil
}

// patiently does something until the disk has room for it. A disk that goes on to be full though
// it has room lacks something else, such as inodes, for which nobody waits.
func (f *patientFiles) patiently(do func() error) error {
	const tries = 10
	for roomy := 0; ; {
		err := do()
		if !errors.Is(err, syscall.ENOSPC) || roomy == tries {
			return err
		}
		full := f.room.Lacks(askEvery)
		if full == nil {
			roomy, full = roomy+1, err
		}
		if err := f.wait(full); err != nil {
			return err
		}
	}
}

// await returns when the disk has room for so many bytes.
func (f *patientFiles) await(bytes int64) error {
	for {
		full := f.room.Lacks(bytes)
		if full == nil {
			return nil
		}
		if err := f.wait(full); err != nil {
			return err
		}
	}
}

// wait waits a little, unless the job has ended.
func (f *patientFiles) wait(full error) error {
	if err := f.clock.Sleep(f.ended, waitForRoom); err != nil {
		return fmt.Errorf("%w (%w)", full, err)
	}
	return nil
}

// patientFile is a file that is written patiently.
type patientFile struct {
	env.File
	files *patientFiles
	asked int64 // bytes that may be written before the next question
}

// Write implements [env.File].
func (p *patientFile) Write(content []byte) (written int, err error) {
	if p.asked -= int64(len(content)); p.asked < 0 {
		if err := p.files.await(askEvery); err != nil {
			return 0, err
		}
		p.asked = askEvery
	}
	err = p.files.patiently(func() error {
		n, err := p.File.Write(content[written:])
		written += n
		return err
	})
	return written, err
}

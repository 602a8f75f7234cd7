package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
)

// smallDisk is files on a disk that has room for so many bytes. Whoever waits brings more.
type smallDisk struct {
	env.FS
	left, brings int
	asleep       int
	refuses      error // what a write says that has room
}

func (d *smallDisk) Now() time.Time { return time.Time{} }

func (d *smallDisk) Sleep(ctx context.Context, _ time.Duration) error {
	d.left += d.brings
	d.asleep++
	return ctx.Err()
}

// lacks says why there is no room.
func (d *smallDisk) lacks(bytes int64) error {
	if int64(d.left) < bytes || d.left <= 0 {
		return fmt.Errorf("%d bytes are left", d.left)
	}
	return nil
}

func (d *smallDisk) Create(name string) (env.File, error) {
	if d.left <= 0 {
		return nil, syscall.ENOSPC
	}
	f, err := d.FS.Create(name)
	return &smallFile{f, d}, err
}

func (d *smallDisk) MkdirAll(name string) error {
	if d.left <= 0 {
		return syscall.ENOSPC
	}
	return d.FS.MkdirAll(name)
}

type smallFile struct {
	env.File
	disk *smallDisk
}

func (f *smallFile) Write(content []byte) (int, error) {
	if f.disk.refuses != nil {
		return 0, f.disk.refuses
	}
	n := min(len(content), max(f.disk.left, 0))
	written, err := f.File.Write(content[:n])
	if f.disk.left -= written; err == nil && n < len(content) {
		err = syscall.ENOSPC
	}
	return written, err
}

// TestPatientFiles: a write goes on where there was no room, as often as need be, unless the job
// ends or something else is missing.
func TestPatientFiles(t *testing.T) {
	text := strings.Repeat("weir ", 500_000)
	write := func(d *smallDisk, ended context.Context) error {
		d.FS = memfs.New()
		files := patient(ended, env.Env{Files: d, Clock: d}, master.NewRoom(d.lacks))
		if err := files.MkdirAll("a"); err != nil {
			return err
		}
		f, err := files.Create("a/b")
		for at := 0; err == nil && at < len(text); at += 50_000 {
			var n int
			if n, err = f.Write([]byte(text[at : at+50_000])); err == nil && n != 50_000 {
				t.Errorf("%d bytes were written", n)
			}
		}
		if err != nil {
			return err
		}
		if got, err := env.ReadFile(d.FS, "a/b"); err != nil || string(got) != text {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		return nil
	}
	d := &smallDisk{brings: 123_457}
	if err := write(d, t.Context()); err != nil || d.asleep < 15 {
		t.Errorf("after %d waits: %v", d.asleep, err)
	}
	d = &smallDisk{left: 10 << 20}
	if err := write(d, t.Context()); err != nil || d.asleep > 0 {
		t.Errorf("there is room, after %d waits: %v", d.asleep, err)
	}
	d = &smallDisk{left: 10 << 20, refuses: syscall.ENOSPC}
	if err := write(d, t.Context()); !errors.Is(err, syscall.ENOSPC) || d.asleep > 20 {
		t.Errorf("something else is missing, after %d waits: %v", d.asleep, err)
	}
	d = &smallDisk{left: 10 << 20, refuses: syscall.EIO}
	if err := write(d, t.Context()); !errors.Is(err, syscall.EIO) || d.asleep > 0 {
		t.Errorf("after %d waits: %v", d.asleep, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for left := range 3 {
		d = &smallDisk{left: left << 20}
		if err := write(d, ended); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "bytes are left") && !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("the job has ended: %v", err)
		}
	}
}

// TestJobOnFullDisk: a job whose disk is nearly full from the start goes on when there is room,
// and says what it waited for. Of a large disk 256 MiB stay free.
func TestJobOnFullDisk(t *testing.T) {
	var asked atomic.Int64
	files := &runFiles{FS: memfs.New(), free: func() int64 {
		if asked.Add(1) < 10 {
			return 256<<20 - 1
		}
		return 300 << 20
	}}
	write(t, files.FS.(*memfs.FS), "job.yaml", manyKeys+"memory: 64KiB\n")
	job, err := Load(builtin.Registry(), files, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	e := env.Real()
	e.Files = files
	told := map[string]int{}
	run, err := Start(job, Options{Env: e, StateDir: "state", Parallelism: 2, Warn: func(err error) { told[err.Error()]++ }})
	if err != nil {
		t.Fatal(err)
	}
	last, err := run.Wait()
	if err != nil || last.State != status.Finished || last.Waits != "" {
		t.Fatal(last.State, last.Waits, err)
	}
	if got := rows(t, files, "out"); len(got) != 9000 {
		t.Errorf("%d rows", len(got))
	}
	if said := told["the job waits for room: the disk of state is nearly full: 256.0 MiB are free, 1.0 MiB are wanted, and 256.0 MiB must stay free: "+
		"delete something there, or move the folder to a larger disk"]; said != 1 {
		t.Errorf("it was said %d times: %v", said, told)
	}
}

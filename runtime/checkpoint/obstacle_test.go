package checkpoint

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/trial"
)

// TestObstacles puts folders where a job will want files, and files where it has its
// folders, while it works and between two lives. The job ends as soon as it comes to
// one, a start names it at once, and both go on when it has been moved away.
func TestObstacles(t *testing.T) {
	ended, refused, told := 0, 0, 0
	whole := trial.Run(t, 300, func(c *trial.Case) {
		files := memfs.New()
		d := obstructed(c, files)
		at := obstruct(c, files, d)
		c.Describe(func() string { return fmt.Sprintf("in the way is %s; %s", at, d.c.Describe()) })
		if c.Random.IntN(3) > 0 {
			endsAt(c, d, at)
			ended++
		}
		switch o, err := takeOverAgain(c, files); {
		case err != nil:
			refused++
			checkNamed(c, err, at)
		case strings.Contains(fmt.Sprint(o.Warnings), path.Base(at)):
			told++
		case !strings.Contains(at, "-c"): // names of one generation are not in the way of another
			d := newDrive(c.Random, o)
			c.Describe(d.c.Describe)
			endsAt(c, d, at)
		}
		clearAway(c, files, at)
		o, err := takeOverAgain(c, files)
		if err != nil {
			c.Fatalf("though %s is gone: %v", at, err)
		}
		d = newDrive(c.Random, o)
		d.until(c.T, d.c.decided+3)
		if d.ended != nil {
			c.Errorf("though %s is gone: %v", at, d.ended.Err)
		}
	})
	if whole && min(ended, refused, told) < 20 {
		t.Errorf("too tame: %d jobs ended, %d starts were refused, %d told of it", ended, refused, told)
	}
}

// obstructed returns a job that has taken some checkpoints.
func obstructed(c *trial.Case, files *memfs.FS) *drive {
	o, err := takeOverAgain(c, files)
	if err != nil {
		c.Fatal(err)
	}
	d := newDrive(c.Random, o)
	d.until(c.T, 1)
	for range c.Random.IntN(30) {
		d.next()
	}
	return d
}

func takeOverAgain(c *trial.Case, files *memfs.FS) (*Owner, error) {
	objects, err := objstore.OpenDir(files, "job")
	if err != nil {
		return nil, err
	}
	o, err := TakeOver(ctx, objects, startOptions(c, false))
	if err == nil {
		err = o.Recover(ctx, []Sink{{"out", &display{}}})
	}
	return o, err
}

// obstruct puts something in the way, and returns where.
func obstruct(c *trial.Case, files *memfs.FS, d *drive) (at string) {
	soon := uint64(1 + c.Random.IntN(3))
	next := tag(d.c.owner.Generation, d.c.id+1+1)
	folders := []string{
		slotName(d.c.last.Number + 1 + soon), slotName(d.c.last.Number+1+soon) + copySuffix,
		manifestPrefix + next, manifestPrefix + next + copySuffix, markerPrefix + next,
	}
	i := c.Random.IntN(len(folders) + 3)
	if i < len(folders) {
		at = "job/" + folders[i]
		err := files.MkdirAll(at)
		if c.Random.IntN(2) == 0 {
			err = errors.Join(err, env.WriteFile(files, at+"/notes", nil))
		}
		if err != nil {
			c.Fatal(err)
		}
		return at
	}
	at = "job/" + strings.TrimSuffix([]string{statePrefix, markerPrefix, manifestPrefix}[i-len(folders)], "/")
	if err := errors.Join(files.MkdirAll(at), files.Rename(at, aside), env.WriteFile(files, at, nil)); err != nil {
		c.Fatal(err)
	}
	return at
}

// aside is where a folder is whose place something else has taken.
const aside = "aside"

// clearAway mends what obstruct has done.
func clearAway(c *trial.Case, files *memfs.FS, at string) {
	err := env.RemoveAll(files, at)
	if there, _ := env.Exists(files, aside); there {
		err = errors.Join(err, files.Rename(aside, at))
	}
	if err != nil {
		c.Fatal(err)
	}
}

// endsAt has a job come to what is in its way.
func endsAt(c *trial.Case, d *drive, at string) {
	began := d.c.now
	for range 300 {
		if d.ended != nil {
			break
		}
		d.next()
	}
	if d.ended == nil || d.c.now.Sub(began) > 20*time.Second {
		c.Fatalf("after %v the job has ended with %v", d.c.now.Sub(began), d.ended)
	}
	checkNamed(c, d.ended.Err, at)
}

func checkNamed(c *trial.Case, err error, at string) {
	for _, part := range []string{at, "move"} {
		if !strings.Contains(fmt.Sprint(err), part) {
			c.Errorf("no %q in: %v", part, err)
		}
	}
	if failure.ClassOf(err) != failure.ClassFatal {
		c.Errorf("it would be tried again: %v", err)
	}
}

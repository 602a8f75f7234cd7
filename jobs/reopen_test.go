package jobs

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

const reopeningJob = `
name: reopening
sources:
  events:
    file: { path: in, watch: 10ms }
    format: csv
    schema: { at: timestamp, kind: int64, n: int64 }
    event_time: { column: at, watermark_delay: 2h }
steps:
  - id: sums
    key_by: [kind]
    window: { tumble: 1d }
    aggregate: { total: sum(n), least: min(n), rows: count(*) }
sinks:
  out: { input: sums, file: { path: out }, format: csv }
checkpoint: { interval: 20ms }
`

// reopenedKinds is how many keys the job has.
const reopenedKinds = 3000

// kinds returns rows of keys from first on, up to all that there are, of one hour.
func kinds(first, hour int) string {
	var b strings.Builder
	b.WriteString("at,kind,n\n")
	for k := first; k < reopenedKinds; k++ {
		fmt.Fprintf(&b, "2013-01-%02dT%02d:00:00Z,%d,%d\n", 1+hour/24, hour%24, k, k%7+hour)
	}
	return b.String()
}

// TestReopen has a job stop or die whose state is larger than its memory, and go on at other
// parallelisms: the rows that come out are those of a job that has memory for all.
func TestReopen(t *testing.T) {
	reopen := func(t *testing.T, job string, parallelisms []int, die bool) []string {
		fs := files(t, map[string]string{"job.yaml": job, "in/0.csv": kinds(0, 0)})
		read := int64(0)
		for life, parallelism := range parallelisms {
			if life > 0 {
				write(t, fs, fmt.Sprintf("in/%d.csv", life), kinds(500*life, 10*life))
			}
			run := startReopening(t, fs, uint64(life), Options{Parallelism: parallelism})
			read += int64(reopenedKinds - 500*life)
			untilRowsReach(t, run, "sums", read)
			switch last := life == len(parallelisms)-1; {
			case last:
				run.Drain()
			case die:
				untilCheckpoint(t, run, run.Status().Checkpoint+2) // the second has begun behind all rows
				run.Cancel()
			default:
				run.Stop()
			}
			if last, err := run.Wait(); err != nil && !(die && last.State == status.Failed) {
				t.Fatal(err)
			}
		}
		return rows(t, fs, "out")
	}
	for _, die := range []bool{false, true} {
		t.Run(fmt.Sprint("dies ", die), func(t *testing.T) {
			want := reopen(t, reopeningJob, []int{1, 1, 1}, false)
			for _, parallelisms := range [][]int{{1, 1, 1}, {2, 3, 1}, {3, 3, 2}} {
				got := reopen(t, reopeningJob+"memory: 64KiB\n", parallelisms, die)
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Errorf("parallelism %v: %d rows, want %d, or they differ", parallelisms, len(got), len(want))
				}
			}
		})
	}
}

// TestReopenDamaged turns a bit of what a job goes on from: that is found when the rows are
// read, and no use to start the job again. The message names the object and what to do.
func TestReopenDamaged(t *testing.T) {
	job := strings.Replace(reopeningJob, "20ms", "1h", 1) + "memory: 64KiB\n"
	fs := files(t, map[string]string{"job.yaml": job, "in/0.csv": kinds(0, 0)})
	before := map[string]bool{}
	var objects []string
	for life := range 2 { // each leaves a checkpoint that needs no other
		run := startReopening(t, fs, uint64(life), Options{})
		untilRowsReach(t, run, "sums", reopenedKinds)
		run.Stop()
		if _, err := run.Wait(); err != nil {
			t.Fatal(err)
		}
		objects = nil
		for _, name := range filesBelow(t, fs, "state/state") {
			if !before[name] {
				objects = append(objects, name)
			}
			before[name] = true
		}
	}
	write(t, fs, "in/1.csv", kinds(500, 10))
	want, err := endReopened(t, fs.Clone(), 2*reopenedKinds-500, Options{})
	if err != nil || len(want) != reopenedKinds {
		t.Fatalf("%d rows, %v", len(want), err)
	}
	trial.Run(t, 10, func(c *trial.Case) {
		damaged, name := fs.Clone(), objects[c.Random.IntN(len(objects))]
		size, err := damaged.Size(name)
		if err != nil {
			c.Fatal(err)
		}
		turnBit(c.T, damaged, name, uint64(8000+c.Random.Int64N(4*size))) // a start reads beginning and end
		_, err = endReopened(c.T, damaged, 2*reopenedKinds-500, Options{})
		var damage *checkpoint.DamagedError
		if !errors.As(err, &damage) || failure.ClassOf(err) != failure.ClassFatal || !strings.Contains(err.Error(), name[len("state/"):]) ||
			!strings.Contains(err.Error(), "allow duplicates") {
			c.Errorf("a bit of %s is turned, and the message is of class %q: %v", name, failure.ClassOf(err), err)
		}
		got, err := endReopened(c.T, damaged, 2*reopenedKinds-500, Options{AllowDuplicates: true})
		if err != nil || !slices.Equal(got, want) {
			c.Errorf("from an older checkpoint: %d rows, want %d, or they differ: %v", len(got), len(want), err)
		}
	})
}

// objectFiles counts the bytes that are read of state objects.
type objectFiles struct {
	*memfs.FS
	read atomic.Int64
}

type objectFile struct {
	env.File
	io.ReaderAt
	io.Seeker
	read *atomic.Int64
}

func (f *objectFiles) Open(name string) (env.File, error) {
	file, err := f.FS.Open(name)
	if err != nil || !strings.HasPrefix(name, "state/state/") {
		return file, err
	}
	return objectFile{file, file.(io.ReaderAt), file.(io.Seeker), &f.read}, nil
}

func (f objectFile) ReadAt(p []byte, offset int64) (int, error) {
	f.read.Add(int64(len(p)))
	return f.ReaderAt.ReadAt(p, offset)
}

// TestReopenReadsLittle: a job that is resumed works when it knows where its rows are.
func TestReopenReadsLittle(t *testing.T) {
	const hours = 12 // windows of each key, none of which fires
	job := strings.NewReplacer("20ms", "1h", "tumble: 1d", "tumble: 1h", "delay: 2h", "delay: 30d").Replace(reopeningJob)
	input := map[string]string{}
	for hour := range hours {
		input[fmt.Sprintf("in/%d.csv", hour)] = kinds(0, hour)
	}
	for memory, share := range map[string][2]int64{"": {100, 200}, "memory: 64KiB\n": {0, 20}} {
		fs := &objectFiles{FS: files(t, input)}
		write(t, fs.FS, "job.yaml", job+memory)
		for life := range uint64(2) {
			fs.read.Store(0)
			run := startReopening(t, fs, life, Options{})
			untilRowsReach(t, run, "sums", hours*reopenedKinds)
			if life == 0 {
				run.Stop()
			} else {
				run.Cancel()
			}
			if _, err := run.Wait(); (err != nil) != (life == 1) {
				t.Fatal(err)
			}
		}
		var size int64
		for _, name := range filesBelow(t, fs.FS, "state/state") {
			n, err := fs.Size(name)
			if err != nil {
				t.Fatal(err)
			}
			size += n
		}
		if read := 100 * fs.read.Load() / size; read < share[0] || read > share[1] {
			t.Errorf("%s%d %% of the state were read, not %d to %d", memory, read, share[0], share[1])
		}
	}
}

// startReopening starts the job. No two lives draw the same numbers: they name what they write.
func startReopening(t *testing.T, fs env.FS, life uint64, o Options) *Run {
	t.Helper()
	job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	o.Env = env.Real()
	o.Env.Files, o.Env.Random, o.StateDir = fs, env.NewRandom(rand.New(rand.NewPCG(1, life))), "state"
	run, err := Start(job, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trial.Guard(t, func() string { return fmt.Sprintf("%+v", run.Status()) }))
	return run
}

// endReopened goes on with the job until so many rows were read, and to its end. It returns its rows.
func endReopened(t *testing.T, fs env.FS, reads int64, o Options) ([]string, error) {
	t.Helper()
	run := startReopening(t, fs, 2, o)
	if err := endAfter(run, "sums", reads); err != nil {
		return nil, err
	}
	return rows(t, fs, "out"), nil
}

// untilCheckpoint waits for a checkpoint to be complete.
func untilCheckpoint(t *testing.T, run *Run, id stream.CheckpointID) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 20_000 {
		if run.Status().Checkpoint >= id {
			return
		}
		<-tick.C
	}
	t.Errorf("checkpoint %d never completes", id)
}

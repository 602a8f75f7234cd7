package task_test

import (
	"context"
	"fmt"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// BenchmarkFetch measures what a batch costs beside its decoding: a reader returns the same
// batch of 16 rows for one split after the other. With 10,000 splits it is to cost as much as
// with ten. A checkpoint is taken each second.
//
//	go test -run xxx -bench Fetch -benchtime 300000x ./runtime/task
func BenchmarkFetch(b *testing.B) {
	for _, splits := range []int{10, 10_000} {
		b.Run(fmt.Sprintf("splits=%d", splits), func(b *testing.B) {
			s := &rounds{splits: splits, fetches: b.N, began: make(chan struct{}), done: make(chan struct{})}
			g := &graph.Graph{Name: "rounds", Steps: []*graph.Step{
				{ID: "rounds", Parallelism: 1, Outputs: []graph.Output{{Name: stream.Main, Schema: roundSchema}},
					Source: &graph.SourceStep{Source: s, EventTime: graph.EventTime{Delay: time.Second, IdleAfter: time.Hour}}},
				newLedger().sinkStep("nothing", 1, graph.Input{Step: "rounds", Output: stream.Late}),
			}}
			g.Steps[0].Outputs = append(g.Steps[0].Outputs, graph.Output{Name: stream.Late, Schema: roundSchema})
			job, err := master.Start(g, master.Options{
				Env: env.Real(), Store: objstore.NewMemory(), Pool: record.NewPool(), CheckpointInterval: time.Second,
			})
			if err != nil {
				b.Fatal(err)
			}
			<-s.began
			before := cpuTime()
			<-s.done
			used := cpuTime() - before
			job.Cancel()
			if _, err := job.Wait(); err != master.ErrCancelled {
				b.Fatal(err)
			}
			b.ReportMetric(float64(used.Nanoseconds())/1e3/float64(b.N), "cpu-us/batch")
		})
	}
}

// cpuTime returns what the process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var roundSchema = record.MustSchema(record.Field{Name: "at", Type: record.Timestamp})

// rounds is a source that costs next to nothing.
type rounds struct {
	splits, fetches int
	began, done     chan struct{}
}

func (s *rounds) Schema() *record.Schema { return roundSchema }

func (s *rounds) NewEnumerator(env.Env, []byte) (stream.Enumerator, error) { return s, nil }

func (s *rounds) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	return &roundReader{rounds: s, pool: c.Pool}, nil
}

func (s *rounds) Discover(context.Context) (all stream.Discovery, err error) {
	for i := range s.splits {
		all.Splits = append(all.Splits, stream.Split{ID: stream.SplitID(fmt.Sprintf("shardId-%012d", i))})
	}
	all.Done = true
	return all, nil
}

func (s *rounds) Finished(stream.SplitID)   {}
func (s *rounds) Snapshot() ([]byte, error) { return nil, nil }

type roundReader struct {
	*rounds
	pool  *record.Pool
	ids   []stream.SplitID
	count int
}

func (r *roundReader) Assign(splits []stream.Split) error {
	for _, s := range splits {
		r.ids = append(r.ids, s.ID)
	}
	return nil
}

func (r *roundReader) Fetch(ctx context.Context) (stream.Fetched, error) {
	if r.count == r.fetches {
		close(r.done)
		<-ctx.Done()
		return stream.Fetched{}, ctx.Err()
	}
	if r.count == 0 {
		close(r.began)
	}
	at := r.pool.NewColumn(record.Timestamp, 16)
	for i := range 16 {
		at.AppendInt64(int64(r.count/len(r.ids)*16 + i))
	}
	b := r.pool.NewBatch(roundSchema, 16)
	b.Columns = append(b.Columns, at)
	r.count++
	p := stream.Piece{Split: r.ids[r.count%len(r.ids)], Next: strconv.AppendInt(nil, int64(1_700_000_000_000+r.count), 10)}
	return stream.FetchedOf(p, b), nil
}

func (r *roundReader) Close() error { return nil }

package probe

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// table reads a compressed CSV file of integers. Its times are in milliseconds.
func table(t *testing.T, name string, times ...int) [][]int64 {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]int64, len(records)-1)
	for i, cells := range records[1:] {
		for _, cell := range cells {
			v, err := strconv.ParseInt(cell, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			rows[i] = append(rows[i], v)
		}
		for _, k := range times {
			rows[i][k] *= 1000
		}
	}
	return rows
}

// auctionJob is Nexmark's query 9, cut to a few columns, with a total by category
// behind it: sources → join → best → winners, and best → total → totals.
type auctionJob struct {
	auctions, bids  [][]int64
	graph           *graph.Graph
	winners, totals *ledger
	joins           []*join // of all runs
}

func newAuctionJob(t *testing.T, bidSplits int) *auctionJob {
	j := &auctionJob{auctions: table(t, "auctions.csv.gz", 2, 3), bids: table(t, "bids.csv.gz", 3), winners: newLedger(), totals: newLedger()}
	auctionFeed := &feed{numbers("at", "id", "category", "at", "expires"), []*feedSplit{listFeed(j.auctions)}}
	bidFeed := &feed{schema: numbers("at", "auction", "bidder", "price", "at")}
	parts := make([][][]int64, bidSplits)
	for i, b := range j.bids {
		parts[i%bidSplits] = append(parts[i%bidSplits], b)
	}
	for _, p := range parts {
		bidFeed.splits = append(bidFeed.splits, listFeed(p))
	}
	outputs := func(s *record.Schema) []graph.Output {
		return []graph.Output{{Name: stream.Main, Schema: s}}
	}
	noteJoin := func(c stream.OperatorContext) (stream.Operator, error) {
		o, err := newJoin(c)
		if err == nil {
			j.joins = append(j.joins, o.(*join))
		}
		return o, err
	}
	key := []int{0}
	const delayed = 4 * time.Second
	j.graph = &graph.Graph{Name: "auctions", Steps: []*graph.Step{
		auctionFeed.step("auctions", "at", delayed, 0, 1),
		bidFeed.step("bids", "at", delayed, 0, 0),
		{ID: "join", Inputs: []graph.Input{{Step: "auctions", ID: auctions, Key: key}, {Step: "bids", ID: bids, Key: key}},
			NewOperator: noteJoin, Outputs: outputs(pairSchema), Stateful: true},
		{ID: "best", Inputs: []graph.Input{{Step: "join"}}, NewOperator: newBest, Outputs: outputs(winnerSchema), Stateful: true},
		{ID: "total", Inputs: []graph.Input{{Step: "best", Key: []int{1}}}, NewOperator: newTotal, Outputs: outputs(totalSchema), Stateful: true},
		j.winners.sinkStep("winners", 0, graph.Input{Step: "best", Key: key}),
		j.totals.sinkStep("totals", 0, graph.Input{Step: "total"}),
	}}
	return j
}

// model computes the winners, and the totals of their categories, from the rows.
func (j *auctionJob) model() (winners, totals map[int64][]int64) {
	winners, totals = map[int64][]int64{}, map[int64][]int64{}
	for _, a := range j.auctions {
		for _, b := range j.bids {
			if b[0] != a[0] || b[3] < a[2] || b[3] > a[3] {
				continue
			}
			if w := winners[a[0]]; w == nil || b[2] > w[3] || b[2] == w[3] && b[3] < w[4] {
				winners[a[0]] = []int64{a[0], a[1], b[1], b[2], b[3]}
			}
		}
	}
	for _, w := range winners {
		if totals[w[1]] == nil {
			totals[w[1]] = []int64{w[1], 0, 0}
		}
		totals[w[1]][1]++
		totals[w[1]][2] += w[3]
	}
	return winners, totals
}

// materialise applies a changelog, each row of which must fit what is there.
func (l *ledger) materialise() (map[int64][]int64, error) {
	rows := map[int64][]int64{}
	withdrawn := map[int64]bool{} // by an update-before whose update-after must follow
	for i, r := range l.shown {
		kind, row, key := record.RowKind(r[0]), r[1:], r[1]
		there := rows[key]
		var ok bool
		switch kind {
		case record.Insert:
			ok = there == nil && !withdrawn[key]
			rows[key] = row
		case record.UpdateBefore:
			ok = there != nil && fmt.Sprint(there) == fmt.Sprint(row)
			delete(rows, key)
			withdrawn[key] = true
		case record.UpdateAfter:
			ok = withdrawn[key]
			delete(withdrawn, key)
			rows[key] = row
		case record.Delete:
			ok = there != nil && fmt.Sprint(there) == fmt.Sprint(row)
			delete(rows, key)
		}
		if !ok {
			return nil, fmt.Errorf("row %d of the changelog, kind %d of %v, does not fit %v", i, kind, row, there)
		}
	}
	return rows, nil
}

// check holds a materialised changelog against the model.
func (l *ledger) check(t *testing.T, seed uint64, name string, want map[int64][]int64) {
	t.Helper()
	got, err := l.materialise()
	if err != nil {
		t.Fatalf("-seed %d: %s: %v", seed, name, err)
	}
	if !maps.EqualFunc(got, want, func(a, b []int64) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Fatalf("-seed %d: %s are\n%v, not\n%v", seed, name, got, want)
	}
}

// TestModelIsTheQuery holds the model against the answer of Nexmark's query 9.
func TestModelIsTheQuery(t *testing.T) {
	winners, _ := newAuctionJob(t, 1).model()
	want := table(t, "winners.csv.gz", 4)
	if len(want) != len(winners) {
		t.Fatalf("%d winners, not %d", len(winners), len(want))
	}
	for _, w := range want {
		if fmt.Sprint(winners[w[0]]) != fmt.Sprint(w) {
			t.Fatalf("the winner is %v, not %v", winners[w[0]], w)
		}
	}
}

// TestChangelogJoin runs the job under random settings and crashes it now and
// then, to go on with other settings: what the changelogs come to is what the
// model says.
func TestChangelogJoin(t *testing.T) {
	all := 0
	for _, seed := range seeds(20) {
		random := rand.New(rand.NewPCG(seed, 3))
		store := objstore.NewMemory()
		j := newAuctionJob(t, 1+random.IntN(3))
		winners, totals := j.model()
		crashes := 0
		for range random.IntN(5) {
			crashes += j.crash(t, seed, random, store)
		}
		w := j.start(t, seed, random, store)
		checkCounters(t, seed, w.finish())
		j.winners.check(t, seed, "winners", winners)
		j.totals.check(t, seed, "totals", totals)
		all += crashes
		held := 0
		for _, o := range j.joins {
			held = max(held, o.most)
		}
		t.Logf("seed %d: %d crashes; %d + %d rows of changelog; at most %d of %d rows in one subtask of the join",
			seed, crashes, len(j.winners.shown), len(j.totals.shown), held, len(j.auctions)+len(j.bids))
	}
	if all < 15 && *seedFlag == 0 {
		t.Fatalf("only %d crashes behind a checkpoint", all)
	}
}

// crash runs the job until a few more checkpoints are decided, and crashes it
// some steps later. It returns 0 if the job ended before.
func (j *auctionJob) crash(t *testing.T, seed uint64, random *rand.Rand, store objstore.Store) int {
	w := j.start(t, seed, random, store)
	more := uint64(1 + random.IntN(3))
	w.until("a checkpoint", func() bool {
		s := w.job.Status()
		return uint64(s.Checkpoint) >= uint64(s.Restored)+more || w.Err() != nil
	})
	for range random.IntN(300) {
		w.Step()
	}
	err := w.Err()
	if err != nil && !master.Ended(err) {
		t.Fatalf("-seed %d: %v", seed, err)
	}
	w.crash()
	if err != nil {
		return 0
	}
	return 1
}

func (j *auctionJob) start(t *testing.T, seed uint64, random *rand.Rand, store objstore.Store) *world {
	budget := 1
	if random.IntN(2) == 0 {
		budget = 4096
	}
	return start(t, seed, random, j.graph, store, master.Options{
		Parallelism: 1 + random.IntN(3), Budget: budget, BatchRows: 1 + random.IntN(300),
		EdgeBytes: 1 << (10 + random.IntN(8)), CheckpointInterval: 4 * time.Millisecond,
	})
}

package jobtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/join"
	projection "github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/sim"
	"github.com/weirstream/weir/runtime/trial"
)

// TestPairs draws plans with two inputs, which are joined, and aggregates of the pairs
// with and without windows. It runs them in simulations that crash now and then, to go on
// under other settings. What the sinks hold in the end is what two loops over the rows
// give.
func TestPairs(t *testing.T) {
	var seen struct{ crashes, pairs, late, changes int }
	whole := trial.Run(t, 120, func(c *trial.Case) {
		p := drawPairs(c)
		c.Describe(p.String)
		store := objstore.NewMemory()
		for range c.Random.IntN(5) {
			seen.crashes += p.run(store, true)
		}
		p.run(store, false)
		p.check()
		seen.pairs, seen.late = seen.pairs+len(p.pairs.shown), seen.late+len(p.late[0].shown)+len(p.late[1].shown)
		seen.changes += len(p.totals.shown)
	})
	t.Logf("%+v", seen)
	if whole && min(seen.crashes, seen.late) < 100 || whole && min(seen.pairs, 2*seen.changes) < 8000 {
		t.Errorf("too tame: %+v", seen)
	}
}

// pairPlan is a plan with two inputs: a join, whose pairs are a sink, are summed by key
// and counted in windows, and late rows.
type pairPlan struct {
	*trial.Case
	plan   plan.Plan
	sides  [2]*table
	delays [2]time.Duration
	// complete says that no row of a side is late.
	complete [2]bool
	within   plan.Within
	size     time.Duration // of the windows

	pairs, totals, windows *ledger
	late                   [2]*ledger
}

func sideSchema(prefix string) *record.Schema {
	return record.MustSchema(
		record.Field{Name: prefix + "id", Type: record.Int64}, record.Field{Name: prefix + "k", Type: record.Int64},
		record.Field{Name: prefix + "at", Type: record.Timestamp}, record.Field{Name: prefix + "v", Type: record.Int64})
}

func drawPairs(c *trial.Case) *pairPlan {
	seconds := func(n int) time.Duration { return time.Duration(c.Random.IntN(n)) * time.Second }
	p := &pairPlan{Case: c, size: time.Second + seconds(20), pairs: newLedger(), totals: newLedger(), windows: newLedger()}
	for i := range p.sides {
		p.delays[i], p.complete[i] = seconds(8), c.Random.IntN(3) == 0
		p.sides[i] = drawSide(c.Random, []string{"l", "r"}[i])
		p.late[i] = newLedger()
	}
	p.within = plan.Within{After: seconds(20) - 10*time.Second, AfterOpen: c.Random.IntN(2) == 0, UntilOpen: c.Random.IntN(2) == 0}
	p.within.Until = p.within.After + time.Second + seconds(10)
	p.draw()
	return p
}

// drawSide draws rows in about the order of their times, of few keys.
func drawSide(random *rand.Rand, prefix string) *table {
	t := &table{schema: sideSchema(prefix), splits: make([][]tableRow, 1+random.IntN(3))}
	keys := 1 + random.Int64N(12)
	for id := range int64(random.IntN(300)) {
		split := &t.splits[random.IntN(len(t.splits))]
		at := (id/2 + random.Int64N(10)) * 1_000_000
		*split = append(*split, tableRow{values: [4]int64{id, random.Int64N(keys), at, random.Int64N(9)}})
	}
	return t
}

// draw makes the plan.
func (p *pairPlan) draw() {
	in := [2]plan.Ref{p.source(0, "left"), p.source(1, "right")}
	j, err := plan.NewJoin(plan.Join{
		Base: p.base("pair", in[:]...), Keys: [2][]int{{1}, {1}}, Within: p.within,
		Names: append(in[0].Schema().Names(), in[1].Schema().Names()...),
	})
	p.add(j, err)
	p.sink("pairs", p.project("picked", plan.Ref{Node: j}, "lid", "rid"), p.pairs)
	p.sink("left_late", p.project("left_ids", plan.Ref{Node: j, Output: join.LeftLate}, "lid"), p.late[0])
	p.sink("right_late", p.project("right_ids", plan.Ref{Node: j, Output: join.RightLate}, "rid"), p.late[1])
	valued := p.project("valued", plan.Ref{Node: j}, "lk", "lv + rv AS v")
	p.sink("totals", p.aggregate("total", valued, nil), p.totals)
	p.sink("counts", p.aggregate("window", valued, plan.Tumble{Size: p.size}), p.windows)
}

// base names a node, at any parallelism.
func (p *pairPlan) base(step string, inputs ...plan.Ref) plan.Base {
	return plan.Base{Name: plan.Name{Step: step}, Inputs: inputs, Parallelism: p.Random.IntN(4)}
}

func (p *pairPlan) add(n plan.Node, err error) plan.Ref {
	if err != nil {
		p.Fatal(err)
	}
	if problems := plan.Check(n); problems != nil {
		p.Fatal(problems)
	}
	p.plan.Add(n)
	return plan.Ref{Node: n}
}

func (p *pairPlan) source(side int, step string) plan.Ref {
	return p.add(&plan.Source{
		Base: p.base(step), Columns: p.sides[side].schema, HasTime: true, Reader: p.sides[side],
		EventTime: graph.EventTime{Column: 2, Delay: p.delays[side], Complete: p.complete[side]},
	}, nil)
}

// project adds a projection.
func (p *pairPlan) project(step string, from plan.Ref, items ...string) plan.Ref {
	project := &plan.Project{Base: p.base(step, from)}
	for _, text := range items {
		item, errs := expr.ParseSelectItem(text)
		if errs != nil {
			p.Fatal(errs)
		}
		project.Columns = append(project.Columns, projection.Column{Name: item.Name, Expr: p.checked(item.Expr, from.Schema())})
	}
	return p.add(project, nil)
}

func (p *pairPlan) checked(e *expr.Expr, schema *record.Schema) *expr.Checked {
	checked, errs := expr.Check(e, schema)
	if errs != nil {
		p.Fatal(errs)
	}
	return checked
}

// aggregate adds sum and count of the values of each key.
func (p *pairPlan) aggregate(step string, from plan.Ref, w plan.Window) plan.Ref {
	value, errs := expr.Parse("v")
	if errs != nil {
		p.Fatal(errs)
	}
	a, err := plan.NewAggregate(plan.Aggregate{
		Base: p.base(step, from), Keys: []int{0}, Window: w,
		Calls: []plan.Call{{Name: "sum", Function: "sum", Argument: p.checked(value, from.Schema())}, {Name: "n", Function: "count"}},
	})
	return p.add(a, err)
}

func (p *pairPlan) sink(step string, from plan.Ref, to *ledger) {
	p.add(&plan.Sink{Base: p.base(step, from), TakesChangelogs: true, Writer: to}, nil)
}

// run runs the job in a simulation: to its end or, where that comes later, to a crash
// some time behind a checkpoint. It returns how many crashes that were.
func (p *pairPlan) run(store objstore.Store, crashes bool) int {
	w := sim.NewWorld(p.Random)
	o := settings(p.Random)
	o.Env, o.Store = env.Env{Clock: w, Random: env.NewRandom(p.Random), Files: memfs.New()}, store
	o.CheckpointInterval = time.Duration(1+p.Random.IntN(3)) * time.Millisecond
	job, err := master.On(w, p.plan.Lower(), o)
	if err != nil {
		p.Fatal(err)
	}
	const most = 5_000_000
	first, left := job.Status().Checkpoint, p.Random.IntN(1500)
	for range most {
		if !w.Step() {
			break
		}
		if crashes && job.Status().Checkpoint > first {
			if left--; left < 0 {
				return p.crash(job)
			}
		}
	}
	if err := w.Err(); !master.Ended(err) {
		p.Fatalf("the job does not end: %v, %+v", err, job.Status())
	}
	for _, s := range job.Status().Steps {
		if c := s.Counters; c.In != c.Sum() {
			p.Errorf("%s: %d rows came in, but %+v", s.ID, c.In, c)
		}
	}
	if err := job.Close(); err != nil {
		p.Fatal(err)
	}
	if err := o.Pool.Check(); err != nil {
		p.Error(err)
	}
	return 0
}

func (p *pairPlan) crash(job *master.Job) int {
	if err := job.Close(); err != nil {
		p.Fatal(err)
	}
	return 1
}

// inTime returns the rows of a side that are not late, and the ids of those that are.
func (p *pairPlan) inTime(side int) (rows []tableRow, late map[string]int) {
	late = map[string]int{}
	for _, split := range p.sides[side].splits {
		mark := int64(record.MinTime)
		for _, r := range split {
			if r.values[2] < mark {
				late[fmt.Sprintf(`{"%sid":%d}`, []string{"l", "r"}[side], r.values[0])]++
			} else {
				rows = append(rows, r)
			}
			if !p.complete[side] {
				mark = max(mark, r.values[2]-p.delays[side].Microseconds())
			}
		}
	}
	return rows, late
}

// isWithin reports whether two times are of a pair.
func (p *pairPlan) isWithin(left, right int64) bool {
	after, until := p.within.After.Microseconds(), p.within.Until.Microseconds()
	d := right - left
	return after <= d && d <= until && (d > after || !p.within.AfterOpen) && (d < until || !p.within.UntilOpen)
}

// tally is what an aggregate holds of a key.
type tally struct{ sum, n int64 }

// check holds the sinks against two loops over the rows.
func (p *pairPlan) check() {
	left, lateLeft := p.inTime(0)
	right, lateRight := p.inTime(1)
	pairs, totals, windows := map[string]int{}, map[int64]tally{}, map[[2]int64]tally{}
	for _, l := range left {
		for _, r := range right {
			if l.values[1] != r.values[1] || !p.isWithin(l.values[2], r.values[2]) {
				continue
			}
			pairs[fmt.Sprintf(`{"lid":%d,"rid":%d}`, l.values[0], r.values[0])]++
			start := max(l.values[2], r.values[2]) / p.size.Microseconds() * p.size.Microseconds()
			for _, to := range []func(tally){
				func(s tally) { totals[l.values[1]] = totals[l.values[1]].plus(s) },
				func(s tally) {
					at := [2]int64{l.values[1], start}
					windows[at] = windows[at].plus(s)
				},
			} {
				to(tally{l.values[3] + r.values[3], 1})
			}
		}
	}
	p.compare("pairs", p.pairs, pairs)
	p.compare("left late", p.late[0], lateLeft)
	p.compare("right late", p.late[1], lateRight)
	p.compare("totals", p.totals, drawn(totals, func(k int64, s tally) string { return fmt.Sprintf(`{"lk":%d,"sum":%d,"n":%d}`, k, s.sum, s.n) }))
	p.compare("windows", p.windows, drawn(windows, func(k [2]int64, s tally) string {
		start, end := record.Time(k[1]), record.Time(k[1]+p.size.Microseconds())
		return fmt.Sprintf(`{"lk":%d,"window_start":%q,"window_end":%q,"sum":%d,"n":%d}`, k[0], start, end, s.sum, s.n)
	}))
}

func (s tally) plus(t tally) tally { return tally{s.sum + t.sum, s.n + t.n} }

// drawn draws what a map holds, as rows of a ledger.
func drawn[K comparable](sums map[K]tally, row func(K, tally) string) map[string]int {
	rows := map[string]int{}
	for k, s := range sums {
		rows[row(k, s)]++
	}
	return rows
}

func (p *pairPlan) compare(what string, l *ledger, want map[string]int) {
	got, err := l.rows()
	if err != nil {
		p.Fatalf("%s: %v", what, err)
	}
	if d := difference(linesOf(want), linesOf(got)); d != "" {
		p.Fatalf("%s:\n%s", what, d)
	}
}

// linesOf returns rows, each as often as it is there, in order.
func linesOf(rows map[string]int) (lines []string) {
	for row, n := range rows {
		lines = append(lines, slices.Repeat([]string{row}, n)...)
	}
	slices.Sort(lines)
	return lines
}

// String draws the plan.
func (p *pairPlan) String() string {
	return fmt.Sprintf("within %v, delays %v, complete %v, windows of %v\n%s", p.within, p.delays, p.complete, p.size, Layout(p.plan.Lower(), 1))
}

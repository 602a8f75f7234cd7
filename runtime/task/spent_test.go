package task

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// Time is that of what the chain does, up to the moment at which somebody asks.
func TestSpent(t *testing.T) {
	now := time.Unix(1000, 0)
	s := spent{now: func() time.Time { return now }}
	check := func(busy, idle, backpressured int) {
		t.Helper()
		want := status.Spent{Busy: time.Duration(busy), Idle: time.Duration(idle), Backpressured: time.Duration(backpressured)}
		if got := s.read(); got != want {
			t.Errorf("it has spent %+v, want %+v", got, want)
		}
	}
	now = now.Add(time.Hour) // before it has begun
	check(0, 0, 0)
	s.begin()
	now = now.Add(5)
	check(5, 0, 0)
	s.begin() // goes on
	now = now.Add(1)
	check(6, 0, 0)
	s.rest(false)
	now = now.Add(3)
	check(6, 3, 0)
	s.rest(true) // woken for nothing in between
	now = now.Add(2)
	check(6, 3, 2)
	s.begin()
	now = now.Add(4)
	check(10, 3, 2)
	now = now.Add(-time.Hour) // a clock that is set back takes nothing away
	check(6, 3, 2)
}

// Who reads while the chain works sees no time twice and none lost: the sum grows with the
// clock.
func TestSpentIsReadWhole(t *testing.T) {
	began := time.Now()
	s := spent{now: time.Now}
	s.begin()
	var group sync.WaitGroup
	stop := make(chan struct{})
	group.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				s.rest(i%2 == 0)
				s.begin()
			}
		}
	})
	sum := func(v status.Spent) time.Duration { return v.Busy + v.Idle + v.Backpressured }
	last := status.Spent{}
	for range 20_000 {
		v := s.read()
		if sum(v) < sum(last) || v.Busy < last.Busy || v.Idle < last.Idle || v.Backpressured < last.Backpressured {
			t.Fatalf("behind %+v it reads %+v", last, v)
		}
		if most := time.Since(began); sum(v) > most {
			t.Fatalf("it reads %+v, more than the %v that have passed", v, most)
		}
		last = v
	}
	close(stop)
	group.Wait()
}

// However many splits a source has, only so many have an entry; what they come to together is
// the least of the others.
func TestShownSplits(t *testing.T) {
	var s source
	add := func(i int, finished bool) {
		sp := &split{seen: &shownSplit{id: stream.SplitID(fmt.Sprint("split ", i))}, finished: finished}
		sp.mark.Max = record.Time(10_000 - i)
		sp.show()
		s.seen = append(s.seen, sp.seen)
	}
	if got := s.shown(3); got != nil {
		t.Errorf("a source without splits shows %v", got)
	}
	for i := range 10_000 {
		add(i, i%2 == 0)
	}
	s.publish()
	all := s.shown(3)
	if len(all) != 4 || all[0].ID != "split 1" || all[2].ID != "split 5" || all[0].Others != 0 {
		t.Fatalf("it shows %v", all)
	}
	if o := all[3]; o.ID != "" || o.Others != 4997 || o.Latest != 1 || o.Watermark != 1 {
		t.Errorf("the others are %+v", o)
	}
	add(10_000, false)
	if got := s.shown(20_000); len(got) != 5000 {
		t.Errorf("before it is published it shows %d", len(got))
	}
	s.publish()
	if got := s.shown(20_000); len(got) != 5001 {
		t.Errorf("it shows %d", len(got))
	}
}

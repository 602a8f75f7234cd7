package task

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// splitsOf returns a source of so many splits that is not run.
func splitsOf(n int) *source {
	s := &source{blocks: make([]*block, (n+blockSize-1)/blockSize)}
	for i := range n {
		s.splits = append(s.splits, &split{id: stream.SplitID(fmt.Sprintf("shardId-%012d", i)), place: i})
	}
	return s
}

// moveOn moves a split on.
func (s *source) moveOn(i int, to int64) {
	sp := s.splits[i]
	sp.position, sp.mark.Max = strconv.AppendInt(nil, to, 10), record.Time(to)
	s.changed(sp)
}

// TestCheckpointsKeepWhatTheyFroze has splits move on between checkpoints that are
// encoded late and in any order: each has what was there when it froze.
func TestCheckpointsKeepWhatTheyFroze(t *testing.T) {
	trial.Run(t, 50, func(c *trial.Case) {
		s := splitsOf(c.Random.IntN(3 * blockSize))
		var frozen [][]*block
		var want [][]SplitState
		for range 6 {
			for range c.Random.IntN(20) * min(1, len(s.splits)) {
				s.moveOn(c.Random.IntN(len(s.splits)), c.Random.Int64N(1000))
			}
			frozen = append(frozen, s.freeze())
			want = append(want, s.block(s.splits).splits)
		}
		for _, i := range c.Random.Perm(len(frozen)) {
			text, err := withSplits([]byte(`{"watermark":7}`), frozen[i])
			var m meta
			if err == nil {
				d := json.NewDecoder(bytes.NewReader(text))
				d.DisallowUnknownFields()
				err = d.Decode(&m)
			}
			if err != nil || m.Watermark != 7 || !slices.EqualFunc(m.Splits, want[i], func(a, b SplitState) bool { return reflect.DeepEqual(a, b) }) {
				c.Fatalf("checkpoint %d has %s: %v", i, text, err)
			}
		}
	})
}

// BenchmarkFreezeSplits measures what a checkpoint of 10,000 splits costs the chain, and what
// it costs in the background, where a share of them has moved on.
//
//	go test -run xxx -bench FreezeSplits ./runtime/task
func BenchmarkFreezeSplits(b *testing.B) {
	for _, every := range []int{1, 100, 10_000} {
		s := splitsOf(10_000)
		move := func(to int) {
			for i := 0; i < len(s.splits); i += every {
				s.moveOn(i, int64(1_700_000_000_000+to))
			}
		}
		b.Run(fmt.Sprintf("every=%d/chain", every), func(b *testing.B) {
			for i := range b.N {
				b.StopTimer()
				move(i)
				b.StartTimer()
				s.freeze()
			}
		})
		b.Run(fmt.Sprintf("every=%d/background", every), func(b *testing.B) {
			for i := range b.N {
				b.StopTimer()
				move(i)
				blocks := s.freeze()
				b.StartTimer()
				text, err := withSplits([]byte(`{"watermark":7}`), blocks)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(text)))
			}
		})
	}
}

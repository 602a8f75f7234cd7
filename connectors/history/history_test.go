package history_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/conntest/shards"
	"github.com/weirstream/weir/connectors/history"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
)

// TestSource holds a source to the suite whose history has been read, for that is what
// the suite knows of: splits that are there.
func TestSource(t *testing.T) {
	conntest.TestSource(t, conntest.Source{Many: true, New: func(t testing.TB, splits, rows int) (stream.Source, env.Env) {
		s, err := history.New(shards.Flat(0, 0), shards.Flat(splits, rows), nil)
		if err != nil {
			t.Fatal(err)
		}
		return s, env.Real()
	}})
}

// The splits of the second come when those of the first have ended, and are known from
// before; so it is behind a restart at any point.
func TestOrderOfSplits(t *testing.T) {
	for restart := range 8 {
		s, err := history.New(shards.Flat(2, 1), shards.Flat(2, 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		var en stream.Enumerator
		var saved []byte
		text := ""
		for i, finished := range []stream.SplitID{"", "", "history/shard-00001", "history/shard-00000", "", "then/shard-00001", "then/shard-00000"} {
			if i == 0 || i == restart {
				if en, err = s.NewEnumerator(env.Real(), saved); err != nil {
					t.Fatal(err)
				}
			}
			if finished != "" {
				en.Finished(finished)
			}
			found, err := en.Discover(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, split := range found.Splits {
				text += string(split.ID) + " "
			}
			text += fmt.Sprintf("%v; ", found.Done)
			if saved, err = en.Snapshot(); err != nil {
				t.Fatal(err)
			}
		}
		const want = "history/shard-00000 history/shard-00001 false; false; false; then/shard-00000 then/shard-00001 true; true; true; true; "
		if text != want {
			t.Errorf("with a restart at %d: %s, want %s", restart, text, want)
		}
	}
}

// moving is a source that begins where its log ends when it is asked.
type moving struct {
	*shards.Log
	end   int
	asked bool
}

func (m *moving) NewEnumerator(env.Env, []byte) (stream.Enumerator, error) { return m, nil }

func (m *moving) Discover(context.Context) (found stream.Discovery, err error) {
	if !m.asked {
		found.Splits = []stream.Split{{ID: "shard-00000", Position: stream.Position(fmt.Sprint(m.end))}}
	}
	m.asked = true
	return found, nil
}

func (m *moving) Finished(stream.SplitID)   {}
func (m *moving) Snapshot() ([]byte, error) { return nil, nil }

// The second begins where it was when the job began.
func TestPositionsAreThoseOfTheBeginning(t *testing.T) {
	log := &moving{Log: shards.Flat(1, 100), end: 7}
	s, err := history.New(shards.Flat(1, 1), log, nil)
	if err != nil {
		t.Fatal(err)
	}
	en, err := s.NewEnumerator(env.Real(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var positions []string
	for range 3 {
		log.end++
		found, err := en.Discover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, split := range found.Splits {
			positions = append(positions, fmt.Sprintf("%s at %q", split.ID, split.Position))
			if split.ID[0] == 'h' {
				en.Finished(split.ID)
			}
		}
	}
	if want := `[history/shard-00000 at "" then/shard-00000 at "8"]`; fmt.Sprint(positions) != want {
		t.Errorf("%v, want %s", positions, want)
	}
}

package runs_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/weirstream/weir/state/runs"
)

// TestSearchFindsDamage as an iterator finds it, whether the reader has a chunk at once, or
// on its way, or neither.
func TestSearchFindsDamage(t *testing.T) {
	for _, layout := range []runs.Layout{{}, {Bucketed: true}} {
		m := small(layout)
		run, p := m.build(t)
		keys := map[string]bool{}
		for _, e := range m.entries {
			keys[e.key] = true
		}
		for at := range p.bytes {
			p.bytes[at] ^= 1 << (at % 8)
			want := readAll(run)
			for _, random := range []*rand.Rand{nil, rand.New(rand.NewPCG(1, uint64(at)))} {
				other := run
				if random != nil {
					beSlow(&other, p, random)
				}
				if err := searchAll(other, keys); want == nil || err == nil || err.Error() != want.Error() {
					t.Fatalf("byte %d is damaged: %v, not %v", at, err, want)
				}
			}
			p.bytes[at] ^= 1 << (at % 8)
		}
		must(t, searchAll(run, keys))
	}
}

// searchAll looks keys up in a run.
func searchAll(run runs.Run, keys map[string]bool) error {
	s := runs.NewSearch(run.Meta.Layout())
	s.Begin()
	for key := range keys {
		s.Add([]byte(key), 0)
	}
	s.Sort()
	return s.In(run, func(int32, []byte, []byte) error { return nil })
}

// TestSearchErrors are those of chunks that nobody wrote, of readers, and of the caller.
func TestSearchErrors(t *testing.T) {
	const where = "runs: run 8: chunk 0 at offset 0: "
	told := errors.New("told")
	tests := []struct {
		name  string
		run   runs.Run
		found error
		want  string
	}{
		{"another layout", sealed(runs.Layout{KeyPrefix: 9}, "\x12\x00key000000"), nil,
			"runs: run 8: its keys are not made like those that are looked for"},
		{"a short key", sealed(runs.Layout{}, "\x0e\x00key0000"), nil, where + "the entry 0 bytes into it has a key too short for a hash"},
		{"a long value", sealed(runs.Layout{}, "\x10\x00key00000\x10\x7fkey00001"), nil,
			where + "the entry 10 bytes into it claims more bytes than the chunk has left"},
		{"half a length", sealed(runs.Layout{}, "\x10\x00key00000\x80"), nil,
			where + "the entry 10 bytes into it claims more bytes than the chunk has left"},
		{"a reader", runs.Run{Name: "run 8", Meta: sealed(runs.Layout{}, "x").Meta, Chunks: runs.NewReader(bytes.NewReader(nil), 0)}, nil,
			where + "0 of 1 bytes are there: cut off?"},
		{"the caller", sealed(runs.Layout{}, "\x10\x00key00009"), told, "told"},
	}
	for _, test := range tests {
		s := runs.NewSearch(runs.Layout{})
		s.Begin()
		s.Add([]byte("key00009"), 1)
		runs.Admit(s)
		s.Sort()
		err := s.In(test.run, func(int32, []byte, []byte) error { return test.found })
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got  %v\nwant %s", test.name, err, test.want)
		}
	}
}

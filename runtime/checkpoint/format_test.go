package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/stream"
)

func exampleManifest() *Manifest {
	return &Manifest{
		Job: "delays", Run: "r", Checkpoint: 7, Generation: 2,
		Steps: []Step{
			{ID: "src", Stateful: true, Enumerator: []byte{0, 1}, Subtasks: []Entry{{Meta: json.RawMessage(`{"at":17}`), Finished: true}}},
			{ID: "hourly", Definition: stream.Definition{{Text: "tumble 1h"}, {Text: "n", Bears: stream.Part, Uses: []string{"n"}, Label: "m"}}, Stateful: true, Subtasks: []Entry{
				{Objects: []ObjectRef{{"state/0a-1-hourly-0", 10, "ab"}, {"state/0b-1-hourly-0", 5, "cd"}}}, {},
			}},
			{ID: "out", Sink: true, Stateful: true, Kept: []byte("k"), Carried: []Due{{5, []stream.Pending{[]byte("c")}, nil}},
				Subtasks: []Entry{{Pending: []stream.Pending{[]byte("a"), []byte("b")}}, {PendingIn: []ObjectRef{{"state/0a-3-out-0", 9, "ba"}}}}},
		},
	}
}

func exampleSlot() *slot {
	return &slot{
		Number: 3, Kind: checkpointSlot, Job: "delays", Run: "r", Generation: 2, Nonce: "n", Checkpoint: 7,
		Manifest: &ObjectRef{"manifests/g2-c7", 100, "ef"}, Copy: "manifests/g2-c7.copy",
	}
}

// TestBitFlips: every single bit of a slot or manifest is watched over.
func TestBitFlips(t *testing.T) {
	manifest, err := exampleManifest().encode()
	if err != nil {
		t.Fatal(err)
	}
	encodedSlot, err := seal("slot", exampleSlot())
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(manifest) * 8 {
		if _, err := decodeManifest(flip(manifest, bit)); !errors.Is(err, errDamaged) {
			t.Fatalf("manifest, bit %d: %v", bit, err)
		}
	}
	for bit := range len(encodedSlot) * 8 {
		if _, err := decodeSlot(3, flip(encodedSlot, bit)); !errors.Is(err, errDamaged) {
			t.Fatalf("slot, bit %d: %v", bit, err)
		}
	}
	for length := range manifest {
		if _, err := decodeManifest(manifest[:length]); !errors.Is(err, errDamaged) {
			t.Fatalf("manifest cut off at %d: %v", length, err)
		}
	}
}

func flip(content []byte, bit int) []byte {
	flipped := bytes.Clone(content)
	flipped[bit/8] ^= 1 << (bit % 8)
	return flipped
}

// TestRoundTrip: what is decoded is what was encoded.
func TestRoundTrip(t *testing.T) {
	m := exampleManifest()
	content, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeManifest(content)
	if err != nil {
		t.Fatal(err)
	}
	again, err := got.encode()
	if err != nil || !bytes.Equal(again, content) {
		t.Errorf("encoded again (error %v):\n%s\nwant:\n%s", err, again, content)
	}
	if due := got.due("out"); !reflect.DeepEqual(due, m.due("out")) || len(due) == 0 {
		t.Errorf("due is %v", due)
	}
}

// TestOtherVersion: what an earlier or later weir wrote is not damaged, it is not
// understood, and the message says what to do.
func TestOtherVersion(t *testing.T) {
	for _, version := range []int{FormatVersion - 1, FormatVersion + 1} {
		content := fmt.Appendf(nil, "weir slot %d\n{}\n", version)
		content = append(content, trailer(content)...)
		_, err := decodeSlot(1, content)
		if err == nil || errors.Is(err, errDamaged) {
			t.Errorf("version %d: error %v", version, err)
			continue
		}
		for _, part := range []string{fmt.Sprintf("format version %d", version), "the weir that wrote it", "empty folder"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("version %d: no %q in: %v", version, part, err)
			}
		}
	}
}

// TestWrongSlot: slots that say what cannot be are damaged, whole as they are.
func TestWrongSlot(t *testing.T) {
	for name, spoil := range map[string]func(*slot){
		"another's name":      func(s *slot) { s.Number = 4 },
		"no manifest":         func(s *slot) { s.Manifest = nil },
		"unknown kind":        func(s *slot) { s.Kind = "other" },
		"goes on from itself": func(s *slot) { s.Restores = 3 },
		"beyond generations":  func(s *slot) { s.Generation = 1<<64 - 1 },
		"beyond checkpoints":  func(s *slot) { s.Checkpoint = 1<<64 - 100 },
	} {
		s := exampleSlot()
		spoil(s)
		content, err := seal("slot", s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeSlot(3, content); !errors.Is(err, errDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzManifest: no bytes make the decoder panic, and what it takes in it writes
// out as it was read.
func FuzzManifest(f *testing.F) {
	content, err := exampleManifest().encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte("weir manifest 3\n{}\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, sealed := range [][]byte{content, append(bytes.Clone(content), trailer(content)...)} {
			m, err := decodeManifest(sealed)
			if err != nil {
				continue
			}
			encoded, err := m.encode()
			if err != nil {
				t.Fatal(err)
			}
			if again, err := decodeManifest(encoded); err != nil || again.Checkpoint != m.Checkpoint {
				t.Fatalf("decoded again: %v", err)
			}
			for _, s := range m.Steps {
				m.due(s.ID)
			}
		}
	})
}

// FuzzSlot: no bytes make the decoder panic, and a slot that it takes in is one
// that can be acted upon.
func FuzzSlot(f *testing.F) {
	content, err := seal("slot", exampleSlot())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint64(3), content)
	f.Add(uint64(1), []byte("weir slot 3\n{\"slot\":1,\"kind\":\"takeover\"}\n"))
	f.Fuzz(func(t *testing.T, number uint64, content []byte) {
		for _, sealed := range [][]byte{content, append(bytes.Clone(content), trailer(content)...)} {
			s, err := decodeSlot(number, sealed)
			if err == nil && (s.Number != number || s.Kind == checkpointSlot && s.Manifest == nil) {
				t.Fatalf("took in %+v", s)
			}
		}
	})
}

package diskspace

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	failed := errors.New("it failed")
	for _, test := range []struct {
		free int64
		err  error
		want string
	}{
		{free: 30 << 20},
		{free: 30<<20 - 1, want: "the disk of some/where is nearly full: 30.0 MiB are free, 10.0 MiB are wanted, and 20.0 MiB must stay free: delete something there"},
		{free: 0, want: "0 bytes are free"},
		{free: 5000, want: "4.9 KiB are free"},
		{err: errors.ErrUnsupported},
		{err: failed, want: "asking how much is free for some/where: it failed"},
	} {
		g := New("some/where", 20<<20)
		g.free = func(string) (int64, error) { return test.free, test.err }
		err := g.Check(10 << 20)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%d free: got  %v\nwant %s", test.free, err, test.want)
		}
		var full *FullError
		if errors.As(err, &full) != (test.err == nil && test.want != "") {
			t.Errorf("%d free: %T", test.free, err)
		}
	}
	if got := size(3 << 30); got != "3.0 GiB" {
		t.Error(got)
	}
}

func TestReserve(t *testing.T) {
	for total, want := range map[int64]int64{0: 0, 8 << 20: 419430, 1 << 30: 53687091, 1 << 40: 256 << 20} {
		if got := Reserve(total); got != want {
			t.Errorf("of %d: %d", total, got)
		}
	}
	if free, total, err := Space(t.TempDir()); err == nil && (free > total || total == 0) {
		t.Errorf("%d of %d are free", free, total)
	}
}

func TestFree(t *testing.T) {
	free, err := Free(t.TempDir())
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil || free <= 0 {
		t.Errorf("%d, %v", free, err)
	}
	if _, err := Free(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("the disk of no folder has room")
	}
}

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The campaign in short. Where its kills hit is the machine's affair; that they
// count, and that the output is right in the end, is not.
func TestCampaign(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	var log bytes.Buffer
	c := campaign{
		dir: t.TempDir(), kills: 8, life: 300 * time.Millisecond,
		random: rand.New(rand.NewPCG(seed, 0)), log: &log,
	}
	var err error
	if c.binary, err = build(t.Context(), "../../cmd/weir", c.dir); err != nil {
		t.Fatal(err)
	}
	for _, path := range defaultJobs {
		target, err := load(filepath.Join("../..", path), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		c.targets = append(c.targets, target)
	}
	err = c.run(t.Context())
	c.table()
	t.Logf("seed %d\n%s", seed, log.String())
	if err != nil {
		t.Fatal(err)
	}
	counted := 0
	for _, target := range c.targets {
		counted += target.counted()
		if target.rounds == 0 {
			t.Errorf("%s had no round", target.name)
		}
	}
	if counted != c.kills {
		t.Errorf("%d kills counted, want %d", counted, c.kills)
	}
}

// lay writes files, named by their paths in a folder.
func lay(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	slot7   = "state/slots/00000000000000000007"
	slot8   = "state/slots/00000000000000000008"
	marker  = "state/committed/g2-c41"
	object  = "state/state/bb-1-hourly-0"
	decided = `{"slot": 7, "kind": "checkpoint", "generation": 2, "nonce": "bb", "checkpoint": 41}`
	taken   = `{"slot": 8, "kind": "takeover", "generation": 3, "nonce": "cc", "checkpoint": 141, "restores": 7}`

	manifest = "state/manifests/g2-c41"
	named    = `{"name": "state/bb-1-hourly-0"}`
)

// Each case is what a process has left that found slot 7 as the last one, or
// slot 6 where it wrote slot 7 itself.
func TestPhase(t *testing.T) {
	for _, test := range []struct {
		name      string
		before    uint64
		files     string // besides slot 7 and what belongs to it
		want      phase
		committed bool
	}{
		{"before the takeover", 7, marker, starting, true},
		{"after it", 7, slot8 + " " + marker, restore, true},
		{"after it, with a commit to repeat", 7, slot8, restore, false},
		{"its first rows", 7, slot8 + " " + marker + " out/late/.weir/j/late/r/3/0-0.csv", running, true},
		{"rows of an earlier owner", 7, slot8 + " " + marker + " out/late/.weir/j/late/r/2/0-0.csv", restore, true},
		{"its first checkpoint", 7, slot8 + " " + marker + " state/state/cc-1-hourly-0", prepare, true},
		{"an object of an earlier owner", 7, slot8 + " " + marker + " state/state/bb-2-hourly-0", restore, true},
		{"a checkpoint decided", 6, "", commit, false},
		{"decided, the slot's copy written", 6, slot7 + ".copy", commit, false},
		{"committed", 6, marker, running, true},
		{"the next one begun", 6, marker + " state/state/bb-3-hourly-1", prepare, true},
		{"the next one's manifest", 6, marker + " state/manifests/g2-c42.copy", prepare, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{slot7: sealed(decided), manifest: named, object: ""}
			for _, name := range strings.Fields(test.files) {
				files[name] = ""
				if name == slot8 {
					files[name] = sealed(taken)
				}
			}
			dir := lay(t, files)
			found, err := look(stateIn(dir), outIn(dir))
			if err != nil {
				t.Fatal(err)
			}
			if got := found.phase(slot{Number: test.before}); got != test.want || found.committed != test.committed || !found.counts() {
				t.Errorf("%s: it was in %s, want %s (committed: %t)", found, got, test.want, test.committed)
			}
		})
	}
}

func sealed(json string) string { return "weir slot 3\n" + json + "\ncrc32c 00000000\n" }

// Kills before the first checkpoint and after the end do no harm.
func TestKillsThatDoNotCount(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"nothing there":  {},
		"fresh takeover": {slot7: sealed(`{"slot": 7, "kind": "takeover", "generation": 1, "checkpoint": 0}`)},
		"finished":       {slot7: sealed(`{"slot": 7, "kind": "finished", "generation": 1, "checkpoint": 9}`)},
	} {
		dir := lay(t, files)
		found, err := look(stateIn(dir), outIn(dir))
		if err != nil || found.counts() {
			t.Errorf("%s: %s counts (%v)", name, found, err)
		}
	}
}

func TestCompare(t *testing.T) {
	answer := output{"out": {"k,n", "a,1", "b,2", "b,2"}, "late": nil}
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string // the differences
	}{
		{"equal, in another order", map[string]string{"out/part-1.csv": "k,n\nb,2\n", "out/part-2.csv": "k,n\nb,2\na,1\n"}, ""},
		{"staging is no output", map[string]string{"out/part-1.csv": "k,n\nb,2\nb,2\na,1\n", "out/.weir/0-0.csv": "k,n\nc,3\n"}, ""},
		{"a row lost", map[string]string{"out/part-1.csv": "k,n\nb,2\na,1\n"}, "- b,2\n"},
		{"a row twice", map[string]string{"out/part-1.csv": "k,n\nb,2\na,1\nb,2\na,1\n"}, "+ a,1\n"},
		{"a row changed", map[string]string{"out/part-1.csv": "k,n\nb,2\na,1\nb,3\n"}, "- b,2\n+ b,3\n"},
		{"a late row too much", map[string]string{"out/part-1.csv": "k,n\nb,2\nb,2\na,1\n", "late/part-1.csv": "k\nb\n"}, "+ k\n+ b\n"},
	} {
		got, err := readOutput(lay(t, test.files), []string{"out", "late"})
		if err != nil {
			t.Fatal(err)
		}
		err = got.compare(answer)
		if err == nil && test.want != "" || err != nil && (test.want == "" || !strings.HasSuffix(err.Error(), ":\n"+test.want)) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

func TestBadPartFiles(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"ends in the middle of a line": {"out/part-1.csv": "k,n\na,"},
		`others with "k,n"`:            {"out/part-1.csv": "k,n\na,1\n", "out/part-2.csv": "a,1\n"},
	} {
		if _, err := readOutput(lay(t, files), []string{"out"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A late output that nobody reads gets a sink; one that has a reader keeps it.
func TestLoadReadsLateRows(t *testing.T) {
	job, err := os.ReadFile("../../jobs/examples/tumble-1h-by-origin.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for sink, want := range map[string]string{
		"": "out late_hourly",
		"  mine: { input: hourly.late, file: { path: out/mine }, format: csv }\n": "out mine",
	} {
		dir := lay(t, map[string]string{"job.yaml": string(job) + sink})
		target, err := load(filepath.Join(dir, "job.yaml"), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(target.sinks, " "); got != want {
			t.Errorf("sinks %s, want %s", got, want)
		}
	}
}

func TestLoadRefusesWhatItCannotCompare(t *testing.T) {
	if _, err := load("../../jobs/examples/departure-delays.yaml", "", nil); err == nil {
		t.Error("a job that prints was accepted")
	}
}

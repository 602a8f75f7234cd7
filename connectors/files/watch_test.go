package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/connectors/format/csv"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// inbox is a watched folder and its reader.
type inbox struct {
	t      *testing.T
	env    env.Env
	files  *memfs.FS
	clock  *clock
	pool   *record.Pool
	paths  string
	rows   int // of a batch
	reader stream.Reader
	split  stream.Split // as it is behind what was fetched
}

func newInbox(t *testing.T, rows int) *inbox {
	b := &inbox{t: t, clock: newClock(), pool: record.NewCheckedPool(), paths: "inbox", rows: rows}
	b.env, b.files = memEnv()
	b.env.Clock = b.clock
	t.Cleanup(func() {
		b.close()
		if err := b.pool.Check(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// start reads on from a position, in a process of its own.
func (b *inbox) start(from stream.Split) error {
	b.t.Helper()
	b.close()
	source := openSource(b.t, sourceSchema, map[string]string{"path": b.paths, "watch": "2s"})
	var err error
	b.reader, err = source.NewReader(stream.ReaderContext{Env: b.env, Pool: b.pool, BatchRows: b.rows})
	if err != nil {
		b.t.Fatal(err)
	}
	b.split = from
	return b.reader.Assign([]stream.Split{from})
}

func (b *inbox) close() {
	if b.reader != nil {
		if err := b.reader.Close(); err != nil {
			b.t.Error(err)
		}
	}
}

func (b *inbox) fetch(ctx context.Context) (fetched, error) {
	f, err := fetchOne(ctx, b.reader)
	if err == nil {
		b.split.Position = f.Next
		if f.Notes != nil {
			b.split.Notes = f.Notes
		}
	}
	return f, err
}

// put moves a file in, whose rows have the given ids.
func (b *inbox) put(name string, ids ...string) {
	b.t.Helper()
	text := "id,text\n"
	for _, id := range ids {
		text += id + "," + name + "\n"
	}
	writeFile(b.t, b.files, "aside", text)
	if err := errors.Join(b.files.MkdirAll(path.Dir(name)), b.files.Rename("aside", name)); err != nil {
		b.t.Fatal(err)
	}
}

// TestWatch tells the story of a folder, command by command.
func TestWatch(t *testing.T) {
	b := newInbox(t, 2)
	var saved stream.Split
	command := func(words []string) (string, error) {
		switch words[0] {
		case "put":
			b.put(words[1], words[2:]...)
		case "put-in-sleep":
			b.clock.sleep = func() {
				b.put(words[1], words[2:]...)
				b.clock.sleep = nil
			}
		case "touch":
			writeFile(t, b.files, words[1], "")
		case "mkdir":
			return "", b.files.MkdirAll(words[1])
		case "remove":
			return "", b.files.Remove(words[1])
		case "paths":
			b.paths = words[1]
		case "start":
			return "", b.start(stream.Split{ID: oneSplit})
		case "save":
			saved = b.split
			return fmt.Sprintf("%s\nnotes %s", saved.Position, saved.Notes), nil
		case "restart":
			return "", b.start(saved)
		case "pass":
			d, err := time.ParseDuration(words[1])
			b.clock.now = b.clock.now.Add(d)
			return "", err
		case "fetch", "fetch-interrupted":
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if words[0] == "fetch-interrupted" {
				b.clock.sleep = cancel
			}
			began := b.clock.now
			f, err := b.fetch(ctx)
			b.clock.sleep = nil
			out := strings.Join(drawn(f), "\n")
			if f.Notes != nil {
				out += "notes "
			}
			if f.CaughtUp {
				out += "caught up"
			}
			if slept := b.clock.now.Sub(began); slept > 0 {
				out = strings.TrimSpace(fmt.Sprintf("(slept %v) %s", slept, out))
			}
			return out, err
		default:
			t.Fatalf("unknown command %q", words)
		}
		return "", nil
	}
	// run draws what a command says; a fetch may be repeated: "fetch 3".
	run := func(words []string) (out string) {
		times := 1
		if words[0] == "fetch" && len(words) > 1 {
			times, _ = strconv.Atoi(words[1])
		}
		for range times {
			text, err := command(words)
			if err != nil {
				text += " error: " + err.Error()
			}
			if text = strings.TrimSpace(text); text != "" {
				out += text + "\n"
			}
		}
		return out
	}
	golden.Script(t, "testdata/watch", func(input string) string {
		var out strings.Builder
		for _, line := range golden.Commands(input) {
			fmt.Fprint(&out, run(strings.Fields(line)))
		}
		return out.String()
	})
}

// TestWatchReadsEachFileOnce moves files in under random names, takes away some
// that have been read, and kills the reader at random.
func TestWatchReadsEachFileOnce(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		random := c.Random
		b := newInbox(c.T, 1+random.IntN(4))
		c.Describe(func() string { return fmt.Sprintf("%s, notes %s", b.split.Position, b.split.Notes) })
		if err := errors.Join(b.files.MkdirAll("inbox"), b.start(stream.Split{ID: oneSplit})); err != nil {
			c.Fatal(err)
		}
		var safe, rows []string // what was read up to the checkpoint, and behind it
		checkpoint := b.split
		var want []string
		fetch := func() bool {
			f, err := b.fetch(t.Context())
			if err != nil {
				c.Fatal(err)
			}
			rows = append(rows, drawn(f)...)
			return f.CaughtUp
		}
		for range 100 {
			switch random.IntN(5) {
			case 0:
				name := fmt.Sprintf("inbox/%x.csv", random.Uint32())
				var ids []string
				for range random.IntN(8) {
					ids = append(ids, fmt.Sprint(len(want)))
					want = append(want, fmt.Sprintf("%d|%q", len(want), name))
				}
				b.put(name, ids...)
			case 1:
				checkpoint, safe, rows = b.split, append(safe, rows...), nil
			case 2:
				if err := b.start(checkpoint); err != nil {
					c.Fatal(err)
				}
				rows = nil
			case 3:
				b.tidyUp(checkpoint)
			default:
				fetch()
			}
		}
		caughtUp := 0 // the first may be of a look before the last file
		for fetches := 0; caughtUp < 2 && fetches < 10_000; fetches++ {
			if fetch() {
				caughtUp++
			}
		}
		got := slices.Sorted(slices.Values(append(safe, rows...)))
		if slices.Sort(want); caughtUp < 2 || !slices.Equal(got, want) {
			c.Fatalf("caught up %d times\n got %q\nwant %q", caughtUp, got, want)
		}
	})
}

// tidyUp takes away the files that have been read, as a checkpoint says.
func (b *inbox) tidyUp(checkpoint stream.Split) {
	b.t.Helper()
	if checkpoint.Notes == nil {
		return
	}
	var p position
	var files known
	if err := errors.Join(json.Unmarshal(checkpoint.Position, &p), json.Unmarshal(checkpoint.Notes, &files)); err != nil {
		b.t.Fatal(err)
	}
	for _, f := range files {
		if f.Name == p.File {
			break
		}
		if err := b.files.Remove("inbox/" + f.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			b.t.Fatal(err)
		}
	}
}

func TestWatchConfig(t *testing.T) {
	for _, test := range []struct {
		key, value, want string
	}{
		{"watch", "1ms", "file.watch: 1ms is less than 10ms"},
		{"parallel", "true", "file.watch: new files are read one after the other, as one split; remove parallel"},
		{"repeat", "2", "file.watch: watched files have no end after which to repeat; remove repeat"},
		{"path", "-", "file.watch: standard input is not a folder"},
		{"path", "in/[a.csv", `file.path: "in/[a.csv" is not a pattern of file names: a [ has no ]`},
	} {
		values := map[string]string{"path": "inbox", "watch": "2s"}
		values[test.key] = test.value
		_, err := SourceType.New(config(t, &SourceType.Spec, values), component.SourceInputs{
			Format: csv.Default, Schema: sourceSchema, Patterns: make([]stream.Pattern, sourceSchema.Len()),
		})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %s: %v, want %s", test.key, test.value, err, test.want)
		}
	}
}

// TestWatchTurnedOnOrOff refuses a position that says nothing of what was read.
func TestWatchTurnedOnOrOff(t *testing.T) {
	b := newInbox(t, 1)
	b.put("inbox/a.csv", "1", "2")
	if err := b.start(stream.Split{ID: oneSplit}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := openSource(t, sourceSchema, map[string]string{"path": "inbox"}).NewReader(stream.ReaderContext{Env: b.env, Pool: b.pool})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Assign([]stream.Split{b.split}); err != errWatchChanged {
		t.Errorf("turned off: %v", err)
	}
	if err := b.start(stream.Split{ID: oneSplit, Position: stream.Position(`{"file":"a.csv","record":1}`)}); err != errWatchChanged {
		t.Errorf("turned on: %v", err)
	}
}

package control

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// logsOf reads a log with a client until it ends, or has had as many lines as are wanted.
func logsOf(t *testing.T, c *Client, last int, follow bool, enough int, each func(n int)) (lines []string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	err := c.Logs(ctx, "play", last, follow, func(line []byte) error {
		lines = append(lines, strings.TrimSpace(string(line)))
		if len(lines) == enough {
			stop()
		}
		each(len(lines))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// A log is read as it is, its last lines, or as it grows, until the job or the server goes.
func TestLogs(t *testing.T) {
	var j Jobs
	log := j.Log("play")
	write := func(n int) { fmt.Fprintf(log, "{\"n\":%d}\n", n) }
	url, file := serve(t, &j, secret)
	c, err := NewClient(Server{Address: url, TokenFile: file})
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(int) {}
	if got := logsOf(t, c, -1, false, 0, nothing); len(got) > 0 {
		t.Errorf("an empty log has %q", got)
	}
	for n := range 3 {
		write(n)
	}
	if got := logsOf(t, c, -1, false, 0, nothing); !slices.Equal(got, []string{`{"n":0}`, `{"n":1}`, `{"n":2}`}) {
		t.Errorf("all of it: %q", got)
	}
	if got := logsOf(t, c, 2, false, 0, nothing); !slices.Equal(got, []string{`{"n":1}`, `{"n":2}`}) {
		t.Errorf("the last two: %q", got)
	}
	// Each line comes once, and without waiting for another.
	if got := logsOf(t, c, 1, true, 4, func(n int) { write(n + 2) }); !slices.Equal(got, []string{`{"n":2}`, `{"n":3}`, `{"n":4}`, `{"n":5}`}) {
		t.Errorf("following: %q", got)
	}
	got := logsOf(t, c, 1, true, 0, func(int) { j.Gone("play") })
	if len(got) != 1 {
		t.Errorf("until the job is gone: %q", got)
	}
	if err := c.Logs(t.Context(), "play", 1, true, nil); err == nil || err.Error() != url+`: no job "play" runs here` {
		t.Errorf("of one that is gone: %v", err)
	}
}

// A server that ends does not wait for those who follow.
func TestLogsEndWithTheServer(t *testing.T) {
	var j Jobs
	fmt.Fprintln(j.Log("play"), "{}")
	s, file := listen(t, &j, secret)
	c, err := NewClient(Server{Address: s.URL(), TokenFile: file})
	if err != nil {
		t.Fatal(err)
	}
	logsOf(t, c, 1, true, 0, func(int) { go s.Close() })
}

// No more is kept than so many lines and bytes, of which the last are the latest.
func TestLogBounds(t *testing.T) {
	for _, size := range []int{1, 5000, mostBytes + 1} {
		l := newLog()
		for range 3 * mostLines / 2 {
			if _, err := l.Write(make([]byte, size)); err != nil {
				t.Fatal(err)
			}
		}
		lines, next, _ := l.read(0, mostLines)
		if want := max(1, min(mostLines, mostBytes/size)); len(lines) != want || next != 3*mostLines/2 {
			t.Errorf("of lines of %d bytes %d are kept, not %d", size, len(lines), want)
		}
		if lines, _, _ := l.read(next-1, mostLines); len(lines) != 1 {
			t.Errorf("behind the last but one are %d lines", len(lines))
		}
	}
}

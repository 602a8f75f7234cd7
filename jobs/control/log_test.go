package control

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
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

// There are so many who follow and no more; others read logs as they are.
func TestManyFollow(t *testing.T) {
	var j Jobs
	fmt.Fprintln(j.Log("play"), "{}")
	url, file := serve(t, &j, secret)
	c, err := NewClient(Server{Address: url, TokenFile: file})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var all, reading sync.WaitGroup
	for range mostFollowers {
		reading.Add(1)
		all.Go(func() {
			if err := c.Logs(ctx, "play", 1, true, func([]byte) error { reading.Done(); return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	reading.Wait()
	if err := c.Logs(t.Context(), "play", 1, true, nil); err == nil || !strings.Contains(err.Error(), "64 follow logs already") {
		t.Errorf("one more: %v", err)
	}
	if got := logsOf(t, c, 1, false, 0, func(int) {}); len(got) != 1 {
		t.Errorf("who does not follow reads %q", got)
	}
	stop()
	all.Wait()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := 0; j.followers.Load() > 0; n++ { // until the server has noticed
		if n == 20_000 {
			t.Fatalf("%d are still there", j.followers.Load())
		}
		<-tick.C
	}
	if got := logsOf(t, c, 1, true, 1, func(int) {}); len(got) != 1 {
		t.Errorf("behind them one reads %q", got)
	}
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

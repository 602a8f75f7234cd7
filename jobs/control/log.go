package control

import (
	"bytes"
	"slices"
	"sync"
)

// How much of a log is kept.
const (
	mostLines = 1000
	mostBytes = 1 << 20
)

// Log is the latest lines of what has happened to a job. Whoever writes the log writes them,
// each with one Write; several goroutines may.
type Log struct {
	mu    sync.Mutex
	lines [][]byte // oldest first
	bytes int      // that they have
	next  int64    // how many there were in all
	news  chan struct{}
	over  bool
}

func newLog() *Log { return &Log{news: make(chan struct{})} }

// Write adds a line.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, bytes.Clone(line))
	l.bytes += len(line)
	l.next++
	for len(l.lines) > 1 && (len(l.lines) > mostLines || l.bytes > mostBytes) {
		l.bytes -= len(l.lines[0])
		l.lines = slices.Delete(l.lines, 0, 1)
	}
	l.tell()
	return len(line), nil
}

// Close says that there will be no more lines.
func (l *Log) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	l.tell()
}

func (l *Log) tell() {
	close(l.news)
	l.news = make(chan struct{})
}

// read returns the lines from number from on that are still there, at most so many of the latest;
// where to read on, and what is closed when there is more. No channel is that there will be none.
func (l *Log) read(from int64, last int) (lines [][]byte, next int64, news <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(int64(len(l.lines)), l.next-from, int64(last))
	lines = slices.Clone(l.lines[int64(len(l.lines))-n:])
	if !l.over {
		news = l.news
	}
	return lines, l.next, news
}

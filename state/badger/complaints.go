package badger

import (
	"fmt"
	"strings"
	"sync"
)

// complaints are the last things that went wrong without anybody to tell: what Badger
// logs, and what fails in the background.
type complaints struct {
	mu struct {
		sync.Mutex
		last []string
	}
}

const mostComplaints = 16

func (c *complaints) add(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.mu.last) == mostComplaints {
		c.mu.last = append(c.mu.last[:0], c.mu.last[1:]...)
	}
	c.mu.last = append(c.mu.last, text)
}

func (c *complaints) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.mu.last...)
}

// log is what one database logs to. It also notices that a table cannot be written, which
// Badger tries again for ever, even while it is being closed.
type log struct {
	database string
	to       *complaints
	failed   chan struct{} // takes an element for each attempt, if there is room
}

func newLog(database string, to *complaints) log { return log{database, to, make(chan struct{}, 1)} }

// Errorf implements Badger's Logger.
func (l log) Errorf(format string, args ...any) {
	l.note(format, args)
	if strings.HasPrefix(format, "error flushing memtable") {
		select {
		case l.failed <- struct{}{}:
		default:
		}
	}
}

// Warningf implements Badger's Logger.
func (l log) Warningf(format string, args ...any) { l.note(format, args) }

// Infof implements Badger's Logger.
func (log) Infof(string, ...any) {}

// Debugf implements Badger's Logger.
func (log) Debugf(string, ...any) {}

func (l log) note(format string, args []any) {
	l.to.add(fmt.Sprintf("%s: %s", l.database, strings.TrimSpace(fmt.Sprintf(format, args...))))
}

package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// aim is the moment at which a process is to be killed: some time after an event
// in the state directory. It need not hit: what a kill hit is seen afterwards.
type aim struct {
	at    phase         // restore, prepare, commit; running is no event but any time
	after time.Duration // for this long the process is left alone
	late  time.Duration // from the event to the kill
}

// lag is how long after an event a kill comes at most: about as long as the
// phase lasts that the event begins.
var lag = map[phase]time.Duration{
	restore: 10 * time.Millisecond,
	prepare: 3 * time.Millisecond,
	commit:  3 * time.Millisecond,
	running: time.Millisecond,
}

// draw draws an aim for a process that is to live for up to life.
func draw(random *rand.Rand, life time.Duration) aim {
	at := [...]phase{restore, prepare, commit, running}[random.IntN(4)]
	return aim{at, time.Duration(random.Int64N(int64(life))), time.Duration(random.Int64N(int64(lag[at])))}
}

// take waits for the moment and kills the process, unless it ends before.
func (a aim) take(p *process, stateDir string) {
	slots, objects := filepath.Join(stateDir, "slots"), filepath.Join(stateDir, "state")
	takenOver := appears(slots)
	ready := true
	switch a.at {
	case running:
		ready = p.pause(a.after)
	case restore:
		ready = p.until(takenOver)
	case prepare:
		ready = p.until(takenOver) && p.pause(a.after) && p.until(appears(objects))
	case commit:
		ready = p.until(takenOver) && p.pause(a.after) && p.until(appears(slots))
	}
	if ready && p.pause(a.late) {
		p.kill()
	}
}

// appears returns a function that reports whether there is a name in a folder
// that was not there before. Copies of slots are no names.
func appears(folder string) func() bool {
	old := map[string]bool{}
	for _, n := range names(folder) {
		old[n] = true
	}
	return func() bool {
		for _, n := range names(folder) {
			if !old[n] && !strings.HasSuffix(n, ".copy") {
				return true
			}
		}
		return false
	}
}

// names returns what is in a folder, in order; nothing if it is not there.
func names(folder string) []string {
	entries, _ := os.ReadDir(folder)
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.Name()
	}
	return all
}

package trial

import (
	"fmt"
	"os"
	"runtime/pprof"
	"testing"
	"time"
)

// patience is how long a part of a test may take before it is said to hang: far more
// than any takes on a slow machine under the race detector, far less than the time
// after which go test gives up without a word about the seed.
var patience = time.Minute

// Guard watches over a part of a test that waits for something, until the function
// that it returns is called. Where that is not in time, it ends the process, as
// there is no other way to end a loop: with all stacks, and behind them, to be found
// at the end of a log, the name of the test and what state says.
//
//	defer trial.Guard(t, func() string { return run.Status().String() })()
func Guard(t testing.TB, state func() string) (done func()) { return watch(t.Name(), state) }

func watch(who string, state func() string) (done func()) {
	guard := time.AfterFunc(patience, func() {
		line := fmt.Sprintf("%s hangs: no end after %v", who, patience)
		fmt.Fprintln(os.Stderr, line)
		_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 2) // the line is what counts
		fmt.Fprintf(os.Stderr, "\n%s\n%s\n", line, inTime(state))
		os.Exit(2)
	})
	return func() { guard.Stop() }
}

// inTime returns what state says, unless that waits for what hangs.
func inTime(state func() string) string {
	said := make(chan string, 1)
	go func() { said <- state() }()
	select {
	case text := <-said:
		return text
	case <-time.After(patience / 10):
		return "where it stands cannot be told: that hangs, too"
	}
}

package checkpoint

import (
	"fmt"
	"time"
)

// Retry says when what has failed is tried again: a second later, then two, four and so on, a
// minute at most. The zero value has not failed.
type Retry struct {
	Failures int       // in a row
	Since    time.Time // of the first of them
	Err      error     // of the last
	Again    time.Time // no attempt before this
}

// longestRetry is the longest wait between two attempts.
const longestRetry = time.Minute

// Failed counts a failure of what may fail for so long; 0 is for ever. The last attempt is at the
// end of that, however long the waits have become.
func (r *Retry) Failed(now time.Time, long time.Duration, err error) {
	if r.Failures == 0 {
		r.Since = now
	}
	r.Again = now.Add(min(retryAfter<<min(r.Failures, 10), longestRetry))
	if end := r.Since.Add(long); long > 0 && end.Before(r.Again) {
		r.Again = end
	}
	r.Err = err
	r.Failures++
}

// Over reports whether it has failed for long enough; 0 is never.
func (r *Retry) Over(now time.Time, long time.Duration) bool {
	return long > 0 && r.Failures > 0 && !now.Before(r.Since.Add(long))
}

// GivenUp returns the error of what has failed for long enough.
func (r *Retry) GivenUp(now time.Time) error {
	long := now.Sub(r.Since).Round(time.Millisecond)
	return fmt.Errorf("%w\nIt has failed for %v. Nothing is lost: the next start begins with it", r.Err, long)
}

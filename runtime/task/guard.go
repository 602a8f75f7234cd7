package task

import (
	"fmt"
	"runtime/debug"
)

// panicked is the error that a recovered panic becomes: what is wrong with one
// step fails its job, not the process. who names the step.
func panicked(who string, reason any) error {
	return fmt.Errorf("%s: panic, which is a bug in weir: %v\n%s", who, reason, debug.Stack())
}

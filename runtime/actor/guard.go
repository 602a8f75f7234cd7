package actor

import (
	"fmt"
	"runtime/debug"
)

// Panicked is the error that a recovered panic becomes: what is wrong with one
// step fails its job, not the process. who names the step.
func Panicked(who string, reason any) error {
	return fmt.Errorf("%s: panic, which is a bug in weir: %v\n%s", who, reason, debug.Stack())
}

// Guard calls what a component has made for a step, and makes an error of a
// panic.
func Guard(step string, call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = Panicked(step, r)
		}
	}()
	return call()
}

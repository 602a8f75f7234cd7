package actor

import (
	"fmt"
	"runtime/debug"

	"github.com/weirstream/weir/runtime/failure"
)

// Panicked is the error that a recovered panic becomes: what is wrong with one
// step fails its job, not the process. who names the step. An error that was thrown is
// itself.
func Panicked(who string, reason any) error {
	if thrown, ok := reason.(failure.Thrown); ok {
		return fmt.Errorf("%s: %w", who, thrown.Err)
	}
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

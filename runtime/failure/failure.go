// Package failure says what is to become of an error. Whoever makes the error
// knows what it means and gives it a class; the class goes along wherever the
// error is wrapped with %w; and whoever decides how to go on asks for it, in one
// place:
//
//	if content != staged {
//		return failure.Fatal(fmt.Errorf("%s exists with other content", name))
//	}
//	…
//	if failure.ClassOf(err) == failure.ClassFatal {
//		// to commit again would fail again
//	}
//
// Most errors have no class: a disk that is full, a connection that was reset.
// What is usual at a place, to try again or to give up, holds for them.
package failure

import "errors"

// Class is what an error means for whoever has to go on.
type Class string

// The classes of errors.
const (
	// Unclassified is the class of an error of which nobody has said anything.
	Unclassified Class = ""
	// ClassTransient passes by itself: to be tried again, here.
	ClassTransient Class = "transient"
	// ClassRestart has spoiled what is under way, and nothing that is decided: back
	// to the last checkpoint.
	ClassRestart Class = "restart"
	// ClassFatal stays the same however often the same is tried: the job stops, at
	// once, and its state is kept for somebody to look at.
	ClassFatal Class = "fatal"
	// ClassInvalid comes of the text of the job, which has to be changed.
	ClassInvalid Class = "invalid"
)

// classified is an error with its class; its text is the error's own.
type classified struct {
	error
	class Class
}

// Class implements Classified.
func (c *classified) Class() Class { return c.class }

// Unwrap lets the error be found by errors.Is.
func (c *classified) Unwrap() error { return c.error }

// Transient marks an error that passes by itself.
func Transient(err error) error { return classify(err, ClassTransient) }

// Restart marks an error after which the last checkpoint is the place to go on from.
func Restart(err error) error { return classify(err, ClassRestart) }

// Fatal marks an error that will not go away, however often the same is tried.
func Fatal(err error) error { return classify(err, ClassFatal) }

// Invalid marks an error that the text of the job is the cause of.
func Invalid(err error) error { return classify(err, ClassInvalid) }

// classify leaves nil as it is.
func classify(err error, class Class) error {
	if err == nil {
		return nil
	}
	return &classified{err, class}
}

// Classified is an error that knows its class, by its type or because it was given
// one.
type Classified interface {
	error
	Class() Class
}

// ClassOf returns the class of an error. Where it was given several, the one that
// was given last counts: who wraps an error may know more than who made it.
func ClassOf(err error) Class {
	var c Classified
	if errors.As(err, &c) {
		return c.Class()
	}
	return Unclassified
}

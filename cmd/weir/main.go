// Command weir runs stream-processing jobs.
//
//	weir new           writes a job file to begin with
//	weir lint JOB…     says what is wrong with job files
//	weir explain JOB   says what a job will do
//	weir run JOB       runs it until its input ends or it is stopped
//	weir serve         runs a folder of job files; ps, logs, submit, stop and others reach it
//	weir state FOLDER  shows what checkpoints and savepoints hold
//	weir dlq …         looks at dead letters and feeds them to their job again
//	weir docs NAME…    shows the reference of components, keys and functions
//
// weir -h lists the others.
//
// Results go where the job's sinks put them, with `print` and `-` on standard
// output; everything else goes to standard error. The exit code is 0 when all
// went well, 1 when something failed on the way, and 2 when the job file or the
// command is wrong and nothing was started. When memory runs out, or a goroutine
// panics that nobody guards, the Go runtime ends the process, with 2 as well.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/weirstream/weir/runtime/component"
)

func main() {
	os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitFailed      = 1
	exitBadJob      = 2
	exitInterrupted = 130 // the shell's code for a process ended by SIGINT
)

// execute runs one command line and returns its exit code.
func execute(args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(append([]string{}, args...)) // cobra takes nil for the process's own
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return 0
	}
	if !errors.As(err, new(said)) {
		fmt.Fprintln(stderr, message(err))
	}
	return exitCode(err)
}

// begun is an error of something that was begun.
type begun struct{ error }

func (b begun) Unwrap() error { return b.error }

// exitCode tells what failed on the way from what was wrong from the start.
func exitCode(err error) int {
	if errors.As(err, new(begun)) {
		return exitFailed
	}
	return exitBadJob
}

// message leaves problems of a job file as they are, one a line with its place,
// as editors read them.
func message(err error) string {
	if errors.As(err, new(component.Problems)) {
		return err.Error()
	}
	return "weir: " + err.Error()
}

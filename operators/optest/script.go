package optest

import (
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
)

// Inspector is an operator that shows what it holds.
type Inspector interface {
	// Inspect returns what is open as a batch, which the caller owns.
	Inspect() (*record.Batch, error)
}

// Open makes the case that a script's first command names; Stream is left empty.
// It reads its arguments from args and deletes those that it knows.
type Open func(command string, args map[string]string) (Case, error)

// Scripts runs the scripts that match a pattern, as [golden.Script] does. A
// command is a word and arguments name=value:
//
//	session gap=10s lateness=0s           a fresh operator; words and arguments are open's
//	record key=a v=1 t=15s                a row, in a batch of its own: a value per column
//	record key=a v=1 t=15s w=20s          … and the watermark of its split before it
//	record in=1 key=a v=1 t=15s           … of the second input
//	record -D key=a v=1 t=15s             … that withdraws another one
//	input 1                               commands that name no input are about this one
//	batch                                 the records behind it, up to another command, are one batch
//	watermark 26s                         or min, or max
//	watermark in=1 26s
//	idle
//	idle in=1
//	clock 26s                             the time, by the clock of those who ask it
//	end                                   watermark max, and the end, of every input
//	end in=1                              … of one
//	state                                 what the operator holds, sorted
//	restore                               a checkpoint, and a new instance from it
//	restore subtasks=3                    … or several, over which keys are spread
//	counters                              those that are not 0
//	budget 1                              changes per call from here on (with a restore)
//
// Output is "emit" with a row, as [Draw] draws it, or the name of another output with
// one, "watermark", "idle" and "end" as they leave, and "error" with the text.
func Scripts(t *testing.T, pattern string, open Open) {
	golden.Files(t, pattern, func(t *testing.T, file string) {
		s := script{open: open}
		defer s.close(t)
		golden.Script(t, file, func(input string) string { return s.commands(golden.Commands(input)) })
	})
}

package optest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

var rewrite = flag.Bool("rewrite", false, "write what scripts put out into their files")

// Inspector is an operator that shows what it holds.
type Inspector interface {
	// Inspect returns what is open as a batch, which the caller owns.
	Inspect() (*record.Batch, error)
}

// Open makes the case that a script's first command names; Stream is left empty.
// It reads its arguments from args and deletes those that it knows.
type Open func(command string, args map[string]string) (Case, error)

// Scripts runs the scripts that match a pattern and compares their output with
// what they say; with -rewrite it writes it down instead.
//
// A script is paragraphs: commands, a line "----", the output they give. A line
// that begins with # is a comment, an empty line ends the output. Commands are a
// word and arguments name=value:
//
//	session gap=10s lateness=0s           a fresh operator; words and arguments are open's
//	record key=a v=1 t=15s                a row, in a batch of its own: a value per column
//	record key=a v=1 t=15s w=20s          … and the watermark of its split before it
//	batch                                 the records behind it, up to another command, are one batch
//	watermark 26s                         or min, or max
//	idle
//	end                                   watermark max, and the end
//	state                                 what the operator holds, sorted
//	restore                               a checkpoint, and a new instance from it
//	restore subtasks=3                    … or several, over which keys are spread
//	counters                              those that are not 0
//	budget 1                              rows per call from here on (with a restore)
//
// Output is "emit" and "late" with a row, "watermark", "idle" and "end" as they
// leave, and "error" with the text.
func Scripts(t *testing.T, pattern string, open Open) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts match %s: %v", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runScript(t, file, open) })
	}
}

func runScript(t *testing.T, file string, open Open) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := script{open: open}
	var written strings.Builder
	for _, p := range paragraphs(string(text)) {
		got := s.paragraph(p.commands)
		if got != p.output && !*rewrite {
			t.Errorf("%s:%d: got\n%s\nwant\n%s", file, p.line, got, p.output)
		}
		written.WriteString(p.head)
		if p.commands != nil {
			written.WriteString("----\n" + got)
		}
	}
	s.close(t)
	if *rewrite {
		if err := os.WriteFile(file, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A paragraph is commands and their output.
type paragraph struct {
	line     int
	head     string   // everything up to the line ----
	commands []string // nil behind the last output
	output   string   // without the empty line
}

func paragraphs(text string) (list []paragraph) {
	p, inOutput := paragraph{line: 1}, false
	for i, line := range strings.SplitAfter(text, "\n") {
		bare := strings.TrimSpace(line)
		switch {
		case inOutput && bare != "":
			p.output += line
		case inOutput:
			list = append(list, p)
			p, inOutput = paragraph{line: i + 1, head: line}, false
		case bare == "----":
			inOutput = true
			if p.commands == nil {
				p.commands = []string{}
			}
		default:
			p.head += line
			if bare != "" && bare[0] != '#' {
				p.commands = append(p.commands, bare)
			}
		}
	}
	if p.head == "" {
		return list
	}
	return append(list, p)
}

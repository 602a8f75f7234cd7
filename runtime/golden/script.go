package golden

import (
	"strings"
	"testing"
)

// Script runs a script. It consists of cases: lines of input up to a line ----,
// then lines of expected output up to an empty line. run gets the input of a
// case, with its comments and empty lines, and returns its output, which holds no
// empty lines. Behind the last case there may be comments, lines that begin with
// #.
func Script(t testing.TB, file string, run func(input string) string) {
	t.Helper()
	var now strings.Builder
	cases, tail, line := parse(read(t, file))
	for i, c := range cases {
		if i > 0 {
			now.WriteString("\n")
		}
		got := lines(run(c.input))
		if got != c.output && !*rewrite {
			t.Errorf("%s:%d:\n%sgot:\n%s\nwant:\n%s", file, c.line, c.input, got, c.output)
		}
		if strings.Contains(got, "\n\n") {
			t.Fatalf("%s:%d: the output has an empty line, which would end it:\n%s", file, c.line, got)
		}
		now.WriteString(c.input + "----\n" + got)
	}
	if len(Commands(tail)) > 0 {
		t.Fatalf("%s:%d: a case has no line ----", file, line)
	}
	if tail != "" && len(cases) > 0 {
		now.WriteString("\n")
	}
	if *rewrite {
		write(t, file, now.String()+tail)
	}
}

// Commands returns the lines of an input that are neither empty nor comments,
// without the space around them.
func Commands(input string) []string {
	var commands []string
	for line := range strings.Lines(input) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			commands = append(commands, line)
		}
	}
	return commands
}

// testCase is a case of a script.
type testCase struct {
	line   int
	input  string
	output string // without an empty line behind it
}

// parse returns the cases of a script and the text behind them, with its line.
func parse(text string) (cases []testCase, tail string, line int) {
	line = 1
	for {
		input, rest, ok := strings.Cut("\n"+text, "\n----\n")
		if !ok {
			return cases, text, line
		}
		c := testCase{line: line, input: strings.TrimPrefix(input+"\n", "\n")}
		c.output, text, _ = strings.Cut("\n"+rest, "\n\n")
		c.output = lines(c.output)
		cases = append(cases, c)
		line += strings.Count(c.input+c.output, "\n") + 2
	}
}

// lines returns lines of text, each with its end, without empty ones around them.
func lines(text string) string {
	if text = strings.Trim(text, "\n"); text == "" {
		return ""
	}
	return text + "\n"
}

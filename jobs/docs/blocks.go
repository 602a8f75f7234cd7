// Package docs reads the code blocks of Markdown pages, for the tests that hold
// what the pages show to what weir does:
//
//   - a ```yaml block with sources and sinks is a whole job and passes weir lint;
//     any other is a piece of one. Where its first line is a comment with a file
//     name, such as "# delays.yaml", it is what stands in that file;
//   - a ```sh block is run;
//   - a ```console block is a session: each line that begins with "$ " is run, and
//     the lines below it are what it prints. That is its standard output or, of a
//     command that fails, its standard error; "…" stands for any lines.
//
// The blocks of a page are run in their order, in one folder.
package docs

import "strings"

// Block is a fenced code block of a Markdown page.
type Block struct {
	Language string
	Line     int    // of its first line, from 1
	Text     string // with a line end behind each line
}

// Blocks returns the fenced code blocks of a page in their order.
func Blocks(page string) []Block {
	var blocks []Block
	var open *Block
	for i, line := range strings.Split(page, "\n") {
		fence, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && open == nil:
			open = &Block{Language: fence, Line: i + 2}
		case isFence:
			blocks = append(blocks, *open)
			open = nil
		case open != nil:
			open.Text += line + "\n"
		}
	}
	return blocks
}

// File returns the name in the first line of a YAML block, "" where there is none.
func (b Block) File() string {
	first, _, _ := strings.Cut(b.Text, "\n")
	name, ok := strings.CutPrefix(first, "# ")
	if !ok || strings.ContainsAny(name, " /") || !strings.HasSuffix(name, ".yaml") {
		return ""
	}
	return name
}

// Command is a command of a console block and what it prints.
type Command struct {
	Line    int // from 1
	Text    string
	Printed string
}

// Commands returns the commands of a console block.
func (b Block) Commands() []Command {
	var commands []Command
	for i, line := range strings.SplitAfter(strings.TrimSuffix(b.Text, "\n"), "\n") {
		text, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case isCommand:
			commands = append(commands, Command{Line: b.Line + i, Text: strings.TrimSpace(text)})
		case len(commands) > 0:
			commands[len(commands)-1].Printed += strings.TrimSuffix(line, "\n") + "\n"
		}
	}
	return commands
}

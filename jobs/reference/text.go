package reference

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/component"
)

// width is how many characters a line for a terminal has at most.
const width = 100

// List draws one line per page, by chapter, for a terminal.
func List(pages []Page) string {
	var b strings.Builder
	longest := 0
	for _, p := range pages {
		longest = max(longest, utf8.RuneCountInString(p.Name))
	}
	for _, g := range Groups() {
		var lines []string
		for _, p := range pages {
			if p.Group == g.Title {
				space := strings.Repeat(" ", longest-utf8.RuneCountInString(p.Name))
				lines = append(lines, firstLine(p.Name+space+"  ", plainText(p.Summary)))
			}
		}
		if lines != nil {
			b.WriteString(g.Title + "\n")
			indented(&b, "  ", lines)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// firstLine returns as much of a text as fits behind a prefix: its first sentence,
// or if need be the beginning of it.
func firstLine(prefix, text string) string {
	room := width - utf8.RuneCountInString(prefix) - 4
	for _, end := range []string{". ", "; "} {
		text, _, _ = strings.Cut(text, end)
		if text = strings.TrimSuffix(text, "."); utf8.RuneCountInString(text) <= room {
			return prefix + text
		}
	}
	return prefix + wrap(text, room)[0] + " …"
}

// Text draws the page for a terminal.
func (p *Page) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", p.Name, p.Kind)
	if p.Aliases != nil {
		fmt.Fprintf(&b, "  also %s\n", strings.Join(p.Aliases, ", "))
	}
	section(&b, p.Signatures)
	section(&b, wrap(plainText(p.Summary), width-2))
	for _, paragraph := range strings.Split(p.Details, "\n\n") {
		section(&b, paragraphLines(paragraph))
	}
	section(&b, wrap(p.Besides, width-2))
	for i := range p.Fields {
		f := &p.Fields[i]
		section(&b, []string{headline(f)})
		lines := wrap(plainText(description(f)), width-4)
		if f.Example != "" {
			lines = append(lines, f.Name+": "+f.Example)
		}
		indented(&b, "    ", lines)
	}
	p.drawExamples(&b)
	return b.String()
}

// headline draws what the value of a key is, and whether it may be left out.
func headline(f *component.Field) string {
	line := f.Name + ": " + valueOf(f)
	if p := presence(f); p != "" {
		line += " (" + p + ")"
	}
	return line
}

func (p *Page) drawExamples(b *strings.Builder) {
	var results []string
	for _, e := range p.Examples {
		if e.Title == "" {
			results = append(results, exampleLine(e))
			continue
		}
		section(b, []string{"# " + e.Title})
		indented(b, "  ", strings.Split(strings.TrimSpace(e.Text), "\n"))
	}
	section(b, results)
}

// exampleLine draws an example of a function.
func exampleLine(e Example) string {
	if e.Result == "" {
		return e.Text
	}
	return e.Text + "  →  " + e.Result
}

// section writes lines, if there are any, behind an empty one.
func section(b *strings.Builder, lines []string) {
	if len(lines) == 0 {
		return
	}
	b.WriteByte('\n')
	indented(b, "  ", lines)
}

func indented(b *strings.Builder, indent string, lines []string) {
	for _, line := range lines {
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
}

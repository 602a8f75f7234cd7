package reference

import (
	"fmt"
	"slices"
	"strings"
)

// generated stands at the head of each page.
const generated = "<!-- Written by `weir docs --markdown` from the declarations in the code. -->\n\n"

// Markdown draws the reference as Markdown pages, by the names of their files.
// README.md is the index.
func Markdown(pages []Page) map[string]string {
	files := map[string]*strings.Builder{}
	index := new(strings.Builder)
	index.WriteString(generated + "# Reference\n\nAll that a job file can say. `weir docs NAME` shows the same in a terminal.\n\n")
	for _, g := range Groups() {
		inGroup := slices.DeleteFunc(slices.Clone(pages), func(p Page) bool { return p.Group != g.Title })
		if len(inGroup) == 0 {
			continue
		}
		title := "# " + g.Title
		b := files[g.File]
		if b == nil {
			b = new(strings.Builder)
			b.WriteString(generated)
			files[g.File] = b
		} else {
			title = "\n" + title
		}
		b.WriteString(title + "\n")
		for i := range inGroup {
			inGroup[i].markdown(b)
		}
		writeIndex(index, g, inGroup)
	}
	texts := map[string]string{"README.md": index.String()}
	for name, b := range files {
		texts[name] = b.String()
	}
	return texts
}

func writeIndex(b *strings.Builder, g Group, pages []Page) {
	links := make([]string, len(pages))
	for i, p := range pages {
		links[i] = fmt.Sprintf("[%s](%s%s)", markdownText.Replace(p.Name), g.File, anchor(p.Name))
	}
	fmt.Fprintf(b, "- **%s**: %s\n", g.Title, strings.Join(links, ", "))
}

// anchor is what GitHub makes of a heading: letters, digits, - and _, with - for
// spaces. Signs alone leave nothing that would tell one from another.
func anchor(heading string) string {
	text := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, strings.ToLower(heading))
	if strings.Trim(text, "-") == "" {
		return ""
	}
	return "#" + text
}

// markdownText keeps signs from being read as marks.
var markdownText = strings.NewReplacer("*", `\*`, "<", `\<`, "|", `\|`)

func (p *Page) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n", markdownText.Replace(p.Name))
	if len(p.Signatures) > 0 {
		b.WriteString("```text\n" + strings.Join(p.Signatures, "\n") + "\n```\n\n")
	}
	b.WriteString(p.Summary + "\n")
	if p.Aliases != nil {
		fmt.Fprintf(b, "\nAlso: `%s`.\n", strings.Join(p.Aliases, "`, `"))
	}
	if p.Details != "" {
		b.WriteString("\n" + strings.Trim(p.Details, "\n") + "\n")
	}
	if p.Besides != "" {
		b.WriteString("\n" + p.Besides + "\n")
	}
	p.writeKeys(b)
	p.writeExamples(b)
}

// writeKeys draws the keys as a table.
func (p *Page) writeKeys(b *strings.Builder) {
	if len(p.Fields) == 0 {
		return
	}
	b.WriteString("\n| key | value | |\n|---|---|---|\n")
	for i := range p.Fields {
		f := &p.Fields[i]
		value := valueOf(f)
		if presence := presence(f); presence != "" {
			value += "; " + presence
		}
		about := description(f)
		if f.Example != "" {
			about += " Example: `" + f.Name + ": " + f.Example + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.Name, inTable(value), inTable(about))
	}
}

// inTable keeps a text from ending a cell.
func inTable(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// writeExamples draws examples of YAML with their titles, and those of functions
// in one block.
func (p *Page) writeExamples(b *strings.Builder) {
	var results []string
	for _, e := range p.Examples {
		if e.Title == "" {
			results = append(results, exampleLine(e))
			continue
		}
		fmt.Fprintf(b, "\n%s:\n\n```yaml\n%s\n```\n", e.Title, strings.TrimSpace(e.Text))
	}
	if results != nil {
		b.WriteString("\n```text\n" + strings.Join(results, "\n") + "\n```\n")
	}
}

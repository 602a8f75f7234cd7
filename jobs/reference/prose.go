package reference

import (
	"strings"
	"unicode/utf8"
)

// paragraphLines draws a paragraph of Markdown for a terminal. Code and lists
// keep their lines.
func paragraphLines(paragraph string) []string {
	lines := strings.Split(plainText(strings.Trim(paragraph, "\n")), "\n")
	switch {
	case strings.HasPrefix(lines[0], "    "), strings.HasPrefix(lines[0], "- "):
		return lines
	case strings.HasPrefix(lines[0], "| "):
		return tableLines(lines)
	}
	return wrap(strings.Join(lines, " "), width-2)
}

// tableLines draws a table of two columns without its head.
func tableLines(lines []string) []string {
	var rows [][2]string
	longest := 0
	for _, line := range lines[min(2, len(lines)):] {
		left, right, _ := strings.Cut(strings.Trim(line, "| "), " | ")
		rows = append(rows, [2]string{left, right})
		longest = max(longest, utf8.RuneCountInString(left))
	}
	var drawn []string
	for _, row := range rows {
		lead := row[0] + strings.Repeat(" ", longest-utf8.RuneCountInString(row[0]))
		for _, line := range wrap(row[1], width-4-longest) {
			drawn = append(drawn, lead+"  "+line)
			lead = strings.Repeat(" ", longest)
		}
	}
	return drawn
}

// plainText drops the marks of Markdown.
func plainText(text string) string { return strings.NewReplacer("`", "", `\|`, "|").Replace(text) }

// wrap breaks a text into lines of at most n characters.
func wrap(text string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > n:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

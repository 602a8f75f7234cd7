package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/weirstream/weir/jobs/deadletter"
	"github.com/weirstream/weir/runtime/env"
)

// lister prints the dead letters of a box that have not been fed.
type lister struct {
	box   *deadletter.Box
	out   io.Writer
	step  string // "" is all
	kind  string // "" is all
	limit int    // 0 is the default
}

// defaultLimit is how many letters a table shows.
const defaultLimit = 50

// each calls f with the letters that are asked for.
func (l *lister) each(f func(deadletter.Letter) error) error {
	files, err := l.box.Files()
	if err != nil {
		return err
	}
	for _, name := range files {
		err := l.box.Read(env.Real(), name, func(letter deadletter.Letter) error {
			if l.step != "" && letter.Step != l.step || l.kind != "" && string(letter.Kind) != l.kind {
				return nil
			}
			return f(letter)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// table prints letters, and how many there are.
func (l *lister) table() error {
	limit := l.limit
	if limit == 0 {
		limit = defaultLimit
	}
	rows := [][]string{{"step", "position", "error", "raw"}}
	by, total := map[string]int{}, 0
	err := l.each(func(letter deadletter.Letter) error {
		total++
		by[letter.Step]++
		if len(rows) <= limit {
			rows = append(rows, []string{letter.Step, clip(letter.Position, 60), clip(letter.Brief(), 100), clip(string(letter.Raw), 60)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if total == 0 {
		return l.sayEmpty()
	}
	writeTable(l.out, rows, len(rows[0]))
	fmt.Fprintf(l.out, "\n%s in %s: %s.%s\n", plural(total, "dead letter"), l.box, deadletter.Count(by), more(total, limit))
	return nil
}

// summary counts the letters by step and kind of error, the most frequent first.
func (l *lister) summary() error {
	var groups deadletter.Groups
	err := l.each(func(letter deadletter.Letter) error {
		groups.Add(letter)
		return nil
	})
	if err != nil {
		return err
	}
	all := groups.All()
	if len(all) == 0 {
		return l.sayEmpty()
	}
	rows := [][]string{{"letters", "step", "error", "first"}}
	for i, g := range all {
		if l.limit > 0 && i == l.limit {
			break
		}
		rows = append(rows, []string{strconv.Itoa(g.Count), g.First.Step, clip(g.Message(), 100), clip(g.First.Position, 60)})
	}
	writeTable(l.out, rows, len(rows[0]))
	return nil
}

// sayEmpty says that nothing waits.
func (l *lister) sayEmpty() error {
	_, err := fmt.Fprintf(l.out, "%s holds no dead letters that wait.\n", l.box)
	return err
}

func more(total, limit int) string {
	if total <= limit {
		return ""
	}
	return fmt.Sprintf(" The first %d are shown; --limit N shows more, --summary counts them.", limit)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

package metrics

import (
	"fmt"
	"strings"
)

// Table returns the declarations as a table for pages.
func Table() string {
	var b strings.Builder
	b.WriteString("| metric | type | what it is |\n|---|---|---|\n")
	describe(&b, jobScope, jobFamilies)
	describe(&b, jobScope, []family[share]{stateFamily, dueFamily, memoryFamily, tierFamily})
	describe(&b, taskScope, taskFamilies)
	describe(&b, stepScope, stepFamilies)
	describe(&b, splitScope, splitFamilies)
	describe(&b, "", processFamilies)
	return b.String()
}

func describe[T any](b *strings.Builder, scope string, families []family[T]) {
	for _, f := range families {
		fmt.Fprintf(b, "| `%s%s` | %s | %s |\n", scope, f.name, f.kind, f.describe())
	}
}

// Names returns the names of all metrics.
func Names() (names []string) {
	for line := range strings.Lines(Table()) {
		if _, rest, is := strings.Cut(line, "| `"); is {
			name, _, _ := strings.Cut(rest, "`")
			names = append(names, name)
		}
	}
	return names
}

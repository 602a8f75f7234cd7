package main

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/jobs/diagnose"
)

// chosenBy says how each choice is made on the command line.
var chosenBy = map[diagnose.Choice]string{
	diagnose.AllowChanged:    "--allow-changed starts it like that.",
	diagnose.AllowDuplicates: "--allow-duplicates allows them.",
	diagnose.Afresh: "Another folder as --state-dir starts it afresh; output of this run must be moved away " +
		"then, or if_exists of its sink allow it.",
}

// withChoices adds to an error how the user says what is to be done.
func withChoices(err error) error {
	var all []string
	for _, c := range diagnose.Choices(err) {
		all = append(all, chosenBy[c])
	}
	if all == nil {
		return err
	}
	return fmt.Errorf("%w\n%s", err, strings.Join(all, " "))
}

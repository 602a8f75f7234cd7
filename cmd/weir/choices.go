package main

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/jobs/diagnose"
)

// chosenBy says how each choice is made on the command line.
var chosenBy = map[diagnose.Choice]string{
	diagnose.AllowChanged:    "--allow-changed starts the job like that.",
	diagnose.AllowDuplicates: "--allow-duplicates starts the job like that.",
	diagnose.Afresh: "Another folder as --state-dir starts the job afresh; then move the output of this run away, " +
		"or set if_exists of the sink.",
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

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// refuseBlanks has a command and all below it refuse arguments and values of flags
// that are empty. A shell puts those in the place of variables that are not set; taken
// for flags that are not given, they would have the command do something else.
func refuseBlanks(c *cobra.Command) {
	check := c.Args
	c.Args = func(c *cobra.Command, args []string) error {
		err := blank(c, args)
		if err == nil && check != nil {
			err = check(c, args)
		}
		return err
	}
	for _, sub := range c.Commands() {
		refuseBlanks(sub)
	}
}

// blank returns an error for the first value of a command line that is empty.
func blank(c *cobra.Command, args []string) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			if err == nil && isBlank(v) {
				err = fmt.Errorf("--%s has an empty value; is a shell variable not set? Give it a value, or leave the flag out", f.Name)
			}
		}
	})
	for i, v := range args {
		if err == nil && isBlank(v) {
			err = fmt.Errorf("argument %d of %s is empty; is a shell variable not set?", i+1, c.Name())
		}
	}
	return err
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

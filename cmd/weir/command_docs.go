package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/reference"
)

func docsCommand() *cobra.Command {
	var folder string
	c := &cobra.Command{
		Use:   "docs [NAME...]",
		Short: "Shows the reference of sources, sinks, formats, keys and functions",
		Example: `  weir docs               lists all that a job file can name
  weir docs file          the file source and the file sink
  weir docs tumble step   a window, and the keys of a step
  weir docs count         a function
  weir docs idle_after    a key`,
		ValidArgsFunction: completeNames,
		RunE: func(c *cobra.Command, names []string) error {
			registry := builtin.Registry()
			pages := reference.Pages(registry)
			switch {
			case folder != "" && len(names) > 0:
				return errors.New("docs: --markdown writes all pages; leave the names out")
			case folder != "":
				return writePages(folder, pages)
			case len(names) == 0:
				fmt.Fprint(c.OutOrStdout(), reference.List(pages)+"weir docs NAME shows one of them, or a key.\n")
				return nil
			}
			return showPages(c.OutOrStdout(), pages, names)
		},
	}
	c.Flags().StringVar(&folder, "markdown", "", "write the whole reference as Markdown pages into this folder")
	return c
}

// completeNames completes what the reference knows.
func completeNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	registry := builtin.Registry()
	var names []string
	for _, p := range reference.Pages(registry) {
		if !strings.ContainsAny(p.Name, " |<>=") { // of operators, shells make something else
			names = append(names, p.Name+"\t"+p.Kind)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// showPages prints the pages of all names, or nothing where one of them is not
// known.
func showPages(stdout io.Writer, pages []reference.Page, names []string) error {
	var texts []string
	for _, name := range names {
		found, err := reference.Find(pages, name)
		if err != nil {
			return fmt.Errorf("docs: %w (weir docs lists all)", err)
		}
		for i := range found {
			texts = append(texts, found[i].Text())
		}
	}
	_, err := io.WriteString(stdout, strings.Join(texts, "\n\n"))
	return err
}

// writePages writes the reference as Markdown.
func writePages(folder string, pages []reference.Page) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return begun{err}
	}
	for name, text := range reference.Markdown(pages) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
			return begun{err}
		}
	}
	return nil
}

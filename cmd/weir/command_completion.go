package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/complete"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

// shells write the script with which a shell completes weir's command lines.
var shells = map[string]func(root *cobra.Command, to io.Writer) error{
	"bash": func(root *cobra.Command, to io.Writer) error { return root.GenBashCompletionV2(to, true) },
	"zsh":  func(root *cobra.Command, to io.Writer) error { return root.GenZshCompletion(to) },
	"fish": func(root *cobra.Command, to io.Writer) error { return root.GenFishCompletion(to, true) },
}

var shellNames = []string{"bash", "zsh", "fish"}

func completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Prints the script with which bash, zsh or fish completes weir's command lines",
		Long: `Prints the script with which a shell completes weir's command lines: commands, flags,
job files and, after a job file, its steps and keys. In bash that takes the
package bash-completion.`,
		Example: `  source <(weir completion bash)     for this bash
  weir completion bash > ~/.local/share/bash-completion/completions/weir
  weir completion zsh > "${fpath[1]}/_weir"
  weir completion fish > ~/.config/fish/completions/weir.fish`,
		ValidArgs: shellNames,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("completion takes the name of a shell: weir completion %s", strings.Join(shellNames, "|"))
			}
			script, ok := shells[args[0]]
			if !ok {
				return fmt.Errorf("completion knows no shell %q%s", args[0], component.Known(args[0], shellNames))
			}
			return script(c.Root(), c.OutOrStdout())
		},
	}
}

// completeJobs completes the names of job files, most of them where a command
// takes no more; 0 is without end.
func completeJobs(most int) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if most > 0 && len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
	}
}

// completeFiles completes the names of files with one of the suffixes.
func completeFiles(suffixes ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return suffixes, cobra.ShellCompDirectiveFilterFileExt
	}
}

func completeFolders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeFeed completes a folder of dead letters and a job file.
func completeFeed(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return completeFolders(c, args, typed)
	}
	return completeJobs(2)(c, args, typed)
}

// jobOf returns the job file that a command line names, "" where it names none.
func jobOf(args []string) string {
	for _, a := range args {
		if strings.HasSuffix(a, ".yaml") || strings.HasSuffix(a, ".yml") {
			return a
		}
	}
	return ""
}

// completeSet completes the keys of the job file that the line names.
func completeSet(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	registry := builtin.Registry()
	keys := complete.Keys(env.OS{}, jobOf(args), registry, typed)
	return keys, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

// completeShow completes the sources and steps of the job file that the line
// names.
func completeShow(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return complete.Outputs(env.OS{}, jobOf(args)), cobra.ShellCompDirectiveNoFileComp
}

// completes sets how a flag is completed, which c has.
func completes(c *cobra.Command, flag string, how cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, how); err != nil {
		panic("weir: " + err.Error())
	}
}

package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/weirstream/weir/runtime/component"
)

// The groups that help lists commands in.
const (
	workGroup      = "work"
	serverGroup    = "server"
	referenceGroup = "reference"
	otherGroup     = "other"
)

func init() { cobra.EnableCommandSorting = false } // they stand in the order of their use

// rootCommand returns weir with all its commands.
func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "weir COMMAND",
		Short: "Runs stream-processing jobs",
		Long: `weir runs stream-processing jobs: it reads streams of records, computes over them
in windows of event time, and writes results exactly once. A job is a YAML file.

Begin with
  weir new                    write a job that runs as it is
  weir new --from FILE.csv    or one that reads a file of yours
  weir run JOB                run it`,
		Args:                  cobra.ArbitraryArgs,
		DisableFlagsInUseLine: true,
		SilenceErrors:         true,
		SilenceUsage:          true,
		CompletionOptions:     cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE:                  chooseCommand,
		ValidArgsFunction:     cobra.NoFileCompletions,
	}
	root.AddGroup(&cobra.Group{ID: workGroup, Title: "Work on jobs:"}, &cobra.Group{ID: serverGroup, Title: "Work with jobs that run:"},
		&cobra.Group{ID: referenceGroup, Title: "Look things up:"}, &cobra.Group{ID: otherGroup, Title: "Besides:"})
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add(workGroup, newCommand(), lintCommand(), explainCommand(), runCommand(), stateCommand(), dlqCommand())
	add(serverGroup, serveCommand(), psCommand(), logsCommand(), submitCommand(), stopCommand(), restartCommand(), savepointCommand(),
		deleteCommand())
	add(referenceGroup, docsCommand(), schemaCommand())
	add(otherGroup, completionCommand(), versionCommand())
	root.SetHelpCommand(helpCommand())
	root.SetHelpCommandGroupID(otherGroup)
	root.SetFlagErrorFunc(flagError)
	root.SetUsageTemplate(usage)
	refuseBlanks(root)
	return root
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Says more about a command",
		RunE: func(c *cobra.Command, args []string) error {
			about, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noCommand(c.Root(), strings.Join(args, " "))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			about, _, err := c.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return commandNames(about), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// chooseCommand shows the commands below one that does nothing itself.
func chooseCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	return noCommand(c, args[0])
}

func noCommand(of *cobra.Command, name string) error {
	return fmt.Errorf("there is no command %q%s", strings.TrimPrefix(of.CommandPath()+" "+name, "weir "),
		component.Known(name, commandNames(of)))
}

func commandNames(c *cobra.Command) (names []string) {
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

// flagError says what is wrong with a flag, in one line.
func flagError(c *cobra.Command, err error) error {
	var none *pflag.NotExistError
	var wrong *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &none):
		return fmt.Errorf("%s has no flag %s%s", c.Name(), dashed(none.GetSpecifiedName()), suggestFlag(c, none.GetSpecifiedName()))
	case errors.As(err, &wrong):
		return fmt.Errorf("--%s: %q is not %s", wrong.GetFlag().Name, wrong.GetValue(), valueNames[wrong.GetFlag().Value.Type()])
	case errors.As(err, &missing):
		return fmt.Errorf("%s needs a value", dashed(missing.GetSpecifiedName()))
	}
	return err
}

// valueNames says what the types of flags are.
var valueNames = map[string]string{
	"int": "a whole number", "bool": "true or false", "duration": "a duration such as 30s",
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func suggestFlag(c *cobra.Command, name string) string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if meant := component.Closest(name, names); meant != "" {
		return fmt.Sprintf("; did you mean --%s?", meant)
	}
	return fmt.Sprintf("; weir %s -h lists those that it has", c.Name())
}

// usage is what help shows below the description.
const usage = `Usage:
  {{.UseLine}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{range $group := .Groups}}

{{.Title}}{{range $.Commands}}{{if and (eq .GroupID $group.ID) (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}{{else}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsagesWrapped 100 | trimTrailingWhitespaces}}{{end}}{{if not .HasParent}}

weir COMMAND -h says more about a command.

Results go where a job's sinks put them, everything else to standard error. The
exit code is 0 when all went well, 1 when something failed on the way, 2 when the
job file or the command is wrong and nothing was started, and 130 after a second
interrupt. It is 2 as well when memory runs out: standard error has a line then
that begins with "fatal error:".{{end}}
`

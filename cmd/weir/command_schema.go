package main

import (
	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/reference"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Prints the JSON Schema of job files, with which editors complete and check them",
		Long: `Prints the JSON Schema of job files, with which editors complete and check them.

Write it to a file and name that in the first line of a job file:

  weir schema > job.schema.json

  # yaml-language-server: $schema=job.schema.json`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			registry := builtin.Registry()
			_, err := c.OutOrStdout().Write(reference.Schema(registry))
			return err
		},
	}
}

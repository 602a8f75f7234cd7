package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs/control"
)

// remote is how a command reaches a running job.
type remote struct {
	control.Server
	job string
}

// addServer adds the flags that say where the process is.
func (r *remote) addServer(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&r.Address, "http", "", "the `ADDRESS` that the job was started with: :9249, HOST:PORT or a URL")
	flags.StringVar(&r.TokenFile, "http-token-file", "", "the `FILE` with the token that it was started with")
	flags.StringVar(&r.Authority, "http-ca", "", "a PEM `FILE` with who has signed its certificate, if this machine does not know them")
	for _, flag := range []string{"http-token-file", "http-ca"} {
		completes(c, flag, completeFiles())
	}
}

// add adds these, and the one that says which job.
func (r *remote) add(c *cobra.Command) {
	r.addServer(c)
	c.Flags().StringVar(&r.job, "job", "", "the `NAME` of the job, where several run there")
}

// client returns a client, for a command that makes no sense without the address.
func (r *remote) client(command string) (*control.Client, error) {
	if r.Address == "" {
		return nil, fmt.Errorf("%s takes the address of the process: weir %s --http :9249 --http-token-file FILE", command, command)
	}
	return control.NewClient(r.Server)
}

// find returns a client, and the name of the job: the only one, if none was given.
func (r *remote) find(cmd *cobra.Command, command string) (*control.Client, string, error) {
	c, err := r.client(command)
	if err != nil || r.job != "" {
		return c, r.job, err
	}
	all, err := c.Jobs(cmd.Context())
	if err != nil {
		return nil, "", begun{err}
	}
	var names []string
	for _, job := range all {
		names = append(names, job.Name)
	}
	switch len(names) {
	case 0:
		return nil, "", begun{errors.New("no job has started there yet")}
	case 1:
		return c, names[0], nil
	}
	return nil, "", begun{fmt.Errorf("several jobs run there; give --job with one of %s", strings.Join(names, ", "))}
}

// folderFor returns a folder as the process of the job will understand it.
func folderFor(c *control.Client, folder string) (string, error) {
	if folder == "" || filepath.IsAbs(folder) {
		return folder, nil
	}
	if !c.IsLocal() {
		return "", fmt.Errorf("%s is no absolute path, and means something else on the machine of the job: give one such as "+
			"/var/savepoints/1", folder)
	}
	return filepath.Abs(folder)
}

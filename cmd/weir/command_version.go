package main

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/runtime/checkpoint"
)

func versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "version",
		Short:   "Says which weir this is",
		Example: "  weir version --json",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			v := versionOf(debug.ReadBuildInfo())
			if asJSON {
				return writeJSON(c.OutOrStdout(), v)
			}
			return v.write(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write it as JSON")
	return c
}

// build is which weir this is. Its JSON is what version --json writes.
type build struct {
	Version    string `json:"version"`            // of the module, or "development"
	Commit     string `json:"commit,omitempty"`   // of the source, if that is known
	Time       string `json:"time,omitempty"`     // of the commit
	Modified   bool   `json:"modified,omitempty"` // the source was not as committed
	Go         string `json:"go"`
	Platform   string `json:"platform"`
	Checkpoint int    `json:"checkpoint_format"` // the version that it reads and writes
}

// pseudoVersion is what Go calls a commit that has no version: it ends in when
// and which that is.
var pseudoVersion = regexp.MustCompile(`[-.](\d{14})-([0-9a-f]{12})(\+dirty)?$`)

// versionOf returns what the Go tool recorded in the binary: the version of the
// module where it was installed by one, the commit where it was built in a
// checkout.
func versionOf(info *debug.BuildInfo, ok bool) build {
	b := build{
		Version: "development", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Checkpoint: checkpoint.FormatVersion,
	}
	if !ok {
		return b
	}
	if info.Main.Version != "(devel)" {
		b.Version = cmp.Or(info.Main.Version, b.Version)
	}
	if m := pseudoVersion.FindStringSubmatch(info.Main.Version); m != nil {
		if at, err := time.Parse("20060102150405", m[1]); err == nil {
			b.Commit, b.Time = m[2], at.Format(time.RFC3339)
		}
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func (b build) write(to io.Writer) error {
	commit := cmp.Or(b.Commit, "not recorded")
	if t, err := time.Parse(time.RFC3339, b.Time); err == nil {
		commit += " of " + t.UTC().Format(time.DateOnly)
	}
	if b.Modified {
		commit += ", with changes that are not committed"
	}
	_, err := fmt.Fprintf(to, "weir %s\ncommit      %s\ncheckpoints format %d\nbuilt with  %s for %s\n",
		b.Version, commit, b.Checkpoint, b.Go, b.Platform)
	return err
}

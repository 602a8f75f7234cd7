package files

import (
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// SinkType declares the sink for job files.
var SinkType = component.SinkType{
	Spec: component.Spec{
		Name:    "file",
		Summary: "Writes a folder of part files, each row exactly once.",
		Fields: []component.Field{
			{Name: "path", Summary: "The folder to write to, created if it does not exist: each checkpoint adds complete files, " +
				`which never change. "-" is standard output, where rows appear as they are computed and may appear again after a ` +
				"crash.",
				Kind: component.Path, Required: true, Example: "out/"},
			{Name: "if_exists", Summary: "What a fresh run does if the folder holds part files of another run: fail, append its " +
				"own beside them, or replace them when its first checkpoint commits.", Kind: component.Enum,
				Options: []string{"fail", "append", "replace"}, Default: "fail", Tuning: true},
			{Name: "compression", Summary: "How the files are compressed; gzip adds .gz to their names, zstd adds .zst.", Kind: component.Enum,
				Options: []string{"none", "gzip", "zstd"}, Default: "none", Tuning: true},
			{Name: "roll_size", Summary: "Ends a file once it is this large, as stored, and begins the next. Each checkpoint " +
				"ends the file in any case.", Kind: component.Size, Example: "64MiB", Tuning: true},
			{Name: "roll_every", Summary: "Ends a file that is older than this when more rows come.", Kind: component.Duration,
				Example: "10m", Tuning: true},
		},
		Examples: []component.Example{
			{Title: "A folder whose files each fresh run replaces", YAML: "file: { path: out/, if_exists: replace }"},
			{Title: "Compressed files of about 64 MiB", YAML: "file: { path: out/, compression: zstd, roll_size: 64MiB }"},
		},
	},
	Formatted: true,
	Caveats:   sinkCaveats,
	New:       newSink,
}

func sinkCaveats(c component.Config) []string {
	if c.Text("path") != standard {
		return nil
	}
	return []string{"what was written to standard output cannot be taken back: after a crash rows since the last checkpoint appear again"}
}

func newSink(c component.Config, in component.SinkInputs) (stream.Sink, error) {
	out := c.Text("path")
	if out == standard {
		return newStandardOutput(c, in)
	}
	if ext := in.Format.Extension(); strings.HasSuffix(out, ext) || compressionOf(out) != "none" {
		return nil, c.Problemf("path", "%s looks like a file, but the sink writes a folder of files, one or more with each checkpoint: "+
			"name a folder, such as %s/",
			out, strings.TrimSuffix(out, ext))
	}
	if _, err := in.Format.NewEncoder(in.Schema, io.Discard); err != nil {
		return nil, err
	}
	s := &sink{
		out: path.Clean(out), ifExists: c.Text("if_exists"), format: in.Format,
		compression: c.Text("compression"), rollSize: c.Size("roll_size"), rollEvery: c.Duration("roll_every"),
	}
	return s, s.checkLimits(c)
}

// The least limits of a file; below them a folder fills with crumbs.
const (
	minRollSize  = 1 << 10
	minRollEvery = time.Second
)

type sink struct {
	out         string
	ifExists    string
	format      stream.Format
	compression string
	rollSize    int64         // 0: any size
	rollEvery   time.Duration // 0: any age
}

func (s *sink) checkLimits(c component.Config) error {
	switch {
	case c.Text("roll_size") != "" && s.rollSize < minRollSize:
		return c.Problemf("roll_size", "%s is less than %d bytes", c.Text("roll_size"), minRollSize)
	case c.Text("roll_every") != "" && s.rollEvery < minRollEvery:
		return c.Problemf("roll_every", "%s is less than %v", c.Text("roll_every"), minRollEvery)
	}
	return nil
}

// Place implements stream.Placer.
func (s *sink) Place() string { return s.out }

func (s *sink) folder(job, sinkID, run string) folder {
	return newFolder(s.out, job, sinkID, run, s.format.Extension()+suffixes[s.compression])
}

// NewWriter returns the writer of one subtask. It touches no file before its
// first row.
func (s *sink) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	return &writer{
		context: c, sink: s, folder: s.folder(c.Job, c.Sink, c.Run),
		replaces: s.ifExists == "replace" && c.Subtask == 0,
	}, nil
}

// NewCommitter returns the committer, unless the folder holds what this run may
// not add to.
func (s *sink) NewCommitter(c stream.CommitterContext) (stream.Committer, error) {
	com := &committer{context: c, folder: s.folder(c.Job, c.Sink, c.Run)}
	others, err := com.otherParts()
	if err != nil {
		return nil, err
	}
	wasHere, err := com.wasHere()
	if err != nil {
		return nil, err
	}
	if len(others) > 0 && !wasHere && s.ifExists == "fail" {
		return nil, failure.Fatal(fmt.Errorf("file sink: %s holds the output of another run, such as %s (files: %d); "+
			"remove it or write to another folder, or set if_exists to append or replace",
			s.out, others[0], len(others)))
	}
	com.replace = s.ifExists == "replace"
	return com, nil
}

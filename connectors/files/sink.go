package files

import (
	"fmt"
	"path"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// SinkType declares the sink for job files.
var SinkType = component.SinkType{
	Spec: component.Spec{
		Name:    "file",
		Summary: "Writes a folder of part files, each row exactly once.",
		Fields: []component.Field{
			{Name: "path", Summary: `The folder to write to, made if it is not there: each checkpoint adds complete files, which never change. "-" is standard output, where rows appear with each checkpoint and may appear again after a crash.`, Kind: component.Path, Required: true, Example: "out/"},
			{Name: "if_exists", Summary: "What a fresh run does where the folder holds part files of another run: fail, append its own beside them, or replace them when its first checkpoint commits.", Kind: component.Enum, Options: []string{"fail", "append", "replace"}, Default: "fail", Tuning: true},
		},
		Examples: []component.Example{{Title: "A folder that each fresh run fills anew", YAML: "file: { path: out/, if_exists: replace }"}},
	},
	Formatted: true,
	New:       newSink,
}

func newSink(c component.Config, in component.SinkInputs) (stream.Sink, error) {
	out := c.Text("path")
	if out == standard {
		return &standardOutput{format: in.Format, schema: in.Schema}, nil
	}
	if ext := in.Format.Extension(); strings.HasSuffix(out, ext) || compressionOf(out) != "none" {
		return nil, c.Problemf("path", "%s looks like a file, but the sink writes a folder of files, one or more with each checkpoint: name a folder, such as %s/",
			out, strings.TrimSuffix(out, ext))
	}
	return &sink{out: path.Clean(out), ifExists: c.Text("if_exists"), format: in.Format}, nil
}

type sink struct {
	out      string
	ifExists string
	format   stream.Format
}

func (s *sink) folder(job, sinkID, run string) folder {
	return newFolder(s.out, job, sinkID, run, s.format.Extension())
}

// NewWriter returns the writer of one subtask. It touches no file before its
// first row.
func (s *sink) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	return &writer{
		context: c, format: s.format, folder: s.folder(c.Job, c.Sink, c.Run),
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
	if len(others) > 0 && s.ifExists == "fail" {
		return nil, fmt.Errorf("file sink: %s holds the output of another run, such as %s (files: %d); remove it or write to another folder, or set if_exists to append or replace",
			s.out, others[0], len(others))
	}
	com.replace = s.ifExists == "replace"
	return com, nil
}

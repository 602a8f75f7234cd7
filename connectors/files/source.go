package files

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// SourceType declares the source for job files.
var SourceType = component.SourceType{
	Spec: component.Spec{
		Name:    "file",
		Summary: "Reads files, plain or compressed, and watches folders for new ones.",
		Details: sourceDetails,
		Fields: []component.Field{
			{Name: "path", Summary: `A file, a folder, a pattern such as "data/*.csv", or a list of them; files are read in ` +
				`order of name, in which part-2 comes before part-10. In a folder or by a pattern, empty files and names that begin with . ` +
				`or _ are passed over. In a pattern, ** stands for any folders, as in "data/**/2013-*.csv". "-" is standard input, ` +
				"which cannot be read again after a crash.", Kind: component.PathList, Required: true, Example: "departures-2013-01.csv.gz"},
			{Name: "parallel", Summary: "Reads the files side by side, each as a split of its own, instead of one after the other.",
				Kind: component.Bool, Default: "false"},
			{Name: "watch", Summary: "Makes the source look for new files, this often, once all files have been read; the job " +
				"does not end. Files must be complete when they are moved in, each under a name of its own. 0s turns this off.",
				Kind: component.Duration, Default: "0s", Example: "2s", Tuning: true},
			{Name: "compression", Summary: "How the files are compressed; auto goes by the suffix .gz or .zst.", Kind: component.Enum,
				Options: []string{"auto", "none", "gzip", "zstd"}, Default: "auto"},
			{Name: "repeat", Summary: "How many times the files are read, for load tests.", Kind: component.Int, Least: 1,
				Most: math.MaxInt64, Default: "1"},
			{Name: "rows_per_second", Summary: "The most rows a subtask reads in a second; 0 means no limit.", Kind: component.Int, Least: 0,
				Most: math.MaxInt64, Default: "0", Tuning: true},
		},
		Examples: []component.Example{
			{Title: "A folder of files, side by side", YAML: "file: { path: departures/, parallel: true }"},
			{Title: "A folder that receives files", YAML: "file: { path: inbox/*.csv, watch: 2s }"},
		},
	},
	Formatted: true,
	Splits:    func(c component.Config) bool { return c.Bool("parallel") },
	Extent:    extent,
	Order:     order,
	Caveats:   sourceCaveats,
	New:       newSource,
}

const sourceDetails = "A file has to be complete before it is read. Without `watch` a job reads the files that are there when it begins. " +
	"If it is stopped in the middle of them, it has to find them again when it resumes, until it has read them all: " +
	"it is refused if a file is gone, if one that was read or begun has grown or shrunk or can no longer be read up to there, " +
	"or if a new one would not be read any more, because it sorts before those that are still to be read or because files are read " +
	"side by side. The message names the file. Put the old file back or move the new one away and run the job again, " +
	"or start it afresh. " +
	"A folder whose name fits a pattern such as `*.csv` is refused, too, as its files would be missing."

// extent goes by the keys alone: a file that still grows is not looked at.
func extent(c component.Config) component.Extent {
	switch {
	case c.Duration("watch") > 0:
		return component.Endless
	case slices.Contains(c.List("path"), standard):
		return component.Open
	}
	return component.Bounded
}

// order matters where files are read one after the other and none comes later.
func order(c component.Config) string {
	if c.Bool("parallel") || c.Duration("watch") > 0 || slices.Equal(c.List("path"), []string{standard}) {
		return ""
	}
	return "in the order of the numbers in names"
}

func sourceCaveats(c component.Config) []string {
	switch {
	case c.Duration("watch") > 0:
		return []string{"files are read in the order in which they appear in the watched folder: which rows are late may depend on it"}
	case slices.Contains(c.List("path"), standard):
		return []string{"standard input cannot be read again: after a crash the job cannot resume where it was"}
	}
	return nil
}

func newSource(c component.Config, in component.SourceInputs) (stream.Source, error) {
	s := &source{
		paths: c.List("path"), parallel: c.Bool("parallel"), compression: c.Text("compression"),
		watch: c.Duration("watch"), repeat: c.Int("repeat"), rate: c.Int("rows_per_second"),
		format: in.Format, schema: in.Schema, patterns: in.Patterns, recheck: recheck,
	}
	switch {
	case s.schema == nil:
		return nil, c.Problemf("path", "a file source needs a schema: the columns to read and their types")
	case len(s.paths) == 0:
		return nil, c.Problemf("path", "names no file")
	case s.repeat > 1 && slices.Contains(s.paths, standard):
		return nil, c.Problemf("repeat", "standard input cannot be read twice")
	}
	for _, p := range s.paths {
		if err := checkPattern(p); err != nil {
			return nil, c.Problemf("path", "%v", err)
		}
	}
	if s.watch > 0 {
		if err := s.checkWatch(c); err != nil {
			return nil, err
		}
	}
	return s, s.checkFormat()
}

// source is what the configuration says, for enumerator and readers.
type source struct {
	paths       []string
	parallel    bool
	watch       time.Duration // 0: the files that are there are all
	compression string
	repeat      int64
	rate        int64
	format      stream.Format
	schema      *record.Schema
	patterns    []stream.Pattern
	recheck     int
}

// recheck is how many of the files that were read last are held against their
// lengths at each look at a watched folder: they may have been taken while they were
// still being written.
const recheck = 100

// checkFormat finds patterns and types that the format does not know before any
// file is opened.
func (s *source) checkFormat() error {
	d, err := s.format.NewDecoder(stream.DecoderContext{
		Schema: s.schema, Patterns: s.patterns, Input: strings.NewReader(""), Pool: record.NewPool(), BatchRows: 1,
	})
	if err == nil {
		d.Close()
	}
	return err
}

// Schema returns the schema that the job declares.
func (s *source) Schema() *record.Schema { return s.schema }

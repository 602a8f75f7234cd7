package files

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// folder knows the names that a sink uses within its output folder. Job, sink
// and run are escaped.
type folder struct {
	out            string
	job, sink, run string
	extension      string
}

func newFolder(out, job, sink, run, extension string) folder {
	return folder{out, escape(job), escape(sink), strings.ReplaceAll(escape(run), "-", "%2d"), extension}
}

// at returns the path of a name within the folder.
func (f folder) at(name string) string { return path.Join(f.out, name) }

// sinkStaging holds a folder for each run of the sink.
func (f folder) sinkStaging() string { return path.Join(".weir", f.job, f.sink) }

// runStaging holds a folder for each generation, and the records of what has
// been shown.
func (f folder) runStaging() string { return path.Join(f.sinkStaging(), f.run) }

// staging is where the files of one owner wait for their commit.
func (f folder) staging(generation uint64) string {
	return path.Join(f.runStaging(), fmt.Sprint(generation))
}

const shownPrefix = "shown-"

func (f folder) shown(id stream.CheckpointID) string {
	return path.Join(f.runStaging(), fmt.Sprint(shownPrefix, id))
}

// part is the final name of the counter-th file of a subtask. Names of a run are in the
// order of writing, both for those who compare numbers and, by the zeros, for those who
// compare bytes.
func (f folder) part(generation uint64, id stream.CheckpointID, subtask, counter int) string {
	return fmt.Sprintf("part-%s-%s-%04d-%08d-%03d-%05d%s", f.sink, f.run, generation, id, subtask, counter, f.extension)
}

// parents returns the folders, as paths, whose names lead to a name within the
// folder: each holds the next one.
func (f folder) parents(name string) []string {
	dirs := []string{path.Dir(f.out), f.out}
	for i, c := range name {
		if c == '/' {
			dirs = append(dirs, f.at(name[:i]))
		}
	}
	return dirs
}

var partName = regexp.MustCompile(`^part-.+-([^-]+)-\d+-\d+-\d+-\d+(\.[a-z0-9]+)*$`)

// runOf returns the run that a part file belongs to; ok is false for files that
// are no part files.
func runOf(name string) (run string, ok bool) {
	m := partName.FindStringSubmatch(name)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// escape writes a text so that it is a file name, and not a hidden one.
func escape(text string) string {
	if text == "" {
		return "%"
	}
	var b strings.Builder
	for i, c := range []byte(text) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '-', c == '.' && i > 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

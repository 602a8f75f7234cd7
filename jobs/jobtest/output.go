package jobtest

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/weirstream/weir/runtime/env"
)

// Output is what a sink must hold in the end.
type Output struct {
	Columns []string
	Rows    []string // of each the cells, with a | behind each one; sorted
}

// outputs returns the outputs by the folders of their sinks.
func (s *Scenario) outputs() map[string]*Output {
	all := map[string]*Output{"out": &s.Results, "late": &s.Late}
	if s.Copy.Columns != nil {
		all["copy"] = &s.Copy
	}
	if s.Dead.Columns != nil {
		all["dead"] = &s.Dead
	}
	if s.Again.Columns != nil {
		all["again"] = &s.Again
	}
	return all
}

// sort brings what must be held into the order of [committed].
func (s *Scenario) sort() {
	for _, o := range s.outputs() {
		slices.Sort(o.Rows)
	}
}

// describe fills in the columns of the outputs.
func (in *input) describe(s *Scenario) {
	s.Results.Columns = append(namesOf(in.keys), "window_start", "window_end")
	for _, a := range in.aggregates {
		s.Results.Columns = append(s.Results.Columns, a.name)
	}
	s.Late.Columns = namesOf(in.late)
	if in.copied {
		s.Copy.Columns = namesOf(in.carried)
	}
	if in.letters {
		s.Dead = Output{Columns: []string{"position", "raw"}, Rows: in.dead}
	}
}

// Check compares what the sinks hold with the answer.
func (s *Scenario) Check(files env.FS) error {
	for _, dir := range []string{"out", "late", "copy", "dead", "again"} {
		want := s.outputs()[dir]
		if want == nil {
			continue
		}
		got, err := committed(files, dir, want.Columns)
		if err != nil {
			return err
		}
		if diff := difference(want.Rows, got); diff != "" {
			return fmt.Errorf("%s/ does not hold the answer (- missing, + too much):\n%s", dir, diff)
		}
	}
	return nil
}

// committed returns the rows in the visible files of a folder, sorted. A folder
// that no row came to need not exist.
func committed(files env.FS, dir string, columns []string) ([]string, error) {
	found, err := files.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var rows []string
	for _, name := range found {
		if strings.HasPrefix(name, ".") {
			continue
		}
		content, err := env.ReadFile(files, dir+"/"+name)
		if err == nil {
			content, err = decompress(name, content)
		}
		if err == nil && strings.Contains(name, ".json") {
			rows, err = appendJSON(rows, content, columns)
		} else if err == nil {
			rows, err = appendCSV(rows, content, columns)
		}
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", dir, name, err)
		}
	}
	slices.Sort(rows)
	return rows, nil
}

func appendCSV(rows []string, content []byte, columns []string) ([]string, error) {
	lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil || len(lines) == 0 || !slices.Equal(lines[0], columns) {
		return nil, fmt.Errorf("this is no CSV with the columns %v: %w\n%s", columns, err, content)
	}
	for _, cells := range lines[1:] {
		rows = append(rows, strings.Join(cells, "|")+"|")
	}
	return rows, nil
}

func appendJSON(rows []string, content []byte, columns []string) ([]string, error) {
	for line := range strings.Lines(string(content)) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			return nil, fmt.Errorf("%w: %s", err, line)
		}
		if len(members) != len(columns) {
			return nil, fmt.Errorf("the columns are not %v: %s", columns, line)
		}
		var row strings.Builder
		for _, c := range columns {
			row.WriteString(canonical(members[c]) + "|")
		}
		rows = append(rows, row.String())
	}
	return rows, nil
}

// canonical returns a JSON value as CSV has it.
func canonical(v json.RawMessage) string {
	var text string
	switch {
	case string(v) == "null":
	case len(v) == 0 || v[0] != '"':
		text = string(v)
	case json.Unmarshal(v, &text) != nil:
		panic("jobtest: a value of a valid line is invalid")
	}
	return text
}

func decompress(name string, content []byte) ([]byte, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		z, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(z)
	case strings.HasSuffix(name, ".zst"):
		z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		return z.DecodeAll(content, nil)
	}
	return content, nil
}

// difference draws how two sorted lists differ as multisets; "" is not at all.
func difference(want, got []string) string {
	var b strings.Builder
	for len(want)+len(got) > 0 && b.Len() < 2000 {
		switch {
		case len(got) == 0 || len(want) > 0 && want[0] < got[0]:
			fmt.Fprintf(&b, "- %s\n", want[0])
			want = want[1:]
		case len(want) == 0 || got[0] < want[0]:
			fmt.Fprintf(&b, "+ %s\n", got[0])
			got = got[1:]
		default:
			want, got = want[1:], got[1:]
		}
	}
	return b.String()
}

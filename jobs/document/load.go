package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

// The limits of a job file; what exceeds them is refused.
const (
	MaxBytes = 1 << 20
	MaxDepth = 100
)

// Options says what a document is read with.
type Options struct {
	// Files holds the job file and what ${file:…} names.
	Files env.FS
	// Variables returns the value of ${NAME}; nil knows none.
	Variables func(name string) (string, bool)
	// Sets are the --set options, as "a.b.c=value", applied in order.
	Sets []string
	// Unread are keys of the file in whose values variables are left as they are.
	Unread []string
}

// Document is a job file as read.
type Document struct {
	Root *Node // a Map

	// Secrets are those that the document holds.
	Secrets Secrets

	origin   *origin
	options  Options
	problems component.Problems
}

// Load reads the job file called name. It returns all problems of the document
// itself; the document is nil where they leave nothing to go on with.
func Load(name string, o Options) (*Document, component.Problems) {
	content, err := readLimited(o.Files, name)
	if err != nil {
		return nil, component.Problems{{At: component.Position{File: name}, Message: err.Error()}}
	}
	return Parse(name, content, o)
}

// Parse is [Load] for a content that has been read already.
func Parse(name string, content []byte, o Options) (*Document, component.Problems) {
	d := &Document{options: o}
	d.origin = &origin{name: name, dir: path.Dir(name), lines: lines(content)}
	d.Root = d.parse(d.origin, content)
	if d.Root == nil {
		return nil, d.problems
	}
	if d.Root.Kind != Map {
		d.problem(d.Root.At(), "a job file is a map with the keys name, sources, steps and sinks, not %s", d.Root.Kind)
		return nil, d.problems
	}
	for _, set := range o.Sets {
		d.set(set)
	}
	for _, e := range d.Root.Entries {
		if !slices.Contains(o.Unread, e.Key) {
			d.substitute(e.Value)
		}
	}
	return d, d.Secrets.HideProblems(d.problems)
}

var lineBreak = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")

// lines splits the source at what YAML takes for line breaks.
func lines(content []byte) []string {
	return lineBreak.Split(strings.TrimPrefix(string(content), "\ufeff"), -1)
}

func readLimited(files env.FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot be opened: %w", reason(err))
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", reason(err))
	}
	return content, nil
}

// reason leaves out the file's name, which messages give already.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

func (d *Document) problem(at component.Position, format string, args ...any) {
	d.problems = append(d.problems, component.Problem{At: at, Message: fmt.Sprintf(format, args...)})
}

// parse turns YAML into nodes. It returns nil where it reported a problem that
// leaves none.
func (d *Document) parse(from *origin, content []byte) *Node {
	file := component.Position{File: from.name}
	if len(content) > MaxBytes {
		d.problem(file, "the file has more than %d bytes, which is more than any job needs", MaxBytes)
		return nil
	}
	if !utf8.Valid(content) {
		d.encodingProblem(from, content)
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var first, second yaml.Node
	err := decoder.Decode(&first)
	if errors.Is(err, io.EOF) || err == nil && len(first.Content) == 0 {
		d.problem(file, "the file is empty")
		return nil
	}
	if err == nil {
		err = decoder.Decode(&second)
	}
	switch {
	case err == nil:
		d.problem(from.at(second.Line, second.Column), "a job file holds one document; remove what follows ---")
		return nil
	case !errors.Is(err, io.EOF):
		d.syntaxProblem(from, err)
		return nil
	}
	return d.convert(from, first.Content[0], 1)
}

// encodingProblem reports the first byte that is not part of UTF-8 text.
func (d *Document) encodingProblem(from *origin, content []byte) {
	at := 0
	for {
		r, size := utf8.DecodeRune(content[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	before := lines(content[:at])
	line := len(before)
	d.problem(from.at(line, utf8.RuneCountInString(before[line-1])+1),
		"this is not UTF-8 text: no character has the byte 0x%02x here; save the file as UTF-8", content[at])
}

var lineInError = regexp.MustCompile(`line (\d+): `)

// syntaxProblem turns the parser's message into a problem at its line, with a
// hint where a text is easily taken for structure.
func (d *Document) syntaxProblem(from *origin, err error) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1 // the first one is not mentioned
	if m := lineInError.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = strings.Replace(text, m[0], "", 1)
		if strings.HasPrefix(text, "did not find expected") {
			line++ // yaml.v3 counts from 0 in errors of its parser, from 1 in those of its scanner
		}
	}
	line = min(line, max(len(from.lines), 1))
	source := ""
	if line <= len(from.lines) {
		source = from.lines[line-1]
	}
	d.problem(from.at(line, 0), "this is not YAML: %s%s", text, syntaxHint(source, text))
}

// syntaxHint says what is probably wrong with a line that the parser refuses.
func syntaxHint(line, text string) string {
	switch {
	case strings.Contains(line, "${"):
		return `; between { and } write "${VAR}" with quotes`
	case strings.Contains(text, "block sequence entries"):
		return `; for standard input or output write "-" with quotes`
	case strings.Contains(text, "cannot start any token") && strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		return "; indent with spaces, not with tabs"
	case strings.Contains(text, "expected ',' or ']'") && strings.Contains(line, "'"):
		return `; inside [ … ] an expression with commas and quotes stands in double quotes as a whole: "replace(a, 'x', 'y') AS b"`
	}
	return ""
}

package document

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
)

// secrets is a file system that holds one file.
type secrets struct{ env.FS }

func (secrets) Open(name string) (env.File, error) {
	if name == "/dev/zero" {
		return endless{}, nil
	}
	if name != "jobs/key.txt" && name != "/run/key" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return file{strings.NewReader("s3cret\n")}, nil
}

type file struct{ *strings.Reader }

func (file) Write([]byte) (int, error) { return 0, fs.ErrPermission }
func (file) Sync() error               { return nil }
func (file) Close() error              { return nil }

// endless is a file without an end.
type endless struct{ env.File }

func (endless) Read(to []byte) (int, error) { return len(to), nil }
func (endless) Close() error                { return nil }

func options(sets ...string) Options {
	return Options{
		Files:     secrets{},
		Variables: func(name string) (string, bool) { return "from-env", name == "SET" },
		Sets:      sets,
	}
}

// read returns the drawn document or, where there are problems, those.
func read(text string, sets ...string) string {
	d, problems := Parse("jobs/job.yaml", []byte(text), options(sets...))
	if len(problems) > 0 {
		return problems.Error()
	}
	return d.Root.String()
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"scalars are text", "a: 1\nb: yes\nc: 2h", "{a: 1, b: yes, c: 2h}"},
		{"nothing", "a:\nb: ~\nc: ''", `{a: , b: , c: ""}`},
		{"structure characters are quoted", `a: "x, y: z"`, `{a: "x, y: z"}`},
		{"lists and maps", "a: [1, {b: c}]", "{a: [1, {b: c}]}"},

		{"empty", "", "jobs/job.yaml: the file is empty"},
		{"comment only", "# nothing\n", "jobs/job.yaml: the file is empty"},
		{"not a map", "- a", "jobs/job.yaml:1:1: a job file is a map with the keys name, sources, steps and sinks, not a list"},
		{"twice", "a: 1\nb: {c: 1, c: 2}", `jobs/job.yaml:2:11: the key "c" appears a second time, after jobs/job.yaml:2:5`},
		{"syntax", "a: 1\nb: [", "jobs/job.yaml:2: this is not YAML: did not find expected node content"},
		{"line of the parser", "a: 1\nb: 2\n- c\nd: 3\n", "jobs/job.yaml:3: this is not YAML: did not find expected key"},
		{"line of the scanner", "a: 1\nb: 2\nc: d: e\nd: 3\n",
			"jobs/job.yaml:3: this is not YAML: mapping values are not allowed in this context"},
		{"brace", "a: {b: ${X}}", `jobs/job.yaml:1: this is not YAML: did not find expected ',' or '}'; ` +
			`between { and } write "${VAR}" with quotes`},
		{"tab", "a:\n\tb: 1", `jobs/job.yaml:2: this is not YAML: found character that cannot start any token; indent with spaces, ` +
			`not with tabs`},
		{"commas", "a: [f(b, 'x', 'y') AS c]", `jobs/job.yaml:1: this is not YAML: did not find expected ',' or ']'; ` +
			`inside [ … ] an expression with commas and quotes stands in double quotes as a whole: "replace(a, 'x', 'y') AS b"`},
		{"dash", "a: -", `jobs/job.yaml:1: this is not YAML: block sequence entries are not allowed in this context; ` +
			`for standard input or output write "-" with quotes`},
		{"two documents", "a: 1\n---\nb: 1", "jobs/job.yaml:2:1: a job file holds one document; remove what follows ---"},
		{"anchor", "a: &x 1\nb: *x", `jobs/job.yaml:1:4: anchors (&) are not part of a job file: remove it, or quote the text
jobs/job.yaml:2:4: aliases (*) are not part of a job file: write the value out, or quote the text`},
		{"encoding", "\ufeffa: 1\nä: \xff", "jobs/job.yaml:2:4: this is not UTF-8 text: no character has the byte 0xff here; " +
			"save the file as UTF-8"},
		{"UTF-16", "\xff\xfea\x00", "jobs/job.yaml:1:1: this is not UTF-8 text: no character has the byte 0xff here; save the file as UTF-8"},
		{"tag", "a: !!binary aGk=", "jobs/job.yaml:1:4: the tag !!binary is not part of a job file: remove it, or quote the text"},
		{"key", "[a]: 1", "jobs/job.yaml:1:1: a key is a plain text"},

		{"variable", "a: ${SET}-${UNSET:x:y}", `{a: "from-env-x:y"}`},
		{"variable adds no structure", `a: "${UNSET:[1, 2]}"`, `{a: "[1, 2]"}`},
		{"literal", "a: ${{SET}}", `{a: "${SET}"}`},
		{"unset", "a:\n  - ${UNSET}", "jobs/job.yaml:2:5: the variable UNSET is not set; set it, or write ${UNSET:default}"},
		{"unclosed", "a: ${SET", `jobs/job.yaml:1:4: "${SET" has no closing }; a literal ${NAME} is written ${{NAME}}`},
		{"bad name", "a: ${a-b}", `jobs/job.yaml:1:4: "a-b" is not the name of a variable; a literal ${NAME} is written ${{NAME}}`},
		{"secret", "a: ${file:key.txt}\nb: ${file:/run/key}", `{a: "${file:key.txt}", b: "${file:/run/key}"}`},
		{"endless secret", "a: ${file:/dev/zero}", "jobs/job.yaml:1:4: ${file:/dev/zero} has more than 1048576 bytes, which is more than any value needs"},
		{"nameless secret", "a: ${file:}", "jobs/job.yaml:1:4: ${file:} names no file"},
		{"no secret", "a: ${file:/none}", "jobs/job.yaml:1:4: ${file:/none} cannot be opened: file does not exist"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := read(test.text); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestSet(t *testing.T) {
	const job = "sources: {d: {file: {path: x}, format: csv}}\nsteps:\n- id: hourly\n  window: {tumble: 1h}\n- id: daily\nsinks:\n"
	for _, test := range []struct{ set, path, want string }{
		{"sources.d.file.path=-", "sources.d.file.path", "-"},
		{"sources.d.file.path=", "sources.d.file.path", ""},
		{"sources.d.format={csv: {delimiter: ;}}", "sources.d.format", "{csv: {delimiter: ;}}"},
		{"steps.hourly.window.tumble=2h", "steps.hourly.window", "{tumble: 2h}"},
		{"steps.daily.where=a > 1 # b: c", "steps.daily.where", `"a > 1 # b: c"`},
		{"steps.daily.key_by=[a, b]", "steps.daily.key_by", "[a, b]"},
		{`sinks.out."a.b=c"=1`, `sinks.out`, "{a.b=c: 1}"},
		{"checkpoint.interval=${SET}", "checkpoint.interval", "from-env"},

		{"name", "", "--set name: this is not of the form key.key=value"},
		{"a..b=1", "", "--set a..b=1: this is not of the form key.key=value"},
		{`"a=1`, "", `--set "a=1: this is not of the form key.key=value`},
		{"steps.hourley.x=1", "", `--set steps.hourley.x: nothing in steps has the id "hourley"; did you mean "hourly"?`},
		{"sources.d.format.csv=1", "", `--set sources.d.format.csv: sources.d.format is the single value "csv" and has no key "csv"; ` +
			`set it as a whole`},
		{"name=${UNSET}", "", "--set name: the variable UNSET is not set; set it, or write ${UNSET:default}"},
		{"name=[", "", "--set name: this is not YAML: did not find expected node content"},
	} {
		t.Run(test.set, func(t *testing.T) {
			d, problems := Parse("jobs/job.yaml", []byte(job), options(test.set))
			if len(problems) > 0 {
				if got := problems.Error(); got != test.want {
					t.Errorf("got  %s\nwant %s", got, test.want)
				}
				return
			}
			n := d.Root
			for _, key := range strings.Split(test.path, ".") {
				if n.Kind == List {
					n = *d.enterList(n, n.origin, nil, key)
				} else {
					n = n.Get(key)
				}
			}
			if got := n.String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if test.path != "sinks.out" && !strings.HasPrefix(n.At().String(), "--set ") && n.Kind != Map {
				t.Errorf("the place is %v, not the option", n.At())
			}
		})
	}
}

// A value of --set may stand for a variable that is not set.
func TestSetHidesUnsetVariable(t *testing.T) {
	if got := read("name: ${UNSET}", "name=x"); got != "{name: x}" {
		t.Error(got)
	}
}

func TestSecretsStayOutOfMessages(t *testing.T) {
	d, _ := Parse("jobs/job.yaml", []byte("a: ${file:key.txt}"), options())
	if got := d.Root.Get("a").Text; got != "s3cret" {
		t.Errorf("the secret is %q", got)
	}
	d.problem(d.Root.Get("a").At(), "%q is not a duration", d.Root.Get("a").Text)
	if got := d.Secrets.HideProblems(d.problems).Error(); got != `jobs/job.yaml:1:4: "(secret)" is not a duration` {
		t.Error(got)
	}
}

func TestPath(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"data/x.csv", "jobs/data/x.csv"}, {"../x.csv", "x.csv"}, {"/x.csv", "/x.csv"}, {"-", "-"},
	} {
		d, _ := Parse("jobs/job.yaml", []byte("a: '"+test.text+"'"), options("b="+test.text))
		if got := d.Root.Get("a").Path(); got != test.want {
			t.Errorf("in the file, %s is %s, want %s", test.text, got, test.want)
		}
		if got := d.Root.Get("b").Path(); got != test.text {
			t.Errorf("in --set, %s is %s", test.text, got)
		}
	}
}

// The place of every word of a scalar is where the word stands in the source.
func TestPlace(t *testing.T) {
	for _, text := range []string{
		"a: one two  @three four",
		"a:   one\n  two\n\n    @three",
		"a: |\n   one\n     two\n   @three\n",
		"a: >-  # comment\n   one two\n   @three\n",
		"a: 'it''s @three'",
		"ä: {b: ['ö', one 'ü' @three]}",
	} {
		d, problems := Parse("job.yaml", []byte(text), options())
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		n := d.Root.Entries[0].Value
		for n.Kind != Scalar {
			if n.Kind == Map {
				n = n.Entries[0].Value
			} else {
				n = n.Items[len(n.Items)-1]
			}
		}
		at := n.Place(strings.Index(n.Text, "@three"))
		if got := string([]rune(strings.Split(text, "\n")[at.Line-1])[at.Column-1:]); !strings.HasPrefix(got, "@three") {
			t.Errorf("%q: @three is looked for at %v, where %q stands", text, at, got)
		}
	}
}

func TestPlaceOfEscapedTextIsItsStart(t *testing.T) {
	d, _ := Parse("job.yaml", []byte(`a: "\u0041 @three"`), options())
	if at := d.Root.Get("a").Place(3).String(); at != "job.yaml:1:4" {
		t.Error(at)
	}
}

// Places in a file as long as files may be are found in one pass.
func TestPlaceInLongText(t *testing.T) {
	long := strings.Repeat("x ", MaxBytes/2-10)
	d, _ := Parse("job.yaml", []byte("a: "+long+"@"), options())
	if at, want := d.Root.Get("a").Place(len(long)), len("a: "+long)+1; at.Column != want {
		t.Errorf("the last character stands at %v, not in column %d", at, want)
	}
}

func TestLimits(t *testing.T) {
	deep := func(n int) string { return "a: " + strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, test := range []struct{ name, text, want string }{
		{"size", "a: " + strings.Repeat("x", MaxBytes), "job.yaml: the file has more than 1048576 bytes, which is more than any job needs"},
		{"depth", deep(MaxDepth), "job.yaml:1:103: values are nested more than 100 deep"},
		{"depth that exhausts a stack", deep(MaxBytes/2 - 10), "exceeded max depth"},
		{"bomb", bomb(), "aliases (*) are not part of a job file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, problems := Parse("job.yaml", []byte(test.text), options())
			if d != nil && test.name == "size" || !strings.Contains(problems.Error(), test.want) {
				t.Errorf("got %.200s\nwant %s", problems.Error(), test.want)
			}
		})
	}
	if _, problems := Parse("job.yaml", []byte(deep(MaxDepth-1)), options()); problems != nil {
		t.Error(problems)
	}
}

// bomb is a text of 1 kB that stands for 10^9 values.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return b.String()
}

func TestLoad(t *testing.T) {
	_, problems := Load("none.yaml", options())
	if got := problems.Error(); got != "none.yaml: cannot be opened: file does not exist" {
		t.Error(got)
	}
	_, problems = Load("/run/key", options())
	if got := problems.Error(); !strings.Contains(got, "/run/key:1:1: a job file is a map") {
		t.Error(got)
	}
}

package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/weirstream/weir/connectors/datagen"
	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/explain"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

const secret = `hunter2 "and" more`

// leaks reports where a text shows the secret, whole or in part, plain or as
// quoting leaves it.
func leaks(t *testing.T, where, text string) {
	t.Helper()
	for _, form := range []string{"hunter2", `"and" more`, `\"and\" more`} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows the secret: %s", where, text)
			return
		}
	}
}

// everywhere is a job with every kind of value that a job file holds.
const everywhere = `
name: everywhere
sources:
  d:
    datagen: { rows: 20, seed: 3, splits: 1, columns: ["k = oneof(a, b)", "at = clock(2024-01-01T00:00:00Z, 1s, 0s)"] }
    schema: { at: timestamp, k: string, n: int64 }
    event_time: { column: at, watermark_delay: 1s, idle_after: 1h }
    on_error: fail
    parallelism: 1
  f:
    file: { path: [in.csv], parallel: true, compression: none, repeat: 1 }
    format: { csv: { delimiter: ",", quote: "'" } }
    schema: { at: timestamp(ms), k: string, n: int64 }
    event_time: { column: at }
    on_error: dead_letter
steps:
  - id: all
    union: [d, f]
    where: k <> 'x'
    select: [at, k, n + 1 AS n]
    on_error: drop
  - id: sums
    key_by: [k]
    window: { tumble: 5s, offset: 1s, allowed_lateness: 1s }
    aggregate: { total: sum(n), some: count(*) FILTER (WHERE n > 3) }
sinks:
  out: { input: sums, print: {} }
  files: { input: sums, file: { path: out, if_exists: append }, format: csv }
  late: { input: sums.late, blackhole: {}, parallelism: 1 }
  bad: { input: f.dead_letter, print: {} }
checkpoint: { interval: 1s, retain: 2 }
parallelism: 2
buffer_timeout: 5ms
`

// TestSecretsDoNotShow puts a secret into each value of a job in turn, and into
// the middle of each. Whatever becomes of it, nothing that people see or that is
// stored holds it.
func TestSecretsDoNotShow(t *testing.T) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(everywhere), &root); err != nil {
		t.Fatal(err)
	}
	scalars := valuesOf(&root)
	if len(scalars) < 50 {
		t.Fatalf("the job has only %d values", len(scalars))
	}
	for _, s := range scalars {
		was := *s
		for _, text := range []string{"${file:secret.txt}", was.Value + "${file:secret.txt}"} {
			*s = yaml.Node{Kind: yaml.ScalarNode, Value: text, Style: yaml.DoubleQuotedStyle}
			job, err := yaml.Marshal(&root)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(was.Value, func(t *testing.T) { runWithSecret(t, builtin.Registry(), string(job)) })
		}
		*s = was
	}
}

// valuesOf returns the scalars of a document that are no keys.
func valuesOf(n *yaml.Node) (values []*yaml.Node) {
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		if c.Kind == yaml.ScalarNode {
			values = append(values, c)
		}
		values = append(values, valuesOf(c)...)
	}
	return values
}

// runWithSecret runs a job and looks for the secret in all that it leaves. It
// returns the problems, or how the job ended.
func runWithSecret(t *testing.T, registry *component.Registry, text string, sets ...string) error {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"job.yaml": text, "secret.txt": secret + "\n", "in.csv": "at,k,n\n1704067200000,a,1\n1704067201000,b,x\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, problems := document.Load(filepath.Join(dir, "job.yaml"), document.Options{Files: env.OS{}, Sets: sets})
	if problems != nil {
		t.Fatal(problems)
	}
	job, problems := compile.Compile(d, registry)
	if problems != nil {
		leaks(t, "a problem", problems.Error())
		return problems
	}
	plan, err := explain.Of(job, 0)
	if err != nil {
		t.Fatal(err)
	}
	leaks(t, "the plan", plan.Text()+plan.Mermaid()+fmt.Sprintf("%+v", plan))
	var out bytes.Buffer
	world := env.Real()
	world.Stdout = &out
	run, err := jobs.Start(job, jobs.Options{Env: world, StateDir: filepath.Join(dir, "state"), Warn: func(err error) {
		leaks(t, "a warning", err.Error())
		if !strings.Contains(err.Error(), "(secret)") {
			t.Errorf("a warning without anything hidden: %v", err)
		}
	}})
	if err == nil {
		_, err = run.Wait()
	}
	if err != nil {
		leaks(t, "the error", err.Error())
	}
	leaks(t, "the output", out.String())
	noFileHolds(t, dir)
	return err
}

// noFileHolds looks for the secret in names and contents of what a run wrote.
func noFileHolds(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(path) == "secret.txt" {
			return err
		}
		leaks(t, "the name of a file", path)
		content, err := os.ReadFile(path)
		leaks(t, path, string(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// indiscreet is a connector that gives its token away wherever it can.
func indiscreet(where string) *component.Registry {
	spec := component.Spec{Name: "indiscreet", Fields: []component.Field{{Name: "token", Kind: component.Text}}}
	fails := func(c component.Config, at string) error {
		if at != where {
			return nil
		}
		if where == "commit" {
			where = "" // a commit that fails is tried again, and is to succeed then
		}
		return fmt.Errorf("%s: the token %q of %s is not accepted: %w", at, c.Text("token"), c.Text("token"), errRefused)
	}
	r := builtin.Registry()
	r.Sources = append(r.Sources, component.SourceType{Spec: spec,
		New: func(c component.Config, in component.SourceInputs) (stream.Source, error) {
			if err := fails(c, "new source"); err != nil {
				return nil, err
			}
			made, problems := component.NewConfig(&datagen.SourceType.Spec, component.Position{}, component.Given(map[string]string{"rows": "5"}))
			if problems != nil {
				return nil, problems
			}
			s, err := datagen.SourceType.New(made, in)
			return source{s, c, fails}, err
		}})
	r.Sinks = append(r.Sinks, component.SinkType{Spec: spec, New: func(c component.Config, in component.SinkInputs) (stream.Sink, error) {
		return sink{c, fails}, fails(c, "new sink")
	}})
	return r
}

var errRefused = errors.New("refused")

type source struct {
	stream.Source
	config component.Config
	fails  func(component.Config, string) error
}

func (s source) NewEnumerator(e env.Env, saved []byte) (stream.Enumerator, error) {
	if err := s.fails(s.config, "enumerator"); err != nil {
		return nil, err
	}
	return s.Source.NewEnumerator(e, saved)
}

func (s source) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	if err := s.fails(s.config, "reader"); err != nil {
		return nil, err
	}
	r, err := s.Source.NewReader(c)
	return reader{r, s}, err
}

type reader struct {
	stream.Reader
	source source
}

func (r reader) Fetch(ctx context.Context) (stream.Fetched, error) {
	if err := r.source.fails(r.source.config, "fetch"); err != nil {
		return stream.Fetched{}, err
	}
	return r.Reader.Fetch(ctx)
}

type sink struct {
	config component.Config
	fails  func(component.Config, string) error
}

func (s sink) NewWriter(stream.WriterContext) (stream.Writer, error) {
	return s, s.fails(s.config, "writer")
}

func (s sink) NewCommitter(stream.CommitterContext) (stream.Committer, error) {
	return s, s.fails(s.config, "committer")
}

func (s sink) Write(b *record.Batch) error {
	b.Release()
	if err := s.fails(s.config, "panic"); err != nil {
		panic(err)
	}
	return s.fails(s.config, "write")
}

func (s sink) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	return func() (stream.Pending, error) { return stream.Pending("x"), s.fails(s.config, "prepare") }, nil
}

func (s sink) Commit(context.Context, stream.CheckpointID, []stream.Pending) error {
	return s.fails(s.config, "commit")
}

func (s sink) Abort(context.Context) error { return nil }
func (s sink) Close() error                { return s.fails(s.config, "close") }

// A connector that has a secret by right may put it into any error; nobody reads
// it there, and it is not in checkpoints. The error is still what it is.
func TestSecretsOfConnectorsDoNotShow(t *testing.T) {
	text := `
name: discreet
sources:
  in: { indiscreet: { token: "${file:secret.txt}" }, schema: { n: int64 } }
sinks:
  out: { indiscreet: { token: "Bearer ${file:secret.txt}" } }
`
	for _, where := range []string{"", "new source", "new sink", "enumerator", "reader", "fetch", "writer", "committer", "write",
		"panic", "prepare", "commit"} {
		t.Run(where, func(t *testing.T) {
			err := runWithSecret(t, indiscreet(where), text)
			if (err == nil) != (where == "" || where == "commit") { // a commit is tried again
				t.Fatalf("the job ended with %v", err)
			}
			if err != nil && !strings.Contains(err.Error(), "(secret)") {
				t.Errorf("the secret is not in the error, so that nothing was hidden: %v", err)
			}
			if p := new(component.Problems); where == "fetch" && (!errors.Is(err, errRefused) || errors.As(err, p)) {
				t.Errorf("the reason is lost: %#v", err)
			}
		})
	}
}

// A secret of --set is one as well. It is relative to the working directory.
func TestSecretOfSet(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("secret.txt", []byte(secret), 0o644); err != nil {
		t.Fatal(err)
	}
	text := "name: discreet\nsources:\n  in: { indiscreet: {}, schema: { n: int64 } }\nsinks:\n  out: { blackhole: {} }\n"
	err := runWithSecret(t, indiscreet("fetch"), text, "sources.in.indiscreet.token=${file:secret.txt}")
	if err == nil || !strings.Contains(err.Error(), "(secret)") {
		t.Errorf("the job ended with %v", err)
	}
}

// Where a secret would show it is refused, once, with what is written there.
func TestRefusedSecret(t *testing.T) {
	for _, test := range []struct{ was, with, want string }{
		{"where: k <> 'x'", "where: k <> '${file:secret.txt}'", "job.yaml:19:12: k <> '${file:secret.txt}': a secret would show here, "},
		{"path: [in.csv]", `path: "${file:secret.txt}"`, "job.yaml:11:19: ${file:secret.txt}: a secret would show here, "},
		{"name: everywhere", "name: ${file:secret.txt}", "job.yaml:2:7: ${file:secret.txt}: a secret would show here, "},
	} {
		err := runWithSecret(t, builtin.Registry(), strings.Replace(everywhere, test.was, test.with, 1))
		var problems component.Problems
		if !errors.As(err, &problems) || len(problems) != 1 || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.with, err, test.want)
		}
	}
}

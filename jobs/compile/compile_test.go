package compile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/golden"
)

// texts runs a test over the job files of a folder; the wanted text stands
// beside each, in a .txt file.
func texts(t *testing.T, folder string, draw func(t *testing.T, name, text string) string) {
	golden.Files(t, filepath.Join("testdata", folder, "*.yaml"), func(t *testing.T, file string) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		golden.Text(t, strings.TrimSuffix(file, ".yaml")+".txt", draw(t, filepath.Base(file), string(text)))
	})
}

// load compiles a text. Problems of the document and of the job are both in.
func load(name, text string, sets ...string) (*compile.Job, component.Problems) {
	d, problems := document.Parse(name, []byte(text), document.Options{Sets: sets})
	if d == nil {
		return nil, problems
	}
	job, more := compile.Compile(d, builtin.Registry())
	return job, append(problems, more...)
}

func TestProblems(t *testing.T) {
	texts(t, "bad", func(t *testing.T, name, text string) string {
		_, problems := load(name, text)
		problems.Sort()
		return problems.Error() + "\n"
	})
}

func TestGraphs(t *testing.T) {
	texts(t, "good", func(t *testing.T, name, text string) string {
		job, problems := load(name, text)
		if problems != nil {
			t.Fatal(problems)
		}
		return draw(job)
	})
}

func draw(job *compile.Job) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: parallelism %d, buffer timeout %v, checkpoints every %v, %d kept\n",
		job.Graph.Name, job.Parallelism, job.BufferTimeout, job.CheckpointInterval, job.Retain)
	for _, s := range job.Graph.Steps {
		if s.About.Kind == "" {
			fmt.Fprintf(&b, "\n%s does not say what it is\n", s.ID)
		}
		fmt.Fprintf(&b, "\n%s", s.ID)
		if s.Parallelism > 0 {
			fmt.Fprintf(&b, " × %d", s.Parallelism)
		}
		for _, in := range s.Inputs {
			fmt.Fprintf(&b, " ← %s", strings.Trim(in.Step+"."+string(in.Output), "."))
			if in.Key != nil {
				fmt.Fprintf(&b, " by %v", in.Key)
			}
		}
		fmt.Fprintf(&b, "\n  %s\n", s.Definition)
		if s.Source != nil {
			t := s.Source.EventTime
			fmt.Fprintf(&b, "  event time {Column:%d Complete:%v Delay:%v IdleAfter:%v}, on error %s\n", t.Column, t.Complete, t.Delay, t.IdleAfter,
				[]string{"fail", "drop", "dead letter"}[s.Source.OnError])
			if t.Expression != nil {
				fmt.Fprintf(&b, "  event time computed: %v\n", t.Expression)
			}
		}
		for _, o := range s.Outputs {
			fmt.Fprintf(&b, "  %s(%v)\n", o.Name, o.Schema)
		}
	}
	return b.String()
}

// A value given by --set is checked like any other, and its place is the option.
func TestProblemsOfSets(t *testing.T) {
	text, err := os.ReadFile("testdata/good/implicit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, problems := load("implicit.yaml", string(text), "steps.named.select=[c]", "sources.d.file.parallel=si", "sinks.out.prnt={}")
	want := `--set sinks.out.prnt: sinks.out: there is no key "prnt"; did you mean "print"?
--set sources.d.file.parallel: file.parallel: "si" is neither true nor false
--set steps.named.select: steps.named.select: there is no column "c"; there are a, b`
	if got := problems.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Layout, comments and tuning leave the definitions as they are: a checkpoint
// fits. What the state means is in them.
func TestDefinitions(t *testing.T) {
	text, err := os.ReadFile("testdata/good/outputs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	definitions := func(text string, sets ...string) string {
		job, problems := load("outputs.yaml", text, sets...)
		if problems != nil {
			t.Fatal(problems)
		}
		var b strings.Builder
		for _, s := range job.Graph.Steps {
			fmt.Fprintln(&b, s.Definition)
		}
		return b.String()
	}
	was := definitions(string(text))
	if now := definitions(strings.ReplaceAll(string(text), "k IS NOT NULL", "( k   is not null ) # all"), "parallelism=7"); now != was {
		t.Errorf("the definitions were\n%s\nand are\n%s", was, now)
	}
	for _, set := range []string{
		"steps.sums.window.allowed_lateness=2m", "steps.sums.aggregate.rows=count(x)", "steps.sums.key_by=[n]",
		"sources.d.event_time.watermark_delay=2m", "sources.d.schema.n=float64",
	} {
		if definitions(string(text), set) == was {
			t.Errorf("--set %s changes no definition", set)
		}
	}
}

// Where --set takes a value away, that is where the value is missing.
func TestMissingValueOfSet(t *testing.T) {
	_, problems := load("job.yaml", "name: n\nsources: { d: { datagen: {}, schema: { n: int64 } } }\nsinks: { out: { print: {} } }\n",
		"name=", "sinks.out.input=")
	if got, want := problems.Error(), "--set name: name: there is no value\n--set sinks.out.input: sinks.out.input: "+
		"there is no value"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

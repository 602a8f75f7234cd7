package compile

import (
	"fmt"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// Job is what a job file says: the plan, and how it wants to be run.
type Job struct {
	Plan *plan.Plan
	// Graph is that of the plan.
	Graph *graph.Graph
	// Parallelism is that of the steps that do not set their own.
	Parallelism   int
	BufferTimeout time.Duration
	// Memory is how many bytes the job may take, or Unbounded; 0 is that it does not say.
	Memory int64
	// RowStore keeps rows of state that memory has no room for.
	RowStore RowStore
	// CheckpointInterval is the time between the starts of two checkpoints.
	CheckpointInterval time.Duration
	// CommitTimeout is how long the commits of a sink may keep failing; 0 is for ever.
	CommitTimeout time.Duration
	// Restart says when the job is started again after a failure; nil is never.
	Restart *Restart
	// Retain is how many decided checkpoints are kept.
	Retain int
	// Secrets are those that the components were given: whoever shows a text of
	// the job hides them in it.
	Secrets document.Secrets
}

// Compile checks a job file and returns the job, or everything that is wrong
// with it in the order of the file.
func Compile(d *document.Document, r *component.Registry) (*Job, component.Problems) {
	return compile(d, &compiler{registry: r})
}

func compile(d *document.Document, c *compiler) (job *Job, problems component.Problems) {
	c.guard(d.Root.At(), "the job", func() {
		c.refuseSecrets(d.Root)
		job = c.read(d.Root)
		job.Secrets = d.Secrets
		if c.show == nil {
			c.resolve()
		} else {
			c.resolveShown()
		}
		for _, p := range c.inOrder() {
			c.guard(p.at, p.section.name, func() { p.build(c, p) })
		}
		c.findUnpaced()
	})
	if len(c.problems) > 0 {
		c.problems = c.withoutEcho()
		c.problems.Sort()
		return nil, d.Secrets.HideProblems(c.problems)
	}
	job.Graph = job.Plan.Lower()
	return job, nil
}

// guard makes a problem of a panic: a component that goes wrong while its job is
// read must not end the process, which may run other jobs.
func (c *compiler) guard(at component.Position, name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			c.problem(at, "%s: panic, which is a bug in weir: %v\n%s", name, r, debug.Stack())
		}
	}()
	f()
}

// compiler holds what the passes share.
type compiler struct {
	registry *component.Registry
	problems component.Problems
	vertices []*vertex // sources, steps, sinks, each in the order of the file
	show     *show     // is in the place of the sinks; nil in a job as it is
	plan     plan.Plan
	refused  []component.Position // of secrets
}

func (c *compiler) read(root *document.Node) *Job {
	spec := Spec(c.registry)
	if c.show != nil {
		spec.Field("sinks").Required = false
	}
	s := newSection(&c.problems, "", root.At(), root, spec)
	checkpoint := s.section("checkpoint")
	job := &Job{
		Plan:               &c.plan,
		Parallelism:        s.integer("parallelism"),
		BufferTimeout:      s.duration("buffer_timeout"),
		Memory:             s.memory(),
		RowStore:           RowStore(s.option("row_store")),
		CheckpointInterval: checkpoint.duration("interval"),
		CommitTimeout:      checkpoint.duration("commit_timeout"),
		Retain:             checkpoint.integer("retain"),
	}
	if s.value("restart") != nil {
		job.Restart = readRestart(s.section("restart"))
	}
	c.readName(s)
	c.readNamed(s, "sources", sourceRole, c.readSource)
	c.readSteps(s)
	if c.show != nil {
		c.addShow(s)
		return job
	}
	c.readNamed(s, "sinks", sinkRole, c.readSink)
	return job
}

// identifier is bounded in length, since names become parts of file names.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,99}$`)

func (c *compiler) readName(s section) {
	n := s.scalar("name")
	switch {
	case n != nil && !identifier.MatchString(n.Text):
		s.problem(n.At(), "name", "%.110q is not a name of letters, digits, _ and -, at most 100", n.Text)
	case n != nil:
		c.plan.Name = n.Text
	}
}

// readNamed reads the sources or the sinks, whose ids are keys.
func (c *compiler) readNamed(s section, key string, r role, read func(*vertex, *document.Node, *component.Spec)) {
	n := s.value(key)
	switch {
	case n == nil:
		return
	case n.Kind != document.Map || len(n.Entries) == 0:
		s.problem(n.At(), key, "takes a map from the id of each %s to its settings", r)
		return
	}
	for _, e := range n.Entries {
		p := &vertex{role: r, id: e.Key, at: e.At, section: section{name: key + "." + e.Key}, faults: span{from: len(c.problems)}}
		c.addVertex(p)
		read(p, e.Value, s.spec.Field(key).Spec)
		p.faults.to = len(c.problems)
	}
}

// addVertex makes a vertex known by its id.
func (c *compiler) addVertex(p *vertex) {
	if !identifier.MatchString(p.id) {
		c.problem(p.at, "%.110q is not an id of letters, digits, _ and -, at most 100", p.id)
	}
	if twin := c.vertex(p.id); twin != nil {
		c.problem(p.at, "the id %q is that of the %s at %v already; ids must differ", p.id, twin.role, twin.at)
	}
	p.reads = map[stream.Output]bool{}
	c.vertices = append(c.vertices, p)
}

// vertex returns the first vertex with an id, or nil.
func (c *compiler) vertex(id string) *vertex {
	for _, p := range c.vertices {
		if p.id == id {
			return p
		}
	}
	return nil
}

func (c *compiler) problem(at component.Position, format string, args ...any) {
	c.problems = append(c.problems, component.Problem{At: at, Message: fmt.Sprintf(format, args...)})
}

// add adds the nodes that a vertex is, of which the last has its outputs.
func (c *compiler) add(p *vertex, nodes ...plan.Node) {
	for _, n := range nodes {
		c.plan.Add(n)
		p.node = n
	}
}

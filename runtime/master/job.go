package master

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// Job is a job under way.
type Job struct {
	master  *master
	threads *actor.Threads // nil on another host
}

// How a job may end without having failed itself.
var (
	// ErrCancelled is what Wait returns of a job that was cancelled.
	ErrCancelled = errors.New("the job was cancelled")
	// ErrLost says that another process runs the job from now on. Nothing is to
	// be done here.
	ErrLost = failure.Fatal(errors.New("another process has taken over the job and continues it"))
)

// Start runs a job on goroutines of its own. Errors that the checkpoint store
// or the job's components raise come from Wait.
func Start(g *graph.Graph, o Options) (*Job, error) {
	o = o.withDefaults()
	host := actor.NewThreads(o.Env.Clock.Now)
	if o.Ended != nil {
		context.AfterFunc(host.Context(), o.Ended)
	}
	j, err := On(host, g, o)
	if err != nil {
		return nil, err
	}
	j.threads = host
	return j, nil
}

// On puts a job on a host, which steps it from now on.
func On(host actor.Host, g *graph.Graph, o Options) (*Job, error) {
	o = o.withDefaults()
	plan, err := graph.Plan(g, o.Parallelism)
	if err != nil {
		return nil, err
	}
	m := &master{host: host, graph: g, plan: plan, options: o}
	m.mu.status.Name = g.Name
	m.mu.status.State = status.Starting
	if o.Room != nil {
		o.Room.job.Store(m)
	}
	host.Add(m)
	return &Job{master: m}, nil
}

// Stop asks for a last checkpoint after which the job ends; it can be gone on
// with from there. It returns at once.
func (j *Job) Stop() { j.master.mail.Post(stop{}) }

// Drain ends the job as if its input had ended: windows fire, everything is
// committed, and the job is finished for good. It returns at once.
func (j *Job) Drain() { j.master.mail.Post(stop{drain: true}) }

// Cancel ends a job of [Start] at once, as a crash would. What was not
// committed is done again at the next start.
func (j *Job) Cancel() { j.threads.Cancel(ErrCancelled) }

// Wait returns when a job of [Start] has ended, with its last status and why it
// failed, nil if it has stopped or finished.
func (j *Job) Wait() (status.Job, error) {
	err := j.threads.Stopped()
	last := j.Status()
	closeErr := j.Close()
	switch {
	case errors.Is(err, errEnded):
		err = closeErr
	default:
		last.State = status.Failed
		err = j.master.explain(err)
	}
	return last, err
}

// Explain names the loss of the job where that is behind another failure, as Wait
// does; it is for an error that ended the job on another host.
func (j *Job) Explain(err error) error { return j.master.explain(err) }

// explain looks at the log, as the host's own context, which has ended, would not let it.
func (m *master) explain(err error) error {
	if m.owner == nil || errors.Is(err, ErrLost) || errors.Is(err, ErrCancelled) || !m.owner.Superseded(context.Background()) {
		return err
	}
	return fmt.Errorf("%w (here: %w)", ErrLost, err)
}

// Ended reports whether err, which a host was given by an actor, says that the
// job has come to a good end.
func Ended(err error) bool { return errors.Is(err, errEnded) }

// Close releases what the job's actors hold. They must not be stepped any more.
func (j *Job) Close() error {
	j.master.mu.Lock()
	chains := j.master.mu.chains
	j.master.mu.over = true
	j.master.mu.Unlock()
	for m, ok := j.master.mail.Take(); ok; m, ok = j.master.mail.Take() {
		if r, ok := m.(restored); ok && r.err == nil {
			chains = r.built.chains // the job has ended before it ran
		}
		if w, ok := m.(wished); ok {
			j.master.wishes = append(j.master.wishes, w.wish)
		}
	}
	j.master.denyWishes()
	var errs []error
	for _, c := range chains {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// Status returns the job as it is now. Any goroutine may call it.
func (j *Job) Status() status.Job {
	m := j.master
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.mu.status
	if !m.mu.began.IsZero() {
		s.Elapsed = m.host.Now().Sub(m.mu.began)
	}
	s.Memory = m.options.memory()
	of := map[string]status.Step{}
	for _, c := range m.mu.chains {
		for _, subtask := range c.Status() {
			of[subtask.ID] = together(of[subtask.ID], subtask)
		}
	}
	for _, step := range m.graph.Steps {
		s.Steps = append(s.Steps, together(of[step.ID], status.Step{ID: step.ID, Watermark: record.MinTime}))
	}
	return s
}

// memory says who holds how much.
func (o Options) memory() status.Memory {
	m := status.Memory{Budget: o.Memory}
	m.Batches.Now, m.Batches.Most = o.Pool.Held()
	if o.Tier != nil {
		h := o.Tier.Holding()
		m.Rows, m.Checkpoints = status.Use{Now: h.Rows, Most: h.MostRows}, status.Use{Now: h.Snapshots, Most: h.MostSnapshots}
	}
	return m
}

// together adds what is known of other subtasks of a step; either may be of none.
func together(s, more status.Step) status.Step {
	switch {
	case s.Parallelism == 0:
		return more
	case more.Parallelism == 0:
		return s
	}
	s.Parallelism += more.Parallelism
	s.Counters = s.Counters.Add(more.Counters)
	s.Rejects = stream.AddRejects(s.Rejects, more.Rejects)
	s.Watermark = min(s.Watermark, more.Watermark)
	return s
}

// definition returns that of a step with what comes to its state.
func definition(g *graph.Graph, s *graph.Step) stream.Definition {
	if !s.Stateful {
		return s.Definition
	}
	return append(slices.Clip(s.Definition), stream.Clause{Text: g.Reads(s), Bears: stream.Rows})
}

// checkpointOptions says what the checkpoints of the job need to know.
func (o Options) checkpointOptions(g *graph.Graph, plan *graph.Physical) checkpoint.Options {
	options := checkpoint.Options{Job: g.Name, Retain: o.Retain, Random: o.Env.Random.Of(g.Name), AllowChanged: o.AllowChanged,
		AllowDuplicates: o.AllowDuplicates}
	for _, c := range plan.Chains {
		for _, s := range c.Steps {
			options.Steps = append(options.Steps, checkpoint.StepInfo{
				ID: s.ID, Definition: definition(g, s), Parallelism: c.Parallelism,
				Source: s.Source != nil, Sink: s.Sink != nil, Stateful: s.Stateful, Sources: g.SourcesOf(s),
				Witness: o.witness(g, s),
			})
		}
	}
	return options
}

// witness returns what looks at the medium of a sink, if that can be done.
func (o Options) witness(g *graph.Graph, s *graph.Step) func(run string) stream.Witness {
	sink, ok := s.Sink.(stream.Witnessed)
	if !ok {
		return nil
	}
	return func(run string) stream.Witness {
		return namedWitness{s.ID, func() stream.Witness {
			return sink.Witness(stream.CommitterContext{Env: o.Env, Job: g.Name, Run: run, Sink: s.ID})
		}}
	}
}

package metrics

import (
	"strconv"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
)

// ContentType is that of the text.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// The scopes that names begin with.
const (
	jobScope   = "weir_job_"
	taskScope  = "weir_job_task_"
	stepScope  = "weir_job_task_operator_"
	splitScope = "weir_job_task_operator_split_"
)

// Renderer renders jobs again and again. It belongs to one goroutine.
type Renderer struct {
	before map[string][]status.Spent // by job: what its tasks had spent when it was rendered last
	text   text                      // its memory is used again
}

// sample is something that has metrics, with its labels as they are written.
type sample[T any] struct {
	of     T
	labels []byte
}

// text is a rendering under way.
type text struct {
	out   []byte
	arena []byte // labels

	jobs   []sample[job]
	states []sample[share]
	due    []sample[share]
	memory []sample[share]
	tiers  []sample[share]
	tasks  []sample[task]
	steps  []sample[step]
	splits []sample[split]
}

// Render appends the metrics of jobs, and of the process.
func (r *Renderer) Render(out []byte, jobs []status.Detail) []byte {
	t := &r.text
	t.out = out
	before := map[string][]status.Spent{}
	for i := range jobs {
		before[jobs[i].Name] = t.job(&jobs[i], r.before[jobs[i].Name])
	}
	r.before = before
	write(t, jobScope, jobFamilies, t.jobs)
	write(t, jobScope, []family[share]{stateFamily}, t.states)
	write(t, jobScope, []family[share]{dueFamily}, t.due)
	write(t, jobScope, []family[share]{memoryFamily}, t.memory)
	write(t, jobScope, []family[share]{tierFamily}, t.tiers)
	write(t, taskScope, taskFamilies, t.tasks)
	write(t, stepScope, stepFamilies, t.steps)
	write(t, splitScope, splitFamilies, t.splits)
	write(t, "", processFamilies, []sample[process]{{of: readProcess()}})
	out = t.out
	t.reset()
	return out
}

// reset forgets everything but the memory.
func (t *text) reset() {
	t.out, t.arena = nil, t.arena[:0]
	t.jobs, t.states, t.due, t.memory, t.tiers = emptied(t.jobs), emptied(t.states), emptied(t.due), emptied(t.memory), emptied(t.tiers)
	t.tasks, t.steps, t.splits = emptied(t.tasks), emptied(t.steps), emptied(t.splits)
}

func emptied[T any](s []T) []T {
	clear(s)
	return s[:0]
}

// states are those that a job can be in.
var states = []status.State{status.Starting, status.Running, status.Stopping, status.Stopped, status.Finished, status.Failed,
	status.Waiting}

// job takes in a job, and returns what its tasks have spent.
func (t *text) job(d *status.Detail, before []status.Spent) []status.Spent {
	t.jobs = append(t.jobs, sample[job]{job{*d}, t.labels("job_name", d.Name)})
	share := func(of *[]sample[share], key, value string, n int64) {
		*of = append(*of, sample[share]{share{n}, t.labels("job_name", d.Name, key, value)})
	}
	for _, s := range states {
		share(&t.states, "state", string(s), one(s == d.State))
	}
	if m := d.Memory; m.Budget > 0 {
		share(&t.memory, "holder", "rows", m.Rows.Now)
		share(&t.memory, "holder", "checkpoints", m.Checkpoints.Now)
		share(&t.tiers, "tier", "memory", m.Rows.Now)
		share(&t.tiers, "tier", "disk", d.Disk)
	}
	share(&t.memory, "holder", "batches", d.Memory.Batches.Now)
	if len(before) != len(d.Tasks) { // another run
		before = make([]status.Spent, len(d.Tasks))
	}
	now, spent := record.TimeOf(d.At), make([]status.Spent, len(d.Tasks))
	for i := range d.Tasks {
		spent[i] = d.Tasks[i].Spent
		t.task(d.Name, &d.Tasks[i], before[i], now)
		for _, s := range d.Tasks[i].Steps {
			if s.Kind == status.Sink && d.Tasks[i].Subtask == 0 {
				share(&t.due, "sink", s.Step, due(d, s.Step))
			}
		}
	}
	return spent
}

// due returns how many checkpoints a sink has yet to show.
func due(d *status.Detail, sink string) int64 {
	for _, of := range d.Due {
		if of.Sink == sink {
			return int64(of.Checkpoints)
		}
	}
	return 0
}

func (t *text) task(job string, of *status.Task, before status.Spent, now record.Time) {
	subtask := strconv.Itoa(of.Subtask)
	t.tasks = append(t.tasks, sample[task]{task{of, perSecond(before, of.Spent)},
		t.labels("job_name", job, "task_name", of.Name, "subtask_index", subtask)})
	for i := range of.Steps {
		s := &of.Steps[i]
		t.steps = append(t.steps, sample[step]{step{s, now}, t.labels("job_name", job, "operator_name", s.Step, "subtask_index", subtask)})
		for _, sp := range s.Splits {
			id := sp.ID
			if sp.Others > 0 {
				id = others
			}
			t.splits = append(t.splits, sample[split]{split{sp, now},
				t.labels("job_name", job, "operator_name", s.Step, "subtask_index", subtask, "split", id)})
		}
	}
}

// perSecond returns what of each second has been spent between two moments. The three are a
// second together, as far as anything is known.
func perSecond(before, now status.Spent) status.Spent {
	busy, idle, back := now.Busy-before.Busy, now.Idle-before.Idle, now.Backpressured-before.Backpressured
	all := busy + idle + back
	if all <= 0 || busy < 0 || idle < 0 || back < 0 {
		return status.Spent{}
	}
	of := func(d time.Duration) time.Duration {
		return time.Duration(float64(d) / float64(all) * float64(time.Second))
	}
	return status.Spent{Busy: of(busy), Idle: of(idle), Backpressured: of(back)}
}

// others is the split that stands for those without samples of their own.
const others = "(others)"

// labels returns keys and values, in turn, as they stand between a name and a value.
func (t *text) labels(keysAndValues ...string) []byte {
	begin := len(t.arena)
	separator := byte('{')
	for i := 0; i < len(keysAndValues); i += 2 {
		t.arena = append(append(append(t.arena, separator), keysAndValues[i]...), '=', '"')
		t.quote(keysAndValues[i+1])
		t.arena = append(t.arena, '"')
		separator = ','
	}
	t.arena = append(t.arena, '}', ' ')
	return t.arena[begin:len(t.arena):len(t.arena)]
}

// quote writes the value of a label. What is no UTF-8 is replaced: else nothing of the text
// would be taken.
func (t *text) quote(value string) {
	value = strings.ToValidUTF8(value, "\uFFFD")
	for i := range len(value) {
		switch c := value[i]; c {
		case '\\', '"':
			t.arena = append(t.arena, '\\', c)
		case '\n':
			t.arena = append(t.arena, '\\', 'n')
		default:
			t.arena = append(t.arena, c)
		}
	}
}

// write writes metrics, each with all its samples.
func write[T any](t *text, scope string, families []family[T], samples []sample[T]) {
	for _, f := range families {
		name := []byte(scope + f.name)
		headed := false
		for i := range samples {
			s := &samples[i]
			value, is := f.value(&s.of)
			if !is {
				continue
			}
			if !headed {
				headed = true
				t.out = append(t.out, "# HELP "+string(name)+" "+f.describe()+"\n# TYPE "+string(name)+" "+string(f.kind)+"\n"...)
			}
			t.out = append(t.out, name...)
			if len(s.labels) == 0 {
				t.out = append(t.out, ' ')
			}
			t.out = append(t.out, s.labels...)
			t.out = append(strconv.AppendInt(t.out, value, 10), '\n')
		}
	}
}

// describe returns the description with its unit, as a sentence.
func (f family[T]) describe() string {
	text := strings.ToUpper(f.help[:1]) + f.help[1:]
	if f.unit != "" {
		text += ", in " + f.unit
	}
	return text + "."
}

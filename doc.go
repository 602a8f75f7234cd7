// Package weir is the root of a stream-processing runtime: jobs that read streams of
// records, compute by the time when things happened, and write each result exactly
// once. The command is cmd/weir; programs run jobs with package jobs. This package
// has no code, only this comment.
//
// # The nouns
//
// There are few of them, and each means the same thing everywhere.
//
// A job is a graph of steps. Its sources bring in records, its steps compute (once
// they run, they are operators), and its sinks write. A step with parallelism runs as
// several subtasks, each with a range of the keys.
//
// A source reads splits: a file, a shard, a partition. A split has an order, and a
// position to resume from.
//
// A record becomes a row of a batch, which is about a thousand rows in columns. Each
// row has an event time: when it happened. The watermark of a split is the promise
// that nothing older is expected from it; a row that is behind it all the same is
// late.
//
// State is what an operator remembers by key. A checkpoint is a consistent picture of
// a job: the positions of its sources, the state of its steps, and what its sinks
// have prepared. A barrier that travels with the rows draws the line, and the
// checkpoint counts from the moment it is decided; then its output is committed.
//
// A row that cannot be processed is a dead letter, if the job wants it kept.
//
// # Where to begin
//
// README.md has a first job, jobs/docs a page for each task, and ARCHITECTURE.md a
// guide to the packages. From a program:
//
//	job, err := jobs.Load(builtin.Registry(), env.OS{}, "departures.yaml", nil)
//	…
//	run, err := jobs.Start(job, jobs.Options{Env: env.Real(), StateDir: "state/departures"})
//	…
//	last, err := run.Wait()
//
// # Caveats
//
//   - Exactly-once holds for output that a sink can prepare first and show later.
//     Rows printed to a console or a pipe may be printed again after a crash.
//   - It holds for sources that can be read again from a position; standard input
//     cannot.
//   - All state has to fit into memory, and a job runs in one process.
//   - One process at a time owns a job's checkpoints. If a second one takes over, the
//     first ends. This is safe, but the two do not share the work.
//   - A checkpoint store belongs to one job. A store copied back from a backup is
//     refused if the job's sinks can tell that they have shown more since.
//   - Sessions of rows that come late from several splits, and splits that become
//     idle by the clock, make results depend on more than the data; `weir explain`
//     says where.
//   - Checkpoint formats may still change, with no way to read old ones.
package weir

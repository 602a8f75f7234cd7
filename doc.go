// Package weir is the root of a stream-processing runtime: jobs that read streams of
// records, compute by the time at which things happened, and write each result
// exactly once. The command is cmd/weir; a program runs jobs with package jobs. This
// package has no code, only these words.
//
// # The nouns
//
// There are few of them, and they mean one thing each, everywhere.
//
// A job is a graph of steps. Its sources bring records in, its steps compute (they
// are operators, once they run), and its sinks write. Where a step has parallelism,
// it runs as several subtasks, each with a range of the keys.
//
// A source reads splits: a file, a shard, a partition. A split has an order, and a
// position to go on from.
//
// A record becomes a row of a batch, some thousand rows in columns. Each row has an
// event time: when it happened. The watermark of a split is the promise that nothing
// older is expected of it; a row that is behind it all the same is late.
//
// State is what an operator remembers by key. A checkpoint is a consistent picture
// of a job: the positions of its sources, the state of its steps, and what its sinks
// have prepared. It is cut by a barrier that travels with the rows, and it counts
// from the moment in which it is decided; then its output is committed.
//
// A row that cannot be processed is a dead letter, if the job wants it kept.
//
// # Where to begin
//
// README.md has a first job, jobs/docs a page for each task, ARCHITECTURE.md the way
// through the packages. For a program:
//
//	job, err := jobs.Load(builtin.Registry(), env.OS{}, "departures.yaml", nil)
//	…
//	run, err := jobs.Start(job, jobs.Options{Env: env.Real(), StateDir: "state/departures"})
//	…
//	last, err := run.Wait()
//
// # Caveats
//
//   - Exactly-once holds for what a sink can prepare and show later. What was printed
//     to a console or a pipe is printed again after a crash.
//   - It holds for sources that can be read again from a position; standard input
//     cannot.
//   - All state has to fit into memory, and a job runs in one process.
//   - One process at a time owns a job's checkpoints. A second one takes over, and the
//     first ends; both are safe, neither shares the work.
//   - A checkpoint store belongs to one job. Copied back from a backup it is refused
//     where its sinks can tell that they have shown more since.
//   - Sessions of rows that come late from several splits, and splits that become
//     idle by the clock, make a result depend on more than the data; `weir explain`
//     says where.
//   - The formats of checkpoints may still change without a way to read old ones.
package weir

// Package plan is a job as its front end says it, before it becomes a graph: what
// stands between job files, and whatever else jobs will be written in, and
// runtime/graph.
//
// A [Plan] is a list of nodes, each behind those that it reads: [Source],
// [Project], [Unnest], [Aggregate], [Join], [Sink]. A node has fields, of which everything
// else about it follows: its columns, whether its rows have an event time, its
// definition, and what explain says of it. A step of a job is one node, or several
// of which the last has the step's name (names.go).
//
// Rules over the nodes say what a front end would have to know otherwise, so that
// all front ends mean the same:
//
//   - which columns an aggregate reads, and no others travel to it (needed.go);
//   - how rows of an output replace and withdraw one another (changelog.go);
//   - by which columns rows are spread over subtasks (partition.go);
//   - how rows get from one step to the next, which follows from these (edge.go).
//
// [Check] says what is wrong with a node, and with which part of it; the front end
// knows where that part was written. [Plan.Lower] makes the graph, in which an
// aggregate, say, is up to three steps.
//
// # Decisions
//
// A plan knows nothing of the parallelism of a run, only what its steps ask for. So
// it says how rows would best get to a step, "stay, else by this key", and
// runtime/graph, which does know, chooses.
//
// An aggregate has a condition of its own, rather than a Project before it: one step
// then filters and computes columns, and failed rows have one place to come from.
//
// Front ends write the definition of a source or a sink, for what it depends on are
// the settings of its connector; those of all other nodes are drawn here. They decide
// which checkpoints a job can resume from, so their texts must stay.
//
// A changelog that loses its key goes on without one if it says what is replaced:
// then all columns are the key, and equal rows are counted. It is refused otherwise.
package plan

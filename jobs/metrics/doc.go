// Package metrics tells of jobs in the text format of Prometheus.
//
// Metrics are declared once ([Table] draws the declarations for the pages), under the names of
// Flink's reporter for Prometheus, with "weir_" where Flink has "flink_taskmanager_" or
// "flink_jobmanager_", and with Flink's units; what only weir has is named alike. Counters
// begin with the run of a job: Prometheus takes what falls back to zero for a restart, and
// would count twice what a checkpoint brought along.
//
// The text is rendered here and not by a library: that of Prometheus for Go makes a message
// of each sample, sorts and encodes them, which for ten thousand subtasks, a hundred and fifty
// thousand samples, takes longer than the 100 ms that a scrape may cost. Here a sample is
// appended to the text: its name, labels that were written once, and a number.
package metrics

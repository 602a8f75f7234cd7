// Package history makes one source of two: a bounded one, whose rows are the history, and
// one that goes on with what came since.
//
// The splits of the second are found when the job begins, so that their positions are those
// of that time, and handed out when all splits of the first have ended. So each row of either
// comes once, before and after a restart, at any parallelism; whether a row is in both is for
// the two to say: by where the second starts, or by a time of event time up to which the
// first counts, and from which the second does.
package history

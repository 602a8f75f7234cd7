//go:build planted

package jobtest

// plantedStore are bugs of the log of checkpoints and its store.
var plantedStore = []plant{
	{
		bug:   "commit before the slot",
		file:  "runtime/checkpoint/course.go",
		line:  "c.enter(deciding)",
		with:  "c.enter(deciding)\nc.commit()",
		means: "sinks commit while the slot that decides the checkpoint is being created",
	},
	{
		bug:   "zombie completes a checkpoint",
		file:  "runtime/checkpoint/log.go",
		line:  "err := s.objects.Create(name, content)",
		with:  "err := s.objects.Put(name, content)",
		means: "an owner that has lost its job writes its slot over the takeover",
	},
	{
		bug:   "create succeeded but the reply was lost",
		file:  "runtime/checkpoint/log.go",
		line:  "err = s.ours(n.Number, content)",
		with:  "err = errTaken",
		means: "a slot that is there already is taken for another owner's, whatever its nonce",
	},
	{
		bug:   "overlook what a step reads",
		file:  "runtime/checkpoint/compare.go",
		line:  "case then.Reads != now.Reads:",
		with:  "case false:",
		means: "a job whose filter before a window has changed goes on with the old state",
		by:    finder{"jobs", "TestChangedJobs"},
	},
}

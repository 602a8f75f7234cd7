package compile

import "time"

// Restart says when a job that has failed is started again.
type Restart struct {
	Delay    time.Duration // before a restart
	MaxDelay time.Duration // what the delay doubles up to; 0: it stays
	Most     int           // restarts; 0: any number
	Within   time.Duration // the time in which Most counts; 0: ever
}

func readRestart(s section) *Restart {
	r := &Restart{Delay: s.duration("delay"), MaxDelay: s.duration("max_delay"), Most: s.integer("most"), Within: s.duration("within")}
	if r.Delay == 0 {
		s.problem(s.keyAt("delay"), "delay", "is 0, and a job that fails at once would be started again at once, for ever; "+
			"give it some time, such as 1s")
	}
	if r.MaxDelay > 0 && r.MaxDelay < r.Delay {
		s.problem(s.keyAt("max_delay"), "max_delay", "is less than delay, which is %v", r.Delay)
	}
	return r
}

package env

// NowReader is implemented by files that can tell whether reading would wait. The operating
// system's are such on Linux; those of a simulation are not, as nobody waits there.
type NowReader interface {
	// ReadNow fills b with what stands at an offset if that is in memory, and reports
	// whether it was. If not, it has the system begin to read it, and does not wait:
	// who calls it for several places, and then reads them, waits for all at once.
	// Several goroutines may call it. It reports no errors: reading does.
	ReadNow(b []byte, offset int64) bool
}

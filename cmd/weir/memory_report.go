package main

import (
	"fmt"

	"github.com/weirstream/weir/runtime/status"
)

// memoryReport says who had how much of a job's memory, or "" where state had little of it: then
// memory is no matter.
func memoryReport(m status.Memory, process int64) string {
	if m.Budget == 0 || m.Rows.Most < m.Budget/4 {
		return ""
	}
	text := fmt.Sprintf("Memory: %s for the job. At most %s were rows of state, %s batches, %s state being written", roughly(m.Budget),
		roughly(m.Rows.Most), roughly(m.Batches.Most), roughly(m.Checkpoints.Most))
	if process > 0 {
		text += fmt.Sprintf("; the process took %s", roughly(process))
	}
	return text + "."
}

// roughly writes a number of bytes as people read it.
func roughly(bytes int64) string {
	switch {
	case bytes < 1<<20:
		return fmt.Sprintf("%d KiB", (bytes+1<<10-1)>>10)
	case bytes < 10<<30:
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d GiB", bytes>>30)
}

package task

import "io"

// askEvery is how much is written between two questions for room: less than the reserve of
// any disk that is worth a checkpoint.
const askEvery = 1 << 20

// roomWriter fails as soon as the disk has no room for more.
type roomWriter struct {
	io.Writer
	lacksRoom func(bytes int64) error
	asked     int64 // bytes that may be written still
}

func (w *roomWriter) Write(content []byte) (int, error) {
	if w.asked -= int64(len(content)); w.asked < 0 {
		w.asked = askEvery
		if err := w.lacksRoom(int64(len(content))); err != nil {
			return 0, err
		}
	}
	return w.Writer.Write(content)
}

package control

import (
	"fmt"
	"net/http"
	"time"
)

// The keys of a request for a log.
const (
	lastKey   = "last"   // how many lines of those that are there; all without it
	followKey = "follow" // and whatever comes, until the client goes
)

// mostFollowers is how many may follow logs at a time: others need connections as well.
const mostFollowers = 64

// logs answers with the log of a job, an object a line, until the server is closing.
func (j *Jobs) logs(closing <-chan struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, err := j.job(r)
		q := query{values: r.URL.Query()}
		last, follow := q.number(lastKey, mostLines), q.flag(followKey)
		if err == nil {
			err = q.check()
		}
		if err != nil {
			http.Error(w, err.Error(), codeOf(err))
			return
		}
		if follow {
			if j.followers.Add(1) > mostFollowers {
				j.followers.Add(-1)
				http.Error(w, fmt.Sprintf("%d follow logs already; ask without follow, or try again later", mostFollowers), http.StatusTooManyRequests)
				return
			}
			defer j.followers.Add(-1)
		}
		w.Header().Set("Content-Type", "application/x-ndjson")
		e.log.send(w, last, func(news <-chan struct{}) (more bool) {
			if !follow {
				return false
			}
			select {
			case <-news:
				return true
			case <-r.Context().Done():
			case <-closing:
			}
			return false
		})
	})
}

// send writes the last lines and then, as long as await says that there are more, those.
func (l *Log) send(w http.ResponseWriter, last int, await func(news <-chan struct{}) (more bool)) {
	out := http.NewResponseController(w)
	for from := int64(0); ; last = mostLines {
		lines, next, news := l.read(from, last)
		from = next
		if !writeLines(w, out, lines) || news == nil || !await(news) {
			return
		}
	}
}

// lineTime is how long a client may take for what is sent at once.
const lineTime = 30 * time.Second

// writeLines reports whether the client is still there.
func writeLines(w http.ResponseWriter, out *http.ResponseController, lines [][]byte) bool {
	_ = out.SetWriteDeadline(time.Now().Add(lineTime)) // where there is no such thing, as in a test, nobody is slow
	for _, line := range lines {
		if _, err := w.Write(line); err != nil {
			return false
		}
	}
	return out.Flush() == nil
}

package monitor

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/weirstream/weir/jobs/metrics"
)

// What the metrics may cost a process, however often they are asked for.
const (
	renderEvery = time.Second
	mostASecond = 100
	mostPages   = 4 // in memory; where slow clients still read so many, others get the last again
)

// throttle renders a text at most once a second, and answers with it at most a hundred times a
// second; beyond that with 429.
type throttle struct {
	now    func() time.Time
	render func(into []byte) []byte // called by one goroutine at a time

	mu struct {
		sync.Mutex
		window time.Time // when the second began whose requests are counted
		asked  int       // in it
		made   time.Time // when page was
		page   *page
		pages  int    // that are shown or read
		spare  []byte // the memory of a page that nobody reads any more
	}
}

// page is a text that requests are answered with. Its memory is used again when nobody reads
// it any more: that of many subtasks is large.
type page struct {
	text    []byte
	readers int // requests under way; guarded by the throttle
}

// ServeHTTP implements [http.Handler].
func (t *throttle) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	p := t.take()
	if p == nil {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "more than 100 requests for metrics in a second; they change once a second", http.StatusTooManyRequests)
		return
	}
	defer t.give(p)
	w.Header().Set("Content-Type", metrics.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(p.text)))
	_, _ = w.Write(p.text) // the client's matter
}

// take returns the page for one more request; nil where there were too many.
func (t *throttle) take() *page {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if now.Sub(t.mu.window) >= time.Second {
		t.mu.window, t.mu.asked = now, 0
	}
	if t.mu.asked++; t.mu.asked > mostASecond {
		return nil
	}
	if t.mu.page == nil || now.Sub(t.mu.made) >= renderEvery && t.mu.pages < mostPages {
		old := t.mu.page
		t.mu.page, t.mu.made = &page{text: t.render(t.mu.spare[:0])}, now
		t.mu.spare = nil
		t.mu.pages++
		t.recycle(old)
	}
	t.mu.page.readers++
	return t.mu.page
}

// give gives a page back.
func (t *throttle) give(p *page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.readers--
	if p != t.mu.page {
		t.recycle(p)
	}
}

// recycle keeps the memory of a page that is no longer shown nor read.
func (t *throttle) recycle(p *page) {
	if p != nil && p.readers == 0 {
		t.mu.spare = p.text
		t.mu.pages--
	}
}

package monitor

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/metrics"
	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/status"
)

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
}

// serve serves jobs; token may be "".
func serve(t *testing.T, j *Jobs, token string) (url string) {
	t.Helper()
	o := server.Options{Address: ":0"}
	if token != "" {
		o.TokenFile = filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(o.TokenFile, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := server.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	j.Mount(s)
	s.Serve()
	t.Cleanup(func() { s.Close() })
	return s.URL()
}

func get(t *testing.T, url, token string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// inState is a job that stays in a state.
func inState(name string, s status.State, waits string) func() status.Detail {
	return func() status.Detail { return status.Detail{Job: status.Job{Name: name, State: s, Waits: waits}} }
}

// What /readyz says in each state of a job, alone and beside one that runs.
func TestReadyz(t *testing.T) {
	for _, c := range []struct {
		set  func(*Job)
		want string
		code int
	}{
		{func(*Job) {}, "b: has not started", 503},
		{func(j *Job) { j.Started(inState("b", status.Starting, "")) }, "b: starting", 503},
		{func(j *Job) { j.Started(inState("b", status.Running, "")) }, "b: running", 200},
		{func(j *Job) { j.Started(inState("b", status.Running, "the disk is full")) }, "b: running, and waits: the disk is full", 200},
		{func(j *Job) { j.Started(inState("b", status.Stopping, "")) }, "b: stopping", 503},
		{func(j *Job) { j.Started(inState("b", status.Finished, "")); j.Ended(nil) }, "b: finished", 200},
		{func(j *Job) { j.Started(inState("b", status.Stopped, "")); j.Ended(nil) }, "b: stopped", 503},
		{func(j *Job) { j.Started(inState("b", status.Running, "")); j.Ended(errors.New("no disk")) }, "b: failed: no disk", 503},
		{func(j *Job) { j.Ended(errors.New("no folder")) }, "b: failed: no folder", 503},
	} {
		jobs := New(time.Now)
		jobs.Add("a").Started(inState("a", status.Running, ""))
		c.set(jobs.Add("b"))
		url := serve(t, jobs, "")
		answer, body := get(t, url+"/readyz", "")
		if want := "a: running\n" + c.want + "\n"; answer.StatusCode != c.code || body != want {
			t.Errorf("%d %q, want %d %q", answer.StatusCode, body, c.code, want)
		}
		_, text := get(t, url+"/metrics", "")
		failed := strings.Contains(text, `weir_job_state{job_name="b",state="failed"} 1`)
		if started := strings.Contains(text, `job_name="b"`); started && failed != strings.Contains(c.want, "failed") {
			t.Errorf("%s: in the metrics it has failed: %v", c.want, failed)
		}
	}
}

// With a token /readyz answers everybody, and tells only those who have it why; /metrics
// answers nobody else.
func TestToken(t *testing.T) {
	const token = "0123456789abcdef"
	jobs := New(time.Now)
	job := jobs.Add("secret-name")
	url := serve(t, jobs, token)
	for _, c := range []struct {
		route, token string
		code         int
		body         string
	}{
		{"/readyz", "", 503, "not ready\n"},
		{"/readyz", "wrong", 503, "not ready\n"},
		{"/readyz", token, 503, "secret-name: has not started\n"},
		{"/metrics", "", 401, ""},
		{"/metrics", "wrong", 401, ""},
		{"/metrics", token, 200, ""},
	} {
		answer, body := get(t, url+c.route, c.token)
		if answer.StatusCode != c.code || c.body != "" && body != c.body {
			t.Errorf("%s with %q: %d %q, want %d %q", c.route, c.token, answer.StatusCode, body, c.code, c.body)
		}
	}
	job.Started(inState("secret-name", status.Running, ""))
	if answer, body := get(t, url+"/readyz", ""); answer.StatusCode != 200 || body != "ready\n" {
		t.Errorf("%d %q", answer.StatusCode, body)
	}
	if answer, _ := get(t, url+"/metrics", token); answer.Header.Get("Content-Type") != metrics.ContentType {
		t.Errorf("the type is %s", answer.Header.Get("Content-Type"))
	}
}

// Whatever the number of requests, the jobs are asked once a second; and of more than a
// hundred requests in a second the others are refused.
func TestThrottle(t *testing.T) {
	c := &clock{now: time.Unix(1000, 0)}
	jobs := New(c.Now)
	asked := 0
	jobs.Add("a").Started(func() status.Detail {
		asked++
		return status.Detail{Job: status.Job{Name: "a", State: status.Running, Elapsed: time.Duration(asked) * time.Millisecond}}
	})
	url := serve(t, jobs, "") + "/metrics"
	for second := 1; second <= 3; second++ {
		for i := range 150 {
			answer, body := get(t, url, "")
			want := 200
			if i >= 100 {
				want = 429
			}
			if answer.StatusCode != want || want == 429 && answer.Header.Get("Retry-After") != "1" {
				t.Fatalf("request %d of second %d: %d: %s", i, second, answer.StatusCode, body)
			}
			if want == 200 && !strings.Contains(body, fmt.Sprintf("weir_job_uptime{job_name=\"a\"} %d\n", second)) {
				t.Fatalf("request %d of second %d does not have its text: %s", i, second, body)
			}
			if i == 120 {
				c.move(500 * time.Millisecond) // not yet a second
			}
		}
		if asked != second {
			t.Fatalf("in %d seconds the jobs were asked %d times", second, asked)
		}
		c.move(500 * time.Millisecond)
	}
}

// A page that a slow client still reads is not written over.
func TestPagesOfSlowReaders(t *testing.T) {
	c := &clock{now: time.Unix(1000, 0)}
	n := byte('a')
	th := throttle{now: c.Now, render: func(into []byte) []byte {
		into = append(into, bytes.Repeat([]byte{n}, 64)...)
		n++
		return into
	}}
	slow := th.take()
	for range 5 {
		c.move(time.Second)
		answer := httptest.NewRecorder()
		th.ServeHTTP(answer, nil)
		if answer.Body.String() != strings.Repeat(string(n-1), 64) {
			t.Fatalf("answered %s", answer.Body)
		}
	}
	if string(slow.text) != strings.Repeat("a", 64) {
		t.Errorf("the slow one reads %s", slow.text)
	}
	th.give(slow)
	if th.mu.spare == nil || th.mu.pages != 1 {
		t.Errorf("the memory of its page is not used again; there are %d pages", th.mu.pages)
	}
}

// However many slow clients there are, only so many pages are in memory.
func TestPagesAreBounded(t *testing.T) {
	c := &clock{now: time.Unix(1000, 0)}
	made := 0
	th := throttle{now: c.Now, render: func(into []byte) []byte { made++; return append(into, byte(made)) }}
	var slow []*page
	for range 10 {
		slow = append(slow, th.take())
		c.move(time.Second)
	}
	if made != mostPages {
		t.Errorf("%d pages were made", made)
	}
	for _, p := range slow {
		th.give(p)
	}
	if th.take(); made != mostPages+1 || th.mu.pages != 1 {
		t.Errorf("%d pages were made, and there are %d", made, th.mu.pages)
	}
}

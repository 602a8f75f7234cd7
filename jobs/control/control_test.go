package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

const secret = "0123456789abcdef-token"

// play is a job that notes what is done to it, and ends at once when it is told to.
type play struct {
	mu    sync.Mutex
	did   []string
	ended chan struct{}
	fails error
}

func newPlay() *play { return &play{ended: make(chan struct{})} }

func (p *play) note(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.did = append(p.did, what)
}

func (p *play) Status() status.Job { return status.Job{Name: "play", State: status.Running} }

func (p *play) Savepoint(_ context.Context, folder string) (stream.CheckpointID, error) {
	p.note("savepoint " + folder)
	return 7, p.fails
}

func (p *play) end(how string) {
	p.note(how)
	close(p.ended)
}

func (p *play) Stop()  { p.end("stop") }
func (p *play) Drain() { p.end("drain") }

func (p *play) StopWithSavepoint(folder string) error {
	p.end("stop " + folder)
	return nil
}

func (p *play) Ended() <-chan struct{} { return p.ended }

func (p *play) Outcome() (status.Job, error) {
	return status.Job{Name: "play", State: status.Stopped, Checkpoint: 9}, p.fails
}

// serve serves jobs, with a token or without.
func serve(t *testing.T, j *Jobs, token string) (url, file string) {
	t.Helper()
	s, file := listen(t, j, token)
	return s.URL(), file
}

func listen(t *testing.T, j *Jobs, token string) (s *server.Server, file string) {
	t.Helper()
	o := server.Options{Address: ":0"}
	file = filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if token != "" {
		o.TokenFile = file
	}
	s, err := server.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	j.Mount(s)
	s.Serve()
	return s, file
}

// ask sends a request with a token.
func ask(t *testing.T, method, url, token, body string) (code int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
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
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, strings.TrimSpace(string(content))
}

// Each route needs the token, and on a server without one nobody may use it.
func TestRoutesNeedTheToken(t *testing.T) {
	for _, route := range []string{"GET /v1/jobs", "GET /v1/jobs/play", "GET /v1/jobs/play/logs",
		"POST /v1/jobs/play/savepoint", "POST /v1/jobs/play/stop", "POST /v1/jobs/play/restart", "POST /v1/jobs", "DELETE /v1/jobs/play"} {
		method, path, _ := strings.Cut(route, " ")
		var j Jobs
		p := newPlay()
		j.Started("play", p)
		open, _ := serve(t, &j, "")
		closed, _ := serve(t, &j, secret)
		for _, c := range []struct {
			url, token string
			want       int
		}{{open, "", 403}, {open, secret, 403}, {closed, "", 401}, {closed, "another token of length", 401}} {
			if code, text := ask(t, method, c.url+path, c.token, `{"folder": "/x"}`); code != c.want {
				t.Errorf("%s with %q: %d %s", route, c.token, code, text)
			}
		}
		if p.did != nil {
			t.Errorf("%s: it was done: %q", route, p.did)
		}
	}
}

// What a request says is done, and what is wrong with it is answered.
func TestRequests(t *testing.T) {
	for _, c := range []struct {
		route, body string
		code        int
		want, did   string
	}{
		{"GET /v1/jobs", "", 200, `[{"name":"play","state":"running"}]`, ""},
		{"POST /v1/jobs/play/savepoint", `{"folder": "/a/b"}`, 200,
			`{"job":"play","state":"running","checkpoint":7,"savepoint":"/a/b"}`, "savepoint /a/b"},
		{"POST /v1/jobs/play/savepoint", `{"folder": "b"}`, 400,
			`folder: "b" is no absolute path of a folder, such as /var/savepoints/1`, ""},
		{"POST /v1/jobs/play/savepoint", ``, 400, `folder: "" is no absolute path of a folder, such as /var/savepoints/1`, ""},
		{"POST /v1/jobs/play/savepoint", `{"dir": "/a"}`, 400, `the request is not as expected: json: unknown field "dir"`, ""},
		{"POST /v1/jobs/other/stop", ``, 404, `no job "other" runs here`, ""},
		{"POST /v1/jobs/play/stop", ``, 200, `{"job":"play","state":"stopped","checkpoint":9}`, "stop"},
		{"POST /v1/jobs/play/stop", `{"drain": true}`, 200, `{"job":"play","state":"stopped","checkpoint":9}`, "drain"},
		{"POST /v1/jobs/play/stop", `{"savepoint": "/a"}`, 200,
			`{"job":"play","state":"stopped","checkpoint":9,"savepoint":"/a"}`, "stop /a"},
		{"POST /v1/jobs/play/stop", `{"savepoint": "a"}`, 400, `savepoint: "a" is no absolute path of a folder, such as /var/savepoints/1`, ""},
		{"POST /v1/jobs/play/stop", `{"drain": true, "savepoint": "/a"}`, 400,
			"drain or savepoint: a job that is drained has finished, so that nothing goes on from a savepoint of it", ""},
		{"GET /v1/jobs/play/stop", "", 405, "Method Not Allowed", ""},
	} {
		var j Jobs
		p := newPlay()
		j.Started("play", p)
		url, _ := serve(t, &j, secret)
		method, path, _ := strings.Cut(c.route, " ")
		code, text := ask(t, method, url+path, secret, c.body)
		if did := strings.Join(p.did, ", "); code != c.code || text != c.want || did != c.did {
			t.Errorf("%s %s: %d %s, and did %q", c.route, c.body, code, text, did)
		}
	}
}

// The list has jobs that could not be started, or have failed, with why, and no others.
func TestList(t *testing.T) {
	var j Jobs
	j.Failed("typo", errors.New("there is no key"))
	j.Started("play", newPlay())
	j.Started("gone", newPlay())
	j.Failed("gone", errors.New("the disk is full"))
	if got := fmt.Sprint(j.list()); got != "[{typo failed 0 0 there is no key} {play running 0 0 } {gone failed 0 0 the disk is full}]" {
		t.Errorf("the list is %s", got)
	}
	j.Gone("gone")
	j.Started("typo", newPlay())
	_, found := j.find("gone")
	if got := fmt.Sprint(j.list()); got != "[{typo running 0 0 } {play running 0 0 }]" || found {
		t.Errorf("the list is %s", got)
	}
}

// The client gives back what the server answers, and what went wrong.
func TestClient(t *testing.T) {
	var j Jobs
	p := newPlay()
	j.Started("play", p)
	url, file := serve(t, &j, secret)
	c, err := NewClient(Server{Address: url, TokenFile: file})
	if err != nil {
		t.Fatal(err)
	}
	if all, err := c.Jobs(t.Context()); err != nil || !slices.Equal(all, []Info{{Name: "play", State: status.Running}}) || !c.IsLocal() {
		t.Errorf("jobs: %v %v", all, err)
	}
	done, err := c.Savepoint(t.Context(), "play", SavepointRequest{"/a"})
	if err != nil || done != (Done{"play", status.Running, 7, "/a"}) {
		t.Errorf("savepoint: %+v %v", done, err)
	}
	p.fails = errors.New("the disk is full")
	if _, err := c.Savepoint(t.Context(), "play", SavepointRequest{"/a"}); err == nil || err.Error() != url+": the disk is full" {
		t.Errorf("a savepoint that fails: %v", err)
	}
	if _, err := c.Stop(t.Context(), "play", StopRequest{}); err == nil || err.Error() != url+": the disk is full" {
		t.Errorf("a stop that fails: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		":9249": "http://127.0.0.1:9249", "host:1": "http://host:1", "https://host": "https://host", "http://[::1]:3": "http://[::1]:3",
		"9249": "", "host": "", "": "", "http://": "",
	} {
		u, err := Server{Address: address}.url()
		if want == "" != (err != nil) || err == nil && u.String() != want {
			t.Errorf("%q: %v %v", address, u, err)
		}
	}
}

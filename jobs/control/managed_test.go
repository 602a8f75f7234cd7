package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/manager"
	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
)

// managing is a manager that notes what is asked of it.
type managing struct {
	jobs  *Jobs
	did   []string
	fails error
}

func (m *managing) note(format string, args ...any) error {
	m.did = append(m.did, fmt.Sprintf(format, args...))
	return m.fails
}

func (m *managing) Submit(_ context.Context, s manager.Submission) (string, error) {
	m.jobs.Failed("handed-in", errors.New("it does not begin"))
	return "handed-in", m.note("submit %+v", s)
}

func (m *managing) Restart(_ context.Context, name string, b manager.Beginning) error {
	return m.note("restart %s %+v", name, b)
}

func (m *managing) Delete(_ context.Context, name string, state bool) error {
	return m.note("delete %s %v", name, state)
}

// What a request says is asked of the manager, and what it says is answered.
func TestManaged(t *testing.T) {
	failed := `{"name":"handed-in","state":"failed","why":"it does not begin"}`
	for _, c := range []struct {
		route, body string
		fails       error
		code        int
		want, did   string
	}{
		{"POST /v1/jobs", "a: b", nil, 200, failed, "submit {File: Content:[97 58 32 98] Replace:false Beginning:{Savepoint: AllowChanged:false}}"},
		{"POST /v1/jobs?file=a.yaml&replace=true&savepoint=/s&allow_changed=true", "", nil, 200, failed,
			"submit {File:a.yaml Content:[] Replace:true Beginning:{Savepoint:/s AllowChanged:true}}"},
		{"POST /v1/jobs?file=a&file=b", "", nil, 400, "file is given twice", ""},
		{"POST /v1/jobs?replace=maybe", "", nil, 400, `replace is true or false, not "maybe"`, ""},
		{"POST /v1/jobs?savepoint=s", "", nil, 400, `savepoint: "s" is no absolute path of a folder, such as /var/savepoints/1`, ""},
		{"POST /v1/jobs?path=a", "", nil, 400, `there is no key "path" here`, ""},
		{"POST /v1/jobs", strings.Repeat("x", 1<<20+1), nil, 413, "a job file has at most 1048576 bytes", ""},
		{"POST /v1/jobs", "", component.Problems{{At: component.Position{File: "a.yaml", Line: 3}, Message: "no"}}, 400, "a.yaml:3: no", "submit *"},
		{"POST /v1/jobs", "", fmt.Errorf("%w: a", manager.ErrTaken), 409, "there is one already: a", "submit *"},
		{"POST /v1/jobs/play/restart", "", nil, 200, `{"name":"play","state":"running"}`, "restart play {Savepoint: AllowChanged:false}"},
		{"POST /v1/jobs/play/restart", `{"allow_changed": true}`, nil, 200, `{"name":"play","state":"running"}`,
			"restart play {Savepoint: AllowChanged:true}"},
		{"POST /v1/jobs/other/restart", ``, fmt.Errorf("%w: other", manager.ErrNoJob), 404, "there is no such job: other", "restart *"},
		{"POST /v1/jobs/play/restart", "{} garbage", nil, 400, "the request is not as expected: there is more behind it", ""},
		{"POST /v1/jobs/play/restart", "", failure.Fatal(errors.New("it is not empty")), 409, "it is not empty", "restart *"},
		{"DELETE /v1/jobs/play", "", nil, 200, `{"job":"play"}`, "delete play false"},
		{"DELETE /v1/jobs/play?state=true", "", nil, 200, `{"job":"play"}`, "delete play true"},
		{"DELETE /v1/jobs/play?stat=true", "", nil, 400, `there is no key "stat" here`, ""},
		{"DELETE /v1/jobs/play", "", errors.New("the disk is broken"), 500, "the disk is broken", "delete play false"},
		{"POST /v1/jobs/handed-in/stop", "", nil, 409, `the job "handed-in" has not begun: it does not begin`, ""},
		{"GET /v1/jobs/handed-in", "", nil, 200, failed, ""},
		{"GET /v1/jobs/play", "", nil, 200, `{"name":"play","state":"running","status":{"job":"play","state":"running",*`, ""},
		{"GET /v1/jobs/other", "", nil, 404, `no job "other" runs here`, ""},
	} {
		m := &managing{fails: c.fails}
		m.jobs = &Jobs{Manager: m}
		m.jobs.Started("play", newPlay())
		m.jobs.Failed("handed-in", errors.New("it does not begin"))
		url, _ := serve(t, m.jobs, secret)
		method, path, _ := strings.Cut(c.route, " ")
		code, text := ask(t, method, url+path, secret, c.body)
		if code != c.code || !matches(text, c.want) || !matches(strings.Join(m.did, ", "), c.did) {
			t.Errorf("%s %.80s: %d %s, and did %q", c.route, c.body, code, text, m.did)
		}
	}
}

// matches compares texts, the end of which may be left open.
func matches(text, want string) bool {
	if begin, open := strings.CutSuffix(want, "*"); open {
		return strings.HasPrefix(text, begin)
	}
	return text == want
}

// A process of one job does not take others.
func TestUnmanaged(t *testing.T) {
	var j Jobs
	j.Started("play", newPlay())
	url, _ := serve(t, &j, secret)
	for _, route := range []string{"POST /v1/jobs", "POST /v1/jobs/play/restart", "DELETE /v1/jobs/play"} {
		method, path, _ := strings.Cut(route, " ")
		if code, text := ask(t, method, url+path, secret, ""); code != http.StatusConflict || !strings.Contains(text, "weir serve") {
			t.Errorf("%s: %d %s", route, code, text)
		}
	}
}

// Each role may do what those before it may, and nothing else.
func TestRoles(t *testing.T) {
	routes := []struct {
		least server.Role
		route string
	}{
		{server.Viewer, "GET /v1/jobs"}, {server.Viewer, "GET /v1/jobs/play"}, {server.Viewer, "GET /v1/jobs/play/logs"},
		{server.Operator, "POST /v1/jobs/play/savepoint"}, {server.Operator, "POST /v1/jobs/play/restart"},
		{server.Operator, "POST /v1/jobs/play/stop"}, {server.Admin, "POST /v1/jobs"}, {server.Admin, "DELETE /v1/jobs/play"},
	}
	for _, role := range []server.Role{server.Viewer, server.Operator, server.Admin} {
		m := &managing{}
		m.jobs = &Jobs{Manager: m}
		p := newPlay()
		m.jobs.Started("play", p)
		url := serveRoles(t, m.jobs)
		for _, c := range routes {
			method, path, _ := strings.Cut(c.route, " ")
			code, text := ask(t, method, url+path, role.String()+"-token-0123456789", `{"folder": "/x"}`)
			refused := code == http.StatusForbidden && text == fmt.Sprintf("this takes the role %v, and the token is one of a %v", c.least, role)
			if c.least <= role && (code == 401 || code == 403) || c.least > role && !refused {
				t.Errorf("%v, %s: %d %s", role, c.route, code, text)
			}
		}
		if role == server.Viewer && len(p.did)+len(m.did) > 0 {
			t.Errorf("a viewer did %q %q", p.did, m.did)
		}
	}
}

// serveRoles serves with a token for each role.
func serveRoles(t *testing.T, j *Jobs) (url string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tokens")
	tokens := "# who may do what\nviewer viewer-token-0123456789\n\noperator operator-token-0123456789\nadmin admin-token-0123456789\n"
	if err := os.WriteFile(file, []byte(tokens), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := server.Open(server.Options{Address: ":0", TokenFile: file})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	j.Mount(s)
	s.Serve()
	return s.URL()
}

// The client hands on what it is told, with the greatest of several tokens.
func TestManagingClient(t *testing.T) {
	m := &managing{}
	m.jobs = &Jobs{Manager: m}
	m.jobs.Started("play", newPlay())
	file := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(file, []byte("admin admin-token-0123456789\nviewer viewer-token-0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := NewClient(Server{Address: serveRoles(t, m.jobs), TokenFile: file})
	if err != nil {
		t.Fatal(err)
	}
	s := Submission{File: "a b.yaml", Content: []byte("x"), Replace: true, Beginning: manager.Beginning{Savepoint: "/s"}}
	if i, err := c.Submit(t.Context(), s); err != nil || i.State != status.Failed {
		t.Errorf("submit: %+v %v", i, err)
	}
	if i, err := c.Restart(t.Context(), "play", RestartRequest{AllowChanged: true}); err != nil || i.State != status.Running {
		t.Errorf("restart: %+v %v", i, err)
	}
	if err := c.Delete(t.Context(), "play", true); err != nil {
		t.Errorf("delete: %v", err)
	}
	if d, err := c.Job(t.Context(), "handed-in"); err != nil || d.State != status.Failed || d.Status != nil {
		t.Errorf("job: %+v %v", d, err)
	}
	want := []string{fmt.Sprintf("submit %+v", s), "restart play {Savepoint: AllowChanged:true}", "delete play true"}
	if !slices.Equal(m.did, want) {
		t.Errorf("it did %q", m.did)
	}
}

//go:build prometheus

package monitor_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/monitor"
	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/env/memfs"
)

const monitoring = "../docs/monitoring"

// promtool runs a tool of Prometheus, which has to be in the PATH.
func promtool(t *testing.T, in io.Reader, args ...string) (output string, err error) {
	t.Helper()
	c := exec.Command("promtool", args...)
	c.Stdin = in
	text, err := c.CombinedOutput()
	return string(text), err
}

// TestPrometheus has a real Prometheus scrape a job, with the files that users find beside the
// pages: it takes all that is served, every rule is evaluated, and every panel of the board
// shows something.
//
//	go test -tags prometheus -count=1 -run TestPrometheus ./jobs/monitor
func TestPrometheus(t *testing.T) {
	for _, args := range [][]string{{"check", "config", monitoring + "/prometheus.yml"}, {"check", "rules", monitoring + "/alerts.yml"},
		{"test", "rules", monitoring + "/alerts_test.yml"}} {
		if output, err := promtool(t, nil, args...); err != nil {
			t.Fatalf("promtool %v: %v\n%s", args, err, output)
		}
	}
	fs := memfs.New()
	write(t, fs, "job.yaml", watched)
	write(t, fs, "europe/1.csv", europe)
	write(t, fs, "asia/1.csv", asia)
	r := startWith(t, fs, "state", 64<<20)
	defer r.stop(t)
	s, err := server.Open(server.Options{Address: ":0"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all := monitor.New(time.Now)
	all.Add("watched").Started(r.Detail)
	all.Mount(s)
	s.Serve()
	lint(t, s.URL())
	p := startPrometheus(t, strings.TrimPrefix(s.URL(), "http://"))
	p.await(`count(count_over_time(up{job="weir"}[1m]) > 5)`)
	p.checkRules()
	p.checkBoard()
}

// lint looks at the metrics with promtool, which objects to the style of Flink's names and to
// nothing else.
func lint(t *testing.T, url string) {
	t.Helper()
	answer, err := http.Get(url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	output, _ := promtool(t, answer.Body, "check", "metrics")
	for line := range strings.Lines(output) {
		if !strings.Contains(line, "not 'camelCase'") && !strings.Contains(line, `should have "_total" suffix`) {
			t.Errorf("promtool check metrics: %s", line)
		}
	}
}

// prometheus is one that runs.
type prometheus struct {
	t   *testing.T
	url string
}

func startPrometheus(t *testing.T, target string) *prometheus {
	t.Helper()
	dir := t.TempDir()
	config, err := os.ReadFile(monitoring + "/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("127.0.0.1:9249", target, "15s", "1s").Replace(string(config))
	rules, err := os.ReadFile(monitoring + "/alerts.yml")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "alerts.yml"), rules, 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := port.Addr().String()
	port.Close()
	var said bytes.Buffer
	c := exec.Command("prometheus", "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address)
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
		if t.Failed() {
			t.Logf("Prometheus said\n%s", &said)
		}
	})
	return &prometheus{t, "http://" + address}
}

// ask asks the API, whose answer is decoded into data. It reports whether there was one.
func (p *prometheus) ask(path string, data any) (text string, ok bool) {
	answer, err := http.Get(p.url + path)
	if err != nil {
		return err.Error(), false
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return string(body), false
	}
	if err := json.Unmarshal(body, &struct{ Data any }{data}); err != nil {
		p.t.Fatalf("%s: %v: %s", path, err, body)
	}
	return string(body), true
}

// query returns how many series an expression has.
func (p *prometheus) query(expression string) (series int, text string, ok bool) {
	var data struct{ Result []any }
	text, ok = p.ask("/api/v1/query?query="+url.QueryEscape(expression), &data)
	return len(data.Result), text, ok
}

// await waits until an expression has a series.
func (p *prometheus) await(expression string) {
	p.t.Helper()
	ticks := time.NewTicker(100 * time.Millisecond)
	defer ticks.Stop()
	for range 250 {
		if n, _, ok := p.query(expression); ok && n > 0 {
			return
		}
		<-ticks.C
	}
	_, text, _ := p.query(expression)
	p.t.Fatalf("%s has no series: %s", expression, text)
}

func (p *prometheus) checkRules() {
	var data struct {
		Groups []struct {
			Rules []struct{ Name, Health, LastError string }
		}
	}
	text, ok := p.ask("/api/v1/rules", &data)
	if !ok || len(data.Groups) != 1 || len(data.Groups[0].Rules) < 10 {
		p.t.Fatalf("the rules are %s", text)
	}
	for _, r := range data.Groups[0].Rules {
		if r.Health != "ok" {
			p.t.Errorf("%s is %s: %s", r.Name, r.Health, r.LastError)
		}
	}
}

// board is what is of interest of a board.
type board struct {
	Panels []struct {
		Title   string
		Targets []struct{ Expr string }
	}
}

func (p *prometheus) checkBoard() {
	text, err := os.ReadFile(monitoring + "/grafana.json")
	var b board
	if err == nil {
		err = json.Unmarshal(text, &b)
	}
	if err != nil || len(b.Panels) < 15 {
		p.t.Fatalf("the board has %d panels (%v)", len(b.Panels), err)
	}
	for _, panel := range b.Panels {
		for _, target := range panel.Targets {
			expression := strings.NewReplacer("$job", ".*", "$__rate_interval", "5s").Replace(target.Expr)
			series, text, ok := p.query(strings.TrimSuffix(expression, " > 0")) // that there is one, if there were rows
			if !ok || series == 0 {
				p.t.Errorf("%s: %s has %d series: %s", panel.Title, expression, series, text)
			}
		}
	}
}

package server

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const secret = "0123456789abcdef-token"

// open serves with what a process has, and a route that tells who may know what.
func open(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.MountProcess()
	s.Handle("GET /closed", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "closed") }))
	s.HandleOpen("GET /open", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, Authorized(r)) }))
	s.Handle("POST /body", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		}
	}))
	s.Serve()
	return s
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// certificate makes a certificate for 127.0.0.1.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	pemCert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(pemCert)
	return file(t, "cert.pem", string(pemCert)), file(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs}))), roots
}

// ask sends a request and returns how it was answered.
func ask(t *testing.T, c *http.Client, method, url string, change func(*http.Request)) (code int, body string) {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

var processRoutes = []string{
	"/healthz", "/open", "/closed", "/debug/pprof/", "/debug/pprof/goroutine?debug=1", "/debug/pprof/cmdline", "/debug/pprof/symbol",
	"/debug/pprof/profile?seconds=1", "/debug/pprof/trace?seconds=0.01",
}

// Each route, without a token, with the wrong one and with the right one, on a server that
// has one and on a server that has none.
func TestRoutes(t *testing.T) {
	cert, key, roots := certificate(t)
	secure := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer secure.CloseIdleConnections()
	with := open(t, Options{Address: ":0", TokenFile: file(t, "token", "#a comment\n"+secret+"\n"), Certificate: cert, Key: key})
	without := open(t, Options{Address: "127.0.0.1:0"})
	if !strings.HasPrefix(with.URL(), "https://127.0.0.1:") || !strings.HasPrefix(without.URL(), "http://127.0.0.1:") {
		t.Fatalf("they are at %s and %s", with.URL(), without.URL())
	}
	for _, route := range processRoutes {
		closed := http.StatusUnauthorized
		if route == "/healthz" || route == "/open" {
			closed = http.StatusOK
		}
		for _, c := range []struct {
			what   string
			client *http.Client
			url    string
			change func(*http.Request)
			want   int
		}{
			{"no token where there is one", secure, with.URL(), nil, closed},
			{"the wrong token", secure, with.URL(), bearer(secret + "x"), closed},
			{"an empty token", secure, with.URL(), bearer(""), closed},
			{"the token as a password", secure, with.URL(), func(r *http.Request) { r.SetBasicAuth("weir", secret) }, closed},
			{"the token", secure, with.URL(), bearer(secret), http.StatusOK},
			{"the token, the scheme in small letters", secure, with.URL(),
				func(r *http.Request) { r.Header.Set("Authorization", "bearer "+secret) }, http.StatusOK},
			{"no token where there is none", http.DefaultClient, without.URL(), nil, http.StatusOK},
			{"a token where there is none", http.DefaultClient, without.URL(), bearer(secret), http.StatusOK},
			{"another name", http.DefaultClient, without.URL(), func(r *http.Request) { r.Host = "evil.example" }, http.StatusForbidden},
		} {
			if code, body := ask(t, c.client, "GET", c.url+route, c.change); code != c.want {
				t.Errorf("%s, %s: %d, want %d: %s", route, c.what, code, c.want, body)
			}
		}
	}
	if _, body := ask(t, secure, "GET", with.URL()+"/open", nil); body != "false" {
		t.Errorf("without the token authorized is %s", body)
	}
	if _, body := ask(t, secure, "GET", with.URL()+"/open", bearer(secret)); body != "true" {
		t.Errorf("with the token authorized is %s", body)
	}
}

// Names of loopback are served without a token, others are not.
func TestHosts(t *testing.T) {
	s := open(t, Options{Address: "127.0.0.1:0"})
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:80": 200, "127.0.0.1": 200, "127.9.9.9:1": 200, "[::1]:9": 200, "[::1]": 200,
		"evil.example": 403, "localhost.evil.example": 403, "10.0.0.1:80": 403, "127.0.0.1.evil.example:1": 403,
	} {
		if code, _ := ask(t, http.DefaultClient, "GET", s.URL()+"/healthz", func(r *http.Request) { r.Host = host }); code != want {
			t.Errorf("host %s: %d, want %d", host, code, want)
		}
	}
	if code, _ := ask(t, http.DefaultClient, "POST", s.URL()+"/body", func(r *http.Request) {
		r.Header.Set("Origin", "http://evil.example")
	}); code != http.StatusForbidden {
		t.Errorf("a form of another origin: %d", code)
	}
}

// What is wrong is said before anything listens.
func TestRefusals(t *testing.T) {
	token := file(t, "token", secret)
	cert, key, _ := certificate(t)
	taken := open(t, Options{Address: ":0"})
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(taken.URL(), "http://"))
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Address: "0.0.0.0:0"}, "takes a token and TLS"},
		{Options{Address: "[::]:0"}, "takes a token and TLS"},
		{Options{Address: "192.0.2.1:0", TokenFile: token}, "takes a token and TLS"},
		{Options{Address: "0.0.0.0:0", Certificate: cert, Key: key}, "or use 127.0.0.1:0"},
		{Options{Address: "9249"}, `"9249" is no address; give HOST:PORT`},
		{Options{Address: "127.0.0.1:"}, "is no address"},
		{Options{Address: "127.0.0.1:no-port"}, "is no address to listen on"},
		{Options{Address: ":" + port}, "another port may be free, such as the one that :0 finds"},
		{Options{Address: ":0", Certificate: cert}, "TLS takes two files"},
		{Options{Address: ":0", Certificate: key, Key: cert}, "--http-cert " + key},
		{Options{Address: ":0", TokenFile: token + "x"}, "--http-token-file: open "},
		{Options{Address: ":0", TokenFile: file(t, "short", "abc")}, "at least 16 characters"},
		{Options{Address: ":0", TokenFile: file(t, "words", secret+" "+secret)}, "words:1: a line is a token, or a role and its token"},
		{Options{Address: ":0", TokenFile: file(t, "role", "admin "+secret+"\nreader "+secret+"x")}, "role:2: a line is a token, or a role"},
		{Options{Address: ":0", TokenFile: file(t, "many", "admin "+secret+" x")}, "many:1: a line is a token, or a role"},
		{Options{Address: ":0", TokenFile: file(t, "nobody", "nobody "+secret)}, "nobody:1: a line is a token, or a role"},
		{Options{Address: ":0", TokenFile: file(t, "twice", "admin "+secret+"\nviewer "+secret)}, "twice:2: the token stands in a line before"},
		{Options{Address: ":0", TokenFile: file(t, "empty", "\n# none\n")}, "it holds no token"},
	} {
		s, err := Open(c.o)
		if err == nil {
			s.Close()
			t.Errorf("%+v is taken; want %q", c.o, c.want)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, which does not say %q", c.o, err, c.want)
		}
	}
	elsewhere := open(t, Options{Address: "0.0.0.0:0", TokenFile: token, Certificate: cert, Key: key})
	if !strings.HasPrefix(elsewhere.URL(), "https://") {
		t.Errorf("it is at %s", elsewhere.URL())
	}
}

// A client that sends its request a byte at a time, or never, loses its connection, while
// others are served.
func TestSlowClients(t *testing.T) {
	s, err := Open(Options{Address: ":0"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.http.ReadHeaderTimeout = 50 * time.Millisecond
	s.MountProcess()
	s.Serve()
	address := strings.TrimPrefix(s.URL(), "http://")
	for _, sent := range []string{"", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "} {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, sent)
		if code, _ := ask(t, http.DefaultClient, "GET", s.URL()+"/healthz", nil); code != 200 {
			t.Errorf("beside a slow client: %d", code)
		}
		// It ends, with an answer or without; the test would hang here otherwise.
		if _, err := io.ReadAll(c); err != nil {
			t.Logf("the connection ended with %v", err)
		}
	}
}

// The limits are set: the times against slow clients as well as the sizes.
func TestLimits(t *testing.T) {
	s := open(t, Options{Address: ":0"})
	for name, d := range map[string]time.Duration{"headers": s.http.ReadHeaderTimeout, "request": s.http.ReadTimeout,
		"answer": s.http.WriteTimeout, "rest": s.http.IdleTimeout} {
		if d <= 0 || d > time.Minute {
			t.Errorf("the time for the %s is %v", name, d)
		}
	}
	// What was not read of a request may have its connection reset before the answer is read.
	large, err := http.NewRequest("GET", s.URL()+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	large.Header.Set("X-Large", strings.Repeat("x", 64<<10))
	if answer, err := http.DefaultClient.Do(large); err == nil {
		answer.Body.Close()
		if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("64 KiB of headers: %d", answer.StatusCode)
		}
	}
	answer := httptest.NewRecorder()
	s.http.Handler.ServeHTTP(answer, httptest.NewRequest("POST", s.URL()+"/body", strings.NewReader(strings.Repeat("x", mostBody+1))))
	if answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body that is too large: %d", answer.Code)
	}
}

// Beyond its limit of connections the server accepts none until one has gone.
func TestConnectionLimit(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limit(inner, 2)
	accepted := make(chan net.Conn)
	go func() {
		defer close(accepted)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	for range 3 {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	first, second := <-accepted, <-accepted
	select {
	case <-accepted:
		t.Fatal("a third connection was accepted")
	default:
	}
	first.Close()
	first.Close() // makes room once
	third := <-accepted
	second.Close()
	third.Close()
	l.Close()
	for range accepted {
		t.Error("accepted behind the end")
	}
}

// The end waits for an answer under way.
func TestClose(t *testing.T) {
	s, err := Open(Options{Address: ":0"})
	if err != nil {
		t.Fatal(err)
	}
	entered, leave := make(chan struct{}), make(chan struct{})
	s.Handle("GET /wait", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		fmt.Fprint(w, "done")
	}))
	s.Serve()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n")
	<-entered
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	close(leave)
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(answer.Body); string(body) != "done" || err != nil {
		t.Errorf("answered %q (%v)", body, err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// It does not wait for an answer that never comes, nor for requests that never came.
func TestCloseWithoutPatience(t *testing.T) {
	s, err := Open(Options{Address: ":0"})
	if err != nil {
		t.Fatal(err)
	}
	entered := make(chan struct{})
	s.Handle("GET /never", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}))
	s.Serve()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n")
	<-entered
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	unserved, err := Open(Options{Address: ":0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := unserved.Close(); err != nil {
		t.Errorf("one that never served: %v", err)
	}
}

package control

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/jobs/server"
)

// Server is where a job can be acted on.
type Server struct {
	Address   string // a URL, or HOST:PORT or :PORT of this machine
	TokenFile string
	Authority string // a PEM file with who has signed the server's certificate; "" is whom the machine trusts
}

// Client acts on the jobs of another process.
type Client struct {
	url    *url.URL
	token  string
	client *http.Client
}

// NewClient returns a client. It asks nothing yet.
func NewClient(s Server) (*Client, error) {
	u, err := s.url()
	if err != nil {
		return nil, err
	}
	if s.TokenFile == "" {
		return nil, errors.New("to act on a job takes the token that it was started with: give --http-token-file FILE")
	}
	tokens, err := server.ReadTokens(s.TokenFile)
	if err != nil {
		return nil, err
	}
	token := slices.MaxFunc(tokens, func(a, b server.Token) int { return cmp.Compare(a.Role, b.Role) })
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
	if s.Authority != "" {
		pem, err := os.ReadFile(s.Authority)
		if err != nil {
			return nil, fmt.Errorf("--http-ca: %w", err)
		}
		trusted := x509.NewCertPool()
		if !trusted.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--http-ca: %s holds no certificate in PEM", s.Authority)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}
	}
	return &Client{u, token.Text, &http.Client{Transport: transport}}, nil
}

// url returns the address as a URL.
func (s Server) url() (*url.URL, error) {
	text := s.Address
	if strings.HasPrefix(text, ":") {
		text = "127.0.0.1" + text
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Port() == "" && !strings.Contains(s.Address, "://") {
		return nil, fmt.Errorf("%q is no address; give what the job was started with, such as :9249, or a URL, such as https://host:9249",
			s.Address)
	}
	return u, nil
}

// IsLocal reports whether the server is on this machine, so that paths mean the same to it.
func (c *Client) IsLocal() bool {
	host := c.url.Hostname()
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// Jobs lists the jobs.
func (c *Client) Jobs(ctx context.Context) (all []Info, err error) {
	err = c.ask(ctx, http.MethodGet, c.at(), nil, &all)
	return all, err
}

// Job returns a job step by step.
func (c *Client) Job(ctx context.Context, job string) (d Detail, err error) {
	err = c.ask(ctx, http.MethodGet, c.at(job), nil, &d)
	return d, err
}

// Savepoint has a savepoint taken of a job.
func (c *Client) Savepoint(ctx context.Context, job string, asked SavepointRequest) (d Done, err error) {
	err = c.ask(ctx, http.MethodPost, c.at(job, "savepoint"), asked, &d)
	return d, err
}

// Stop ends a job, and returns once it has ended.
func (c *Client) Stop(ctx context.Context, job string, asked StopRequest) (d Done, err error) {
	err = c.ask(ctx, http.MethodPost, c.at(job, "stop"), asked, &d)
	return d, err
}

// Submit hands in a job file, and returns how the job is once it has begun, or could not.
func (c *Client) Submit(ctx context.Context, s Submission) (i Info, err error) {
	to := c.at()
	to.RawQuery = queryOf(s).Encode()
	return i, c.get(ctx, http.MethodPost, to, bytes.NewReader(s.Content), &i)
}

// Restart has a job begin again, and returns how it is once it has, or could not.
func (c *Client) Restart(ctx context.Context, job string, asked RestartRequest) (i Info, err error) {
	err = c.ask(ctx, http.MethodPost, c.at(job, "restart"), asked, &i)
	return i, err
}

// Delete ends a job and removes its file, and its checkpoints if state says so.
func (c *Client) Delete(ctx context.Context, job string, state bool) error {
	from := c.at(job)
	from.RawQuery = url.Values{stateKey: {strconv.FormatBool(state)}}.Encode()
	return c.get(ctx, http.MethodDelete, from, http.NoBody, &Deleted{})
}

// Logs hands out the last lines of a job's log, all that are there if last is negative, and whatever
// comes if it is to follow, until ctx or the job's log ends.
func (c *Client) Logs(ctx context.Context, job string, last int, follow bool, line func([]byte) error) error {
	from := c.at(job, "logs")
	asked := url.Values{followKey: {strconv.FormatBool(follow)}}
	if last >= 0 {
		asked.Set(lastKey, strconv.Itoa(last))
	}
	from.RawQuery = asked.Encode()
	answer, err := c.send(ctx, http.MethodGet, from, http.NoBody)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	lines := bufio.NewReader(answer.Body)
	for {
		text, err := lines.ReadBytes('\n')
		if len(text) > 0 {
			err = cmp.Or(line(text), err)
		}
		switch {
		case errors.Is(err, io.EOF) || ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
	}
}

// at returns the address of all jobs, or of something of one.
func (c *Client) at(parts ...string) *url.URL {
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return c.url.JoinPath(append([]string{"v1", "jobs"}, parts...)...)
}

// ask sends a request with a body in JSON, nil for none, and reads the answer.
func (c *Client) ask(ctx context.Context, method string, to *url.URL, body, into any) error {
	if body == nil {
		return c.get(ctx, method, to, http.NoBody, into)
	}
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.get(ctx, method, to, bytes.NewReader(content), into)
}

// get sends a request and reads the answer.
func (c *Client) get(ctx context.Context, method string, to *url.URL, body io.Reader, into any) error {
	answer, err := c.send(ctx, method, to, body)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("%s: the answer is not as expected, is that weir? %w", c.url, err)
	}
	return nil
}

// send sends a request, and returns the answer unless it is an error.
func (c *Client) send(ctx context.Context, method string, to *url.URL, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, to.String(), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := c.client.Do(request)
	switch {
	case err != nil && strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return nil, fmt.Errorf("%s answers without TLS: give the address as http://%s", c.url, c.url.Host)
	case err != nil:
		return nil, fmt.Errorf("%w; is the job running, with --http?", err)
	case answer.StatusCode == http.StatusOK:
		return answer, nil
	}
	defer answer.Body.Close()
	const enough = 64 << 10
	text, err := io.ReadAll(io.LimitReader(answer.Body, enough))
	if err != nil {
		return nil, err
	}
	if c.url.Scheme == "http" && strings.Contains(string(text), "HTTP request to an HTTPS server") {
		return nil, fmt.Errorf("%s takes TLS: give the address as https://%s", c.url, c.url.Host)
	}
	return nil, fmt.Errorf("%s: %s", c.url, strings.TrimSpace(string(text)))
}

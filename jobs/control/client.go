package control

import (
	"bytes"
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
	"strings"
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
	token, err := os.ReadFile(s.TokenFile)
	if err != nil {
		return nil, fmt.Errorf("--http-token-file: %w", err)
	}
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
	return &Client{u, strings.TrimSpace(string(token)), &http.Client{Transport: transport}}, nil
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
	err = c.ask(ctx, http.MethodGet, "/jobs", nil, &all)
	return all, err
}

// Savepoint has a savepoint taken of a job.
func (c *Client) Savepoint(ctx context.Context, job string, asked SavepointRequest) (d Done, err error) {
	err = c.ask(ctx, http.MethodPost, "/jobs/"+url.PathEscape(job)+"/savepoint", asked, &d)
	return d, err
}

// Stop ends a job, and returns once it has ended.
func (c *Client) Stop(ctx context.Context, job string, asked StopRequest) (d Done, err error) {
	err = c.ask(ctx, http.MethodPost, "/jobs/"+url.PathEscape(job)+"/stop", asked, &d)
	return d, err
}

func (c *Client) ask(ctx context.Context, method, path string, body, into any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url.JoinPath(path).String(), bytes.NewReader(content))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := c.client.Do(request)
	if err != nil {
		return fmt.Errorf("%w; is the job running, with --http?", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK {
		err := json.NewDecoder(answer.Body).Decode(into)
		if err != nil {
			err = fmt.Errorf("%s: the answer is not as expected, is that weir? %w", c.url, err)
		}
		return err
	}
	const enough = 64 << 10
	text, err := io.ReadAll(io.LimitReader(answer.Body, enough))
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: %s", c.url, strings.TrimSpace(string(text)))
}

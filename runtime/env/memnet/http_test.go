package memnet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirstream/weir/runtime/trial"
)

// answer is the answer to a question, of a length of its own, so that one for another shows.
func answer(question []byte) []byte {
	return bytes.Repeat(append([]byte("to "), question...), 1+len(question)%7)
}

// web is a server and clients in one case.
type web struct {
	t      *testing.T
	net    *Net
	mu     sync.Mutex
	met    map[string]int // what requests have met
	faulty bool
}

// meet counts an outcome, and fails where nothing explains it.
func (w *web) meet(err error) {
	what := "answered"
	var told net.Error
	switch {
	case err == nil:
	case errors.Is(err, syscall.ECONNREFUSED):
		what = "refused"
	case errors.As(err, &told) && told.Timeout():
		what = "too late"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		strings.Contains(err.Error(), "connection broken"), strings.Contains(err.Error(), "closed idle connection"):
		what = "broken"
	default:
		w.t.Errorf("a request failed: %v", err)
	}
	if err != nil && !w.faulty {
		w.t.Errorf("a request failed though nothing was wrong: %v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.met[what]++
}

// ask asks questions, one after the other.
func (w *web) ask(name string, random *rand.Rand, client *http.Client) {
	for i := range 12 {
		question := bytes.Repeat(fmt.Appendf(nil, "%s %d ", name, i), 1+random.IntN(1<<random.IntN(11)))
		reply, err := client.Post("http://server/", "text/plain", bytes.NewReader(question))
		if err != nil {
			w.meet(err)
			continue
		}
		got, err := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if reply.StatusCode == http.StatusBadRequest { // the server has met the fault
			w.meet(io.ErrUnexpectedEOF)
			continue
		}
		if err != nil && len(got) > 0 {
			w.mu.Lock()
			w.met["half"]++
			w.mu.Unlock()
		}
		if want := answer(question); err == nil && !bytes.Equal(got, want) || !bytes.HasPrefix(want, got) {
			w.t.Errorf("%s %d was answered %d bytes, not %d, or others", name, i, len(got), len(want))
		}
		w.meet(err)
	}
}

// trouble cuts hosts off and lets them be reached again, some of them for long.
func (w *web) trouble(random *rand.Rand, hosts []string, stop <-chan struct{}) {
	for {
		host := hosts[random.IntN(len(hosts))]
		w.net.Cut(host, "server")
		select {
		case <-stop:
			return
		case <-time.After(time.Second << random.IntN(7)):
			w.net.Mend(host, "server")
		}
	}
}

// serve answers questions until stop is called.
func (w *web) serve() (stop func()) {
	l, err := w.net.Host("server").Listen("tcp", ":80")
	must(w.t, err)
	server := &http.Server{ReadTimeout: time.Minute, WriteTimeout: time.Minute, Handler: http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		question, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(to, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = to.Write(answer(question)) // who does not get it says so
	})}
	served := make(chan error)
	go func() { served <- server.Serve(l) }()
	return func() {
		must(w.t, server.Close())
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			w.t.Error(err)
		}
	}
}

func (w *web) run(random *rand.Rand) {
	stop := w.serve()
	var asking, troubled sync.WaitGroup
	var hosts []string
	for i := range 4 {
		name := fmt.Sprint("client ", i)
		hosts = append(hosts, name)
		transport := &http.Transport{DialContext: w.net.Host(name).Dial}
		own := rand.New(rand.NewPCG(random.Uint64(), 1))
		asking.Go(func() {
			defer transport.CloseIdleConnections()
			w.ask(name, own, &http.Client{Transport: transport, Timeout: 30 * time.Second})
		})
	}
	quiet := make(chan struct{})
	if w.faulty {
		troubled.Go(func() { w.trouble(random, hosts, quiet) })
	}
	asking.Wait()
	close(quiet)
	troubled.Wait()
	for _, host := range hosts {
		w.net.Mend(host, "server")
	}
	stop()
}

// TestHTTP: client and server of net/http ask and answer over a network that is slow, breaks and is
// cut. Each request is answered, or fails as the network would have it; none is answered wrong.
func TestHTTP(t *testing.T) {
	met := map[string]int{}
	whole := trial.Run(t, 40, func(c *trial.Case) {
		random := c.Random
		synctest.Test(c.T, func(t *testing.T) {
			faults := Faults{Delay: time.Duration(random.IntN(1000)) * time.Millisecond, Piece: 50 + random.IntN(1<<random.IntN(14))}
			faulty := random.IntN(4) > 0
			if faulty {
				faults.Refused, faults.Breaks, faults.Within = random.Float64()/2, random.Float64(), 1<<random.IntN(18)
			} else {
				faults.Delay, faults.Piece = faults.Delay/1000, 0
			}
			w := &web{t: t, net: New(c.Seed, faults), met: met, faulty: faulty}
			w.run(random)
		})
	})
	for _, what := range []string{"answered", "refused", "too late", "broken", "half"} {
		if whole && met[what] == 0 {
			t.Errorf("no request was %s", what)
		}
	}
	t.Logf("%v", met)
}

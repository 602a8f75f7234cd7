package memnet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/weirstream/weir/runtime/env"
)

// Net is a network of hosts. It is safe for concurrent use.
type Net struct {
	faults Faults
	random *env.Random

	mu        sync.Mutex
	changed   chan struct{} // closed with each change
	hosts     map[string]*Host
	listeners map[addr]*listener
	cut       map[[2]string]bool // hosts that do not reach each other
}

// New returns a network whose faults are drawn from a seed.
func New(seed uint64, faults Faults) *Net {
	return &Net{
		faults: faults, random: env.NewRandom(rand.New(rand.NewPCG(seed, 0))), changed: make(chan struct{}),
		hosts: map[string]*Host{}, listeners: map[addr]*listener{}, cut: map[[2]string]bool{},
	}
}

// Host is the network as one host has it.
type Host struct {
	net  *Net
	name string
	port int // the last that was given away
}

var _ env.Network = (*Host)(nil)

// Host returns the host of a name, which others reach under that from then on.
func (n *Net) Host(name string) *Host {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hosts[name] == nil {
		n.hosts[name] = &Host{net: n, name: name, port: 1023}
	}
	return n.hosts[name]
}

// Cut keeps all that two hosts send each other on its way, until Mend. Neither is told.
func (n *Net) Cut(a, b string) { n.setCut(a, b, true) }

// Mend ends what Cut began: what was sent meanwhile arrives.
func (n *Net) Mend(a, b string) { n.setCut(a, b, false) }

func (n *Net) setCut(a, b string, cut bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut[[2]string{a, b}], n.cut[[2]string{b, a}] = cut, cut
	n.tell()
}

// tell wakes all who wait. REQUIRES: n.mu.
func (n *Net) tell() {
	close(n.changed)
	n.changed = make(chan struct{})
}

// await returns after a change, at a moment unless it is zero, or when done. REQUIRES: n.mu,
// which is free meanwhile.
func (n *Net) await(until time.Time, done <-chan struct{}) {
	changed := n.changed
	n.mu.Unlock()
	defer n.mu.Lock()
	var due <-chan time.Time
	if !until.IsZero() {
		timer := time.NewTimer(time.Until(until))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-changed:
	case <-due:
	case <-done:
	}
}

// addr is a host and a port.
type addr string

// Network implements [net.Addr].
func (addr) Network() string { return "tcp" }

// String implements [net.Addr].
func (a addr) String() string { return string(a) }

// patience is how long a connection is tried to a host that cannot be reached.
const patience = 2 * time.Minute

// Dial connects to an address that a host listens at.
func (h *Host) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := h.dial(ctx, network, address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Addr: addr(address), Err: err}
	}
	return c, nil
}

func (h *Host) dial(ctx context.Context, network, address string) (net.Conn, error) {
	name, port, err := h.resolve(network, address)
	if err != nil {
		return nil, err
	}
	n, to := h.net, addr(net.JoinHostPort(name, port))
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hosts[name] == nil {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	delay, refused, there, back := n.faults.draw(n.random.Of(h.name + " > " + string(to)))
	ready, limit := time.Now().Add(delay), time.Now().Add(patience)
	for ctx.Err() == nil {
		switch now := time.Now(); {
		case n.cut[[2]string{h.name, name}]:
			if !now.Before(limit) {
				return nil, syscall.ETIMEDOUT
			}
			n.await(limit, ctx.Done())
		case now.Before(ready):
			n.await(ready, ctx.Done())
		case refused || n.listeners[to] == nil:
			return nil, syscall.ECONNREFUSED
		default:
			h.port++
			near, far := n.connect(h.name, name, there, back)
			near.local, near.remote = h.at(h.port), to
			far.local, far.remote = to, near.local
			n.listeners[to].offer(far)
			return near, nil
		}
	}
	return nil, ctx.Err()
}

// resolve returns the host and the port of an address.
func (h *Host) resolve(network, address string) (name, port string, err error) {
	if !strings.HasPrefix(network, "tcp") {
		return "", "", net.UnknownNetworkError(network)
	}
	name, port, err = net.SplitHostPort(address)
	if name == "" || name == "localhost" {
		name = h.name
	}
	return name, port, err
}

func (h *Host) at(port int) addr { return addr(net.JoinHostPort(h.name, fmt.Sprint(port))) }

package env

import (
	"context"
	"net"
)

// Network is how a job reaches others and is reached, over the connections of package net:
// what takes those, such as http.Transport and http.Server, takes these.
type Network interface {
	// Dial connects to an address, such as "example.org:443" of the network "tcp".
	Dial(ctx context.Context, network, address string) (net.Conn, error)
	// Listen takes connections at an address of this host; port 0 is one that is free.
	Listen(network, address string) (net.Listener, error)
}

// OSNetwork is the network of the operating system.
type OSNetwork struct{}

var _ Network = OSNetwork{}

// Dial implements Network.
func (OSNetwork) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, address)
}

// Listen implements Network.
func (OSNetwork) Listen(network, address string) (net.Listener, error) {
	return net.Listen(network, address)
}

// Package memnet is a network in memory, of named hosts, for tests of what speaks over one.
// Its connections are slow, come in pieces, and break, in the middle of a reply, too; hosts are
// cut off from each other and reached again:
//
//	synctest.Test(t, func(t *testing.T) {
//		network := memnet.New(seed, memnet.Faults{Delay: time.Second, Breaks: 0.2, Within: 10_000})
//		listener, _ := network.Host("server").Listen("tcp", ":80")
//		go server.Serve(listener)
//		client := http.Client{Transport: &http.Transport{DialContext: network.Host("client").Dial}}
//		client.Get("http://server/")
//		network.Cut("client", "server")
//	})
//
// Those who use it are goroutines that wait, unlike the actors that package sim steps. In a
// bubble of testing/synctest their waiting takes no time, and a deadline comes when nothing
// else can happen; a network made in a bubble belongs to it. Without one it works as well, slower.
//
// What becomes of a connection follows from the seed, its two ends, which of their connections it is,
// and how many bytes it has carried each way: not from when that happens. So a test whose
// goroutines run in another order meets the same faults.
package memnet

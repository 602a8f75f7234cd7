// Package weir is the root of a stream-processing runtime; the program is in
// cmd/weir, and ARCHITECTURE.md explains the rest.
package weir

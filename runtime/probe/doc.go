// Package probe tries the engine's contracts on three jobs that are harder than
// any that runs yet: a changelog join, ten million timers due at one watermark
// while barriers pass, and a union of which one input goes idle and wakes. It
// consists of tests; README.md has their figures and what was learned. A probe
// stays until what it anticipates is built and tested in its own right.
package probe

// Package diagnose judges how a job runs or why it failed, and knows what is likely
// to help: [Run] finds what the user of a run would want to know, [Choices] says
// what an error leaves to its user.
//
// It gives data and plain sentences. How advice is followed, by an option on a
// command line or a field on a page, is for whoever shows it to say.
package diagnose

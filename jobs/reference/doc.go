// Package reference describes all that a job file can say: components, keys and
// functions. It knows nothing itself. [Pages] gathers what components, sections
// of the job file and functions declare, and the rest draws it: [Page.Text] for
// a terminal, [Markdown] for the pages in jobs/docs/reference, and [Schema] as
// the JSON Schema by which editors complete and check job files.
package reference

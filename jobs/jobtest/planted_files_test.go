//go:build planted

package jobtest

// plantedFiles are bugs of what reads and writes files.
var plantedFiles = []plant{
	{
		bug:   "skip a sync",
		file:  "connectors/files/staging.go",
		line:  "err = f.file.Sync()",
		with:  "err = nil",
		means: "the file sink prepares a file whose content is not durable",
	},
	{
		bug:   "forget a rolled file",
		file:  "connectors/files/writer.go",
		line:  "files := w.ended",
		with:  "files := w.ended[:0]",
		means: "the file sink prepares only the last of a checkpoint's files",
	},
	{
		bug:   "abort before takeover",
		file:  "connectors/files/tidy.go",
		line:  "if err == nil && notNumber == nil && generation < c.context.Generation {",
		with:  "if err == nil && notNumber == nil && generation != c.context.Generation {",
		means: "a sink aborts the output of owners that this one has not taken over from",
	},
	{
		bug:   "commit twice",
		file:  "connectors/files/committer.go",
		line:  "err := c.files().Link(c.folder.at(s.Staging), to)",
		with:  "to += fmt.Sprint(c.context.Generation)\nerr := c.files().Link(c.folder.at(s.Staging), to)",
		means: "the owner that commits names the file, so that a replay shows it under another name",
	},
}

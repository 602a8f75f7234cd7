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
		line:  "err := c.files().Link(c.folder.at(s.Staging), c.folder.at(s.Final))",
		with:  "s.Final += fmt.Sprint(c.context.Generation)\nerr := c.files().Link(c.folder.at(s.Staging), c.folder.at(s.Final))",
		means: "the owner that commits names the file, so that a replay shows it under another name",
	},
	{
		bug:   "read on in a file that has grown",
		file:  "connectors/files/split.go",
		line:  "case start != (stream.Mark{}) && size != s.at.Size:",
		with:  "case start != (stream.Mark{}) && size < s.at.Size:",
		means: "a file that is longer than at the checkpoint is taken for the same",
		by:    finder{"connectors/files", "TestChangedFiles"},
	},
	{
		bug:   "take a changed file for a damaged one",
		file:  "connectors/format/input/records.go",
		line:  "err = errors.New(err.Error())",
		with:  "return err",
		means: "a file that cannot be decompressed up to the position any more is one failed record",
		by:    finder{"connectors/files", "TestChangedFiles"},
	},
	{
		bug:   "lose failures before damage",
		file:  "connectors/format/csv/decoder.go",
		line:  "if err != stream.ErrNotReady && (b != nil || failed != nil) {",
		with:  "if err != stream.ErrNotReady && b != nil {",
		means: "records that failed come together with the error of what follows, and go with it",
		by:    finder{"connectors/files", "TestDamagedFiles"},
	},
	{
		bug:   "count lines of a batch only",
		file:  "connectors/format/csv/convert.go",
		line:  "lines := r.lines + int64(bytes.Count(d.in.Buf[r.begin:at], newline))",
		with:  "lines := r.lines",
		means: "where a record failed depends on the batch that it was read in",
		by:    finder{"connectors/files", "TestDamagedFiles"},
	},
	{
		bug:   "stop in a record without end",
		file:  "connectors/format/json/decoder.go",
		line:  "return d.endless.start",
		with:  "return d.in.Mark()",
		means: "a checkpoint stands in the middle of a record that is too long",
		by:    finder{"connectors/files", "TestRecordsWithoutEnd"},
	},
	{
		bug:   "take a long record that is in sight",
		file:  "connectors/format/csv/decoder.go",
		line:  "case c.next > input.MaxRecord, c.missing && len(text) >= input.MaxRecord:",
		with:  "case c.missing && len(text) >= input.MaxRecord:",
		means: "whether a record is too long depends on how the file is read",
		by:    finder{"connectors/files", "TestRecordsWithoutEnd"},
	},
	{
		bug:   "draft from empty quotes",
		file:  "jobs/draft/guess.go",
		line:  "c.empty = t.nulls(name, c.guess)",
		means: "a column of times is the event time although cells of quotes only are null in it",
		by:    finder{"jobs/draft", "TestDraftsRun"},
	},
	{
		bug:   "draft a float for long numbers",
		file:  "jobs/draft/guess.go",
		line:  "if n := numbersOf(cells); n.uneven {",
		with:  "if n := numbersOf(cells); n.exponent {",
		means: "whole numbers beyond int64 are rounded",
		by:    finder{"jobs/draft", "TestDraftsRun"},
	},
}

package draft

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
)

// A sample is bounded: no more of a file is read. It has fewSampleBytes where those
// hold fewRecords, and else goes on until it has them.
const (
	fewSampleBytes  = 2 << 20
	mostSampleBytes = 48 << 20 // of a header and two records that are as long as any may be
	fewRecords      = 10
	sampleRows      = 5000
)

// sample is the beginning of a file, in whole records.
type sample struct {
	text  []byte
	whole bool // it is all of the file
	// misfits are records from behind the sample, which stand in text as well.
	misfits map[string]bool
	own     int  // how much of text comes before them
	cr      bool // its lines end in CR alone, which are LF in text
	// share is how much of the file it is, about, from 0 to 1.
	share float64
	// rows is where the rows stand in a document of JSON, whose rows text has as lines;
	// "" is that the file has lines.
	rows string
	// others is where else a document has lists of objects.
	others []string
	json   bool // it is JSON: by its name or, whatever that is, by what it begins with
}

// readSample reads the beginning of a file and refuses what is no text.
func readSample(r *component.Registry, from env.FS, path string) (sample, error) {
	if path == "-" {
		return sample{}, errors.New("a draft is made from a file; write standard input to one")
	}
	size, err := from.Size(path)
	if err != nil {
		return sample{}, err
	}
	if _, err := from.ReadDir(path); err == nil {
		return sample{}, fmt.Errorf("%s is a folder; draft a job from one of its files, and then give it the folder as path", path)
	}
	counted := &counter{FS: from}
	f, err := r.Open(counted, path)
	if err != nil {
		return sample{}, err
	}
	defer f.Close()
	text := bufio.NewReaderSize(f, sniffBytes)
	var s sample
	if head, _ := text.Peek(sniffBytes); isJSON(path) || looksLikeJSON(head) {
		s, err = readJSON(text, path)
		s.json = true
	} else {
		s, err = readRecords(text, true)
	}
	if err != nil {
		return sample{}, err
	}
	if err := s.check(); err != nil {
		return sample{}, fmt.Errorf("%s %w", path, err)
	}
	s.share = min(1, float64(counted.read)/float64(max(size, 1)))
	return s, nil
}

// add adds records that do not fit a guess to the sample; it returns false where they
// are there already, or there are none.
func (s *sample) add(misfits []stream.FailedRecord) (added bool) {
	if s.misfits == nil {
		s.misfits = map[string]bool{}
	}
	if n := len(s.text); n > 0 && s.text[n-1] != '\n' {
		s.text = append(s.text, '\n')
	}
	if len(s.misfits) == 0 {
		s.own = len(s.text)
	}
	for _, f := range misfits {
		raw := string(f.Raw)
		if s.misfits[raw] || len(raw) == stream.MaxRawBytes {
			continue
		}
		s.misfits[raw], added = true, true
		s.text = append(append(s.text, raw...), '\n')
	}
	return added
}

// look returns the text to find the dialect in: its beginning, with what did not fit
// behind the first lines.
func (s *sample) look() string {
	if len(s.misfits) == 0 {
		return string(s.text)
	}
	end, _ := wholeRecords(s.text[:min(s.own, sniffBytes/4)], true)
	for n, l := 0, 0; n < end; l++ {
		if l == headLines {
			end = n
			break
		}
		n += strings.IndexByte(string(s.text[n:end]), '\n') + 1
	}
	return string(s.text[:end]) + string(s.text[s.own:])
}

// readRecords reads until it has enough whole records. Those of CSV may hold line ends
// within quotes.
func readRecords(f io.Reader, csv bool) (s sample, err error) {
	for limit := fewSampleBytes; ; limit = min(2*limit, mostSampleBytes) {
		more, err := io.ReadAll(io.LimitReader(f, int64(limit-len(s.text))))
		if err != nil {
			return s, err
		}
		if limit == fewSampleBytes {
			s.cr = csv && hasOnlyCR(more)
		}
		if s.cr {
			more = bytes.ReplaceAll(more, []byte{'\r'}, []byte{'\n'})
		}
		if s.text = append(s.text, more...); len(s.text) < limit {
			s.whole = true
			return s, nil
		}
		end, records := wholeRecords(s.text, csv)
		if limit == mostSampleBytes && records < fewRecords {
			end = lastLine(s.text)
		} else if records < fewRecords {
			continue
		}
		s.text = s.text[:end]
		return s, nil
	}
}

// hasOnlyCR reports a text in which CR ends lines, and no LF does that stands outside of
// quotes.
func hasOnlyCR(text []byte) bool {
	quoted, found := false, false
	for _, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			return false
		case c == '\r' && !quoted:
			found = true
		}
	}
	return found
}

// wholeRecords returns where the last whole record of a text ends, and how many there
// are.
func wholeRecords(text []byte, csv bool) (end, records int) {
	quoted := false
	for i, c := range text {
		switch {
		case c == '"' && csv:
			quoted = !quoted
		case c == '\n' && !quoted:
			end, records = i+1, records+1
		}
	}
	return end, records
}

// lastLine returns where the last line ends of a text that has few records: because
// they are long or, if there are many lines, because a quote is never closed.
func lastLine(text []byte) int {
	if few := text[:fewSampleBytes]; bytes.Count(few, []byte("\n")) >= fewRecords {
		text = few
	}
	return bytes.LastIndexByte(text, '\n') + 1
}

// check refuses what cannot be read as lines of UTF-8.
func (s *sample) check() error {
	head := s.text[:min(len(s.text), 4096)]
	switch {
	case len(s.text) == 0 && !s.whole:
		return fmt.Errorf("has no line end in its first %d bytes; is it a text of lines?", mostSampleBytes)
	case len(bytes.TrimSpace(bytes.TrimPrefix(s.text, []byte("\xEF\xBB\xBF")))) == 0:
		return errors.New("is empty; there is nothing to guess from")
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return errors.New("is UTF-16; make it UTF-8: iconv -f UTF-16 -t UTF-8")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return errors.New("is a zip archive or a spreadsheet; unpack it, or save it as CSV")
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return errors.New("is compressed with gzip; give it a name that ends in .gz")
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return errors.New("is compressed with zstd; give it a name that ends in .zst")
	case bytes.HasPrefix(head, []byte("BZh")) && !utf8.Valid(s.text):
		return errors.New("is compressed with bzip2, which weir does not read; make it plain: bunzip2, or one of gzip or zstd")
	case bytes.HasPrefix(head, []byte("\xFD7zXZ\x00")):
		return errors.New("is compressed with xz, which weir does not read; make it plain: unxz, or one of gzip or zstd")
	case bytes.HasPrefix(head, []byte("PAR1")) && bytes.IndexByte(head, 0) >= 0:
		return errors.New("is Parquet, which weir does not read; write it as CSV or JSON Lines")
	case bytes.IndexByte(head, 0) >= 0:
		return errors.New("is not text: there are zero bytes in it")
	case !utf8.Valid(s.text):
		return errors.New("is not UTF-8; if it is Latin-1, make it so: iconv -f ISO-8859-1 -t UTF-8")
	}
	return nil
}

// counter counts the bytes that are read from files.
type counter struct {
	env.FS
	read int64
}

func (c *counter) Open(name string) (env.File, error) {
	f, err := c.FS.Open(name)
	return counted{f, c}, err
}

type counted struct {
	env.File
	counter *counter
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	c.counter.read += int64(n)
	return n, err
}

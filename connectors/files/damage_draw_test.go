package files

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/stream"
)

// piece is a piece of text that is a row, a record that fails, or nothing. Its # is
// a number.
type piece struct {
	text  string
	row   string // as conntest draws it; "" is none
	fails bool
}

var csvPieces = []piece{
	{text: "#,plain\n", row: `#|"plain"`},
	{text: "#,\"two\nlines, and \"\"quotes\"\"\"\r\n", row: `#|"two\nlines, and \"quotes\""`},
	{text: ",\r\n", row: "null|null"},
	{text: "\n"},
	{text: "x#,no number\n", fails: true},
	{text: "#\n", fails: true},
	{text: "#,one,too many\r\n", fails: true},
	{text: "#,a\"b\n", fails: true},
	{text: "#,\"a\"b\n", fails: true},
	{text: "#,\"two\nlines\"b\n", fails: true},
	{text: "y#,\"no number\nin two lines\"\n", fails: true},
	{text: "#,broken \xff\xfe UTF-8\n", fails: true},
}

// openQuote fails alone where no quote follows.
var openQuote = piece{text: "#,\"never closed\n", fails: true}

var jsonPieces = []piece{
	{text: `{"id":#,"text":"plain"}` + "\n", row: `#|"plain"`},
	{text: `{ "other": [{}, 1], "text": "two\nlines", "id": "#" }` + "\r\n", row: `#|"two\nlines"`},
	{text: "{}\n", row: "null|null"},
	{text: "  \r\n"},
	{text: `{"id":#,"text":"cut sh` + "\n", fails: true},
	{text: `{"id":#.5}` + "\r\n", fails: true},
	{text: `{"id":#} {}` + "\n", fails: true},
	{text: `{"id":#,"id":1}` + "\n", fails: true},
	{text: "[#]\n", fails: true},
	{text: `{"id":#,"text":"` + "broken \xff\xfe UTF-8\"}\n", fails: true},
	{text: "nothing #\n", fails: true},
}

// badHeaders make all of a CSV file one failed record.
var badHeaders = []string{"id,text,id\n", "id,te\"xt\n", "id,\"te\"xt\n"}

// content is the text of a file, and what comes of it.
type content struct {
	text   string
	rows   []string
	failed []failedRecord
	open   bool // it holds an open quote: text behind it is a record only once all has been read
}

// failedRecord stands behind so many lines, with these bytes; or instead the
// rest of the file, from a record on.
type failedRecord struct {
	lines  int
	raw    string
	rest   bool
	record int
}

func (c *content) lines() int { return strings.Count(c.text, "\n") }

func (c *content) add(p piece, number int) {
	put := strings.NewReplacer("#", strconv.Itoa(number))
	text := put.Replace(p.text)
	if p.row != "" {
		c.rows = append(c.rows, put.Replace(p.row))
	}
	if p.fails {
		c.failed = append(c.failed, failedRecord{lines: c.lines(), raw: strings.TrimRight(text, "\r\n")})
	}
	c.text += text
}

// drawContent draws a file, whose numbers begin with first.
func drawContent(random *rand.Rand, json bool, first int) (c content) {
	pieces := jsonPieces
	if !json {
		if random.IntN(10) == 0 {
			header := badHeaders[random.IntN(len(badHeaders))]
			return content{text: header + "1,a\n", failed: []failedRecord{{rest: true}}}
		}
		c.text, pieces = "id,text\n", csvPieces
	}
	if random.IntN(4) == 0 {
		c.text = "\xEF\xBB\xBF" + c.text
	}
	for i := range random.IntN(20) {
		p := pieces[random.IntN(len(pieces))]
		switch {
		case c.open && strings.Contains(p.text, `"`):
			continue
		case !json && !c.open && random.IntN(40) == 0:
			p, c.open = openQuote, true
		}
		c.add(p, first+i)
	}
	return c
}

// isUnreadable reports that the header makes all of the file one failed record.
func (c *content) isUnreadable() bool { return len(c.failed) > 0 && c.failed[0].rest }

// stored is a file as it lies there: compressed, and sound or damaged.
type stored struct {
	content
	name  string
	bytes string
	// What comes of a damaged file: known is all of it; else, of one that is cut
	// short, the content up to somewhere and one failure for the rest, or what
	// nobody can tell.
	known, cut bool
}

// store draws how a content is stored: in one stream or several, sound or damaged.
func store(t testing.TB, random *rand.Rand, name string, c content) *stored {
	compression := []string{"none", "gzip", "zstd"}[random.IntN(3)]
	f := &stored{content: c, name: name + suffixes[compression], bytes: c.text, known: true}
	switch {
	case compression == "none":
		if random.IntN(4) == 0 {
			f.bytes = strings.TrimSuffix(f.bytes, "\n")
		}
	case random.IntN(2) == 0:
		f.bytes = compressed(t, compression, c.text)
		f.damage(random, 1)
	default:
		// The first line has a stream of its own: of CSV it is the header, and what
		// is not damaged there decides whether there are columns.
		line := strings.Index(c.text, "\n") + 1
		f.bytes = compressed(t, compression, c.text[:line])
		sound := len(f.bytes)
		for _, text := range strings.SplitAfterN(c.text[line:], ",", 3) {
			f.bytes += compressed(t, compression, text)
		}
		f.damage(random, sound)
	}
	return f
}

func compressed(t testing.TB, compression, text string) string {
	if compression == "gzip" {
		return gzipped(t, text)
	}
	return zstandard(t, text)
}

// damage damages a compressed file behind its first bytes, or leaves it.
func (f *stored) damage(random *rand.Rand, sound int) {
	at := sound + random.IntN(len(f.bytes)-sound)
	switch random.IntN(5) {
	case 0: // between two streams there is no damage, but lines may end
		f.bytes, f.known, f.cut = f.bytes[:at], f.isUnreadable() && sound > 1, sound == 1 && !f.isUnreadable()
	case 1:
		if sound > 1 {
			f.bytes = f.bytes[:at] + string(f.bytes[at]^1<<random.IntN(8)) + f.bytes[at+1:]
			f.known = f.isUnreadable()
		}
	case 2:
		f.follow("garbage that follows")
	case 3:
		f.follow(strings.Repeat("\x00", 512))
	}
}

// follow has something follow that is no stream.
func (f *stored) follow(garbage string) {
	f.bytes += garbage
	if !f.isUnreadable() {
		f.failed = append(f.failed, failedRecord{lines: f.lines(), rest: true, record: len(f.rows) + len(f.failed) + 1})
		f.known = !f.open
	}
}

// failures draws what the model says as [drawFailures] does.
func (f *stored) failures() (lines []string) {
	for _, bad := range f.failed {
		what := fmt.Sprintf("%q", bad.raw)
		if bad.rest {
			what = restFrom(bad.record)
		}
		lines = append(lines, fmt.Sprintf("in/%s:%d: %s", f.name, bad.lines+1, what))
	}
	return lines
}

func drawFailures(failed []stream.FailedRecord) (lines []string) {
	for _, f := range failed {
		what := fmt.Sprintf("%q", f.Raw)
		if f.Raw == nil {
			record := 0
			fmt.Sscanf(f.Err.Error(), "record %d cannot be read", &record) // a header has no number
			what = restFrom(record)
		}
		lines = append(lines, f.Where+": "+what)
	}
	return lines
}

func restFrom(record int) string { return fmt.Sprintf("the rest, from record %d on", record) }

// isRest tells a drawn failure that is the rest of a file.
func isRest(failure string) bool { return strings.Contains(failure, ": the rest, from record ") }

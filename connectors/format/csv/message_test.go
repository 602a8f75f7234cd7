package csv

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var two = record.MustSchema(record.Field{Name: "n", Type: record.Int64}, record.Field{Name: "s", Type: record.String})

// A message holds a record, or several; it fails as a whole.
func TestMessages(t *testing.T) {
	named := Default
	named.headless, named.names = true, []string{"s", "x", "n"}
	comments := Default
	comments.comment, comments.trim = "#", true
	old := Default
	old.cr = true
	wide := Default
	wide.delimiter = "::"
	for _, test := range []struct {
		format        Format
		message, want string
	}{
		{Default, "1,x", `1|"x"`},
		{Default, "1,x\r\n", `1|"x"`},
		{Default, "\xEF\xBB\xBF1,\"\"\n", `1|""`},
		{Default, "", ""},
		{Default, "\n\n", ""},
		{Default, "1,x\n2,\n", "1|\"x\"\n2|null"},
		{Default, "1,\"x\ny\"\n2,z", "1|\"x\\ny\"\n2|\"z\""},
		{Default, "1", "failed: 1 cell, the schema has 2: a cell is missing or the line is cut short; " +
			"or name all columns in the key header of the format, for a schema to pick from"},
		{Default, "1,x\nz,y", `failed: line 2: column "n": "z" is not a whole number; correct the cell, or leave it empty for null`},
		{Default, "1,\"x", `failed: column "s": the quote (") that opens the cell is not closed; close it, ` +
			`or double the quotes that are text (reading continues in the next line)`},
		{Default, "1,\xff", `failed: column "s": "\xff" is not valid UTF-8; convert the file`},
		{named, "x,y,1", `1|"x"`},
		{comments, "# 1,2\n 1 , x ", `1|"x"`},
		{old, "1,x\r2,y\r", "1|\"x\"\n2|\"y\""},
		{wide, "1::x", `1|"x"`},
	} {
		other := []byte("7,other")
		if test.format.names != nil || len(test.format.delimiter) > 1 {
			other = []byte(test.message)
		}
		c := stream.MessageContext{Schema: two}
		if got := conntest.TestMessages(t, test.format, c, other, []byte(test.message), other)[1]; got.String() != test.want {
			t.Errorf("%q:\n%v\nwant\n%v", test.message, got, test.want)
		}
	}
}

func TestMessagesOfOneColumn(t *testing.T) {
	c := stream.MessageContext{Schema: record.MustSchema(record.Field{Name: "s", Type: record.String})}
	got := conntest.TestMessages(t, Default, c, []byte("x"), nil, []byte("\n"), []byte(`""`), []byte("y\nz\n"))
	if want := `["x" null null "" "y"` + "\n" + `"z"]`; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestMessagesThatAreTooLong(t *testing.T) {
	long := []byte("1," + strings.Repeat("x", 16<<20))
	got := conntest.DecodeMessages(t, Default, stream.MessageContext{Schema: two}, 3, []byte("1,x"), long, []byte("2,y"))
	if want := `[1|"x" failed: the message is longer than 16 MiB 2|"y"]`; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestMessageEncoder(t *testing.T) {
	conntest.TestMessageEncoder(t, Default, record.MustSchema(append(allColumns.Fields(), record.Field{Name: "b", Type: record.Bytes})...))
	dialect := Default
	dialect.delimiter, dialect.nulls, dialect.decimal = ";", []string{"NA"}, ','
	conntest.TestMessageEncoder(t, dialect, allColumns)
}

func TestMessagesAllocateNothing(t *testing.T) { allOfJanuary(t).TestMessages(t, Default, 0.002) }

// allOfJanuary is all columns of the flights, without a header.
func allOfJanuary(t testing.TB) conntest.Sample {
	s := january(t)
	s.Context.Schema = allColumns
	names, _, _ := strings.Cut(string(s.Text), "\n")
	format := Default
	format.headless, format.names = true, strings.Split(names, ",")
	s.Format, s.Text = format, s.Text[len(names)+1:]
	return s
}

func BenchmarkMessages(b *testing.B) {
	allOfJanuary(b).BenchmarkMessages(b, allOfJanuary(b).Format.(Format))
}

// FuzzMessages holds the decoding of messages against that of files, where a message is
// one, and against itself in other company.
func FuzzMessages(f *testing.F) {
	for _, text := range []string{"1,x", "1,x\r\n\n2,\"y\n\"\n", "\"\"\"a\",\"b", "a,b,c\n1,2", "\xEF\xBB\xBF,\n#", "1\"2,3\n", "x\r"} {
		f.Add([]byte(text), []byte("1,\"x"))
	}
	f.Fuzz(func(t *testing.T, one, other []byte) {
		texts := record.MustSchema(record.Field{Name: "a", Type: record.String}, record.Field{Name: "b", Type: record.String})
		for _, dialect := range []Format{Default, {delimiter: ";;", quote: '\'', escape: '\\', trim: true, lenient: true, decimal: '.'}} {
			if !strings.ContainsAny(string(one)+string(other), "|") {
				conntest.TestMessages(t, dialect, stream.MessageContext{Schema: texts}, one, other, one)
			}
			dialect.headless = true
			c := context(texts, one, len(one)+1, 1000)
			want := conntest.Decode(t, narrow{dialect}, c, nil)
			got := conntest.DecodeMessages(t, dialect, stream.MessageContext{Schema: texts}, 1, one)[0]
			if (got.Err != nil) != (len(want.Failed) > 0) || got.Err == nil && strings.Join(got.Rows, "\n") != strings.Join(want.Rows, "\n") {
				t.Fatalf("the message %q is\n%v\nand as a file\n%v", one, got, want)
			}
		}
		conntest.DecodeMessages(t, Default, stream.MessageContext{Schema: two}, 2, one, other)
	})
}

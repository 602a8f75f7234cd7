package files

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestNotesOfOtherVersions goes on from a checkpoint that has a position and no list of
// files, as earlier versions wrote it, and refuses notes that are damaged.
func TestNotesOfOtherVersions(t *testing.T) {
	sound, err := listing{{"a.csv", 12}, {"b.csv", 20}}.pack()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ notes, want string }{
		{"", ""},
		{string(sound), "in/a.csv has 16 bytes but had 12 when it was read"},
		{string(sound[:len(sound)-9]), "the notes in the checkpoint are damaged"},
		{"\x1f\x8b", "the notes in the checkpoint are damaged"},
		{`[{"name":"a.csv","size":12}]`, "the key watch was given when the checkpoint was taken"},
	} {
		e, files := memEnv()
		writeFile(t, files, "in/a.csv", "id,text\n1,a\n2,b\n")
		writeFile(t, files, "in/b.csv", "id,text\n3,c\n4,d\n5,e\n")
		from := stream.Split{ID: oneSplit, Position: stream.Position(`{"file":"b.csv","size":20,"record":1,"line":2,"offset":12}`)}
		if test.notes != "" {
			from.Notes = []byte(test.notes)
		}
		r, err := openSource(t, sourceSchema, map[string]string{"path": "in"}).NewReader(stream.ReaderContext{
			Env: e, Pool: record.NewPool(), BatchRows: 10})
		if err != nil {
			t.Fatal(err)
		}
		err = r.Assign([]stream.Split{from})
		if test.want != "" {
			if err == nil || failure.ClassOf(err) != failure.ClassFatal || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q: %v, want %s", test.notes, err, test.want)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		f, err := fetchOne(t.Context(), r)
		if rows := drawn(f); err != nil || strings.Join(rows, " ") != `4|"d" 5|"e"` || f.Notes == nil {
			t.Errorf("read on: %q, notes %q, %v", rows, f.Notes, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

package files

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/format/json"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

func openJSONSource(t testing.TB, schema *record.Schema, values map[string]string) stream.Source {
	t.Helper()
	s, err := SourceType.New(config(t, &SourceType.Spec, values), component.SourceInputs{
		Step: "in", Format: json.Format{}, Schema: schema,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// numberedJSON is numbered as JSON Lines, with what stands between records, too.
func numberedJSON(file, rows int) string {
	var b strings.Builder
	for i := range rows {
		if i%3 == 0 {
			fmt.Fprintf(&b, "{ \"other\": [{}, %d], \"text\": \"file %d,\\nrow\", \"id\": %d }\r\n\n", i, file, i)
		} else {
			fmt.Fprintf(&b, "{\"id\":%d,\"text\":\"row %d of %d\"}\n", i, i, file)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// numberedList is numbered as one list, which stretches over lines in places.
func numberedList(file, rows int) string {
	lines := strings.ReplaceAll(strings.TrimSpace(numberedJSON(file, rows)), "\r\n\n", "\n")
	return "[ " + strings.ReplaceAll(strings.ReplaceAll(lines, "\n", ","), "{ \"other\":", "{\n  \"other\":\n") + "\n]\n"
}

func TestJSONSinkConformance(t *testing.T) {
	conntest.TestSink(t, conntest.Sink{
		Env: func(testing.TB) env.Env { e, _ := memEnv(); return e },
		New: func(t testing.TB) stream.Sink {
			s, err := SinkType.New(config(t, &SinkType.Spec, map[string]string{"path": "out/"}), component.SinkInputs{
				Step: "out", Format: json.Format{}, Schema: conntest.SinkSchema,
			})
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		Visible: func(t testing.TB, e env.Env) []string {
			return visibleRows(t, e, "out", openJSONSource)
		},
		Crash: crash,
	})
}

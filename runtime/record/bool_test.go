package record_test

import (
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

func TestParseBool(t *testing.T) {
	for text, want := range map[string]string{
		"true": "true", "TRUE": "true", "True": "true", "t": "true", "T": "true", "yes": "true", "YES": "true", "Y": "true", "1": "true",
		"false": "false", "False": "false", "F": "false", "no": "false", "No": "false", "n": "false", "0": "false",
		"": "failed", "2": "failed", "01": "failed", "truth": "failed", " true": "failed", "nope": "failed", "-1": "failed", "\xff": "failed",
	} {
		v, err := record.ParseBool([]byte(text))
		got := "false"
		if err != nil {
			got = "failed"
		} else if v {
			got = "true"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

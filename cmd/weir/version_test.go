package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/checkpoint"
)

func TestVersion(t *testing.T) {
	code, stdout, _ := weir("version")
	if code != 0 || !strings.HasPrefix(stdout, "weir ") || !strings.Contains(stdout, "\ncheckpoints format ") {
		t.Errorf("exit code %d, printed %q", code, stdout)
	}
	code, stdout, _ = weir("version", "--json")
	var b build
	if err := json.Unmarshal([]byte(stdout), &b); code != 0 || err != nil || b.Checkpoint != checkpoint.FormatVersion ||
		b.Go != runtime.Version() {
		t.Errorf("exit code %d, printed %q (%v)", code, stdout, err)
	}
}

// What is said depends on how weir was built.
func TestVersionOfBuilds(t *testing.T) {
	const commit = "2f61b3640a3ec61d17a798ef9dac88a481d16d4d"
	vcs := []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.time", Value: "2026-11-24T15:53:45Z"}}
	for _, test := range []struct {
		name string
		info *debug.BuildInfo
		want string
	}{
		{"go run", &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "weir development\ncommit      not recorded\n"},
		{"no information", nil, "weir development\ncommit      not recorded\n"},
		{"go install of a version", &debug.BuildInfo{Main: debug.Module{Version: "v0.4.0"}}, "weir v0.4.0\ncommit      not recorded\n"},
		{"go install of a commit", &debug.BuildInfo{Main: debug.Module{Version: "v0.4.1-0.20261124155345-2f61b3640a3e"}},
			"weir v0.4.1-0.20261124155345-2f61b3640a3e\ncommit      2f61b3640a3e of 2026-11-24\n"},
		{"go build in a checkout", &debug.BuildInfo{Main: debug.Module{Version: "v0.0.0-20261124155345-2f61b3640a3e"}, Settings: vcs},
			"weir v0.0.0-20261124155345-2f61b3640a3e\ncommit      " + commit + " of 2026-11-24\n"},
		{"go build in a changed checkout", &debug.BuildInfo{Settings: append(vcs, debug.BuildSetting{Key: "vcs.modified", Value: "true"})},
			"weir development\ncommit      " + commit + " of 2026-11-24, with changes that are not committed\n"},
	} {
		var text strings.Builder
		if err := versionOf(test.info, test.info != nil).write(&text); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(text.String(), test.want) {
			t.Errorf("%s: got\n%swant\n%s", test.name, text.String(), test.want)
		}
	}
}

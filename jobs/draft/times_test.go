package draft_test

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
)

// A column of times is drafted as one, however the programs that people have write them.
func TestTimesThatProgramsWrite(t *testing.T) {
	for text, want := range map[string]string{
		"2021-11-07T14:00:00Z":            "timestamp",
		"2021-11-07T14:00:00.123456789Z":  "timestamp", // Go, Docker, Kubernetes
		"2021-11-07 14:00:00,123":         "%Y-%m-%d %H:%M:%S,%f",
		"2021-11-07 14:00":                "%Y-%m-%d %H:%M",
		"2021-11-07 14:00:00 UTC":         "%Y-%m-%d %H:%M:%S %Z",
		"20211107T140000Z":                "%Y%m%dT%H%M%S%z", // calendars
		"20211107140000":                  "%Y%m%d%H%M%S",
		"202111071400":                    "%Y%m%d%H%M",
		"2021/11/07 14:00:00":             "%Y/%m/%d %H:%M:%S",        // without a doubt about the day
		"Sunday, 07-Nov-21 14:00:00 GMT":  "%A, %d-%b-%y %H:%M:%S %Z", // old HTTP
		"Jan 1 2000":                      "%b %d %Y",
		"Jan  1 2000":                     "%b %d %Y",
		"Nov 7, 2021":                     "%b %-d, %Y",
		"Sun, 07 Nov 2021 14:00:00 GMT":   "%a, %d %b %Y %H:%M:%S %Z", // mail, HTTP
		"Sun, 07 Nov 2021 14:00:00 +0100": "%a, %d %b %Y %H:%M:%S %z",
		"Sun Nov  7 14:00:00 2021":        "%a %b %d %H:%M:%S %Y", // asctime
		"Wed Oct 10 20:19:24 +0000 2018":  "%a %b %d %H:%M:%S %z %Y",
		"Wed Oct 10 20:19:24 UTC 2018":    "%a %b %d %H:%M:%S %Z %Y", // date
		"07/Nov/2021:14:00:00 +0100":      "%d/%b/%Y:%H:%M:%S %z",    // access logs
		"31/12/2021 23:59:59":             "%d/%m/%Y %H:%M:%S",
		"1/2/2021 3:04 PM":                "%m/%d/%Y %-I:%M %p",
		"1636293600":                      "timestamp(s)",
		"1636293600.25":                   "timestamp(s)",
		"1636293600123":                   "timestamp(ms)",
		"1636293600123.5":                 "timestamp(ms)",
		"1636293600123456":                "timestamp(us)",
		"1636293600123456789":             "timestamp(ns)",
	} {
		files := memfs.New()
		if err := env.WriteFile(files, "t.csv", []byte("at;n\n"+text+";1\n"+text+";2\n")); err != nil {
			t.Fatal(err)
		}
		d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: files, Name: "job", Path: "t.csv",
			Written: "t.csv", File: "job.yaml"})
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(want, "%") {
			want = `"timestamp('` + want + `')"`
		}
		_, line, _ := strings.Cut(d.Text, "      at: ")
		if line, _, _ = strings.Cut(line, "\n"); line != want && !strings.HasPrefix(line, want+" #") {
			t.Errorf("%s is drafted as %s, not %s", text, line, want)
		}
	}
}

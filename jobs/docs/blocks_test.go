package docs

import (
	"reflect"
	"testing"
)

const page = "# A page\n\n" +
	"```yaml\n# job.yaml\nname: job\n```\n\n" +
	"```yaml\n# a comment\nname: job\n```\n\n" +
	"- in a list:\n\n  ```sh\n  true\n  ```\n\n" +
	"```console\n$ weir lint job.yaml\njob.yaml: no problems\n$ true\n$ false\n…\n```\n"

func TestBlocks(t *testing.T) {
	want := []Block{
		{"yaml", 4, "# job.yaml\nname: job\n"},
		{"yaml", 9, "# a comment\nname: job\n"},
		{"sh", 16, "  true\n"},
		{"console", 20, "$ weir lint job.yaml\njob.yaml: no problems\n$ true\n$ false\n…\n"},
	}
	got := Blocks(page)
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	if name := got[0].File() + "," + got[1].File(); name != "job.yaml," {
		t.Errorf("the files are %s", name)
	}
	commands := []Command{{20, "weir lint job.yaml", "job.yaml: no problems\n"}, {22, "true", ""}, {23, "false", "…\n"}}
	if got := got[3].Commands(); !reflect.DeepEqual(got, commands) {
		t.Errorf("got %+v, want %+v", got, commands)
	}
}

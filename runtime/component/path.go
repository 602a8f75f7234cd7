package component

import (
	"fmt"
	"regexp"
	"strings"
)

var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+)://`)

// fetchers are programs that write to standard output what a URL names, by its scheme.
var fetchers = map[string]string{
	"s3": "aws s3 cp %s -", "gs": "gcloud storage cat %s", "hdfs": "hdfs dfs -cat %s",
	"http": "curl -s %s", "https": "curl -s %s", "ftp": "curl -s %s",
}

// CheckPath refuses a path that is a URL: made a path of this machine's files it would be
// a folder with the name of its scheme.
func CheckPath(text string) error {
	m := scheme.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	name, pipe := strings.ToLower(m[1]), ""
	if name == "file" {
		return fmt.Errorf("%q is a URL; write the path alone: %s", text, strings.TrimPrefix(text[len(m[0]):], "localhost"))
	}
	if fetcher := fetchers[name]; fetcher != "" {
		pipe = fmt.Sprintf("; a source can also read it from a pipe, with the path -: "+fetcher+" | weir run JOB", text)
	}
	return fmt.Errorf("%q is a URL, and paths are those of this machine's files: copy what is there to a folder, or write to a folder and "+
		"copy that%s", text, pipe)
}

// IsURL reports whether a path is a URL.
func IsURL(text string) bool { return scheme.MatchString(text) }

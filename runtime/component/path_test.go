package component

import (
	"strings"
	"testing"
)

// A path that is a URL is refused, with what can be done instead; others may hold
// colons and slashes as they like.
func TestCheckPath(t *testing.T) {
	for path, want := range map[string]string{
		"s3://bucket/out":          "aws s3 cp s3://bucket/out - | weir run JOB",
		"S3://bucket/out":          "aws s3 cp S3://bucket/out -",
		"gs://b/x.csv":             "gcloud storage cat gs://b/x.csv",
		"https://example.com/a.gz": "curl -s https://example.com/a.gz",
		"hdfs://name/x":            "hdfs dfs -cat hdfs://name/x",
		"abfss://c@a/x":            "is a URL",
		"weird+x.1://y":            "is a URL",
		"file:///data/x.csv":       "write the path alone: /data/x.csv",
		"file://localhost/x":       "write the path alone: /x",
		"out":                      "",
		"s3:/bucket/out":           "",
		"./s3://bucket":            "",
		"a b://c":                  "",
		"C://data":                 "",
		"-":                        "",
	} {
		err := CheckPath(path)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", path, err, want)
		}
	}
}

package component

import (
	"strings"
	"testing"
)

var saslSpec = Spec{Name: "sasl", Fields: []Field{
	{Name: "mechanism", Kind: Enum, Options: []string{"plain", "scram"}, Default: "plain"},
	{Name: "user", Summary: "Who logs in.", Kind: Text, Required: true},
}}

var toSpec = Spec{Name: "to", Fields: []Field{
	{Name: "s3", Kind: Section, Choice: true, Spec: &Spec{Name: "s3", Fields: []Field{{Name: "bucket", Kind: Text, Required: true}}}},
	{Name: "http", Kind: Section, Choice: true, Spec: &Spec{Name: "http", Fields: []Field{{Name: "retries", Kind: Int, Default: "3"}}}},
}}

var busSpec = Spec{Name: "bus", Fields: []Field{
	{Name: "brokers", Kind: TextList},
	{Name: "headers", Kind: TextMap},
	{Name: "sasl", Kind: Section, Spec: &saslSpec},
	{Name: "to", Kind: Section, Spec: &toSpec},
}}

func mapOf(entries ...Entry) Value { return Value{Kind: Map, Map: entries} }

func TestNestedConfig(t *testing.T) {
	given := []Entry{
		{Key: "brokers", Value: TextValue("one:9092")},
		{Key: "headers", Value: mapOf(Entry{Key: "b", Value: TextValue("2")}, Entry{Key: "a", Value: TextValue("1")})},
		{Key: "sasl", Value: mapOf(Entry{Key: "user", Value: TextValue("anna")})},
		{Key: "to", Value: mapOf(Entry{Key: "http", Value: Value{}})},
	}
	c, problems := NewConfig(&busSpec, Position{}, given)
	if problems != nil {
		t.Fatal(problems)
	}
	sasl, to := c.Section("sasl"), c.Section("to")
	if sasl.Text("user") != "anna" || sasl.Text("mechanism") != "plain" || to.Choice() != "http" || to.Section("http").Int("retries") != 3 {
		t.Errorf("sasl %+v, to %+v", sasl, to)
	}
	if m := c.Map("headers"); len(m) != 2 || m[0].Key != "b" || m[1].Value.Text != "1" {
		t.Errorf("headers %v", m)
	}
	if to.Section("s3").Has("bucket") || c.Section("sasl").Has("mechanism") {
		t.Error("a key is there that was not given")
	}
}

func TestNestedProblems(t *testing.T) {
	at := func(line int) Position { return Position{"job.yaml", line, 3} }
	text := func(line int, s string) Value { return Value{At: at(line), Kind: Scalar, Text: s} }
	given := []Entry{
		{Key: "headers", At: at(1), Value: Value{At: at(1), Kind: Map, Map: []Entry{{Key: "a", At: at(2), Value: Value{At: at(2), Kind: List}}}}},
		{Key: "sasl", At: at(3), Value: Value{At: at(3), Kind: Map, Map: []Entry{
			{Key: "mechanism", At: at(4), Value: text(4, "scam")}, {Key: "pasword", At: at(5), Value: text(5, "x")}}}},
		{Key: "to", At: at(6), Value: text(6, "s3")},
	}
	_, problems := NewConfig(&busSpec, at(0), given)
	want := strings.Join([]string{
		`job.yaml:2:3: bus.headers: takes single values; one of them is a list`,
		`job.yaml:4:3: bus.sasl.mechanism: "scam" is not one of plain, scram; did you mean "scram"?`,
		`job.yaml:5:3: bus.sasl has no key "pasword"; there are mechanism, user`,
		`job.yaml:3:3: bus.sasl needs the key "user": who logs in`,
		`job.yaml:6:3: bus.to: takes a map, not a single value`,
	}, "\n")
	if got := problems.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

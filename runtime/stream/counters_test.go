package stream

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// Every counter is copied, kept in checkpoints, restored and added up.
func TestCountersAreComplete(t *testing.T) {
	var c Counters
	fields := reflect.ValueOf(&c).Elem()
	for i := range fields.NumField() {
		fields.Field(i).Addr().MethodByName("Store").Call([]reflect.Value{reflect.ValueOf(int64(i + 1))})
	}
	text, err := json.Marshal(c.Values())
	if err != nil {
		t.Fatal(err)
	}
	var kept CounterValues
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	var restored Counters
	restored.Restore(kept)
	sum := reflect.ValueOf(restored.Values().Add(CounterValues{}))
	twice := reflect.ValueOf(kept.Add(kept))
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Name
		want := int64(i + 1)
		if got := sum.FieldByName(name).Int(); got != want {
			t.Errorf("%s is %d behind a restore, want %d", name, got, want)
		}
		if got := twice.FieldByName(name).Int(); got != 2*want && !strings.HasPrefix(name, "Max") {
			t.Errorf("twice %s is %d, want %d", name, got, 2*want)
		}
	}
}

package expr

import "github.com/weirstream/weir/runtime/record"

// jsonFunctions look into strings that hold JSON.
var jsonFunctions = inGroup("json", []function{
	{
		name: "json_value", params: "json path",
		summary: "The string, number or bool that a path leads to, as a string; NULL where there is none, and for `null`, an object or an array. " +
			"A text that is not JSON fails.",
		examples: [][2]string{{`json_value('{"a": {"b": [10, "x"]}}', '$.a.b[1]')`, "'x'"}, {`CAST(json_value('{"n": 1.50}', '$.n') AS float64)`, "1.5"},
			{`json_value('{"a": 1}', '$.b')`, "NULL"}, {`json_value('{"a b": true}', '$."a b"')`, "'true'"}},
		overloads: []overload{{params: texts2, result: record.String, fails: true, prepare: jsonAccess(putJSONValue)}},
	},
	{
		name: "json_query", params: "json path",
		summary:   "The JSON of what a path leads to, as it is written; NULL where there is none. A text that is not JSON fails.",
		examples:  [][2]string{{`json_query('{"a": {"b": [10, "x"]}}', '$.a.b')`, `'[10, "x"]'`}, {`json_query('{"a": "x"}', '$.a')`, `'"x"'`}},
		overloads: []overload{{params: texts2, result: record.String, fails: true, prepare: jsonAccess(putJSON)}},
	},
	{
		name: "json_exists", params: "json path",
		summary:   "Whether a path leads to a value, of which `null` is one. A text that is not JSON fails.",
		examples:  [][2]string{{`json_exists('{"a": null}', '$.a')`, "true"}, {`json_exists('{"a": 1}', '$.a.b')`, "false"}},
		overloads: []overload{{params: texts2, result: record.Bool, fails: true, prepare: jsonAccess(putWhetherJSON)}},
	},
})

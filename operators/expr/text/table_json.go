package text

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

const failsUnlessJSON = "Fails unless the text is JSON (RFC 8259) in UTF-8, without half of a surrogate pair."

// jsonFunctions look into strings that hold JSON.
var jsonFunctions = kernel.InGroup("json", []kernel.Function{
	{
		Name: "json_value", Params: "json path",
		Summary: "The string, number or bool that a path leads to, as a string; NULL if there is none, and for `null`, an object " +
			"or an array. " + failsUnlessJSON,
		Examples: [][2]string{{`json_value('{"a": {"b": [10, "x"]}}', '$.a.b[1]')`, "'x'"},
			{`CAST(json_value('{"n": 1.50}', '$.n') AS float64)`, "1.5"},
			{`json_value('{"a": 1}', '$.b')`, "NULL"}, {`json_value('{"a b": true}', '$."a b"')`, "'true'"}},
		Overloads: []kernel.Overload{{Params: texts2, Result: record.String, Fails: true, Prepare: jsonAccess(putJSONValue)}},
	},
	{
		Name: "json_query", Params: "json path",
		Summary:   "The JSON that a path leads to, as it is written; NULL if there is none. " + failsUnlessJSON,
		Examples:  [][2]string{{`json_query('{"a": {"b": [10, "x"]}}', '$.a.b')`, `'[10, "x"]'`}, {`json_query('{"a": "x"}', '$.a')`, `'"x"'`}},
		Overloads: []kernel.Overload{{Params: texts2, Result: record.String, Fails: true, Prepare: jsonAccess(putJSON)}},
	},
	{
		Name: "json_exists", Params: "json path",
		Summary:   "Whether a path leads to a value; `null` counts as one. " + failsUnlessJSON,
		Examples:  [][2]string{{`json_exists('{"a": null}', '$.a')`, "true"}, {`json_exists('{"a": 1}', '$.a.b')`, "false"}},
		Overloads: []kernel.Overload{{Params: texts2, Result: record.Bool, Fails: true, Prepare: jsonAccess(putWhetherJSON)}},
	},
})

package expr

import "github.com/weirstream/weir/runtime/component"

// forms describes what is written in a form of its own, for [Functions].
var forms = []component.FunctionDoc{
	{
		Name: "+ - * / %", Group: groupOperator,
		Signatures: []string{"x + y", "x - y", "x * y", "x / y", "x % y", "-x"},
		Summary: "Arithmetic on numbers of one type. `/` truncates towards zero for integers and rounds for decimals. Division " +
			"by zero fails, and so does a result out of range.",
		Examples: [][2]string{{"7 / 2", "3"}, {"7 / 2e0", "3.5"}, {"7 / 2.0", "3.500000"}, {"-7 % 3", "-1"},
			{"1 / 0", "error: 1 / 0: division by zero"}},
	},
	{
		Name: "= <> < <= > >=", Group: groupOperator,
		Signatures: []string{"x = y", "x <> y", "x != y", "x < y", "x <= y", "x > y", "x >= y"},
		Summary:    "Comparison of values of one type. NaN equals itself and is greater than all other numbers; strings compare by their bytes.",
		Examples:   [][2]string{{"'a' < 'b'", "true"}, {"1 = 1.0", "true"}, {"1 = NULL", "NULL"}},
	},
	{
		Name: "AND OR NOT", Group: groupOperator,
		Signatures: []string{"a AND b", "a OR b", "NOT a"},
		Summary:    "Three-valued logic. The right side is computed only if the left side does not decide.",
		Examples:   [][2]string{{"FALSE AND NULL", "false"}, {"TRUE AND NULL", "NULL"}, {"NOT FALSE", "true"}},
	},
	{
		Name: "||", Group: groupOperator,
		Signatures: []string{"text || text", "bytes || bytes"},
		Summary:    "Joins two texts, or two values of bytes. Turn other values into text with `CAST(x AS string)`.",
		Examples:   [][2]string{{"'we' || 'ir'", "'weir'"}, {"'a' || NULL", "NULL"}},
	},
	{
		Name: "LIKE", Group: groupOperator,
		Signatures: []string{"text [NOT] LIKE pattern [ESCAPE 'c']", "text [NOT] ILIKE pattern [ESCAPE 'c']"},
		Summary: "Whether the whole text matches a pattern: `%` stands for any text, `_` for any one character, and a character " +
			"after the ESCAPE character for itself. ILIKE ignores case.",
		Examples: [][2]string{{"'weir' LIKE 'w%r'", "true"}, {"'weir' LIKE '_eir'", "true"}, {"'WEIR' ILIKE 'w%'", "true"},
			{"'50%' LIKE '%!%' ESCAPE '!'", "true"}},
	},
	{
		Name: "BETWEEN", Group: groupOperator,
		Signatures: []string{"x [NOT] BETWEEN low AND high"},
		Summary:    "Whether x lies in a range, both ends included.",
		Examples:   [][2]string{{"3 BETWEEN 1 AND 3", "true"}},
	},
	{
		Name: "IN", Group: groupOperator,
		Signatures: []string{"x [NOT] IN (a, b, …)"},
		Summary:    "Whether x equals a value in the list; NULL if it does not and x or a value in the list is NULL.",
		Examples:   [][2]string{{"'b' IN ('a', 'b')", "true"}, {"1 IN (2, NULL)", "NULL"}},
	},
	{
		Name: "IS", Group: groupOperator,
		Signatures: []string{"x IS [NOT] NULL", "a IS [NOT] TRUE", "a IS [NOT] FALSE"},
		Summary:    "A test that is never NULL.",
		Examples:   [][2]string{{"NULL IS NULL", "true"}, {"FALSE IS NOT TRUE", "true"}},
	},
	{
		Name: "CASE", Group: groupChoice,
		Signatures: []string{"CASE WHEN a THEN x … [ELSE y] END", "CASE v WHEN w THEN x … [ELSE y] END"},
		Summary: "The result for the first condition that is TRUE, or for the first w that equals v; if there is none, the " +
			"ELSE, or NULL without one.",
		Examples: [][2]string{{"CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END", "'b'"}, {"CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", "'two'"}},
	},
	{
		Name: "[ ]", Group: groupList,
		Signatures: []string{"list[position]", "[x, y, …]"},
		Summary:    "An element of a list (1 is the first, -1 the last), NULL if there is none; or a list made of its elements.",
		Examples:   [][2]string{{"['a', 'b'][1]", "'a'"}, {"['a', 'b'][-1]", "'b'"}, {"['a', 'b'][3]", "NULL"}},
	},
	{
		Name: "struct", Group: groupList,
		Signatures: []string{"struct(x AS name, …)", "x.name"},
		Summary:    "A struct of named fields (a plain column or field keeps its name); or a field of a struct.",
		Examples:   [][2]string{{"struct(1 AS a, 'x' AS b).b", "'x'"}},
	},
	{
		Name: "CAST", Group: groupChoice,
		Signatures: []string{"CAST(x AS type)", "x::type", "TRY_CAST(x AS type)"},
		Summary:    "The value converted to another type. If that type has no such value, CAST fails and TRY_CAST is NULL.",
		Examples: [][2]string{{"CAST('12' AS int64)", "12"}, {"CAST(2.5 AS int64)", "3"},
			{"'2013-01-31'::date", "2013-01-31"}, {"TRY_CAST('x' AS int64)", "NULL"},
			{"CAST('x' AS int64)", `error: CAST('x' AS int64): "x" is not a whole number`}},
	},
}

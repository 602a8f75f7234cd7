package component

// kindNames says what each kind of value is, for the reference.
var kindNames = map[FieldKind]string{
	Text:          "text",
	Int:           "a whole number",
	Bool:          "true or false",
	Duration:      "a duration",
	Period:        "a duration, or months or years such as 1mo",
	Enum:          "one of a few words",
	TextList:      "a list of texts",
	TextMap:       "a map of texts",
	Path:          "a path",
	PathList:      "a path, or a list of them",
	Size:          "a number of bytes such as 64KiB",
	Identifier:    "a name",
	Input:         "an input",
	InputList:     "a list of inputs",
	Column:        "a column",
	ColumnList:    "a list of columns",
	Expression:    "an expression",
	Unnest:        "a list and the name of its elements",
	SelectList:    "a list of columns and expressions",
	TypeMap:       "a map from columns to types",
	AggregateMap:  "a map from columns to aggregates",
	Section:       "a map",
	SectionMap:    "a map from ids to maps",
	SectionList:   "a list of maps",
	NameOrSection: "a name, or a map",
}

// String says what a value of the kind is, with its article.
func (k FieldKind) String() string { return kindNames[k] }

package component

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Fault is what is wrong with the keys of a component, taken together.
type Fault struct {
	Key     string // the key at fault; "" is the component as a whole
	Message string
}

// Check finds what is wrong with the keys of a component whatever their values:
// one is missing, or stands beside one that it must not stand beside. has tells
// which keys are given.
func (s *Spec) Check(has func(key string) bool) []Fault {
	faults := s.checkChoice(has)
	for i := range s.Fields {
		f := &s.Fields[i]
		if !has(f.Name) {
			if f.Required {
				faults = append(faults, Fault{"", fmt.Sprintf("needs the key %q: %s", f.Name, f.purpose())})
			}
			continue
		}
		for _, b := range f.Needs {
			if !has(b.Key) {
				faults = append(faults, Fault{f.Name, fmt.Sprintf("needs the key %q beside it: %s", b.Key, b.Why)})
			}
		}
		for _, b := range f.Excludes {
			if has(b.Key) {
				faults = append(faults, Fault{f.Name, fmt.Sprintf("stands beside %q: %s", b.Key, b.Why)})
			}
		}
	}
	return faults
}

// checkChoice finds whether there is one of the keys that say what it is.
func (s *Spec) checkChoice(has func(key string) bool) (faults []Fault) {
	found := ""
	choices := s.Choices()
	for _, key := range choices {
		switch {
		case !has(key):
		case found == "":
			found = key
		default:
			faults = append(faults, Fault{key, fmt.Sprintf("stands beside %q: %s", found, s.OneKind())})
		}
	}
	if found == "" && len(choices) > 0 {
		message := fmt.Sprintf("%s needs a key that says what it is: %s", s.one(), strings.Join(choices, ", "))
		if f := s.Field(choices[0]); f.Example != "" {
			message += fmt.Sprintf("; for instance %s: %s", f.Name, f.Example)
		}
		faults = append(faults, Fault{"", message})
	}
	return faults
}

// OneKind says why no two of the keys may be there that say what a component is.
func (s *Spec) OneKind() string { return s.one() + " is of one kind" }

// one is the name of a component with its article.
func (s *Spec) one() string {
	if strings.ContainsRune("aeiou", rune(s.Name[0])) {
		return "an " + s.Name
	}
	return "a " + s.Name
}

// Keys lists the names of all fields.
func (s *Spec) Keys() []string {
	keys := make([]string, len(s.Fields))
	for i := range s.Fields {
		keys[i] = s.Fields[i].Name
	}
	return keys
}

// Choices lists the names of the fields of which one must be there.
func (s *Spec) Choices() []string {
	var keys []string
	for i := range s.Fields {
		if s.Fields[i].Choice {
			keys = append(keys, s.Fields[i].Name)
		}
	}
	return keys
}

// ParseInt reads the value of an Int.
func (f *Field) ParseInt(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil, f.Most != 0 && (n < f.Least || n > f.Most):
		return 0, fmt.Errorf("%q is not a whole number%s", text, f.Bounds())
	}
	return n, nil
}

// ParseDuration reads the value of a Duration, or the one of its Options that stands in
// its place.
func (f *Field) ParseDuration(text string) (d time.Duration, word string, err error) {
	if slices.Contains(f.Options, text) {
		return 0, text, nil
	}
	parse := ParseDuration
	if f.Signed {
		parse = parseSigned
	}
	d, err = parse(text)
	return d, "", f.orWord(err, text)
}

// ParseSize reads the value of a Size, or the one of its Options that stands in its place.
func (f *Field) ParseSize(text string) (n int64, word string, err error) {
	if slices.Contains(f.Options, text) {
		return 0, text, nil
	}
	n, err = ParseSize(text)
	return n, "", f.orWord(err, text)
}

// orWord says in an error which words might have stood in the place of a value.
func (f *Field) orWord(err error, text string) error {
	if err == nil || f.Options == nil {
		return err
	}
	return fmt.Errorf("%w, nor %s%s", err, strings.Join(f.Options, " or "), Suggest(text, f.Options))
}

// Bounds says which values an Int may have, " from 1 to 1024"; "" is any.
func (f *Field) Bounds() string {
	switch f.Most {
	case 0:
		return ""
	case math.MaxInt64:
		return fmt.Sprintf(" from %d on", f.Least)
	}
	return fmt.Sprintf(" from %d to %d", f.Least, f.Most)
}

// purpose says in a message what a missing key is for: the first part of the
// summary and the example.
func (f *Field) purpose() string {
	text := strings.TrimSuffix(f.Summary, ".")
	for _, end := range []string{". ", "; ", ": "} {
		text, _, _ = strings.Cut(text, end)
	}
	first, size := utf8.DecodeRuneInString(text)
	if second, _ := utf8.DecodeRuneInString(text[size:]); !unicode.IsUpper(second) {
		text = string(unicode.ToLower(first)) + text[size:]
	}
	if f.Example != "" {
		text += fmt.Sprintf("; for instance %s: %s", f.Name, f.Example)
	}
	return text
}

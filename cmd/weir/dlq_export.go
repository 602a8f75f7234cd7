package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/weirstream/weir/jobs/deadletter"
)

// errEnough ends a listing.
var errEnough = errors.New("enough")

// json prints letters as JSON.
func (l *lister) json() error {
	n := 0
	err := l.each(func(letter deadletter.Letter) error {
		line, err := json.Marshal(asJSON(letter))
		if err == nil {
			_, err = l.out.Write(append(line, '\n'))
		}
		if n++; err == nil && n == l.limit {
			return errEnough
		}
		return err
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// letterJSON is a letter for programs, with raw in one of two forms.
type letterJSON struct {
	Step      string  `json:"step"`
	Position  string  `json:"position"`
	Error     string  `json:"error"`
	Kind      string  `json:"kind"`
	EventTime string  `json:"event_time,omitempty"`
	Header    string  `json:"header,omitempty"`
	Raw       *string `json:"raw,omitempty"`
	RawBase64 string  `json:"raw_base64,omitempty"`
}

func asJSON(l deadletter.Letter) letterJSON {
	j := letterJSON{Step: l.Step, Position: l.Position, Error: l.Error, Kind: string(l.Kind), Header: string(l.Header)}
	if l.Time != nil {
		j.EventTime = l.Time.String()
	}
	switch raw := string(l.Raw); {
	case l.Raw == nil:
	case utf8.Valid(l.Raw):
		j.Raw = &raw
	default:
		j.RawBase64 = base64.StdEncoding.EncodeToString(l.Raw)
	}
	return j
}

// raw prints the raw records of one step and kind behind their header.
func (l *lister) raw() error {
	var first *deadletter.Letter
	err := l.each(func(letter deadletter.Letter) error {
		if !letter.IsWhole() {
			return nil
		}
		if first == nil {
			first = &letter
			if letter.Header != nil {
				fmt.Fprintf(l.out, "%s\n", letter.Header)
			}
		}
		if err := l.fits(first, &letter); err != nil {
			return err
		}
		_, err := fmt.Fprintf(l.out, "%s\n", letter.Raw)
		return err
	})
	if err == nil && first == nil {
		err = fmt.Errorf("%s holds no such dead letters that wait", l.box)
	}
	return err
}

// fits refuses a letter that does not make one file with the first.
func (l *lister) fits(first, letter *deadletter.Letter) error {
	switch {
	case letter.Step != first.Step:
		return fmt.Errorf("%s holds dead letters of %s and of %s, which do not make one file; choose with --step", l.box, first.Step, letter.Step)
	case letter.Kind != first.Kind:
		return fmt.Errorf("%s holds records of %s and, as JSON, rows; they do not make one file; choose with --kind record or --kind row",
			l.box, letter.Step)
	case string(letter.Header) != string(first.Header):
		return fmt.Errorf("%s holds records with different headers, %q (%s) and %q (%s), which do not make one file; name one of its files",
			l.box, first.Header, first.Position, letter.Header, letter.Position)
	}
	return nil
}

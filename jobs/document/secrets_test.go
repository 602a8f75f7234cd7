package document

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
)

func TestHide(t *testing.T) {
	long, short := `s3cr€t "and" long`, "pass"
	for _, test := range []struct{ secret, text, want string }{
		{long, "the token " + long + " is wrong", "the token (secret) is wrong"},
		{long, "a" + long + "b" + long, "a(secret)b(secret)"},
		{long, `the token "s3cr€t \"and\" long" is wrong`, `the token "(secret)" is wrong`},
		{long, `the token "s3cr\u20act \"and\" long" is wrong`, `the token "(secret)" is wrong`},
		{long, "http://h/?t=s3cr%E2%82%ACt+%22and%22+long&x=1", "http://h/?t=(secret)&x=1"},
		{long, "http://h/s3cr%E2%82%ACt%20%22and%22%20long/x", "http://h/(secret)/x"},
		{long, `the token "s3cr€t "…`, `the token "(secret)…`}, // cut off
		{long, "s3cr is not it", "s3cr is not it"},
		{long, "", ""},
		{short, "the password pass is wrong", "the password (secret) is wrong"},
		{short, "https://me:pass@host/passes?by=pass", "https://me:(secret)@host/passes?by=(secret)"},
		{short, "it passes bypass, pass_1 and 1pass", "it passes bypass, pass_1 and 1pass"},
		{"begin----\nfirst line\nsecond line\n", "cannot parse second line of it", "cannot parse (secret) of it"},
	} {
		var s Secrets
		if err := s.add(test.secret); err != nil {
			t.Fatal(err)
		}
		if got := s.Hide(test.text); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
		}
	}
}

// Whatever quoting and cutting do to a secret, what is left of it is less than
// what counts as its beginning.
func FuzzHide(f *testing.F) {
	f.Add("hunter2 and more", "the token ", " is wrong", 3)
	f.Add("päss\x00wörd\n'\"", "x", "x", 20)
	f.Fuzz(func(t *testing.T, secret, before, after string, cut int) {
		var s Secrets
		if len(secret) < longSecret || s.add(secret) != nil || strings.Contains("(secret)", secret[:longSecret]) {
			return
		}
		shown := secret[:min(max(cut, longSecret), len(secret))]
		if got := s.Hide(before + shown + after); strings.Contains(got, shown) && !strings.Contains(before+"(secret)"+after, shown) {
			t.Errorf("%q shows %q", got, shown)
		}
	})
}

// A text that holds a short secret within a word is hidden as a whole.
func TestShortSecretWithinWord(t *testing.T) {
	files := memory{contents: map[string]string{"short.txt": "abcd\n"}}
	d, problems := Parse("job.yaml", []byte("a: user${file:short.txt}9\nb: 'me:${file:short.txt}'"), Options{Files: files})
	if problems != nil {
		t.Fatal(problems)
	}
	if got := d.Secrets.Hide("userabcd9 and me:abcd"); got != "(secret) and me:(secret)" {
		t.Error(got)
	}
}

func TestTooShortSecret(t *testing.T) {
	_, problems := Parse("job.yaml", []byte("a: ${file:short.txt}"), Options{Files: memory{contents: map[string]string{"short.txt": "12\n"}}})
	want := "job.yaml:1:4: ${file:short.txt} has 2 characters, and a secret has 4 at least, so that it can be kept out of messages; " +
		"write the value here, or use a variable"
	if got := problems.Error(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestHideError(t *testing.T) {
	var s Secrets
	if err := s.add("hunter2hunter2"); err != nil {
		t.Fatal(err)
	}
	err := s.HideError(&fs.PathError{Op: "open", Path: "hunter2hunter2", Err: fs.ErrNotExist})
	if err.Error() != "open (secret): file does not exist" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	plain := errors.New("nothing in it")
	if got := s.HideError(plain); got != plain || s.HideError(nil) != nil {
		t.Errorf("%v", got)
	}
}

// memory is files by name.
type memory struct {
	env.FS
	contents map[string]string
}

func (m memory) Open(name string) (env.File, error) {
	return file{strings.NewReader(m.contents[name])}, nil
}

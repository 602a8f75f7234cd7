package env_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/trial"
)

// script does what its lines say with files below a folder, and notes down what comes of it.
type script struct {
	t     testing.TB
	files env.FS
	root  string
	open  map[string]env.AppendFile
	locks map[string]io.Closer
	notes []string
}

func newScript(t testing.TB, files env.FS, root string) *script {
	if err := files.MkdirAll(root); err != nil {
		t.Fatal(err)
	}
	return &script{t: t, files: files, root: root, open: map[string]env.AppendFile{}, locks: map[string]io.Closer{}}
}

// run carries lines out: a verb, who does it, and an argument. Each is noted with its outcome.
func (s *script) run(lines ...string) string {
	for _, line := range lines {
		var verb, name, arg string
		_, _ = fmt.Sscan(line, &verb, &name, &arg) // what is missing is empty
		s.notes = append(s.notes, strings.TrimSpace(line+": "+s.do(verb, name, arg)))
	}
	return strings.Join(s.notes, "\n")
}

func (s *script) do(verb, name, arg string) string {
	var number int64
	_, _ = fmt.Sscan(arg, &number)
	if f := s.open[name]; f != nil {
		switch verb {
		case "write":
			n, err := io.WriteString(f, arg)
			return outcome(n, err)
		case "truncate":
			return outcome("", f.Truncate(number))
		case "sync":
			return outcome("", f.Sync())
		case "length":
			return outcome(f.Size())
		case "read":
			b := make([]byte, 4)
			n, err := f.ReadAt(b, number)
			return outcome(string(b[:n]), err)
		case "close":
			return outcome("", f.Close())
		}
	}
	path := s.root + "/" + name
	switch verb {
	case "append":
		f, err := s.files.Append(path)
		if err == nil {
			if old := s.open[name]; old != nil {
				_ = old.Close()
			}
			s.open[name] = f
		}
		return outcome("", err)
	case "mkdir":
		return outcome("", s.files.MkdirAll(path))
	case "remove":
		return outcome("", s.files.Remove(path))
	case "rename":
		return outcome("", s.files.Rename(path, s.root+"/"+arg))
	case "whole":
		content, err := env.ReadFile(s.files, path)
		return outcome(string(content), err)
	case "list":
		names, err := s.files.ReadDir(path)
		return outcome(names, err)
	case "lock":
		l, err := s.files.Lock(path)
		if err == nil {
			s.locks[name] = l
		}
		return outcome("", err)
	case "unlock":
		if s.locks[name] == nil {
			return "no lock"
		}
		return outcome("", s.locks[name].Close())
	}
	return "no such file is open"
}

// outcome draws what a call returned, with the class of its error.
func outcome(value any, err error) string {
	text := fmt.Sprint(value)
	switch {
	case err == nil:
		return text
	case errors.Is(err, io.EOF):
		return strings.TrimSpace(text + " EOF")
	case errors.As(err, new(*env.LockedError)):
		return "locked"
	}
	for _, class := range []error{fs.ErrNotExist, fs.ErrExist, fs.ErrInvalid, fs.ErrClosed} {
		if errors.Is(err, class) {
			return class.Error()
		}
	}
	return "error"
}

// both runs a script on the files of the operating system and on those of the simulation.
func both(t testing.TB, test func(s *script)) {
	test(newScript(t, env.OS{}, t.TempDir()+"/root"))
	test(newScript(t, memfs.New(), "root"))
}

// TestFilesContract says what appending, cutting off and locking do.
func TestFilesContract(t *testing.T) {
	want := strings.TrimSpace(`
append d/a: file does not exist
mkdir d:
append d/a:
length d/a: 0
read d/a 0: EOF
write d/a abcdef: 6
read d/a 0: abcd
read d/a 4: ef EOF
read d/a 6: EOF
truncate d/a 7: invalid argument
truncate d/a -1: invalid argument
truncate d/a 3:
length d/a: 3
write d/a XY: 2
whole d/a: abcXY
sync d/a:
append d/a:
write d/a Z: 1
whole d/a: abcXYZ
rename d/a b:
write d/a !: 1
whole b: abcXYZ!
append d: error
close d/a:
write d/a x: file already closed
truncate d/a 0: file already closed
length d/a: file already closed
lock e: file does not exist
lock d:
lock d: locked
list d: [LOCK]
unlock d:
lock d:
unlock d:
unlock d: file already closed`)
	var lines []string
	for line := range strings.Lines(want) {
		lines = append(lines, line[:strings.Index(line, ":")])
	}
	both(t, func(s *script) {
		if got := s.run(lines...); got != want {
			t.Errorf("%T: got\n%s\nwant\n%s", s.files, got, want)
		}
	})
}

// TestFilesAgree: the simulation does what the operating system does, whatever is done.
func TestFilesAgree(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		lines := drawScript(c.Random)
		var got []string
		both(c, func(s *script) {
			got = append(got, s.run(lines...))
			for _, f := range s.open {
				_ = f.Close()
			}
			for _, l := range s.locks {
				_ = l.Close()
			}
		})
		if got[0] != got[1] {
			c.Errorf("the operating system:\n%s\nthe simulation:\n%s", got[0], got[1])
		}
	})
}

func drawScript(random *rand.Rand) (lines []string) {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	for range 80 {
		verb, name := pick("append", "write", "write", "write", "truncate", "read", "sync", "length", "whole", "close", "remove",
			"rename", "mkdir", "lock", "unlock"), pick("a", "b", "d/a")
		arg := fmt.Sprint(random.IntN(12))
		switch verb {
		case "rename":
			arg = pick("a", "b", "d/a")
		case "mkdir", "lock", "unlock":
			name = "d"
		}
		lines = append(lines, verb+" "+name+" "+arg)
	}
	return lines
}

// TestLockEndsWithTheProcess: a folder is locked for other processes, and free once the
// one that has it is killed.
func TestLockEndsWithTheProcess(t *testing.T) {
	const variable = "WEIR_TEST_LOCK"
	if dir := os.Getenv(variable); dir != "" {
		_, err := env.OS{}.Lock(dir)
		fmt.Println(err)
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed, or nobody is left to do that
		os.Exit(0)
	}
	dir := t.TempDir()
	other := func() (said string, kill func()) {
		c := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
		c.Env = append(os.Environ(), variable+"="+dir)
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 1000)
		n, _ := out.Read(b)
		return string(b[:n]), func() {
			_ = c.Process.Kill()
			_ = c.Wait() // with the error that it was killed
			_ = in.Close()
		}
	}
	said, kill := other()
	if strings.Contains(said, errors.ErrUnsupported.Error()) {
		kill()
		t.Skip(said)
	}
	if said != "<nil>\n" {
		t.Errorf("the first process: %s", said)
	}
	if _, err := (env.OS{}).Lock(dir); !errors.As(err, new(*env.LockedError)) || !strings.Contains(err.Error(), dir) {
		t.Errorf("what another process has locked: %v", err)
	}
	kill()
	mine, err := env.OS{}.Lock(dir)
	if err != nil {
		t.Fatalf("the process is gone: %v", err)
	}
	said, kill = other()
	kill()
	if !strings.Contains(said, "in use by another process") {
		t.Errorf("the second process: %s", said)
	}
	if err := mine.Close(); err != nil {
		t.Error(err)
	}
}

package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// Manifests and slots are JSON between a line that names kind and format
// version and a line with the CRC of all before it:
//
//	weir slot 3
//	{ … }
//	crc32c 0123abcd
//
// FORMAT.md has the details.

// FormatVersion is that of manifests and slots; it is raised by every change of
// what is inside.
const FormatVersion = 3

// errDamaged is what every failed check of stored bytes wraps, here and in sinks.
var errDamaged = stream.ErrDamaged

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal encodes v as an object of the given kind.
func seal(kind string, v any) ([]byte, error) {
	body, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, err
	}
	content := fmt.Appendf(nil, "weir %s %d\n%s\n", kind, FormatVersion, body)
	return append(content, trailer(content)...), nil
}

func trailer(content []byte) []byte {
	return fmt.Appendf(nil, "crc32c %08x\n", crc32.Checksum(content, castagnoli))
}

var trailerLength = len(trailer(nil))

// unseal checks an object of the given kind and decodes it into v. Any change
// of its bytes is found before they are looked at.
func unseal(kind string, content []byte, v any) error {
	end := len(content) - trailerLength
	if end < 0 {
		return fmt.Errorf("%w: cut off after %d bytes", errDamaged, len(content))
	}
	if !bytes.Equal(content[end:], trailer(content[:end])) {
		return fmt.Errorf("%w: its checksum does not fit its %d bytes", errDamaged, len(content))
	}
	head, body, _ := bytes.Cut(content[:end], []byte("\n"))
	var name string
	var version int
	if _, err := fmt.Sscanf(string(head), "weir %s %d", &name, &version); err != nil || name != kind {
		return fmt.Errorf("%w: it is not a %s", errDamaged, kind)
	}
	if version != FormatVersion {
		return failure.Fatal(fmt.Errorf("format version %d of a %s is not known to this weir, which reads and writes version %d: "+
			"continue the job with the weir that wrote it, or start it afresh with an empty folder", version, kind, FormatVersion))
	}
	strict := json.NewDecoder(bytes.NewReader(body))
	strict.DisallowUnknownFields()
	if err := strict.Decode(v); err != nil {
		return fmt.Errorf("%w: %v", errDamaged, err)
	}
	return nil
}

package component

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/record/timezone"
)

// SuggestZone ends a message about a name that is no time zone with the one that is probably
// meant.
func SuggestZone(name string) string {
	const most = 40
	city := "/" + strings.ToLower(strings.ReplaceAll(name, " ", "_"))
	meant := ""
	for _, known := range timezone.Names() {
		if strings.HasSuffix("/"+strings.ToLower(known), city) {
			return fmt.Sprintf("; did you mean %q?", known)
		}
	}
	if len(name) <= most {
		meant = Suggest(name, timezone.Names())
	}
	if meant == "" {
		meant = "; zones are named as in the IANA database, such as 'Europe/Berlin', or by an offset, such as '+02:00'"
	}
	return meant
}

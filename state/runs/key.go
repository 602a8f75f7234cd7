package runs

import (
	"encoding/binary"
	"fmt"

	"github.com/weirstream/weir/state/keyrange"
)

// hashBytes is the length of a hash and of a bucket in a key.
const hashBytes = 8

// Layout says how the keys of a run are made.
type Layout struct {
	// Bucketed says that a bucket stands before the hash.
	Bucketed bool
	// KeyPrefix is by how many of a key's first bytes the filter tells keys apart; a
	// shorter key counts as it is. 0 stands for the bytes up to the end of the hash.
	KeyPrefix int
}

// least is the length of the shortest key that may be: one that ends with its hash.
func (l Layout) least() int {
	if l.Bucketed {
		return 2 * hashBytes
	}
	return hashBytes
}

// normal returns the layout with its default filled in.
func (l Layout) normal() (Layout, error) {
	if l.KeyPrefix == 0 {
		l.KeyPrefix = l.least()
	}
	if l.KeyPrefix < hashBytes || l.KeyPrefix > maxPrefix {
		return l, fmt.Errorf("a filter cannot go by the first %d bytes of keys, only by %d to %d", l.KeyPrefix, hashBytes, maxPrefix)
	}
	return l, nil
}

// hash returns the hash in a key that is not too short.
func (l Layout) hash(key []byte) uint64 {
	if l.Bucketed {
		key = key[hashBytes:]
	}
	return binary.BigEndian.Uint64(key)
}

// AppendBucket appends a bucket as keys hold it: 8 bytes whose order is that of numbers.
func AppendBucket(key []byte, bucket int64) []byte {
	return binary.BigEndian.AppendUint64(key, bias(bucket))
}

// Bucket returns the bucket that a key of a bucketed run begins with.
func Bucket(key []byte) int64 { return int64(bias(int64(binary.BigEndian.Uint64(key)))) }

// bias turns the order of signed numbers into that of unsigned ones, and back.
func bias(bucket int64) uint64 { return uint64(bucket) ^ 1<<63 }

// bound is the bucket (0 in a run without) and hash that all keys from or up to a
// separator begin with at least, or at most.
type bound struct {
	bucket, hash uint64
}

// boundOf reads a separator, which may be cut off anywhere, as if zeros followed.
func (l Layout) boundOf(separator []byte) (b bound) {
	var words [2 * hashBytes]byte
	copy(words[:], separator)
	if !l.Bucketed {
		return bound{hash: binary.BigEndian.Uint64(words[:])}
	}
	return bound{binary.BigEndian.Uint64(words[:]), binary.BigEndian.Uint64(words[hashBytes:])}
}

// mayHold reports whether hashes of a range can occur between two bounds. Between two
// buckets all hashes can; at the ends, those from low on and those up to high.
func mayHold(low, high bound, keys keyrange.Range) bool {
	if low.bucket == high.bucket {
		return keys.Overlaps(keyrange.Range{First: low.hash, Last: high.hash})
	}
	return high.bucket-low.bucket > 1 || keys.Last >= low.hash || keys.First <= high.hash
}
